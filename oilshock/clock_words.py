"""The time of an event in words: on its own clock, and on that of the market."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from oilshock.sessions import EventTime, market_local, parse_event_time
from oilshock.words import MINUS, day


def clock_words(date: dt.date, time: str, *, timezone: str | None) -> str:
    """Write the time of an event, and the time at which it reached the market.

    Parameters
    ----------
    date : datetime.date
        The date of the event, in the zone of its time.
    time : str
        The time as tables hold it: `20:00Z`, `16:30+02:00`, `09:00 Europe/London`.
    timezone : str or None
        The zone of the market's close, by which events are aligned; None where it is not known.

    Returns
    -------
    str
        Both times, the second with its day where that is another one; empty for an empty time.

    Examples
    --------
    >>> clock_words(dt.date(2024, 4, 15), "18:30+02:00", timezone="Europe/London")
    '18:30 (UTC+2), 17:30 London'
    >>> clock_words(dt.date(2024, 6, 3), "23:30Z", timezone="Europe/London")
    '23:30 UTC, 00:30 London on 4 June 2024'
    >>> clock_words(dt.date(2024, 4, 15), "09:00 Europe/London", timezone="Europe/London")
    '09:00 London'
    """
    if not time:
        return ""
    given = parse_event_time(time)
    own, market = _zone_words(given), _place(timezone or "")
    words = f"{_clock(given.clock)} {own}"
    if not timezone or own == market:
        return words
    local_date, local = market_local(date, given, timezone=timezone)
    on = "" if local_date == date else f" on {day(pd.Timestamp(local_date))}"
    return f"{words}, {_clock(local)} {market}{on}"


def _clock(time: dt.time) -> str:
    return time.replace(tzinfo=None).isoformat("seconds" if time.second else "minutes")


def _zone_words(time: EventTime) -> str:
    """Name the zone of a time: `UTC`, `(UTC+2)`, `London`."""
    _, _, name = time.text.partition(" ")
    if name:
        return _place(name)
    offset = dt.datetime.combine(dt.date.min, time.clock, tzinfo=time.zone).utcoffset()
    minutes = 0 if offset is None else int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else MINUS
    return f"(UTC{sign}{hours}{f':{rest:02d}' if rest else ''})"


def _place(zone: str) -> str:
    """Name the place of a zone."""
    return zone if zone.startswith("Etc/") else zone.rpartition("/")[2].replace("_", " ")
