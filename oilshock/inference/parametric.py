"""Tests that rest on a distribution: the t test of one event, and t tests across events."""

from __future__ import annotations

import numpy as np
from scipy import special

from oilshock.inference.result import (
    TestResult,
    is_constant,
    mean_result,
    no_result,
    normal_result,
    student_result,
)
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


def cross_sectional(car: Float, *, alternative: Alternative = "two-sided") -> TestResult:
    """Test that the mean CAR is zero, from the spread of the CARs among the events.

    Parameters
    ----------
    car : ndarray of shape (n_events,)
        CARs, or ARs of one day; NaN entries are left out.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `cross-sectional`.

    Notes
    -----
    t = mean / (s / sqrt(n)), s with n - 1, Student's t with n - 1 degrees of freedom (Boehmer,
    Musumeci and Poulsen 1991, their ordinary cross-sectional method). The variance may
    change at the event; the events must be independent and alike.

    Examples
    --------
    >>> cross_sectional(np.array([0.01, 0.02, 0.03])).statistic
    3.464...
    """
    null = "the mean CAR is zero"
    return mean_result("cross-sectional", null, values=car, alternative=alternative)


def crude_dependence(
    aar: Float, *, estimation_aar: Float, n_events: int, alternative: Alternative = "two-sided"
) -> TestResult:
    """Test that the summed AAR is zero, from the spread of the AARs of the estimation window.

    Parameters
    ----------
    aar : ndarray of shape (n_days,)
        AAR of each day of the window.
    estimation_aar : ndarray of shape (L1,)
        Mean residual over the same events on each day of the estimation window, counted back
        from the event; NaN entries are left out.
    n_events : int
        Events averaged.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `crude-dependence`.

    Notes
    -----
    t = sum(AAR) / (S sqrt(n_days)), S the standard deviation of the estimation-window AARs with
    T - 1, Student's t with T - 1 degrees of freedom (Brown and Warner 1980; 1985, equations 4
    to 6). One variance of the average serves all days, so that events on the same
    date may be correlated; the AARs must not be correlated in time, and the variance must not
    change at the event.

    Examples
    --------
    >>> past = np.array([0.01, -0.01, 0.01, -0.01])
    >>> crude_dependence(np.array([0.02]), estimation_aar=past, n_events=3).statistic
    1.732...
    """
    null = "the summed AAR is zero"
    past = estimation_aar[~np.isnan(estimation_aar)]
    if n_events == 0 or np.isnan(aar).any():
        return no_result("crude-dependence", null, n_events=0, reason="no complete event")
    if len(past) < 2 or is_constant(past):
        reason = "no variance in the estimation windows"
        return no_result("crude-dependence", null, n_events=n_events, reason=reason)
    return student_result(
        "crude-dependence",
        null,
        statistic=float(aar.sum() / (past.std(ddof=1) * np.sqrt(len(aar)))),
        df=float(len(past) - 1),
        n_events=n_events,
        alternative=alternative,
    )


def skewness_adjusted(car: Float, *, alternative: Alternative = "two-sided") -> TestResult:
    """Test that the mean CAR is zero, with the t statistic corrected for skewed CARs.

    Parameters
    ----------
    car : ndarray of shape (n_events,)
        CARs, or ARs of one day; NaN entries are left out. At least three are needed.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `skewness-adjusted`.

    Notes
    -----
    sqrt(n) (S + g S^2 / 3 + g^2 S^3 / 27 + g / (6 n)), standard normal, with S = mean / s and g
    the skewness (Hall 1992, the cubic transformation). s divides by n - 1 and g is
    n / ((n - 1)(n - 2)) sum((CAR - mean) / s)^3, so that without skewness the statistic is the
    cross-sectional t. Some divide by n in one or both, as Lyon, Barber and Tsai (1999) do in g:
    the same to the order to which the expansion holds, not the same in a small sample.

    Examples
    --------
    >>> skewness_adjusted(np.array([0.01, 0.02, 0.03])).statistic
    3.464...
    """
    null = "the mean CAR is zero"
    values = car[~np.isnan(car)]
    n = len(values)
    if n < 3:
        reason = f"needs at least three events, has {n}" if n else "no complete event"
        return no_result("skewness-adjusted", null, n_events=n, reason=reason)
    if is_constant(values):
        return no_result("skewness-adjusted", null, n_events=n, reason="the events do not differ")
    mean, s = values.mean(), values.std(ddof=1)
    ratio = mean / s
    skewness = n / ((n - 1) * (n - 2)) * (((values - mean) / s) ** 3).sum()
    adjusted = ratio + skewness * ratio**2 / 3 + skewness**2 * ratio**3 / 27 + skewness / (6 * n)
    return normal_result(
        "skewness-adjusted",
        null,
        statistic=float(np.sqrt(n) * adjusted),
        n_events=n,
        alternative=alternative,
    )
