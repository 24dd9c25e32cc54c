"""Check the rows of events one by one, and turn them into a clean frame.

All that is wrong is listed at once, each with its row and column.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from oilshock.errors import EventError, OilshockError, Problem, nearest
from oilshock.event_files import COLUMNS, KNOWN, Row, raise_all, show
from oilshock.options import CATEGORIES, DIRECTIONS
from oilshock.sessions import EventTime, instant, parse_event_time
from oilshock.typing import Record
from oilshock.words import listed

FIRST_YEAR, LAST_YEAR = 1700, 2200
"""The years that dates in nanoseconds can hold, with room for windows."""

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STAMPED = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]|[T ][0-9]{1,2}:[0-9]{2}")
_SEVERITY = re.compile(r"([123])(\.0+)?")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False, "": False}
_DATE_FIX = "Use YYYY-MM-DD, such as 2024-04-13."


@dataclass(frozen=True)
class EventFinding:
    """Something in the events given that was handled, and is said.

    Parameters
    ----------
    kind : {"layout", "duplicate", "same_day_title", "bare_time", "category", "twin"}
        What was found.
    ids : tuple of str
        The events concerned; empty where it is the whole file.
    message : str
        What was found and what was done, as a sentence.
    """

    kind: Literal["layout", "duplicate", "same_day_title", "bare_time", "category", "twin"]
    ids: tuple[str, ...]
    message: str


def check_rows(
    rows: Sequence[Row], *, where: str, error: type[OilshockError]
) -> tuple[pd.DataFrame, tuple[EventFinding, ...]]:
    """Turn rows into a clean frame, and say what was handled on the way.

    Parameters
    ----------
    rows : sequence of Row
        The events as they came.
    where : str
        How messages name their origin.
    error : type
        The error to raise: of the config for inline events, else of the data.

    Returns
    -------
    DataFrame and tuple of EventFinding
        One row per event, in the order given, and the findings.

    Raises
    ------
    OilshockError
        Of the type given, with one problem for each bad cell or conflicting row.
    """
    found = dict.fromkeys(name for row in rows for name in row.cells)
    columns = [*COLUMNS, *(name for name in found if name not in KNOWN)]
    problems: list[Problem] = []
    clean: list[tuple[str, Record, bool]] = []
    for row in rows:
        if row.problems:
            # Its cells may stand under wrong columns.
            problems += row.problems
            continue
        record, bare, bad = _clean(row, columns=columns, where=where)
        problems += bad
        if not bad:
            clean.append((row.label, record, bare))
    kept, findings, conflicts = _merge_ids(clean, where=where)
    place = {row.label: number for number, row in enumerate(rows)}
    in_order = sorted(problems + conflicts, key=lambda one: place[one.field.partition(",")[0]])
    raise_all(in_order, error=error)
    bare_ids = [str(record["id"]) for _, record, bare in kept if bare]
    records = [record for _, record, _ in kept]
    findings += _same_day_titles(records)
    findings += _nearly_known_categories(records)
    if bare_ids:
        findings.append(bare_time_finding(bare_ids))
    return _frame(records, columns=columns), tuple(findings)


def bare_time_finding(ids: Sequence[str]) -> EventFinding:
    """Say which events have a time that was taken as UTC."""
    what = "1 event has a time" if len(ids) == 1 else f"{len(ids)} events have a time"
    message = f"{what} without a zone, taken as UTC: {', '.join(ids)}."
    return EventFinding("bare_time", tuple(ids), message)


def parse_date(value: object) -> dt.date:
    """Read the date of an event; an `EventError` says why a value is none.

    Parameters
    ----------
    value : object
        An ISO text, or a date, datetime or timestamp at midnight without a zone.

    Returns
    -------
    datetime.date
        The date.

    Raises
    ------
    EventError
        When the value is no date, or more than a date.

    Examples
    --------
    >>> parse_date("2024-04-13")
    datetime.date(2024, 4, 13)
    """
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, dt.datetime) and not pd.isna(value):
        if value.tzinfo is not None or value.time() != dt.time():
            fix = 'Give the date alone, and the time of day in "time", such as 20:00Z.'
            raise _bad(f'"{value}" is more than a date.', fix)
        value = value.date()
    text = cell_text(value)
    if not text:
        raise _bad("is missing.", _DATE_FIX)
    if _STAMPED.search(text):
        fix = 'Give the date alone, and the time of day in "time", such as 20:00Z.'
        raise _bad(f'"{text}" is more than a date.', fix)
    try:
        date = dt.date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        date = None
    if date is None:
        raise _bad(f"{show(text)} is not a date.", _DATE_FIX)
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        fix = f"Use a year from {FIRST_YEAR} to {LAST_YEAR}."
        raise _bad(f'"{text}" is out of range.', fix)
    return date


def cell_text(value: object) -> str:
    """Return a cell as text without outer blanks; what is missing is empty.

    Examples
    --------
    >>> cell_text(None), cell_text(" a, b "), cell_text(2.0), cell_text(True)
    ('', 'a, b', '2', 'yes')
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        number = float(value)
        if math.isnan(number):
            return ""
        return str(int(number)) if number.is_integer() else repr(number)
    return str(value).strip()


def _clean(row: Row, *, columns: Sequence[str], where: str) -> tuple[Record, bool, list[Problem]]:
    """Return one event as a record, whether its time is bare, and what is wrong with it."""
    record: Record = {}
    problems: list[Problem] = []
    time: EventTime | None = None
    for column in columns:
        try:
            if column == "time":
                time = _time(row.cells, date=record.get("date"))
                record[column] = time.text if time else ""
            else:
                parse = _PARSERS.get(column, cell_text)
                record[column] = parse(row.cells.get(column))
        except EventError as error:
            problems += [
                replace(problem, where=where, field=f"{row.label}, {column}")
                for problem in error.problems
            ]
    return record, time is not None and time.assumed_utc, problems


def _time(cells: Mapping[str, object], *, date: dt.date | None) -> EventTime | None:
    """Return the time of an event, from `time` or `time_utc`."""
    text, text_utc = _time_text(cells.get("time")), _time_text(cells.get("time_utc"))
    if text and text_utc:
        raise _bad(f'"{text}" stands beside time_utc "{text_utc}".', "Keep one of the two.")
    if not text and not text_utc:
        return None
    time = parse_event_time(text or text_utc)
    if text_utc:
        if time.zone is not dt.UTC:
            raise _bad(f'"{text_utc}" in time_utc is not in UTC.', 'Give it in "time".')
        time = replace(time, assumed_utc=False)
    if date is not None:
        instant(date, time)
    return time


def _time_text(value: object) -> str:
    if isinstance(value, dt.datetime | np.datetime64) and not pd.isna(value):
        raise _bad(f'"{value}" holds a date.', "Give the time alone, such as 20:00Z.")
    if isinstance(value, dt.time):
        if value.tzinfo is not None:
            raise _bad(f'"{value}" is a time object with a zone.', 'Give a text: "20:00Z".')
        return value.isoformat()
    return cell_text(value)


def _id(value: object) -> str:
    text = cell_text(value)
    if not text:
        raise _bad("is missing.", "Give each event an id of its own.")
    if ";" in text or len(text.splitlines()) > 1:
        raise _bad(f"{show(text)} holds a semicolon or a line break.", "Use a dash instead.")
    return text


def _title(value: object) -> str:
    text = cell_text(value)
    if not text:
        raise _bad("is missing.", "Give each event a short title.")
    return text


def _direction(value: object) -> str:
    text = cell_text(value)
    if text and text not in DIRECTIONS:
        known = ", ".join(DIRECTIONS)
        raise _bad(f"{show(text)} is not one of {known}.", "Leave it empty if not known.")
    return text


def _endogenous(value: object) -> bool:
    text = cell_text(value).lower()
    if text not in _YES_NO:
        raise _bad(f"{show(text)} is neither yes nor no.", "Use yes, no or nothing.")
    return _YES_NO[text]


def _severity(value: object) -> int | None:
    text = cell_text(value)
    match = _SEVERITY.fullmatch(text)
    if text and match is None:
        raise _bad(f"{show(text)} is not 1, 2 or 3.", "Leave it empty if not known.")
    return int(match[1]) if match else None


_PARSERS: Mapping[str, Callable[[object], object]] = {
    "id": _id,
    "date": parse_date,
    "title": _title,
    "direction": _direction,
    "endogenous": _endogenous,
    "severity": _severity,
}


def _merge_ids(
    clean: Sequence[tuple[str, Record, bool]], *, where: str
) -> tuple[list[tuple[str, Record, bool]], list[EventFinding], list[Problem]]:
    """Keep the first of equal events; find other events under an id that is taken."""
    first: dict[str, tuple[str, Record, bool]] = {}
    findings: list[EventFinding] = []
    problems: list[Problem] = []
    for label, record, bare in clean:
        key = str(record["id"])
        if key not in first:
            first[key] = (label, record, bare)
            continue
        first_label, kept, _ = first[key]
        differing = [name for name in record if record[name] != kept[name]]
        if differing:
            message = f'"{key}" is also {first_label}, with another {", ".join(differing)}.'
            fix = "Give each event an id of its own, or make the rows equal."
            problems.append(Problem(where, message, f"{label}, id", fix))
        else:
            message = f"{label} repeats {first_label} ({key}); one is kept."
            findings.append(EventFinding("duplicate", (key,), message))
    return list(first.values()), findings, problems


def _same_day_titles(records: Sequence[Record]) -> list[EventFinding]:
    groups: dict[tuple[object, object], list[str]] = {}
    for record in records:
        groups.setdefault((record["date"], record["title"]), []).append(str(record["id"]))
    return [
        EventFinding(
            "same_day_title",
            tuple(ids),
            f"{', '.join(ids)} have the same date and title; all are kept.",
        )
        for ids in groups.values()
        if len(ids) > 1
    ]


def _nearly_known_categories(records: Sequence[Record]) -> list[EventFinding]:
    """Name the categories that nearly are one of the catalogue, and so match none of its events."""
    groups: dict[str, list[str]] = {}
    for record in records:
        groups.setdefault(str(record["category"]), []).append(str(record["id"]))
    findings = []
    for category, ids in groups.items():
        hint = "" if category in CATEGORIES else nearest_or_containing(category, CATEGORIES)
        if hint:
            message = (
                f'The category "{category}" ({listed(ids)}) matches no event of the catalogue. '
                f"{hint}"
            )
            findings.append(EventFinding("category", tuple(ids), message))
    return findings


def nearest_or_containing(value: str, known: Sequence[str]) -> str:
    """Ask whether a known value was meant that is nearly the same, or holds this one.

    Examples
    --------
    >>> nearest_or_containing("opec", ["conflict", "opec_decision"])
    'Did you mean "opec_decision"?'
    """
    holding = [name for name in known if len(value) > 2 and value.lower() in name]
    if len(holding) == 1:
        return f'Did you mean "{holding[0]}"?'
    return nearest(value, known) or (f"Did you mean {listed(holding)}?" if holding else "")


def _frame(records: Sequence[Record], *, columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame({name: [record[name] for record in records] for name in columns})
    frame["date"] = np.array([record["date"] for record in records], dtype="datetime64[ns]")
    frame["severity"] = pd.array([record["severity"] for record in records], dtype="Int64")
    return frame


def _bad(message: str, fix: str) -> EventError:
    return EventError(Problem("event", message, fix=fix))
