"""Rows of dates and prices, read from CSV, Parquet or a Series; nothing is guessed.

What came is turned into days and numbers at once; only where that fails are the rows
looked at one by one, to word what is wrong with each.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from oilshock.errors import PriceError, Problem, nearest
from oilshock.quality import listed
from oilshock.typing import Float, Int

DATE_COLUMNS = (
    "date",
    "day",
    "datum",
    "time",
    "timestamp",
    "datetime",
    "observation_date",
    "period",
    "trade_date",
)
PRICE_COLUMNS = (
    "price",
    "close",
    "value",
    "settle",
    "settlement",
    "settlement_price",
    "last",
    "px_last",
    "usd_per_bbl",
    "dcoilbrenteu",
    "dcoilwtico",
    "rbrte",
    "rwtc",
    "dtwexbgs",
    "index",
)
NO_PRICE = frozenset({"", ".", "na", "n/a", "nan", "null", "none", "#n/a"})
CSV_SUFFIXES = (".csv", ".txt")
PARQUET_SUFFIXES = (".parquet", ".pq")

Days = npt.NDArray[np.datetime64]

_FIRST_DAY = np.datetime64("1678-01-01", "D")
_LAST_DAY = np.datetime64("2261-12-31", "D")
_CLOCK = r"[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?"
_ALL_PLAIN = re.compile(rf"(?:\d{{4}}-\d\d-\d\d(?:{_CLOCK})?\n)+", re.ASCII)
_ALL_SLASHED = re.compile(r"(?:\d{4}/\d\d/\d\d\n)+", re.ASCII)
_ALL_COMPACT = re.compile(r"(?:\d{8}\n)+", re.ASCII)
_ALL_AWARE = re.compile(rf"(?:\d{{4}}-\d\d-\d\d{_CLOCK}(?:Z|[+-]\d\d:\d\d)\n)+", re.ASCII)
_STAMP = re.compile(
    r"(\d{4})([-/]?)(\d\d)\2(\d\d)"
    r"(?:[T ](\d\d:?\d\d(?::?\d\d(?:[.,]\d{1,9})?)?) ?(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_DATE_FORMS = "Use YYYY-MM-DD; YYYY/MM/DD, YYYYMMDD and ISO date-times are read too."


@dataclass(frozen=True)
class Choice:
    """The columns a user named, and the zone in which a stamp with an offset must be clear.

    Parameters
    ----------
    zone : tzinfo
        The market's zone.
    date, price : str or None, default None
        Column names; None means to find the column by its usual names.
    """

    zone: tzinfo
    date: str | None = None
    price: str | None = None


@dataclass(frozen=True, eq=False)
class PriceRows:
    """The rows as they came, in days and numbers, with all that is wrong with them.

    Parameters
    ----------
    where : str
        The file or Series, as messages name it.
    field : str
        The price column, as messages name it.
    numbers : ndarray of int
        File line, or position counted from 1.
    days : ndarray of datetime64[D]
        NaT where there is no date.
    prices : ndarray of float
        NaN where there is no price.
    problems : tuple of (int, Problem)
        Row number and what is wrong there.
    """

    where: str
    field: str
    numbers: Int
    days: Days
    prices: Float
    problems: tuple[tuple[int, Problem], ...]


@dataclass(frozen=True, eq=False)
class _Cells:
    """Dates and prices as they came; `date` and `price` are the names of their columns."""

    where: str
    date: str
    price: str
    numbers: Sequence[int]
    dates: Sequence[str] | pd.Series
    prices: Sequence[str] | pd.Series


def read_file_as_rows(data: bytes, *, suffix: str, where: str, choice: Choice) -> PriceRows:
    """Read the content of a CSV or Parquet file, told apart by its suffix.

    Parameters
    ----------
    data : bytes
        The whole file.
    suffix : str
        The suffix of its name, with the dot.
    where : str
        Its name in messages.
    choice : Choice
        Columns and zone.

    Returns
    -------
    PriceRows
        In the order of the file.

    Raises
    ------
    PriceError
        If the file is not what its suffix says, is empty, or lacks a column.
    """
    check_suffix(suffix, where=where)
    read = _csv_cells if suffix.lower() in CSV_SUFFIXES else _parquet_cells
    return _parse(read(data, where=where, choice=choice), choice=choice)


def check_suffix(suffix: str, *, where: str) -> None:
    """Refuse a file that is neither CSV nor Parquet by its name.

    Parameters
    ----------
    suffix : str
        The suffix of its name, with the dot.
    where : str
        Its name in messages.

    Raises
    ------
    PriceError
        If no reader knows the suffix.
    """
    known = CSV_SUFFIXES + PARQUET_SUFFIXES
    if suffix.lower() not in known:
        ends = f'the name ends in "{suffix}"' if suffix else "the name has no ending"
        message = f"{ends}; files that end in {', '.join(known)} are read."
        fix = "Save the prices as CSV or Parquet."
        raise PriceError.of(where, message, fix=fix)


def read_series_as_rows(prices: pd.Series, *, where: str, choice: Choice) -> PriceRows:
    """Read a Series indexed by dates.

    Parameters
    ----------
    prices : Series
        Any index of dates, any numbers or texts; left as it is.
    where : str
        Its name in messages.
    choice : Choice
        Only the zone is used.

    Returns
    -------
    PriceRows
        In the order of the Series.

    Raises
    ------
    PriceError
        If the index cannot hold dates.
    """
    if pd.api.types.is_numeric_dtype(prices.index.dtype):
        raise PriceError.of(
            where,
            f"the index holds {prices.index.dtype}, dates are expected.",
            field="index",
            fix="Give the Series a DatetimeIndex, as in prices.index = pd.to_datetime(dates).",
        )
    numbers = range(1, len(prices) + 1)
    dates = prices.index.to_series()
    return _parse(_Cells(where, "index", "price", numbers, dates, prices), choice=choice)


def raise_problems(problems: Iterable[tuple[int, Problem]], *, most: int = 5) -> None:
    """Raise the problems in the order of their rows, the first few in full; none: return.

    Parameters
    ----------
    problems : iterable of (int, Problem)
        Row number and problem.
    most : int, default 5
        How many are worded; the last says how many more there are.

    Raises
    ------
    PriceError
        If there is any problem.
    """
    ordered = [problem for _, problem in sorted(problems, key=lambda pair: pair[0])]
    if not ordered:
        return
    shown = ordered[:most]
    if len(ordered) > most:
        last = shown[-1]
        more = f"{last.fix} ... and {len(ordered) - most:,} more".strip()
        shown[-1] = Problem(last.where, last.message, last.field, more)
    raise PriceError(*shown)


def _csv_cells(data: bytes, *, where: str, choice: Choice) -> _Cells:
    text = _decode(data, where=where)
    columns = _even_columns(text)
    if columns:
        date, price = _choose([column[0] for column in columns], where=where, choice=choice)
        dates, prices = ([text.strip() for text in columns[i]] for i in (date, price))
        numbers = range(2, len(dates) + 1)
        return _Cells(where, dates[0], prices[0], numbers, dates[1:], prices[1:])
    header, rows = _csv_records(text, where=where)
    date, price = _choose(header, where=where, choice=choice)
    width = len(header)
    problems = [
        (number, _too_wide(where, number=number, found=len(row), width=width))
        for number, row in rows
        if len(row) > width and any(cell.strip() for cell in row[width:])
    ]
    raise_problems(problems)
    return _Cells(
        where,
        header[date].strip(),
        header[price].strip(),
        [number for number, _ in rows],
        [row[date].strip() if len(row) > date else "" for _, row in rows],
        [row[price].strip() if len(row) > price else "" for _, row in rows],
    )


def _even_columns(text: str) -> list[list[str]]:
    """Split a file without quotation marks whose lines have the same number of commas.

    Most price files are such, and this takes a fifth of the time of reading records.
    """
    lines = text.rstrip("\n").split("\n")
    commas = lines[0].count(",")
    is_blank = not lines[0].strip(", \t")
    if is_blank or not commas or '"' in text:
        return []
    if any(line.count(",") != commas for line in lines):
        return []
    cells = ",".join(lines).split(",")
    return [cells[i :: commas + 1] for i in range(commas + 1)]


def _csv_records(text: str, *, where: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header, and the file line and fields of each record after it."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        records = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise PriceError.of(
            where,
            f"this is not CSV: {error}.",
            field=f"row {reader.line_num}",
            fix="Close every quotation mark.",
        ) from error
    while records and not any(cell.strip() for cell in records[0][1]):
        records.pop(0)
    if not records:
        fix = "Give a file with a date and a price column."
        raise PriceError.of(where, "the file is empty.", fix=fix)
    return records[0][1], records[1:]


def _decode(data: bytes, *, where: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_text(where) from error
    if "\0" in text:
        raise _not_text(where)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _not_text(where: str) -> PriceError:
    fix = "Save it as CSV in UTF-8."
    return PriceError(Problem(where, "the file is binary or not text in UTF-8.", fix=fix))


def _too_wide(where: str, *, number: int, found: int, width: int) -> Problem:
    return Problem(
        where,
        f"the row has {found} fields, the header has {width}.",
        f"row {number}",
        "Write numbers with a decimal point and without separators of thousands.",
    )


def _parquet_cells(data: bytes, *, where: str, choice: Choice) -> _Cells:
    try:
        frame = pd.read_parquet(io.BytesIO(data), engine="pyarrow")
    except ImportError as error:
        message = "reading Parquet needs pyarrow, which is not installed."
        raise PriceError.of(where, message, fix="Run: pip install pyarrow") from error
    except (ValueError, OSError, NotImplementedError) as error:
        message = f"this is not Parquet: {str(error).splitlines()[0].rstrip('.')}."
        fix = "Write the file anew, or give the prices as CSV."
        raise PriceError.of(where, message, fix=fix) from error
    if isinstance(frame.index, pd.DatetimeIndex) and frame.index.name is None:
        frame = frame.rename_axis("date")
    has_index = any(name is not None for name in frame.index.names)
    if has_index:
        frame = frame.reset_index(allow_duplicates=True)
    header = [str(name) for name in frame.columns]
    date, price = _choose(header, where=where, choice=choice)
    dates, prices = frame.iloc[:, date], frame.iloc[:, price]
    return _Cells(where, header[date], header[price], range(1, len(frame) + 1), dates, prices)


def _choose(header: Sequence[str], *, where: str, choice: Choice) -> tuple[int, int]:
    """Return the positions of the date and the price column."""
    date = _find_column(header, given=choice.date, usual=DATE_COLUMNS)
    price = _find_column(header, given=choice.price, usual=PRICE_COLUMNS)
    problems = [
        _column_problem(header, found=found, key=key, given=given, where=where, usual=usual)
        for found, key, given, usual in (
            (date, "date_column", choice.date, DATE_COLUMNS),
            (price, "price_column", choice.price, PRICE_COLUMNS),
        )
        if len(found) != 1
    ]
    if problems:
        raise PriceError(*problems)
    if date == price:
        message = f'column "{header[date[0]]}" cannot hold both the dates and the prices.'
        fix = "Set date_column and price_column under [prices]."
        raise PriceError.of(where, message, field="price_column", fix=fix)
    return date[0], price[0]


def _find_column(header: Sequence[str], *, given: str | None, usual: Sequence[str]) -> list[int]:
    """Return every position that could be meant: one is an answer, none or two are not."""
    if given is None:
        wanted = {_fold(name) for name in usual}
        return [i for i, name in enumerate(header) if _fold(name) in wanted]
    exact = [i for i, name in enumerate(header) if name.strip() == given.strip()]
    return exact or [i for i, name in enumerate(header) if _fold(name) == _fold(given)]


def _fold(name: str) -> str:
    return re.sub(r"[\s_]+", "", name).lower()


def _column_problem(
    header: Sequence[str],
    *,
    found: Sequence[int],
    key: str,
    given: str | None,
    where: str,
    usual: Sequence[str],
) -> Problem:
    names = [name.strip() for name in header]
    columns = listed([f'"{name}"' for name in names], most=20)
    what = key.removesuffix("_column")
    if found:
        several = ", ".join(f'"{names[i]}"' for i in found)
        message = f"{several} could each be the {what} column; the columns are {columns}."
    elif given is not None:
        message = f'there is no column "{given}"; the columns are {columns}.'
    else:
        message = f"no column is named as a {what} is ({', '.join(usual)}); found {columns}."
    fix = f"Set {key} under [prices]."
    if len(header) == 1 and re.search(r"[;\t|]", header[0]):
        fix = f"Separate the columns with commas, or set {key} under [prices]."
    hint = nearest(given, names) if given is not None and not found else ""
    return Problem(where, message, key, f"{hint} {fix}".strip())


def _parse(cells: _Cells, *, choice: Choice) -> PriceRows:
    numbers = np.asarray(cells.numbers, dtype=np.intp)
    prices, blank, wrong_prices = _parse_prices(cells.prices)
    days, wrong_days = _parse_days(cells.dates, zone=choice.zone)
    in_range = np.isnat(days) | ((days >= _FIRST_DAY) & (days <= _LAST_DAY))
    for i in np.flatnonzero(~in_range).tolist():
        wrong_days[i] = (f'"{days[i]}" is outside 1678 to 2261.', _DATE_FORMS)
    for i in np.flatnonzero(np.isnat(days) & ~blank).tolist():
        fix = "Give the row a date, or take it out."
        wrong_days.setdefault(i, ("the date is empty, but the row has a price.", fix))
    problems = [
        (int(numbers[i]), Problem(cells.where, message, f"row {numbers[i]}, {column}", fix))
        for column, wrong in ((cells.date, wrong_days), (cells.price, wrong_prices))
        for i, (message, fix) in wrong.items()
    ]
    return PriceRows(cells.where, cells.price, numbers, days, prices, tuple(problems))


_Wrong = dict[int, tuple[str, str]]


def _parse_prices(cells: Sequence[str] | pd.Series) -> tuple[Float, npt.NDArray[np.bool_], _Wrong]:
    """Return the prices, which rows have none, and message and fix of each wrong row."""
    if isinstance(cells, pd.Series) and cells.dtype.kind in "iuf":
        values = cells.to_numpy(dtype=np.float64, na_value=np.nan)
        return values, np.isnan(values), _infinite(values)
    texts = [text.lower() for text in _as_texts(cells)]
    blank = np.array([text in NO_PRICE for text in texts], dtype=np.bool_)
    try:
        filled = ["nan" if text in NO_PRICE else text for text in texts]
        values = np.array(filled, dtype=np.float64)
    except ValueError:
        return _word_prices(_as_texts(cells), blank=blank)
    # Python reads 1_000 and digits of other scripts as numbers; a price file does not mean them.
    joined = "".join(texts)
    if "_" in joined or not joined.isascii() or np.isnan(values[~blank]).any():
        return _word_prices(_as_texts(cells), blank=blank)
    return values, blank, _infinite(values)


_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]?inf(?:inity)?", re.A | re.I)


def _word_prices(
    texts: Sequence[str], *, blank: npt.NDArray[np.bool_]
) -> tuple[Float, npt.NDArray[np.bool_], _Wrong]:
    values = np.full(len(texts), np.nan)
    wrong: _Wrong = {}
    fix = "Write it as a plain number, such as 83.12, or leave it empty."
    for i, text in enumerate(texts):
        if blank[i]:
            continue
        if _NUMBER.fullmatch(text):
            values[i] = float(text)
        else:
            wrong[i] = (f"{_quoted(text)} is not a number.", fix)
    return values, blank, wrong | _infinite(values)


def _infinite(values: Float) -> _Wrong:
    fix = "Put the price right, or leave it empty."
    at = np.flatnonzero(np.isinf(values)).tolist()
    return {i: (f'"{values[i]}" is not a finite price.', fix) for i in at}


def _as_texts(cells: Sequence[str] | pd.Series) -> list[str]:
    """Return each cell as text: nothing for a missing one, ISO for dates and date-times."""
    if not isinstance(cells, pd.Series):
        return list(cells)
    missing = cells.isna().to_numpy()
    return ["" if gone else _as_text(x) for gone, x in zip(missing, cells, strict=True)]


def _as_text(value: Any) -> str:
    return str(value.isoformat() if hasattr(value, "isoformat") else value).strip()


def _quoted(text: str, *, most: int = 40) -> str:
    short = text if len(text) <= most else f"{text[:most]}..."
    return '"' + " ".join(short.split()) + '"'


def _parse_days(cells: Sequence[str] | pd.Series, *, zone: tzinfo) -> tuple[Days, _Wrong]:
    """Return the days (NaT where empty or wrong), and message and fix of each wrong row."""
    if isinstance(cells, pd.Series) and cells.dtype.kind == "M":
        stamps = pd.DatetimeIndex(cells)
        if stamps.tz is None:
            return _days_of(stamps), {}
        return _clear_days(stamps, written=_days_of(stamps.tz_localize(None)), zone=zone)
    texts = _as_texts(cells)
    try:
        return _days_at_once(texts, zone=zone) or _word_days(texts, zone=zone)
    except ValueError:
        return _word_days(texts, zone=zone)


def _days_at_once(texts: Sequence[str], *, zone: tzinfo) -> tuple[Days, _Wrong] | None:
    """Parse texts that all have one form; None if they have not."""
    joined = "\n".join(texts) + "\n"
    if _ALL_SLASHED.fullmatch(joined):
        joined = joined.replace("/", "-")
    elif _ALL_COMPACT.fullmatch(joined):
        joined = "".join([f"{text[:4]}-{text[4:6]}-{text[6:]}\n" for text in texts])
    if _ALL_PLAIN.fullmatch(joined):
        stamps = np.array(joined.split("\n")[:-1], dtype="datetime64[us]")
        return stamps.astype("datetime64[D]"), {}
    if _ALL_AWARE.fullmatch(joined):
        written = np.array([text[:10] for text in texts], dtype="datetime64[D]")
        instants = pd.DatetimeIndex(pd.to_datetime(list(texts), format="ISO8601", utc=True))
        return _clear_days(instants, written=written, zone=zone)
    return None


def _word_days(texts: Sequence[str], *, zone: tzinfo) -> tuple[Days, _Wrong]:
    days = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[D]")
    wrong: _Wrong = {}
    aware: dict[int, datetime] = {}
    for i, text in enumerate(texts):
        if not text:
            continue
        stamp = _stamp(text)
        if stamp is None:
            wrong[i] = (f"{_quoted(text)} is not a date.", _DATE_FORMS)
            continue
        days[i] = stamp.date()
        if stamp.tzinfo is not None:
            aware[i] = stamp
    if aware:
        at = np.fromiter(aware, dtype=np.intp)
        instants = _instants(list(aware.values()))
        _, unclear = _clear_days(instants, written=days[at], zone=zone)
        wrong |= {int(at[j]): problem for j, problem in unclear.items()}
    return days, wrong


def _stamp(text: str) -> datetime | None:
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    year, _, month, day, time, offset = found.groups()
    # The standard library wants either all the separators of ISO 8601 or none.
    clock = "T" + time.replace(":", "").replace(",", ".") if time else ""
    try:
        return datetime.fromisoformat(f"{year}{month}{day}{clock}{(offset or '').replace(':', '')}")
    except ValueError:
        return None


def _instants(stamps: Sequence[datetime]) -> pd.DatetimeIndex:
    naive = [stamp.replace(tzinfo=None) - (stamp.utcoffset() or timedelta(0)) for stamp in stamps]
    values = np.array(naive, dtype="datetime64[us]")
    return pd.DatetimeIndex(values).tz_localize(UTC)


def _days_of(stamps: pd.DatetimeIndex) -> Days:
    return stamps.to_numpy().astype("datetime64[D]")


def _clear_days(stamps: pd.DatetimeIndex, *, written: Days, zone: tzinfo) -> tuple[Days, _Wrong]:
    """Return the days as written, and the rows where UTC or the zone has another day."""
    in_utc = _days_of(stamps.tz_convert(UTC).tz_localize(None))
    in_zone = _days_of(stamps.tz_convert(zone).tz_localize(None))
    unclear = ~np.isnat(written) & ((written != in_utc) | (written != in_zone))
    fix = "Give dates without a time."
    wrong = {
        i: (
            f"the date of this stamp is not clear: {written[i]} as written, "
            f"{in_utc[i]} in UTC, {in_zone[i]} in {zone}.",
            fix,
        )
        for i in np.flatnonzero(unclear).tolist()
    }
    return written, wrong
