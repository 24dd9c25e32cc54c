"""How long the move of one event lasted: peak, half-life, and whether it was turned back.

The path of each event is laid beside those of ordinary sessions, which have gone through the
same search for a peak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.beyond.classes import ProjectionChoices, shape_reason, undefined
from oilshock.inference.placebo import FEWEST
from oilshock.inference.response import shape_of
from oilshock.models.rolling import rolling_cars
from oilshock.placebo import EventPlacebos, PlaceboPool
from oilshock.typing import Float, Int


@dataclass(frozen=True, eq=False)
class EventPaths:
    """The CAR of each event from day 0 on, with the band of ordinary sessions.

    Parameters
    ----------
    car : ndarray of shape (n_events, H + 1)
        CAR[0, h]; NaN after the last session.
    half_width : ndarray of shape (n_events, days)
        Half width of the band that an ordinary path stays in, over all the sessions in which a peak
        is sought; NaN with too few placebos.
    """

    car: Float
    half_width: Float


@dataclass(frozen=True, eq=False)
class Reversals:
    """The move after the peak against the direction of the peak; shape (n_events,).

    Parameters
    ----------
    back : ndarray
        Abnormal return over the sessions after the peak, with the sign turned so that a positive
        value gives the move back.
    p_value : ndarray
        Share of ordinary sessions that gave back as much after their own peak.
    n_placebos : ndarray
        Placebos that each was ranked among.
    """

    back: Float
    p_value: Float
    n_placebos: Int


def placebo_paths(pool: PlaceboPool, *, horizon: int) -> Float:
    """Cumulate the abnormal returns of every placebo from its day 0 on; shape (n, H + 1)."""
    cars = [rolling_cars(pool.fit, window=(0, day))[0] for day in range(horizon + 1)]
    return np.column_stack(cars)[pool.used]


def test_reversals(
    car: Float, placebos: EventPlacebos, *, ordinary: Float, peak_within: int, sessions: int
) -> Reversals:
    """Test whether events gave more back after their peak than ordinary sessions do.

    Parameters
    ----------
    car : ndarray of shape (n_events, H + 1)
        CAR paths of the events.
    placebos : EventPlacebos
        The ordinary sessions.
    ordinary : ndarray of shape (n, H + 1)
        CAR paths of the placebos, from `placebo_paths`.
    peak_within : int
        The peak is sought up to this session.
    sessions : int
        Sessions after the peak.

    Returns
    -------
    Reversals
        P values are one-sided. NaN where the path is too short or there are too few placebos.

    Notes
    -----
    Null: after its peak the price goes on as after the peak of an ordinary session. What comes
    after a largest value is below it by the choice alone, so that placebos go through the same
    search. Moves are divided by the EWMA volatility at the close of the peak day: a shock raises
    it, and the moves that follow are judged by it.
    """
    pool = placebos.pool
    position = placebos.position
    own = _scaled_back(car, position, pool.variance, peak_within=peak_within, sessions=sessions)
    other = _scaled_back(
        ordinary, pool.position, pool.variance, peak_within=peak_within, sessions=sessions
    )
    away = np.abs(pool.position - position[:, np.newaxis]) > pool.reach
    if placebos.past_only:
        away &= pool.position < position[:, np.newaxis]
    n = away.sum(axis=1)
    larger = (away & (other[1] >= own[1][:, np.newaxis])).sum(axis=1)
    p_value = np.where(np.isnan(own[1]) | (n < FEWEST), np.nan, (1.0 + larger) / (n + 1.0))
    return Reversals(own[0], p_value, n)


test_reversals.__test__ = False  # type: ignore[attr-defined]


def _scaled_back(
    car: Float, position: Int, variance: Float, *, peak_within: int, sessions: int
) -> tuple[Float, Float]:
    """Return what was given back after each peak, as it is and over the volatility of the day."""
    shape = shape_of(car, peak_within=peak_within, days=())
    last = shape.peak_day + sessions
    inside = last < car.shape[1]
    rows = np.arange(len(car))
    then = np.where(inside, car[rows, np.where(inside, last, 0)], np.nan)
    back = -np.sign(shape.peak) * (then - shape.peak)
    return back, back / np.sqrt(variance[position + shape.peak_day])


def event_frame(
    ids: Sequence[str],
    sessions: pd.DatetimeIndex,
    *,
    position: Int,
    paths: EventPaths,
    reversals: Reversals,
    choices: ProjectionChoices,
) -> pd.DataFrame:
    """Lay peak, half-life, shares given back and the reversal test of each event out as a row."""
    shape = shape_of(paths.car, peak_within=choices.peak_within, days=choices.given_back)
    rows = []
    for row, event_id in enumerate(ids):
        known = ~np.isnan(paths.car[row])
        last = int(known.sum()) - 1
        why = undefined(paths.car[row], paths.half_width[row], peak_within=choices.peak_within)
        short = f"prices end on session {last}" if last < choices.horizon else ""
        peak_day = int(shape.peak_day[row])
        half_life = float(shape.half_life[row])
        note = why or shape_reason(half_life, peak_day, choices)
        shares = np.where(bool(why), np.nan, shape.given_back[row])
        rows.append(
            {
                "event_id": event_id,
                "last_day": last,
                "peak_day": peak_day,
                "peak_session": sessions[position[row] + peak_day],
                "peak": shape.peak[row],
                "band_at_peak": paths.half_width[row, peak_day],
                "half_life": np.nan if why or np.isinf(half_life) else half_life,
                **{
                    f"given_back_{day}": share
                    for day, share in zip(choices.given_back, shares, strict=True)
                },
                "reversal": reversals.back[row],
                "reversal_p": reversals.p_value[row],
                "n_placebos": int(reversals.n_placebos[row]),
                "reason": "; ".join(filter(None, [note, short])),
            }
        )
    return pd.DataFrame(rows)
