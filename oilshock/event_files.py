"""Read events from a file, a frame or a list, each as rows of cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import pandas as pd

from oilshock.errors import (
    ConfigError,
    EventError,
    OilshockError,
    PriceError,
    Problem,
    nearest,
)
from oilshock.price_dialect import plain_dates
from oilshock.price_text import DELIMITERS, decoded, open_quote

REQUIRED = ("id", "date", "title")
COLUMNS = (
    "id",
    "date",
    "time",
    "title",
    "category",
    "direction",
    "region",
    "anticipated",
    "endogenous",
    "confounders",
    "severity",
    "source",
    "confidence",
    "source_read",
)
KNOWN = (*COLUMNS, "time_utc")

_MOST_PROBLEMS = 10
# Likeness from which a further column is taken for a slip: "directon" 0.94, "regoin" 0.83.
_MISSPELT = 0.8
_STAMPED = re.compile(r"[T ]\d{1,2}:\d\d")
_CSV_FIX = "Give a CSV file with the columns id, date, title, saved as UTF-8."


@dataclass(frozen=True)
class Row:
    """One event as it came: how messages call it, its cells by column, what is wrong with it."""

    label: str
    cells: Mapping[str, object]
    problems: tuple[Problem, ...] = ()


def read_csv_rows(data: bytes, *, where: str) -> tuple[list[Row], str]:
    """Return the rows of a CSV file, numbered as a spreadsheet numbers them, and how it was read.

    Columns may be separated by semicolons, tabs or bars, and dates may have the day or the month
    first where they prove which, by the rules for price files.

    Parameters
    ----------
    data : bytes
        The content: UTF-8, with or without a byte order mark, any line ends.
    where : str
        How messages name the file.

    Returns
    -------
    list of Row and str
        One row per record; blank lines are passed over, but counted. What had to be found out
        of the file, empty where it is plain.

    Raises
    ------
    EventError
        When the content is empty, not text or not a table, or holds no event, or its dates can
        be meant in two ways.
    """
    text = _decode(data, where=where)
    delimiter = _delimiter(text)
    lines = _records(text, where=where, delimiter=delimiter)
    if not lines:
        raise EventError(Problem(where, "is empty.", fix=_CSV_FIX))
    (header_number, header), *body = lines
    names = [_column_name(cell) for cell in header]
    _refuse_columns(names, where=where, error=EventError)
    raise_all(_unnamed(names, body, where=where), error=EventError)
    rows = []
    for number, record in body:
        wide: tuple[Problem, ...] = ()
        if any(cell.strip() for cell in record[len(names) :]):
            message = f"has {len(record)} cells; row {header_number} names {len(names)} columns."
            sign = "comma" if delimiter == "," else DELIMITERS[delimiter].removesuffix("s")
            fix = f'Put quotes round a text that holds a {sign}: "a{delimiter} b".'
            wide = (Problem(where, message, f"row {number}", fix),)
        cells = {n: c for n, c in zip(names, record, strict=False) if n}
        rows.append(Row(f"row {number}", cells, wide))
    if not rows:
        raise EventError(Problem(where, "has a header but no event.", fix="Add a row per event."))
    rows, dates = _plain_dates(rows, [number for number, _ in body], where=where)
    said = [] if delimiter == "," else [f"columns separated by {DELIMITERS[delimiter]}"]
    return rows, " and ".join([*said, *([dates] if dates else [])])


def _plain_dates(rows: list[Row], numbers: Sequence[int], *, where: str) -> tuple[list[Row], str]:
    """Write the dates as YYYY-MM-DD by the rules for prices; those with a time stay, to be refused.

    A price belongs to a day, so its stamp may hold a time. Of an event, the time matters.
    """
    texts = [str(row.cells.get("date", "")).strip() for row in rows]
    alone = ["" if _STAMPED.search(text) else text for text in texts]
    fix = "Write the dates as YYYY-MM-DD, such as 2024-04-13."
    try:
        plain, said = plain_dates(
            alone, order=None, where=where, column="date", unclear=fix, numbers=numbers
        )
    except PriceError as error:
        raise EventError(*error.problems) from None
    if not said:
        return rows, ""
    changed = [
        replace(row, cells={**row.cells, "date": date}) if date else row
        for row, date in zip(rows, plain, strict=True)
    ]
    return changed, said


def read_frame_rows(frame: pd.DataFrame, *, where: str) -> list[Row]:
    """Return the rows of a frame.

    Parameters
    ----------
    frame : DataFrame
        One event per row; the index is not read.
    where : str
        How messages name the frame.

    Returns
    -------
    list of Row
        One row per event.

    Raises
    ------
    EventError
        When the frame lacks a column or holds no event.
    """
    names = [_column_name(name) for name in frame.columns]
    _refuse_columns(names, where=where, error=EventError)
    if frame.empty:
        raise EventError(Problem(where, "holds no event.", fix="Add a row per event."))
    records = frame.itertuples(index=False, name=None)
    return [
        Row(f"item {number}", dict(zip(names, record, strict=True)))
        for number, record in enumerate(records, 1)
    ]


def read_item_rows(items: Sequence[object], *, where: str) -> list[Row]:
    """Return the rows of a list of dicts.

    Parameters
    ----------
    items : sequence of mappings
        One event each.
    where : str
        How messages name the list.

    Returns
    -------
    list of Row
        One row per event.

    Raises
    ------
    ConfigError
        When the list holds no event, or something else than mappings.
    """
    if not items:
        raise ConfigError(Problem(where, "holds no event.", fix="Give at least one."))
    rows = []
    problems = []
    for number, item in enumerate(items, 1):
        field = f"item {number}"
        if not isinstance(item, Mapping):
            message = f"{show(item)} is not a table of keys."
            fix = "Give id, date and title for each event."
            problems.append(Problem(where, message, field, fix))
            continue
        names = [_column_name(key) for key in item]
        _refuse_doubles(names, where=where, field=field, error=ConfigError)
        problems += _misspelt(names, where=where, called=f"{field}, key")
        rows.append(Row(field, dict(zip(names, item.values(), strict=True))))
    raise_all(problems, error=ConfigError)
    return rows


def raise_all(problems: Sequence[Problem], *, error: type[OilshockError]) -> None:
    """Raise one error with all problems, if there are any; a long list is cut and counted."""
    if not problems:
        return
    shown = list(problems[:_MOST_PROBLEMS])
    more = len(problems) - len(shown)
    if more:
        shown.append(Problem(problems[0].where, f"... and {more} more."))
    raise error(*shown)


def show(value: object) -> str:
    """Quote a value as messages show it, cut when it is long."""
    text = str(value)
    return f'"{text}"' if len(text) <= 60 else f'"{text[:57]}..."'


def _decode(data: bytes, *, where: str) -> str:
    try:
        return decoded(data, where=where)
    except PriceError:
        message = "is a binary file, or not text in UTF-8."
        raise EventError(Problem(where, message, fix=_CSV_FIX)) from None


def _delimiter(text: str) -> str:
    """Return the sign under which the header names the most columns of ours; a comma when equal."""
    header = next((line for line in text.splitlines() if line.strip()), "")

    def named(delimiter: str) -> int:
        try:
            cells = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return sum(_column_name(cell) in KNOWN for cell in cells)

    return max(DELIMITERS, key=named)


def _records(text: str, *, where: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Return (row number, cells) of each record that is not blank; the first row is 1."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        return [(n, cells) for n, cells in enumerate(reader, 1) if any(c.strip() for c in cells)]
    except csv.Error as error:
        raise EventError(
            Problem(
                where,
                f"is not valid CSV: {error}.",
                f"line {open_quote(text) or reader.line_num}",
                'Close every quote; write a quote inside a text twice: "".',
            )
        ) from None


def _unnamed(
    names: Sequence[str], body: Sequence[tuple[int, list[str]]], *, where: str
) -> list[Problem]:
    """Return a problem for each column that has cells but no name."""
    return [
        Problem(where, "has cells but no name.", f"column {i + 1}", "Name it, or remove it.")
        for i, name in enumerate(names)
        if not name and any(cells[i].strip() for _, cells in body if i < len(cells))
    ]


def _column_name(name: object) -> str:
    """Return a column's name; known columns are found whatever their case."""
    text = str(name).strip()
    return text.lower() if text.lower() in KNOWN else text


def _refuse_columns(names: Sequence[str], *, where: str, error: type[OilshockError]) -> None:
    _refuse_doubles(names, where=where, field="", error=error)
    named = [name for name in names if name]
    missing = [name for name in REQUIRED if name not in named]
    if not missing:
        raise_all(_misspelt(named, where=where, called="column"), error=error)
        return
    wanted = ", ".join(f'"{name}"' for name in missing)
    found = ", ".join(f'"{name}"' for name in named) or "none"
    fix = " ".join(hint for name in missing if (hint := nearest(name, named)))
    message = f"has no column {wanted}; columns found: {found}."
    if len(names) == 1 and len(missing) > 1:
        fix = "Separate the columns by commas, semicolons, tabs or bars."
    raise error(Problem(where, message, fix=fix or "Name the columns id, date and title."))


def _misspelt(names: Sequence[str], *, where: str, called: str) -> list[Problem]:
    """Return a problem for each further name that is nearly a known one which is not there."""
    absent = [name for name in KNOWN if name not in names]
    return [
        Problem(
            where,
            f'is not a known name, and very like "{near[0]}", which is.',
            f'{called} "{name}"',
            f'Name it "{near[0]}", or something less alike.',
        )
        for name in names
        if name not in KNOWN
        and (near := get_close_matches(name.lower(), absent, n=1, cutoff=_MISSPELT))
    ]


def _refuse_doubles(
    names: Iterable[str], *, where: str, field: str, error: type[OilshockError]
) -> None:
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        shown = ", ".join(f'"{name}"' for name in twice)
        raise error(Problem(where, f"names {shown} more than once.", field, "Keep one of each."))
