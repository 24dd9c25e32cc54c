"""Intervals of a CAR from the stationary bootstrap of the estimation window."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from oilshock.inference.single import INCOMPLETE, NO_VARIANCE
from oilshock.typing import Float, freeze

FEWEST = 20
"""Fewest returns that are resampled; the rule for the block length fails below about a dozen."""

_BOOTSTRAP = 3
"""Place of these random numbers beside those of the tests."""


@dataclass(frozen=True, eq=False)
class BootstrapIntervals:
    """An interval of the CAR of each event, shape (n_events,).

    Parameters
    ----------
    low, high : ndarray
        NaN where `reason` says why.
    block_length : ndarray
        Mean length of the blocks, in sessions.
    reason : tuple of str
        Empty, or why there is no interval.
    """

    low: Float
    high: Float
    block_length: Float
    reason: tuple[str, ...]

    def __post_init__(self) -> None:
        freeze(self.low, self.high, self.block_length)


def stationary_bootstrap(
    car: Float,
    x_total: Float,
    *,
    days: int,
    residuals: Float,
    x: Float,
    xtx_inverse: Float,
    alpha: float = 0.05,
    draws: int = 10_000,
    seed: int = 0,
) -> BootstrapIntervals:
    """Give the CAR of each event an interval from resampled blocks of its estimation window.

    The blocks keep the dependence of neighbouring returns, and no law is assumed. The volatility
    is that of the estimation window, not that of the moment.

    Parameters
    ----------
    car : ndarray of shape (n_events,)
        CARs; NaN where the window is not complete.
    x_total : ndarray of shape (n_events, k)
        Regressors, summed over the window.
    days : int
        Days m of the window.
    residuals : ndarray of shape (n_events, L)
        ARs of the estimation window; NaN outside it.
    x : ndarray of shape (n_events, L, k)
        Regressors of the estimation window.
    xtx_inverse : ndarray of shape (n_events, k, k)
        Inverse of X'X over the estimation window.
    alpha : float, default 0.05
        The interval covers 1 - alpha.
    draws : int, default 10000
        Resamples.
    seed : int, default 0
        Seed; an interval does not depend on which other events are in the study.

    Returns
    -------
    BootstrapIntervals
        CAR less the upper and the lower quantile of its resampled error.

    Notes
    -----
    Resampling is by arch (Politis and Romano 1994), with the mean block length of Politis and
    White (2004, corrected 2009), rounded to whole sessions and at least 1. The error of a CAR is
    the sum of the first m returns of one resample less s'(X'X)^-1 X'e of another, which stands for
    the estimation error; residuals are centred and inflated by the root of L / (L - k).

    Examples
    --------
    >>> e = np.random.default_rng(0).standard_normal((1, 60))
    >>> found = stationary_bootstrap(
    ...     np.array([5.0]), np.empty((1, 0)), days=1, residuals=e, x=np.empty((1, 60, 0)),
    ...     xtx_inverse=np.empty((1, 0, 0)), draws=500,
    ... )
    >>> bool(found.low[0] < 5.0 < found.high[0])
    True
    """
    n = len(car)
    low, high, length = np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    reason = []
    for row in range(n):
        inside = ~np.isnan(residuals[row])
        e, own_x = residuals[row][inside], x[row][inside]
        fewest = max(FEWEST, days)
        if np.isnan(car[row]):
            reason.append(INCOMPLETE)
        elif len(e) < fewest:
            reason.append(f"the bootstrap needs {fewest} returns, has {len(e)}")
        elif not np.ptp(e) > 0:
            reason.append(NO_VARIANCE)
        else:
            reason.append("")
            block = _block_length(e)
            e = (e - e.mean()) * np.sqrt(len(e) / (len(e) - own_x.shape[1]))
            index = _resamples(len(e), block, draws, seed)
            sums = e[index[:, :days]].sum(axis=1)
            weights = own_x @ (xtx_inverse[row] @ x_total[row])
            error = sums - np.roll(e[index] @ weights, 1)
            lower, upper = np.quantile(error, [alpha / 2.0, 1.0 - alpha / 2.0])
            low[row], high[row], length[row] = car[row] - upper, car[row] - lower, block
    return BootstrapIntervals(low, high, length, tuple(reason))


def _block_length(e: Float) -> int:
    """Return the optimal mean block length in whole sessions."""
    from arch.bootstrap import optimal_block_length

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        best = float(optimal_block_length(e)["stationary"].iloc[0])
    return max(1, round(best)) if np.isfinite(best) else 1


@lru_cache(maxsize=16)
def _resamples(n: int, block: int, draws: int, seed: int) -> npt.NDArray[np.intp]:
    """Places of the returns in each resample, shape (draws, n)."""
    from arch.bootstrap import StationaryBootstrap

    rng = np.random.default_rng([seed, _BOOTSTRAP, n, block])
    resampled = StationaryBootstrap(block, np.arange(n), seed=rng).bootstrap(draws)
    return np.array([data[0] for data, _ in resampled], dtype=np.intp)
