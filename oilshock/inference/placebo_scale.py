"""The scale of the placebo law: the expected size of a CAR, given the volatility of the moment.

1. s = exp(b0 + b1 log m), with m = 0.7 v + 0.3 sigma^2, v the EWMA variance known before the
   window opens and sigma^2 the variance of the estimation window. b0 and b1 maximise the gamma
   quasi-likelihood over all placebos: b1 says how fast volatility returns to its usual level over a
   window of this length.
2. s is multiplied by the mean of |CAR| / s over the quarter of the placebos whose sigma^2 is
   nearest, then over the fifth whose v is nearest: what the log-linear form misses is taken from
   the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.typing import Float, freeze

RECENT_WEIGHT = 0.7
"""Weight of the EWMA variance; the estimation window has the rest."""

NEAREST_ESTIMATION = 0.25
"""Share of the placebos that are nearest in the variance of their estimation windows."""

NEAREST_RECENT = 0.2
"""Share of the placebos that are nearest in EWMA variance."""

SAME = 1e-9
"""Variances that differ by less are one. An event is one of the placebos, and rounding must not
decide on which side of itself it falls."""

ITERATIONS = 50


@dataclass(frozen=True, eq=False)
class NearestMean:
    """The mean of a quantity over the placebos nearest in some variance.

    Parameters
    ----------
    variance : ndarray of shape (n,)
        That variance of the placebos, ascending.
    running : ndarray of shape (n + 1,)
        Running sum of the quantity in that order.
    count : int
        How many are nearest.
    """

    variance: Float
    running: Float
    count: int

    def __post_init__(self) -> None:
        freeze(self.variance, self.running)


@dataclass(frozen=True, eq=False)
class Scale:
    """The expected size of |CAR|, given the volatility of the moment.

    Parameters
    ----------
    coefficients : ndarray of shape (2,)
        The b0 and b1 of the log-linear form.
    by_estimation, by_recent : NearestMean
        Means of what the log-linear form leaves, by regime.
    """

    coefficients: Float
    by_estimation: NearestMean
    by_recent: NearestMean

    def __post_init__(self) -> None:
        freeze(self.coefficients)


def fit_scale(size: Float, *, recent: Float, estimation: Float) -> Scale:
    """Fit the expected size of |CAR| to the volatility of the moment.

    Parameters
    ----------
    size : ndarray of shape (n,)
        |CAR| of the placebos.
    recent : ndarray of shape (n,)
        EWMA variance before the window opens; above 0.
    estimation : ndarray of shape (n,)
        Variance of the estimation window; above 0.

    Returns
    -------
    Scale
        Log-linear form, and nearest-regime means of what it leaves.

    Notes
    -----
    Gamma quasi-likelihood with a log link, by Fisher scoring (McCullagh and Nelder 1989, section
    8.3): consistent for the mean of |CAR| whatever its law is.
    """
    x = _regressors(recent, estimation)
    coefficients = np.array([np.log(size.mean()), 0.0])
    information = x.T @ x
    for _ in range(ITERATIONS):
        fitted = np.exp(x @ coefficients)
        # Least squares: where volatility never changed, there is one regressor only.
        step = np.linalg.lstsq(information, x.T @ (size / fitted - 1.0), rcond=None)[0]
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-10:
            break
    left = size / np.exp(x @ coefficients)
    by_estimation = _nearest_mean(left, estimation, share=NEAREST_ESTIMATION)
    left = left / _mean_at(by_estimation, estimation)
    by_recent = _nearest_mean(left, recent, share=NEAREST_RECENT)
    return Scale(coefficients, by_estimation, by_recent)


def _nearest_mean(values: Float, variance: Float, *, share: float) -> NearestMean:
    order = np.argsort(variance, kind="stable")
    running = np.concatenate([[0.0], np.cumsum(values[order])])
    return NearestMean(variance[order], running, max(int(share * len(values)), 1))


def _mean_at(nearest: NearestMean, variance: Float) -> Float:
    n, k = len(nearest.variance), nearest.count
    below = np.searchsorted(nearest.variance, variance * (1.0 - SAME))
    first = np.clip(below - k // 2, 0, n - k)
    return np.asarray((nearest.running[first + k] - nearest.running[first]) / k)


def expected_size(scale: Scale, *, recent: Float, estimation: Float) -> Float:
    """Compute the expected size of |CAR| at given variances, in the unit of the returns.

    Parameters
    ----------
    scale : Scale
        From `fit_scale`.
    recent, estimation : ndarray of shape (n_events,)
        Variances, as in `fit_scale`. NaN and 0 give NaN.

    Returns
    -------
    ndarray of shape (n_events,)
        In the unit of the CAR.
    """
    usable = (recent > 0) & (estimation > 0)
    recent, estimation = np.where(usable, recent, 1.0), np.where(usable, estimation, 1.0)
    size = np.exp(_regressors(recent, estimation) @ scale.coefficients)
    size = size * _mean_at(scale.by_estimation, estimation) * _mean_at(scale.by_recent, recent)
    return np.where(usable, size, np.nan)


def _regressors(recent: Float, estimation: Float) -> Float:
    mixed = RECENT_WEIGHT * recent + (1.0 - RECENT_WEIGHT) * estimation
    return np.column_stack([np.ones(len(mixed)), np.log(mixed)])
