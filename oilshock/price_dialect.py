"""Dates and numbers as offices and terminals write them, turned into plain ones where provable.

A column is read as a whole: one date with a day above 12, or one number with both a point and a
comma, settles the order or the decimal sign of all. What a column cannot prove must be said.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from oilshock.errors import PriceError, Problem
from oilshock.price_settings import key_to_set

DateOrder: TypeAlias = Literal["ymd", "dmy", "mdy"]
Decimal: TypeAlias = Literal[".", ","]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = r"(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AP]M)?)?"
_NUMERIC = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}}){_CLOCK}", re.ASCII | re.I)
_NAMED = (
    re.compile(rf"(?P<d>\d{{1,2}})[ -](?P<m>[a-z]{{3,9}})\.?,?[ -](?P<y>\d{{4}}){_CLOCK}", re.I),
    re.compile(rf"(?P<m>[a-z]{{3,9}})\.? (?P<d>\d{{1,2}}),? (?P<y>\d{{4}}){_CLOCK}", re.I),
)
_UNUSUAL = re.compile(r"^\d{1,2}\D|[A-SU-Ya-z]", re.MULTILINE)
_ORDER_WORDS = {"dmy": "day/month/year", "mdy": "month/day/year"}
_SAID_WORDS = {"dmy": "day/month", "mdy": "month/day", "ymd": "year-month-day"}
_ORDER_FIX = key_to_set('date_order = "dmy" or "mdy"')

_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f'\u2019](?=\d{3}(?!\d))")
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?", re.ASCII)
_DECIMAL_POINT = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_EITHER = re.compile(r"[+-]?\d{1,3}[.,]\d{3}", re.ASCII)


def looks_like_a_date(text: str) -> bool:
    """Say whether a text could be meant as a date; the last lines of a file often are not.

    Examples
    --------
    >>> looks_like_a_date("15-Apr-2024"), looks_like_a_date("Source: EIA, 2024")
    (True, False)
    """
    parts = re.split(r"[\s./,-]+", text.strip())
    named = any(part[:3].lower() in _MONTHS for part in parts if part.isalpha())
    n_numbers = sum(part[:1].isdigit() for part in parts)
    return n_numbers >= 3 - named or (len(parts) == 1 and parts[0].isdigit() and len(parts[0]) >= 5)


def plain_dates(
    texts: Sequence[str],
    *,
    order: DateOrder | None,
    where: str,
    column: str,
    unclear: str = _ORDER_FIX,
    numbers: Sequence[int] = (),
) -> tuple[list[str], str]:
    """Write day/month/year, month/day/year and dates with the name of a month as YYYY-MM-DD.

    Parameters
    ----------
    texts : sequence of str
        The column; cells of other forms, and those that are no day of the calendar, stay as
        they are.
    order : {"ymd", "dmy", "mdy"} or None
        The order, if said.
    where, column : str
        The file and the column, for messages.
    unclear : str
        What to do when both orders are possible; default: the key to set.
    numbers : sequence of int, default ()
        The row of each cell, for messages; none where it is not known.

    Returns
    -------
    tuple of list of str and str
        The dates, and how they were read, empty where nothing had to be.

    Raises
    ------
    PriceError
        When both orders are possible, or neither is, or the one that was said is not.

    Examples
    --------
    >>> plain_dates(["15/04/2024", "03/05/2024"], order=None, where="f", column="date")
    (['2024-04-15', '2024-05-03'], 'dates as day/month/year')
    """
    if not _UNUSUAL.search("\n".join(texts)):
        return list(texts), ""
    named = [_named_date(text) for text in texts]
    numeric = [_NUMERIC.fullmatch(text) for text in texts]
    found = [match for match in numeric if match is not None]
    read = order if order in _ORDER_WORDS else None
    own = _Column(where, column, texts, numbers)
    if found and order is None:
        read = _proven_order(found, column=own, unclear=unclear)
    elif found and order is not None:
        _refuse_disproved(found, order=order, column=own)
    if not found and not any(named):
        return list(texts), ""
    plain = [
        name or (_ordered(match, read) if match is not None and read else text)
        for text, name, match in zip(texts, named, numeric, strict=True)
    ]
    notes = [f"dates as {_ORDER_WORDS[read]}"] if found and read else []
    notes += ["dates with the name of the month"] if any(named) else []
    return plain, " and ".join(notes)


def _named_date(text: str) -> str:
    for pattern in _NAMED:
        match = pattern.fullmatch(text)
        if match and match["m"][:3].lower() in _MONTHS:
            month = _MONTHS.index(match["m"][:3].lower()) + 1
            return _iso(match["y"], month, match["d"])
    return ""


def _iso(year: str, month: int | str, day: int | str) -> str:
    """Return the date as YYYY-MM-DD, empty where there is no such day."""
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _first_of_each(found: Sequence[re.Match[str]]) -> tuple[str | None, str | None]:
    """Return the first date that must have its day first, and the first with its month first."""
    day_first = next((match[0] for match in found if int(match[1]) > 12), None)
    month_first = next((match[0] for match in found if int(match[3]) > 12), None)
    return day_first, month_first


@dataclass(frozen=True)
class _Column:
    """A column as messages name it, and the row of each of its cells where that is known."""

    where: str
    name: str
    texts: Sequence[str]
    numbers: Sequence[int]

    def error(self, *cells: str, message: str, fix: str) -> PriceError:
        """Return the error on some cells."""
        rows = sorted({self.numbers[self.texts.index(cell)] for cell in cells if self.numbers})
        noun = "row" if len(rows) == 1 else "rows"
        place = f"{noun} {' and '.join(map(str, rows))}, {self.name}" if rows else self.name
        return PriceError(Problem(self.where, message, place, fix))


def _refuse_disproved(found: Sequence[re.Match[str]], *, order: DateOrder, column: _Column) -> None:
    """Refuse an order that was said when a date cannot be read in it."""
    day_first, month_first = _first_of_each(found)
    wrong = {"dmy": month_first, "mdy": day_first, "ymd": found[0][0]}[order]
    if wrong is None:
        return
    message = f'"{wrong}" is no {_SAID_WORDS[order]} date, and date_order = "{order}" is set'
    if bool(day_first) == bool(month_first):
        fix = "Take date_order out, and write all dates alike, best as YYYY-MM-DD."
        raise column.error(wrong, message=f"{message}.", fix=fix)
    proven = "dmy" if day_first else "mdy"
    message = f'{message}; the dates prove "{proven}".'
    raise column.error(wrong, message=message, fix="Take date_order out.")


def _proven_order(found: Sequence[re.Match[str]], *, column: _Column, unclear: str) -> DateOrder:
    day_first, month_first = _first_of_each(found)
    if day_first and month_first:
        message = f'"{day_first}" puts the day first, "{month_first}" the month.'
        fix = "Write all dates alike, best as YYYY-MM-DD."
        raise column.error(day_first, month_first, message=message, fix=fix)
    if day_first is None and month_first is None:
        first = found[0][0]
        message = f'"{first}" can be day/month or month/day, and no date settles which.'
        raise column.error(first, message=message, fix=unclear)
    return "dmy" if day_first else "mdy"


def _ordered(match: re.Match[str], order: DateOrder) -> str:
    day, month = (match[1], match[3]) if order == "dmy" else (match[3], match[1])
    return _iso(match[4], month, day) or match[0]


def plain_numbers(
    texts: Sequence[str],
    *,
    decimal: Decimal | None,
    delimiter: str,
    where: str,
    column: str,
) -> tuple[list[str], str]:
    """Take out separators of thousands, and turn a decimal comma into a point.

    Parameters
    ----------
    texts : sequence of str
        The column; cells that are no number stay as they are.
    decimal : {".", ","} or None
        The decimal sign, if said.
    delimiter : str
        What separates the columns of the file: where it is a comma, a bare number with a
        point is plain.
    where, column : str
        The file and the column, for messages.

    Returns
    -------
    tuple of list of str and str
        The numbers, and how they were read, empty where nothing had to be.

    Raises
    ------
    PriceError
        When the sign can be either decimal or of thousands.

    Examples
    --------
    >>> plain_numbers(["1.234,5", "83,12"], decimal=None, delimiter=";", where="f", column="p")
    (['1234.5', '83.12'], 'decimal commas')
    """
    joined = "".join(texts)
    is_plain = delimiter == "," and decimal != ","
    if "," not in joined and (is_plain or "." not in joined) and not _SPACES.search(joined):
        return list(texts), ""
    bare = [_SPACES.sub("", text) for text in texts]
    sign = decimal or _proven_decimal(bare, delimiter=delimiter, where=where, column=column)
    if sign == ",":
        plain = [
            text.replace(".", "").replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text
            for text in bare
        ]
    else:
        plain = [text.replace(",", "") if _DECIMAL_POINT.fullmatch(text) else text for text in bare]
    if plain == list(texts):
        return plain, ""
    return plain, "decimal commas" if sign == "," else "separators of thousands"


def _proven_decimal(texts: Sequence[str], *, delimiter: str, where: str, column: str) -> Decimal:
    numbers = [text for text in texts if re.fullmatch(r"[+-]?[\d.,]+", text)]
    comma = [text for text in numbers if not _DECIMAL_POINT.fullmatch(text)]
    point = [text for text in numbers if not _DECIMAL_COMMA.fullmatch(text)]
    # Where both occur, the rarer is at fault, and is refused in its row.
    if len(comma) > len(point):
        return ","
    if point or not numbers:
        return "."
    unclear = next((text for text in numbers if _EITHER.fullmatch(text)), None)
    if unclear is None or (delimiter == "," and "," not in "".join(numbers)):
        return "."
    message = f'"{unclear}" can hold a decimal sign or one of thousands, and no number settles it.'
    fix = key_to_set('decimal = "." or ","')
    raise PriceError(Problem(where, message, column, fix))
