"""The columns of a price file, found by their usual names or as a user named them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from oilshock.errors import PriceError, Problem, nearest
from oilshock.price_dialect import DateOrder, Decimal
from oilshock.price_settings import key_to_set
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
    "exchange_date",
    "pricing_date",
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
    "px_settle",
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
# As the EIA heads its downloads: "Europe Brent Spot Price FOB (Dollars per Barrel)".
_EIA_PRICE = re.compile(r"\w.*spotpricefob\W*dollarsper\w+\W*")
MOST_LINES_ABOVE = 60
"""How far down the header may stand, below what a terminal writes above it."""


@dataclass(frozen=True)
class Choice:
    """What a user said of a file, and the zone in which a stamp with an offset must be clear.

    Parameters
    ----------
    zone : tzinfo
        The market's zone.
    date, price : str or None, default None
        Column names; None means to find the column by its usual names.
    order : {"ymd", "dmy", "mdy"} or None, default None
        Order of day, month and year; None means provable by the dates.
    decimal : {".", ","} or None, default None
        Decimal sign; None means provable by the numbers.
    sheet : str or None, default None
        Sheet of an Excel file; None means the one with dates and prices.
    """

    zone: tzinfo
    date: str | None = None
    price: str | None = None
    order: DateOrder | None = None
    decimal: Decimal | None = None
    sheet: str | None = None


def choose(header: Sequence[str], *, where: str, choice: Choice) -> tuple[int, int]:
    """Return the positions of the date and the price column.

    Parameters
    ----------
    header : sequence of str
        Names of the columns.
    where : str
        The file, for messages.
    choice : Choice
        The names a user gave.

    Returns
    -------
    tuple of int
        Date, price.

    Raises
    ------
    PriceError
        When a column is missing, or could be meant twice.
    """
    if len(header) == 1:
        message = f'there is one column, "{header[0].strip()}"; dates and prices are expected.'
        fix = "Separate the columns by commas, semicolons, tabs or bars."
        raise PriceError.of(where, message, field="header", fix=fix)
    date = _find_column(header, given=choice.date, usual=DATE_COLUMNS)
    price = _find_column(header, given=choice.price, usual=PRICE_COLUMNS)
    if not price and choice.price is None:
        price = [i for i, name in enumerate(header) if _EIA_PRICE.fullmatch(_fold(name))]
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
        fix = key_to_set("date_column and price_column")
        raise PriceError.of(where, message, field="price_column", fix=fix)
    return date[0], price[0]


def find_header(rows: Sequence[Sequence[str]], *, choice: Choice) -> int | None:
    """Return the row that names the columns: the first that holds a date and a price column.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first rows of a file.
    choice : Choice
        The names a user gave.

    Returns
    -------
    int or None
        None when no row does.
    """
    nearly = None
    for number, row in enumerate(rows[:MOST_LINES_ABOVE]):
        date = _find_column(row, given=choice.date, usual=DATE_COLUMNS)
        if not date or sum(bool(cell.strip()) for cell in row) < 2:
            continue
        try:
            choose(row, where="", choice=choice)
        except PriceError:
            nearly = number if nearly is None else nearly
            continue
        return number
    return nearly


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
    fix = key_to_set(key)
    if found:
        several = ", ".join(f'"{names[i]}"' for i in found)
        message = f"{several} could each be the {what} column; the columns are {columns}."
        if len({names[i] for i in found}) < len(found):
            fix = "Give each column a name of its own."
    elif given is not None:
        message = f'there is no column "{given}"; the columns are {columns}.'
    else:
        message = f"no column is named as a {what} is ({', '.join(usual)}); found {columns}."
    hint = nearest(given, names) if given is not None and not found else ""
    return Problem(where, message, key, f"{hint} {fix}".strip())
