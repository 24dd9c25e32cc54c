"""How often a test rejects on a series where nothing particular happened: its realised size."""

from __future__ import annotations

import numpy as np

from oilshock.typing import Bool, Float, Int

NOMINAL = (0.10, 0.05, 0.01)
"""Levels at which a realised size is measured."""

QUARTILES = 4

TOLERATED = 1.5
"""A test that rejects at most so many times as often keeps its level: Bradley (1978), liberal."""

ERRORS = 2.0
"""Standard errors above the level from which chance is no longer taken for the cause."""


def realised_size(p_values: Float) -> tuple[float, ...]:
    """Measure the share of p values below each nominal level.

    Parameters
    ----------
    p_values : ndarray of shape (n,)
        P values of a test on sessions of the series; NaN entries are left out.

    Returns
    -------
    tuple of float
        Shares below 10, 5 and 1 %. For a test of the right size they equal these levels.

    Examples
    --------
    >>> realised_size(np.array([0.005, 0.03, 0.2, 0.7]))
    (0.5, 0.5, 0.25)
    """
    present = p_values[~np.isnan(p_values)]
    if len(present) == 0:
        return tuple(float("nan") for _ in NOMINAL)
    return tuple(float((present < level).mean()) for level in NOMINAL)


def hac_error(rejected: Float, *, lag: int) -> float:
    """Compute the standard error of a rejection rate over sessions whose windows overlap.

    Parameters
    ----------
    rejected : ndarray of shape (n,)
        1 where the test rejects, 0 where it does not, in the order of time.
    lag : int
        Sessions over which two windows can share a session.

    Returns
    -------
    float
        Root of the Bartlett-weighted long-run variance over n (Newey and West 1987, equation 5);
        NaN for fewer than two sessions. sqrt(p (1 - p) / n) would be too small.

    Examples
    --------
    >>> round(hac_error(np.array([1.0, 0.0] * 50), lag=0), 3)
    0.05
    """
    n = len(rejected)
    if n < 2:
        return float("nan")
    centred = rejected - rejected.mean()
    lag = min(lag, n - 1)
    spectrum = np.fft.rfft(centred, 2 * n)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, 2 * n)[: lag + 1] / n
    weights = 1.0 - np.arange(lag + 1) / (lag + 1.0)
    variance = covariance[0] + 2.0 * float((weights[1:] * covariance[1:]).sum())
    return float(np.sqrt(max(variance, 0.0) / n))


def rejects_too_often(share: Float, error: Float, *, level: float) -> Bool:
    """Say whether a test rejects so often that its level no longer describes it.

    Parameters
    ----------
    share, error : ndarray of shape (n,)
        Realised rejection rates and their HAC standard errors.
    level : float
        The level of the test.

    Returns
    -------
    ndarray of bool
        Where the rate is above `TOLERATED` times the level and more than `ERRORS` standard errors
        above it. The error is that of a score test: the one that a rate equal to the level would
        have, with the overlap that was found. False where a rate is missing.

    Examples
    --------
    >>> rejects_too_often(np.array([0.13, 0.07]), np.array([0.05, 0.002]), level=0.05).tolist()
    [True, False]
    """
    known = np.isfinite(share) & np.isfinite(error) & (share > 0) & (share < 1)
    rate = np.where(known, share, level)
    under_level = error * np.sqrt(level * (1 - level) / (rate * (1 - rate)))
    above = (rate > TOLERATED * level) & (rate - level > ERRORS * under_level)
    return np.asarray(known & above)


def quartile(values: Float) -> Int:
    """Return the quartile, 1 to 4, of each value among all of them.

    Examples
    --------
    >>> quartile(np.array([10.0, 40.0, 20.0, 30.0])).tolist()
    [1, 4, 2, 3]
    """
    edges = np.quantile(values, np.arange(1, QUARTILES) / QUARTILES)
    return np.asarray(1 + np.searchsorted(edges, values, side="left"))
