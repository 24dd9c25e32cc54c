"""Joint placebo draws: tests of many events whose windows overlap.

Events whose windows overlap move together. So a draw moves each *episode* of such events as a
block to a random session: the offsets between its events stay, separate episodes are independent.
"""

from __future__ import annotations

import numpy as np

from oilshock.inference.result import TestResult, no_result
from oilshock.options import Alternative
from oilshock.typing import Float, Int

CAAR_NULL = "the mean CAR is that of random sessions of the same volatility"


def joint_draws(
    placebos: Int, position: Int, *, reach: int, draws: int, rng: np.random.Generator
) -> Int:
    """Draw random placebo sessions for all events at once.

    Parameters
    ----------
    placebos : ndarray of shape (n_placebos,)
        Sessions of the placebos, ascending.
    position : ndarray of shape (n_events,)
        Sessions of the events.
    reach : int
        Events at most so many sessions apart belong to one episode, and so on along the chain.
    draws : int
        Number of draws.
    rng : Generator
        The source of randomness.

    Returns
    -------
    ndarray of shape (draws, n_events)
        Places in `placebos`. Within an episode the offsets are those of the events; an episode
        that fits nowhere as a whole is drawn event by event.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> places = joint_draws(np.arange(100), np.array([3, 5, 80]), reach=4, draws=50, rng=rng)
    >>> set((places[:, 1] - places[:, 0]).tolist())
    {2}
    """
    place_of = np.full(int(placebos.max()) + 1, -1, dtype=np.intp)
    place_of[placebos] = np.arange(len(placebos))
    chosen = np.empty((draws, len(position)), dtype=np.intp)
    for members in _episodes(position, reach):
        offsets = position[members] - position[members].min()
        moved = placebos[:, np.newaxis] + offsets
        inside = moved < len(place_of)
        places = np.where(inside, place_of[np.where(inside, moved, 0)], -1)
        whole = places[(places >= 0).all(axis=1)]
        if len(whole):
            chosen[:, members] = whole[rng.integers(len(whole), size=draws)]
        else:
            chosen[:, members] = rng.integers(len(placebos), size=(draws, len(members)))
    return chosen


def _episodes(position: Int, reach: int) -> list[Int]:
    order = np.argsort(position, kind="stable")
    breaks = np.flatnonzero(np.diff(position[order]) > reach) + 1
    return np.split(order, breaks)


def romano_wolf(statistic: Float, *, null: Float) -> Float:
    """Adjust p values for many events by the law of the largest statistic, step by step.

    Parameters
    ----------
    statistic : ndarray of shape (n,)
        Absolute statistics in one common unit; NaN entries are outside the family and stay NaN.
    null : ndarray of shape (draws, n)
        The same statistics under the null, drawn jointly.

    Returns
    -------
    ndarray of shape (n,)
        Adjusted p values; the smallest possible one is 1 / (draws + 1).

    Notes
    -----
    Algorithm 4.2 of Romano and Wolf (2005), with (1 + count) / (draws + 1): the largest
    statistic is held against the largest of all, the next one against the largest of the rest,
    and so on. It uses how the statistics hang together, so that it is never weaker than Holm but
    for simulation error.

    Examples
    --------
    >>> null = np.abs(np.random.default_rng(0).standard_normal((999, 2)))
    >>> romano_wolf(np.array([5.0, 0.1]), null=null)[0]
    np.float64(0.001)
    """
    present = np.flatnonzero(~np.isnan(statistic))
    order = present[np.argsort(-statistic[present], kind="stable")]
    rest = np.maximum.accumulate(null[:, order[::-1]], axis=1)[:, ::-1]
    count = (rest >= statistic[order]).sum(axis=0)
    p_values = (1.0 + count) / (len(null) + 1.0)
    adjusted = np.full(statistic.shape, np.nan)
    adjusted[order] = np.maximum.accumulate(p_values)
    return adjusted


def placebo_caar(car: Float, *, null: Float, alternative: Alternative = "two-sided") -> TestResult:
    """Test the mean CAR against that of random placebo sets of the same size.

    Parameters
    ----------
    car : ndarray of shape (n_events,)
        CARs of the complete events.
    null : ndarray of shape (draws, n_events)
        CARs of random placebo sets, each scaled to the volatility at its event.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `placebo`; the statistic is the CAAR in units of the placebo sets'
        standard deviation.

    Examples
    --------
    >>> null = np.random.default_rng(0).standard_normal((999, 3))
    >>> placebo_caar(np.array([9.0, 9.0, 9.0]), null=null).p_value
    0.001
    """
    if len(car) == 0 or len(null) == 0:
        return no_result("placebo", CAAR_NULL, n_events=0, reason="no complete event")
    caar, drawn = float(car.mean()), null.mean(axis=1)
    if alternative == "two-sided":
        count = int((np.abs(drawn) >= abs(caar)).sum())
    else:
        count = int((drawn >= caar).sum() if alternative == "greater" else (drawn <= caar).sum())
    return TestResult(
        "placebo",
        CAAR_NULL,
        caar / float(drawn.std()),
        (1.0 + count) / (len(drawn) + 1.0),
        "random placebo sets",
        np.nan,
        len(car),
    )
