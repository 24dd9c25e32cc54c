"""The placebo law tried on the placebos themselves: each session rated by others.

The law is judged on sessions that it did not see: in folds with an embargo, or, with
`past_only`, on sessions after those it learnt from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.inference.parametric import t_p_value, t_statistic
from oilshock.inference.placebo import FEWEST, placebo_law, rate
from oilshock.inference.size import hac_error, rejects_too_often
from oilshock.models.rolling import rolling_cars
from oilshock.placebo import PlaceboPool
from oilshock.typing import Bool, Float, Int, Window

FOLDS = 5
"""Contiguous folds; each is rated by the others."""

BURN_IN = 1500
"""Placebos that the first session rated with `past_only` looks back on."""

REFIT = 20
"""Sessions between two fits of the law with `past_only`."""

GUARDED_LEVEL = 0.05
"""Level at which a placebo law must not find effects on too many ordinary sessions."""


@dataclass(frozen=True, eq=False)
class Trial:
    """The CARs of one window on all placebo sessions, with what rates them.

    Parameters
    ----------
    position : ndarray of shape (n,)
        Sessions, ascending.
    car, std_error : ndarray of shape (n,)
        CARs and their textbook standard errors.
    recent, estimation : ndarray of shape (n,)
        EWMA variance before the window opens, and variance of the estimation window.
    df : int
        Degrees of freedom of the textbook t.
    """

    position: Int
    car: Float
    std_error: Float
    recent: Float
    estimation: Float
    df: int


def trial(pool: PlaceboPool, window: Window) -> Trial:
    """Cumulate the abnormal returns of every placebo session over a window."""
    car, std_error = rolling_cars(pool.fit, window=window)
    position = pool.position
    return Trial(
        position=position,
        car=car[pool.used],
        std_error=std_error[pool.used],
        recent=pool.variance[position + window[0] - 1],
        estimation=pool.fit.sigma[pool.used] ** 2,
        df=pool.fit.df,
    )


def folds(position: Int, *, embargo: int) -> list[tuple[Bool, Bool]]:
    """Split sessions into contiguous folds, each with the sessions that may rate it.

    Parameters
    ----------
    position : ndarray of shape (n,)
        Sessions, ascending.
    embargo : int
        Sessions on both sides of a fold that rate it not: their windows share returns with it.

    Returns
    -------
    list of (ndarray, ndarray)
        Masks of the sessions that learn and of those that are rated.
    """
    parts = np.array_split(np.arange(len(position)), FOLDS)
    result = []
    for part in parts:
        rated = np.zeros(len(position), dtype=np.bool_)
        rated[part] = True
        first, last = position[part[0]], position[part[-1]]
        result.append(((position < first - embargo) | (position > last + embargo), rated))
    return result


def past_splits(position: Int, *, reach: int) -> list[tuple[Bool, Bool]]:
    """Split sessions into blocks, each rated by the placebos that end before it begins."""
    result = []
    for first in range(BURN_IN, len(position), REFIT):
        rated = np.zeros(len(position), dtype=np.bool_)
        rated[first : first + REFIT] = True
        result.append((position < position[first] - reach, rated))
    return result


def out_of_sample(own: Trial, car: Float, *, splits: list[tuple[Bool, Bool]]) -> Float:
    """Rate CARs on sessions by the law learnt on others; NaN where no split rates them.

    Parameters
    ----------
    own : Trial
        The placebo sessions.
    car : ndarray of shape (n,)
        The CARs to rate: those of the trial, or the same with a shock added.
    splits : list of (ndarray, ndarray)
        From `folds` or `past_splits`.

    Returns
    -------
    ndarray of shape (n,)
        Calibrated p values.
    """
    p_value = np.full(len(car), np.nan)
    for learn, rated in splits:
        if learn.sum() < FEWEST:
            continue
        law = placebo_law(
            own.car[learn],
            position=own.position[learn],
            recent=own.recent[learn],
            estimation=own.estimation[learn],
        )
        p_value[rated] = rate(
            law,
            car[rated],
            recent=own.recent[rated],
            estimation=own.estimation[rated],
            position=own.position[rated],
            reach=0,
        ).p_value
    return p_value


def textbook_p(own: Trial, car: Float) -> Float:
    """Compute the p values of the textbook t test of CARs on all sessions."""
    t_stat = t_statistic(car, own.std_error)
    return t_p_value(t_stat, np.full(len(car), own.df))


def splits_of(pool: PlaceboPool, *, past_only: bool) -> list[tuple[Bool, Bool]]:
    """Split the placebos of a pool into those that learn and those that are rated."""
    if past_only:
        return past_splits(pool.position, reach=pool.reach)
    return folds(pool.position, embargo=overlap_of(pool))


def overlap_of(pool: PlaceboPool) -> int:
    """Return the sessions over which the windows of two placebos can share returns."""
    return pool.length + pool.reach


def size_at(p_value: Float, *, level: float, lag: int) -> tuple[float, float]:
    """Measure the share of p values below a level, with its HAC error; NaN entries are left out."""
    below = (p_value[~np.isnan(p_value)] < level).astype(np.float64)
    return (float(below.mean()) if len(below) else float("nan")), hac_error(below, lag=lag)


def finds_too_often(pool: PlaceboPool, window: Window) -> bool:
    """Say whether the placebo law of a window finds effects on too many ordinary sessions.

    Parameters
    ----------
    pool : PlaceboPool
        The placebos, each rated by the other folds. So too where events are rated by the past
        alone: a new law every few sessions would be forty times the work.
    window : tuple of int
        The CAR window.

    Returns
    -------
    bool
        As `rejects_too_often` says of the 5 % level; False where there are fewer than 200 placebos.
    """
    if len(pool) < FEWEST:
        return False
    share, error = law_size(pool, window)
    return bool(rejects_too_often(np.array([share]), np.array([error]), level=GUARDED_LEVEL)[0])


def law_size(pool: PlaceboPool, window: Window) -> tuple[float, float]:
    """Measure on what share of ordinary sessions the placebo law is below 5 %, and its error."""
    own = trial(pool, window)
    p_value = out_of_sample(own, own.car, splits=splits_of(pool, past_only=False))
    return size_at(p_value, level=GUARDED_LEVEL, lag=overlap_of(pool))
