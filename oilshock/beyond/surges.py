"""Surges above a price level: how they built up, and how much of them was given back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from oilshock.levels import RUN_UP, episodes_above
from oilshock.typing import Float

GAP = 10
"""Episodes above a level with fewer sessions than this between them are one surge."""


def surges_frame(
    prices: Float,
    sessions: pd.DatetimeIndex,
    *,
    levels: Sequence[float],
    near: tuple[int, int],
    given_back: Sequence[int],
) -> pd.DataFrame:
    """Measure each surge above a level: its climb, and what was given back after its peak.

    Parameters
    ----------
    prices : ndarray of shape (n_sessions,)
        Prices, USD/bbl.
    sessions : DatetimeIndex
        The sessions.
    levels : sequence of float
        Levels, USD/bbl.
    near : tuple of int
        Only surges that have a session from the first of these to the last.
    given_back : sequence of int
        Sessions after the peak.

    Returns
    -------
    DataFrame
        A row for each surge. `climb` is the log return from 10 sessions before the first close
        above the level to the peak; `given_back_5` is the share of it gone 5 sessions after the
        peak, empty where prices end before or the price did not climb.
    """
    rows = []
    for level in levels:
        for first, last, n_above in _surges(prices, level=level):
            if first > near[1] or last < near[0]:
                continue
            peak = first + int(np.argmax(prices[first : last + 1]))
            base = first - RUN_UP
            usable = base >= 0 and prices[base] > 0
            climb = np.log(prices[peak] / prices[base]) if usable else np.nan
            rows.append(
                {
                    "level": level,
                    "first_session": sessions[first],
                    "last_session": sessions[last],
                    "sessions_above": n_above,
                    "peak_session": sessions[peak],
                    "peak": prices[peak],
                    "climb": climb,
                    **{f"given_back_{day}": _share(prices, peak, day, climb) for day in given_back},
                }
            )
    names = ["level", "first_session", "last_session", "sessions_above", "peak_session", "peak"]
    return pd.DataFrame(rows, columns=[*names, "climb", *(f"given_back_{d}" for d in given_back)])


def _surges(prices: Float, *, level: float) -> list[tuple[int, int, int]]:
    """Join episodes above a level that are only a few sessions apart."""
    found: list[tuple[int, int, int]] = []
    for episode in episodes_above(prices, level=level):
        last = len(prices) - 1 if episode.last is None else episode.last
        if found and episode.first - found[-1][1] <= GAP:
            first, _, above = found.pop()
            found.append((first, last, above + episode.sessions_above))
        else:
            found.append((episode.first, last, episode.sessions_above))
    return found


def _share(prices: Float, peak: int, day: int, climb: float) -> float:
    if peak + day >= len(prices) or not climb > 0 or prices[peak + day] <= 0:
        return float("nan")
    return float(np.log(prices[peak] / prices[peak + day]) / climb)
