"""What the tests across events are worth: each tried on random sets of ordinary sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from oilshock.calibration import LEVELS
from oilshock.event_tests import RatedEvents
from oilshock.inference import ACROSS, EventSample, joint_draws, select
from oilshock.options import Alternative
from oilshock.placebo import EventPlacebos
from oilshock.typing import Float, Int, Window

SETS = 400
"""Random sets; a rejection rate of 5 % then has a standard error of 1.1 points."""

FEWEST_IN_A_SET = 2
"""Tests across events need two."""

NULL_DRAWS = 1000
"""Sets that a placebo test is held against here; a study draws its own number."""


def set_rows(
    placebos: EventPlacebos,
    *,
    windows: Sequence[Window],
    tests: Sequence[str],
    ordinary: Callable[[Int], RatedEvents],
    alternative: Alternative,
    reach: int,
    seed: int,
) -> list[tuple[object, ...]]:
    """Try the tests across events on random sets of as many ordinary sessions as events.

    Parameters
    ----------
    placebos : EventPlacebos
        The events among the ordinary sessions.
    windows : sequence of (int, int)
        CAR windows.
    tests : sequence of str
        Names of the tests in use.
    ordinary : callable
        From sessions to their ARs and models, as if each session had an event.
    alternative : {"two-sided", "greater", "less"}
        The alternative of the tests.
    reach : int
        Events at most so many sessions apart are moved together, so that sets overlap as they do.
    seed : int
        Seed of the draws.

    Returns
    -------
    list of tuple
        Rows of `SIZE_COLUMNS`; `sessions` says how many events a set has.
    """
    pool = placebos.pool
    rng = np.random.default_rng([seed, 2])
    drawn = joint_draws(
        pool.position, placebos.position, reach=reach, draws=SETS + NULL_DRAWS, rng=rng
    )
    places, others = drawn[:SETS], drawn[SETS:]
    used, inverse = np.unique(places, return_inverse=True)
    every = ordinary(pool.position[used])
    samples = [_sample(every, rows) for rows in inverse.reshape(places.shape)]
    label = f"sets of {places.shape[1]}"
    rows: list[tuple[object, ...]] = []
    for window in windows:
        chosen = [select(sample, window) for sample in samples]
        for name in dict.fromkeys(tests):
            if name in ACROSS:
                p_value = np.array([ACROSS[name](one, alternative).p_value for one in chosen])
                rows.append(_row(window, name, label, p_value))
        if "placebo" in tests:
            p_value = _placebo_p(placebos, window, places, others, alternative=alternative)
            rows.append(_row(window, "placebo", label, p_value))
    return rows


def _sample(every: RatedEvents, rows: Int) -> EventSample:
    """Take some ordinary sessions, one of them perhaps twice, as the events of a sample."""
    abnormal, fit = every.abnormal, every.abnormal.fit
    own_fit = replace(
        fit,
        beta=fit.beta[rows],
        sigma=fit.sigma[rows],
        df=fit.df[rows],
        xtx_inverse=fit.xtx_inverse[rows],
        residuals=fit.residuals[rows],
        collinear=fit.collinear[rows],
    )
    own = replace(
        abnormal,
        returns=abnormal.returns[rows],
        expected=abnormal.expected[rows],
        ar=abnormal.ar[rows],
        x=abnormal.x[rows],
        relative_variance=abnormal.relative_variance[rows],
        fit=own_fit,
    )
    estimation = replace(
        every.estimation, index=every.estimation.index[rows], mask=every.estimation.mask[rows]
    )
    return EventSample(
        abnormal=own, estimation=estimation, position=every.position[rows], x=every.design.x
    )


def _placebo_p(
    placebos: EventPlacebos,
    window: Window,
    places: Int,
    others: Int,
    *,
    alternative: Alternative,
) -> Float:
    """Hold each set against other sets, scaled to the volatility at its sessions."""
    law = placebos.law(window)
    if law is None:
        return np.full(len(places), np.nan)
    position, sigma = placebos.pool.position, placebos.pool.fit.sigma[placebos.pool.used]
    every = replace(placebos, position=position, sigma=sigma, past_only=False)
    size = every.size(window)[places]
    caar = (law.scaled[places] * size).sum(axis=1)
    null = law.scaled[others] @ size.T
    if alternative == "two-sided":
        count = (np.abs(null) >= np.abs(caar)).sum(axis=0)
    else:
        beyond = null >= caar if alternative == "greater" else null <= caar
        count = beyond.sum(axis=0)
    return np.asarray((1.0 + count) / (len(null) + 1.0))


def _row(window: Window, name: str, label: str, p_value: Float) -> tuple[object, ...]:
    known = p_value[~np.isnan(p_value)]
    if len(known) == 0:
        missing = [float("nan")] * len(LEVELS)
        return (*window, name, label, 0, *missing, *missing)
    shares = [float((known < level).mean()) for level in LEVELS.values()]
    errors = [float(np.sqrt(share * (1.0 - share) / len(known))) for share in shares]
    return (*window, name, label, len(known), *shares, *errors)
