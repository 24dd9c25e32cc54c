"""Rows of dates and prices as they came, turned into days and numbers; nothing is guessed.

This is done for all rows at once; only where that fails are they looked at one by one, to word
what is wrong with each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from oilshock.errors import PriceError, Problem
from oilshock.price_dialect import DateOrder, Decimal, plain_dates, plain_numbers
from oilshock.quality import Finding
from oilshock.typing import Float, Int

NO_PRICE = frozenset(
    {
        "",
        ".",
        "-",
        "--",
        "\N{EN DASH}",
        "\N{EM DASH}",
        "na",
        "n/a",
        "n.a.",
        "nan",
        "null",
        "none",
        "#n/a",
        "#n/a n/a",
        "#n/a n.a.",
    }
)

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
_DATE_FORMS = (
    "Use YYYY-MM-DD; other forms with a four-digit year are read too where they are clear."
)


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
    notes : tuple of Finding, default ()
        How the file was read, where that was not plain.
    """

    where: str
    field: str
    numbers: Int
    days: Days
    prices: Float
    problems: tuple[tuple[int, Problem], ...]
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class Cells:
    """Dates and prices as they came; `date` and `price` are the names of their columns.

    `order` and `decimal` are what the user said of them, `notes` what stood round them, and
    `problems` rows that could not be cut into cells.
    """

    where: str
    date: str
    price: str
    numbers: Sequence[int]
    dates: Sequence[str] | pd.Series
    prices: Sequence[str] | pd.Series
    order: DateOrder | None = None
    decimal: Decimal | None = None
    delimiter: str = ","
    notes: tuple[Finding, ...] = ()
    problems: tuple[tuple[int, Problem], ...] = ()


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


def parse(cells: Cells, *, zone: tzinfo) -> PriceRows:
    """Turn cells into days and numbers, and word what is wrong with them."""
    cells = _plain(cells)
    numbers = np.asarray(cells.numbers, dtype=np.intp)
    prices, blank, wrong_prices = _parse_prices(cells.prices)
    days, wrong_days = _parse_days(cells.dates, zone=zone)
    in_range = np.isnat(days) | ((days >= _FIRST_DAY) & (days <= _LAST_DAY))
    for i in np.flatnonzero(~in_range).tolist():
        wrong_days[i] = (f'"{days[i]}" is outside 1678 to 2261.', _DATE_FORMS)
    for i in np.flatnonzero(np.isnat(days) & ~blank).tolist():
        fix = "Give the row a date, or take it out."
        wrong_days.setdefault(i, ("the date is empty, but the row has a price.", fix))
    problems = list(cells.problems) + [
        (int(numbers[i]), Problem(cells.where, message, f"row {numbers[i]}, {column}", fix))
        for column, wrong in ((cells.date, wrong_days), (cells.price, wrong_prices))
        for i, (message, fix) in wrong.items()
    ]
    return PriceRows(cells.where, cells.price, numbers, days, prices, tuple(problems), cells.notes)


def _plain(cells: Cells) -> Cells:
    """Turn what offices and terminals write into plain dates and numbers, and say so."""
    said = []
    dates, prices = cells.dates, cells.prices
    if not isinstance(dates, pd.Series):
        dates, note = plain_dates(
            dates,
            order=cells.order,
            where=cells.where,
            column=cells.date,
            numbers=cells.numbers,
        )
        said += [note] if note else []
    if not isinstance(prices, pd.Series):
        prices, note = plain_numbers(
            prices,
            decimal=cells.decimal,
            delimiter=cells.delimiter,
            where=cells.where,
            column=cells.price,
        )
        said += [note] if note else []
    if not said:
        return cells
    read = Finding("layout", len(said), f"The file was read with {' and '.join(said)}.", ())
    return replace(cells, dates=dates, prices=prices, notes=(*cells.notes, read))


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
