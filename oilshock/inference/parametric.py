"""Tests that rest on a distribution: the t test of one event, and the t test across events."""

from __future__ import annotations

import numpy as np
from scipy import special

from oilshock.inference.result import TestResult, no_result, normal_result
from oilshock.options import Alternative
from oilshock.typing import Float, Int


def t_statistic(estimate: Float, std_error: Float) -> Float:
    """Divide estimates by their standard errors; NaN where the error is 0 or missing."""
    usable = std_error > 0
    missing = np.full(estimate.shape, np.nan)
    return np.asarray(np.divide(estimate, std_error, out=missing, where=usable))


def t_p_value(statistic: Float, df: Float | Int, *, scale: Float | float = 1.0) -> Float:
    """Compute two-sided p values of Student's t, by the survival function.

    Parameters
    ----------
    statistic : ndarray
        Values of t.
    df : ndarray
        Degrees of freedom, of a shape that broadcasts; infinite for the normal law.
    scale : ndarray or float, default 1.0
        Factor that makes the statistic Student's t: for the t law with unit variance, of df
        degrees of freedom, it is the root of df / (df - 2).

    Returns
    -------
    ndarray
        NaN where the statistic is.

    Examples
    --------
    >>> t_p_value(np.array([0.0, 1.98]), np.array([119, 119])).round(3).tolist()
    [1.0, 0.05]
    """
    return np.asarray(2.0 * special.stdtr(df, -np.abs(statistic * scale)))


def t_critical(alpha: float, df: Float | Int, *, scale: Float | float = 1.0) -> Float:
    """Return the two-sided critical value at level alpha; `df` and `scale` as in `t_p_value`.

    Examples
    --------
    >>> t_critical(0.05, np.array([119])).round(3).tolist()
    [1.98]
    """
    return np.asarray(-special.stdtrit(df, alpha / 2.0) / scale)


def portfolio_t(
    car: Float, std_error: Float, *, alternative: Alternative = "two-sided"
) -> TestResult:
    """Test that the mean CAR is zero, from the events' own estimation windows.

    Parameters
    ----------
    car, std_error : ndarray of shape (n_events,)
        CARs and their standard errors; events without a figure are left out.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `t`.

    Notes
    -----
    J1 = sum of CAR over the root of the summed variances, standard normal (MacKinlay 1997,
    equation 20; Campbell, Lo and MacKinlay 1997, equation 4.4.22). It takes the events as
    independent, which events with shared sessions are not.

    Examples
    --------
    >>> portfolio_t(np.array([0.03, 0.01]), np.array([0.01, 0.01])).statistic
    2.828...
    """
    null = "the mean CAR is zero"
    usable = ~np.isnan(car) & (std_error > 0)
    n = int(usable.sum())
    if n == 0:
        is_short = bool(np.isnan(car).all())
        reason = "no complete event" if is_short else "no variance in the estimation windows"
        return no_result("t", null, n_events=0, reason=reason)
    statistic = float(car[usable].sum() / np.sqrt((std_error[usable] ** 2).sum()))
    return normal_result("t", null, statistic=statistic, n_events=n, alternative=alternative)
