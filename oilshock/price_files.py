"""Dates and prices found in CSV, Parquet or a Series, by their columns; nothing is guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

import pandas as pd

from oilshock.errors import PriceError, Problem, nearest
from oilshock.price_rows import Cells, PriceRows, parse, raise_problems
from oilshock.quality import listed

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
    "brent-spot",
    "usd-broad",
    "index",
)
CSV_SUFFIXES = (".csv", ".txt")
PARQUET_SUFFIXES = (".parquet", ".pq")


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
    return parse(read(data, where=where, choice=choice), zone=choice.zone)


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
    return parse(Cells(where, "index", "price", numbers, dates, prices), zone=choice.zone)


def _csv_cells(data: bytes, *, where: str, choice: Choice) -> Cells:
    text = _decode(data, where=where)
    columns = _even_columns(text)
    if columns:
        date, price = _choose([column[0] for column in columns], where=where, choice=choice)
        dates, prices = ([text.strip() for text in columns[i]] for i in (date, price))
        numbers = range(2, len(dates) + 1)
        return Cells(where, dates[0], prices[0], numbers, dates[1:], prices[1:])
    header, rows = _csv_records(text, where=where)
    date, price = _choose(header, where=where, choice=choice)
    width = len(header)
    problems = [
        (number, _too_wide(where, number=number, found=len(row), width=width))
        for number, row in rows
        if len(row) > width and any(cell.strip() for cell in row[width:])
    ]
    raise_problems(problems)
    return Cells(
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


def _parquet_cells(data: bytes, *, where: str, choice: Choice) -> Cells:
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
    return Cells(where, header[date], header[price], range(1, len(frame) + 1), dates, prices)


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
