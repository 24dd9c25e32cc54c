"""Price levels: episodes above one, and when it was last crossed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from oilshock.typing import Float

RUN_UP = 10
"""Sessions over which the run-up to an episode is measured."""


@dataclass(frozen=True)
class Episode:
    """Consecutive sessions strictly above a level; indices are sessions.

    `last` is None for an episode that is still open on the last session.
    """

    level: float
    first: int
    last: int | None
    sessions_above: int
    peak: float
    peak_session: int


@dataclass(frozen=True)
class Crossing:
    """The last time, up to a session, at which the price changed sides of a level."""

    session: int
    side: Literal["above", "below"]


def episodes_above(prices: Float, *, level: float) -> tuple[Episode, ...]:
    """List the episodes strictly above a level; one session at or below it ends one.

    Parameters
    ----------
    prices : ndarray of shape (n_sessions,)
        Prices, USD/bbl.
    level : float
        The level, USD/bbl.

    Returns
    -------
    tuple of Episode
        In time order.

    Examples
    --------
    >>> episodes_above(np.array([89.0, 91.0, 92.0, 90.0]), level=90.0)
    (Episode(level=90.0, first=1, last=2, sessions_above=2, peak=92.0, peak_session=2),)
    """
    above = np.concatenate([[False], prices > level, [False]])
    starts = np.flatnonzero(above[1:] & ~above[:-1])
    ends = np.flatnonzero(above[:-1] & ~above[1:]) - 1
    found = []
    for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
        peak_session = first + int(np.argmax(prices[first : last + 1]))
        found.append(
            Episode(
                level=level,
                first=first,
                last=last if last < len(prices) - 1 else None,
                sessions_above=last - first + 1,
                peak=float(prices[peak_session]),
                peak_session=peak_session,
            )
        )
    return tuple(found)


def run_up_return(prices: Float, *, first: int) -> float:
    """Return log(P[first] / P[first - 10]); NaN where history is short or a price is not positive.

    Examples
    --------
    >>> run_up_return(np.linspace(80.0, 91.0, 12), first=11)
    0.116...
    """
    if first < RUN_UP or prices[first - RUN_UP] <= 0 or prices[first] <= 0:
        return float("nan")
    return float(np.log(prices[first] / prices[first - RUN_UP]))


def last_crossing(prices: Float, *, level: float, until: int) -> Crossing | None:
    """Find the last session up to `until` on which the price went to the other side of a level.

    A price exactly at the level is on neither side, so that the rule is the same both ways.

    Parameters
    ----------
    prices : ndarray of shape (n_sessions,)
        Prices, USD/bbl.
    level : float
        The level, USD/bbl.
    until : int
        Last session looked at.

    Returns
    -------
    Crossing or None
        None where the price never changed sides.

    Examples
    --------
    >>> last_crossing(np.array([89.0, 91.0, 92.0, 88.0]), level=90.0, until=2)
    Crossing(session=1, side='above')
    """
    side = np.sign(prices[: until + 1] - level)
    off_level = np.flatnonzero(side)
    changes = np.flatnonzero(np.diff(side[off_level]))
    if len(changes) == 0:
        return None
    session = int(off_level[changes[-1] + 1])
    return Crossing(session=session, side="above" if side[session] > 0 else "below")
