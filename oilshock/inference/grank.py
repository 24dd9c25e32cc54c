"""Generalised rank tests of CARs (Kolari and Pynnonen 2011).

The CAR is standardised, by its own standard error and then by its spread among the events, and
takes its place among the standardised residuals of the estimation window as one more day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.inference.rank import row_ranks
from oilshock.inference.result import (
    TestResult,
    is_constant,
    no_result,
    normal_result,
    student_result,
)
from oilshock.options import Alternative
from oilshock.typing import Float

NULL = "the CAR is no different from a usual abnormal return"


@dataclass(frozen=True, eq=False)
class GeneralisedRanks:
    """Mean standardised ranks over the events.

    Parameters
    ----------
    car : float
        That of the CARs; NaN where it cannot be computed.
    days : ndarray of shape (L1,)
        That of each day of the estimation window; NaN where no event has it.
    share : ndarray of shape (L1,)
        Share of the events that have the day.
    n_events : int
        Events used.
    reason : str
        Empty, or why there is no rank.
    """

    car: float
    days: Float
    share: Float
    n_events: int
    reason: str = ""


def generalised_ranks(scar: Float, *, residuals: Float) -> GeneralisedRanks:
    """Rank each event's CAR among the residuals of its estimation window, and average.

    Parameters
    ----------
    scar : ndarray of shape (n_events,)
        CAR over its standard error; events without one are left out.
    residuals : ndarray of shape (n_events, L1)
        Residuals over sigma; NaN where the estimation window has no entry.

    Returns
    -------
    GeneralisedRanks
        U = rank / (T + 1) - 1/2, with T the residuals of the event and its CAR, ties averaged.

    Examples
    --------
    >>> residuals = np.array([[-1.0, 0.0, 1.0], [0.5, -0.5, 0.0]])
    >>> generalised_ranks(np.array([2.0, 3.0]), residuals=residuals).car.__round__(2)
    0.3
    """
    usable = ~np.isnan(scar)
    if not usable.all():
        scar, residuals = scar[usable], residuals[usable]
    return ranks_of(scar, residuals=residuals, own_ranks=row_ranks(residuals))


def ranks_of(scar: Float, *, residuals: Float, own_ranks: Float) -> GeneralisedRanks:
    """Rank CARs among residuals whose ranks among themselves are known.

    Parameters
    ----------
    scar : ndarray of shape (n_events,)
        CAR over its standard error, none missing.
    residuals, own_ranks : ndarray of shape (n_events, L1)
        Residuals over sigma, and their ranks in each row.

    Returns
    -------
    GeneralisedRanks
        As `generalised_ranks`.
    """
    n = len(scar)
    nothing = np.full(residuals.shape[1], np.nan)
    if n < 2:
        reason = "needs at least two events, has 1" if n else "no complete event"
        return GeneralisedRanks(np.nan, nothing, nothing, n, reason)
    if is_constant(scar):
        return GeneralisedRanks(np.nan, nothing, nothing, n, "the events do not differ")
    present = (~np.isnan(own_ranks)).astype(np.float64)
    n_days = present.sum(axis=1)
    value = (scar / scar.std(ddof=1))[:, np.newaxis]
    # 2 where the residual is above the CAR, 1 where they are equal, 0 below: twice what the
    # CAR adds to the rank of the residual.
    above = np.add(residuals > value, residuals >= value, dtype=np.float64)
    per_rank = 1.0 / (n_days + 2.0)
    car = per_rank * (1.0 + n_days - above.sum(axis=1) / 2.0) - 0.5
    events = present.sum(axis=0)
    total = per_rank @ np.nan_to_num(own_ranks) + per_rank @ above / 2.0 - 0.5 * events
    days = np.divide(total, events, out=nothing, where=events > 0)
    return GeneralisedRanks(float(car.mean()), days, events / n, n)


def grank_t(ranks: GeneralisedRanks, *, alternative: Alternative = "two-sided") -> TestResult:
    """Test by generalised ranks that CARs are no different, allowing for correlated events.

    Parameters
    ----------
    ranks : GeneralisedRanks
        From `generalised_ranks`.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `grank-t`.

    Notes
    -----
    Z = U_0 / S, S^2 = sum((n_t / n) U_t^2) / T over the T - 1 days of the estimation window and
    the CAR; t = Z sqrt((T - 2) / (T - 1 - Z^2)), Student's t with T - 2 degrees of freedom
    (Kolari and Pynnonen 2011, GRANK-T). S comes from the mean ranks in time, so that events on
    the same dates may be correlated. Events of one series whose days are not the same have
    estimation windows that are shifted copies of each other; S then says little about how their
    CARs go together: see `bmp_kp`.

    Examples
    --------
    >>> residuals = np.array([[-1.0, 0.0, 1.0, 0.2], [0.5, -0.5, 0.0, 0.7]])
    >>> grank_t(generalised_ranks(np.array([0.8, -0.3]), residuals=residuals)).df
    3.0
    """
    if ranks.reason:
        return no_result("grank-t", NULL, n_events=ranks.n_events, reason=ranks.reason)
    present = ~np.isnan(ranks.days)
    n_days = int(present.sum()) + 1
    squares = (ranks.share[present] * ranks.days[present] ** 2).sum() + ranks.car**2
    z = ranks.car / np.sqrt(squares / n_days) if squares > 0 else np.nan
    rest = n_days - 1 - z**2
    if n_days < 3 or not rest > 1e-9:
        reason = "the days of the estimation windows have no variance of ranks"
        return no_result("grank-t", NULL, n_events=ranks.n_events, reason=reason)
    return student_result(
        "grank-t",
        NULL,
        statistic=float(z * np.sqrt((n_days - 2) / rest)),
        df=float(n_days - 2),
        n_events=ranks.n_events,
        alternative=alternative,
    )


def grank_z(ranks: GeneralisedRanks, *, alternative: Alternative = "two-sided") -> TestResult:
    """Test by generalised ranks that CARs are no different, for independent events.

    Parameters
    ----------
    ranks : GeneralisedRanks
        From `generalised_ranks`.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `grank-z`.

    Notes
    -----
    z = U_0 sqrt(12 n (T + 1) / (T - 1)), standard normal (Kolari and Pynnonen 2011, GRANK-Z):
    (T - 1) / (12 (T + 1)) is the variance of one standardised rank. The mean of T over the
    events is used where their estimation windows differ in length.

    Examples
    --------
    >>> residuals = np.array([[-1.0, 0.0, 1.0, 0.2], [0.5, -0.5, 0.0, 0.7]])
    >>> found = grank_z(generalised_ranks(np.array([0.8, -0.3]), residuals=residuals))
    >>> round(found.statistic, 6)  # (1 / 12) sqrt(12 x 2 x 6 / 4)
    0.5
    """
    if ranks.reason:
        return no_result("grank-z", NULL, n_events=ranks.n_events, reason=ranks.reason)
    n_days = float(ranks.share.sum()) + 1.0
    if n_days < 2:
        reason = "no residuals in the estimation windows"
        return no_result("grank-z", NULL, n_events=ranks.n_events, reason=reason)
    spread = np.sqrt((n_days - 1.0) / (12.0 * ranks.n_events * (n_days + 1.0)))
    return normal_result(
        "grank-z",
        NULL,
        statistic=float(ranks.car / spread),
        n_events=ranks.n_events,
        alternative=alternative,
    )
