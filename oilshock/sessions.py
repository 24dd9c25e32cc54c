"""The clock of a market: when an event came, and which local day and hour that was.

An event time is a wall-clock time with `Z`, an offset or a zone name. Wall-clock times are
read in their own zone, turned into an instant, and then read off the market's clock.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from oilshock.errors import ConfigError, EventError, Problem, nearest

_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(?:\s*(Z|[+-][0-9].*)|\s+(\S+))?", re.I)
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-5][0-9])")
_CLOSE = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")

# The clocks of the world run from 12 hours behind UTC to 14 hours before it.
_LARGEST_OFFSET = dt.timedelta(hours=14)

_TIME_FIX = "Use HH:MM with Z, an offset or a zone name: 20:00Z, 16:30+02:00, 09:00 Europe/London."


@dataclass(frozen=True)
class EventTime:
    """A wall-clock time and the zone it is read in.

    Parameters
    ----------
    clock : datetime.time
        Hour, minute and second, as given.
    zone : datetime.tzinfo
        UTC, a fixed offset or a named zone.
    text : str
        The time as tables show it: `20:00Z`, `16:30+02:00`, `09:00 Europe/London`.
    assumed_utc : bool
        Whether no zone was given, so that UTC was taken.
    """

    clock: dt.time
    zone: dt.tzinfo
    text: str
    assumed_utc: bool


def parse_event_time(text: str) -> EventTime:
    """Read the time of an event.

    Parameters
    ----------
    text : str
        `HH:MM` or `HH:MM:SS`, followed by `Z`, an offset (`+02:00`, `-0500`) or, after a
        space, a zone name (`Europe/London`). A bare time is taken as UTC.

    Returns
    -------
    EventTime
        The time, its zone, and whether UTC was assumed.

    Raises
    ------
    EventError
        When the text is no time, or its zone is not known.

    Examples
    --------
    >>> parse_event_time("16:30 +0200").text
    '16:30+02:00'
    >>> parse_event_time("14:30").text, parse_event_time("14:30").assumed_utc
    ('14:30Z', True)
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise _time_error(f'"{text}" is not a time.', _TIME_FIX)
    hour, minute, second, offset, name = match.groups()
    try:
        clock = dt.time(int(hour), int(minute), int(second or 0))
    except ValueError:
        raise _time_error(f'"{text}" is not a time of day (00:00 to 23:59).', _TIME_FIX) from None
    precision = "seconds" if clock.second else "minutes"
    shown = clock.isoformat(precision)
    if name:
        return EventTime(clock, _event_zone(name, text=text), f"{shown} {name}", assumed_utc=False)
    if offset and offset not in "Zz":
        zone = _fixed_zone(offset, text=text)
        shown = clock.replace(tzinfo=zone).isoformat(precision)
        return EventTime(clock, zone, shown, assumed_utc=False)
    return EventTime(clock, dt.UTC, f"{shown}Z", assumed_utc=offset is None)


def instant(date: dt.date, time: EventTime) -> dt.datetime:
    """Return the moment, in UTC, at which a wall-clock time was reached on a date.

    A time that comes twice (clocks set back) is its first.

    Parameters
    ----------
    date : datetime.date
        The date in the zone of the time.
    time : EventTime
        The time and its zone.

    Returns
    -------
    datetime.datetime
        The moment, with UTC as its zone.

    Raises
    ------
    EventError
        When clocks were set forward past this time on that date.

    Examples
    --------
    >>> instant(dt.date(2024, 4, 14), parse_event_time("01:00+05:30")).isoformat()
    '2024-04-13T19:30:00+00:00'
    """
    wall = dt.datetime.combine(date, time.clock, tzinfo=time.zone)
    moment = wall.astimezone(dt.UTC)
    if moment.astimezone(time.zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise _time_error(
            f'"{time.text}" does not exist on {date.isoformat()}: clocks were set forward.',
            "Check the time, or give it with Z or an offset.",
        )
    return moment


def market_local(date: dt.date, time: EventTime | str, *, timezone: str) -> tuple[dt.date, dt.time]:
    """Return date and time on the market's clock at which an event came.

    Parameters
    ----------
    date : datetime.date
        The date of the event, in the zone of its time.
    time : EventTime or str
        The time of the event; a text is read by `parse_event_time`.
    timezone : str
        The name of the market's zone.

    Returns
    -------
    tuple of datetime.date and datetime.time
        The local date and the local time.

    Raises
    ------
    EventError
        When the time cannot be read or does not exist on that date.
    ConfigError
        When the market's zone is not known.

    Examples
    --------
    >>> market_local(dt.date(2024, 6, 3), "23:30Z", timezone="Europe/London")
    (datetime.date(2024, 6, 4), datetime.time(0, 30))
    """
    zone = market_zone(timezone)
    given = parse_event_time(time) if isinstance(time, str) else time
    local = instant(date, given).astimezone(zone)
    return local.date(), local.time()


def market_zone(name: str, *, where: str = "prices") -> ZoneInfo:
    """Return the zone of a market's clock.

    Parameters
    ----------
    name : str
        The name, such as `Europe/London`.
    where : str, default "prices"
        How messages name the origin.

    Returns
    -------
    ZoneInfo
        The zone.

    Raises
    ------
    ConfigError
        When there is no such zone.

    Examples
    --------
    >>> market_zone("America/New_York").key
    'America/New_York'
    """
    zone = _zone(name)
    if zone is None:
        fix = nearest_zone(name) or "Use a name such as Europe/London."
        message = f'"{name}" is not a known time zone.'
        raise ConfigError(Problem(where, message, "timezone", fix))
    return zone


def parse_close(text: str, *, where: str = "prices") -> dt.time:
    """Read the time at which a session's price is fixed.

    Parameters
    ----------
    text : str
        The local time as `HH:MM`.
    where : str, default "prices"
        How messages name the origin.

    Returns
    -------
    datetime.time
        The local time.

    Raises
    ------
    ConfigError
        When the text is no time.

    Examples
    --------
    >>> parse_close("16:30")
    datetime.time(16, 30)
    """
    match = _CLOSE.fullmatch(text)
    if match is None:
        fix = "Use HH:MM local time, such as 16:30; the zone goes into timezone."
        raise ConfigError(Problem(where, f'"{text}" is not a time.', "close", fix))
    return dt.time(int(match[1]), int(match[2]))


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    # A folder of zones, such as "Europe", is an OSError.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def nearest_zone(name: str) -> str:
    """Ask for the nearest zone named by a place; between abbreviations nearness means nothing.

    Examples
    --------
    >>> nearest_zone("Europe/Lodnon"), nearest_zone("BST")
    ('Did you mean "Europe/London"?', '')
    """
    return nearest(name, sorted(zone for zone in available_timezones() if "/" in zone))


def _event_zone(name: str, *, text: str) -> ZoneInfo:
    zone = _zone(name)
    if zone is None:
        fix = f"{nearest_zone(name)} {_TIME_FIX}".strip()
        raise _time_error(f'"{text}" has an unknown zone, "{name}".', fix)
    return zone


def _fixed_zone(offset: str, *, text: str) -> dt.timezone:
    match = _OFFSET.fullmatch(offset)
    if match is not None:
        size = dt.timedelta(hours=int(match[2]), minutes=int(match[3]))
        if size <= _LARGEST_OFFSET:
            return dt.timezone(-size if match[1] == "-" else size)
    fix = "Use an offset of at most 14 hours, such as +02:00 or -0500."
    raise _time_error(f'"{text}" has an offset that cannot be read, "{offset}".', fix)


def _time_error(message: str, fix: str) -> EventError:
    return EventError(Problem("event time", message, fix=fix))
