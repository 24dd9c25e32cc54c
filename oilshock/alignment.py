"""Event time to session: the first session whose price could know of the event.

Pure functions on arrays. Every move of an event is counted in days and has a reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from oilshock.errors import ConfigError, Problem
from oilshock.sessions import market_local, market_zone, parse_close
from oilshock.typing import Bool, Int

AFTER_CLOSE = "after close"
NO_SESSION = "no session"
NO_COMMON_SESSION = "no common session"

_MOST_IDS = 10
_ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class Alignment:
    """Where each event stands among the sessions, in the order of the events.

    Parameters
    ----------
    position : ndarray of shape (n_events,)
        Index into the common sessions; their number when the event is after the last one.
    local_date : ndarray of shape (n_events,)
        Date of the event in the market's zone (datetime64[D]); for a date alone: that date.
    shift_days : ndarray of shape (n_events,)
        Days from `local_date` to the session; 0 after the last session.
    shift_reason : tuple of str
        Why it moved, joined by `;`: `after close`, `no session`, `no common session`; empty
        when it did not, and after the last session.
    date_only : ndarray of shape (n_events,)
        Whether the event had no time.
    """

    position: Int
    local_date: npt.NDArray[np.datetime64]
    shift_days: Int
    shift_reason: tuple[str, ...]
    date_only: Bool

    def __post_init__(self) -> None:
        for array in (self.position, self.local_date, self.shift_days, self.date_only):
            array.flags.writeable = False


def align_events(
    events: pd.DataFrame,
    sessions: pd.DatetimeIndex,
    *,
    common: pd.DatetimeIndex | None = None,
    close: str | None,
    timezone: str | None,
    where: str = "prices",
) -> Alignment:
    """Find the session of each event.

    An event counts for the session of its local date if it came strictly before the close,
    else for the next day. A date alone counts for that date. A day without a session moves to
    the next session, and then to the next one that the factors share.

    Parameters
    ----------
    events : DataFrame
        The columns `id`, `date` (without a zone) and `time` (text, empty when none).
    sessions : DatetimeIndex
        All days with a price, ascending, each once.
    common : DatetimeIndex, optional
        The sessions that prices and factors share; default: `sessions`.
    close : str or None
        Local time at which a session's price is fixed, `HH:MM`.
    timezone : str or None
        Zone of the close.
    where : str, default "prices"
        How messages name the series.

    Returns
    -------
    Alignment
        Position, local date, shift and reason of each event.

    Raises
    ------
    ConfigError
        When an event has a time but close or timezone is not known, or either is wrong.
    EventError
        When a time cannot be read or does not exist on its date.

    Examples
    --------
    >>> days = pd.DatetimeIndex(["2024-04-11", "2024-04-12", "2024-04-15"])
    >>> saturday = pd.DataFrame(
    ...     {"id": ["x"], "date": pd.to_datetime(["2024-04-13"]), "time": ["20:00Z"]}
    ... )
    >>> found = align_events(saturday, days, close="16:30", timezone="Europe/London")
    >>> found.position.tolist(), found.shift_days.tolist(), found.shift_reason
    ([2], [2], ('no session',))
    """
    priced = _days(sessions)
    shared = priced if common is None else _days(common)
    local_date, after_close, date_only = _local(events, close=close, timezone=timezone, where=where)
    # Where the local date is no session, the next one is the same before and after the close.
    closed = after_close & np.isin(local_date, priced)
    look = np.where(closed, local_date + _ONE_DAY, local_date)
    session, found = _next(look, priced)
    common_session, common_found = _next(session, shared)
    inside = found & common_found
    moves = {
        AFTER_CLOSE: closed,
        NO_SESSION: session != look,
        NO_COMMON_SESSION: common_session != session,
    }
    days = (common_session - local_date).astype(np.intp)
    return Alignment(
        position=np.where(inside, np.searchsorted(shared, common_session), len(shared)).astype(
            np.intp
        ),
        local_date=local_date,
        shift_days=np.where(inside, days, 0).astype(np.intp),
        shift_reason=tuple(
            ";".join(reason for reason, moved in moves.items() if moved[i] and inside[i])
            for i in range(len(look))
        ),
        date_only=date_only,
    )


def _days(index: pd.DatetimeIndex) -> npt.NDArray[np.datetime64]:
    days = index.to_numpy().astype("datetime64[D]")
    if np.any(days[1:] <= days[:-1]):
        raise ValueError("sessions must be ascending, each day once")
    return days


def _next(
    days: npt.NDArray[np.datetime64], sessions: npt.NDArray[np.datetime64]
) -> tuple[npt.NDArray[np.datetime64], Bool]:
    """Return the first session at or after each day, and whether there is one."""
    index = np.searchsorted(sessions, days)
    found = index < len(sessions)
    result = days.copy()
    result[found] = sessions[index[found]]
    return result, found


def _local(
    events: pd.DataFrame, *, close: str | None, timezone: str | None, where: str
) -> tuple[npt.NDArray[np.datetime64], Bool, Bool]:
    """Return local dates, whether an event came at or after the close, and had no time."""
    local_date = events["date"].to_numpy().astype("datetime64[D]")
    times = [str(time) for time in events["time"]]
    timed = np.array([bool(time) for time in times], dtype=np.bool_)
    after_close = np.zeros(len(times), dtype=np.bool_)
    if timed.any():
        if close is None or timezone is None:
            ids = [str(name) for name in events["id"][timed]]
            raise _unknown_close(ids, close=close, timezone=timezone, where=where)
        closing = parse_close(close, where=where)
        market_zone(timezone, where=where)
        for i in np.flatnonzero(timed):
            given: dt.date = local_date[i].item()
            date, clock = market_local(given, times[i], timezone=timezone)
            local_date[i] = date
            after_close[i] = clock >= closing
    return local_date, after_close, ~timed


def _unknown_close(
    ids: Sequence[str], *, close: str | None, timezone: str | None, where: str
) -> ConfigError:
    examples = {"prices.close": "16:30", "prices.timezone": "Europe/London"}
    given = (close, timezone)
    lacking = [name for name, value in zip(examples, given, strict=True) if value is None]
    unknown = "close of the series" if close is None else "time zone of the close"
    example = " and ".join(examples[name] for name in lacking)
    shown = ", ".join(ids[:_MOST_IDS])
    more = f" and {len(ids) - _MOST_IDS} more" if len(ids) > _MOST_IDS else ""
    verb = "event has" if len(ids) == 1 else "events have"
    return ConfigError(
        Problem(
            where,
            f"{len(ids)} {verb} a time ({shown}{more}), but the {unknown} is not known.",
            " and ".join(lacking),
            f"State {' and '.join(lacking)}, such as {example}, or drop the time.",
        )
    )
