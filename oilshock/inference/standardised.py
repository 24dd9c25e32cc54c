"""Tests on standardised CARs: Patell (1976) and Boehmer, Musumeci and Poulsen (1991).

A standardised CAR (SCAR) is the CAR over its standard error. The error holds the forecast error
and the full covariance of the ARs of the window.
"""

from __future__ import annotations

import numpy as np

from oilshock.inference.result import TestResult, mean_result, no_result, normal_result
from oilshock.options import Alternative
from oilshock.typing import Float, Int


def patell(
    scar: Float,
    *,
    df: Int | Float,
    alternative: Alternative = "two-sided",
) -> TestResult:
    """Test that the mean CAR is zero, each event in units of its own standard error.

    Parameters
    ----------
    scar : ndarray of shape (n_events,)
        CAR over its standard error, forecast error included; NaN entries are left out.
    df : ndarray of shape (n_events,)
        Degrees of freedom of each event's variance, L - k. Events with 2 or fewer have no
        variance and are left out.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `patell`.

    Notes
    -----
    Z = sum(SCAR) / sqrt(sum((L - k) / (L - k - 2))), standard normal: a SCAR is Student's t
    with L - k degrees of freedom, and this is its variance (Patell 1976; Campbell, Lo
    and MacKinlay 1997, equation 4.4.24). The events must be independent, and
    their variance must not change at the event: use `bmp` when it may.

    For a window of m days the CAR is divided by the root of its full variance,
    sigma^2 (m + s'(X'X)^-1 s). Patell (1976) and most packages instead add the days'
    standardised ARs and divide by sqrt(m), as if the estimation error of each day were a new
    one; for m days of the mean model that makes Z sqrt((1 + m / L) / (1 + 1 / L)) times too
    large. On one day both are the same. One package takes sigma with n - 1 for two
    parameters; here it is L - k.

    Examples
    --------
    >>> patell(np.array([1.0, 2.0]), df=np.array([10, 10])).statistic
    1.897...
    """
    return patell_scaled("patell", scar, df=df, alternative=alternative)


def patell_scaled(
    test: str,
    scar: Float,
    *,
    df: Int | Float,
    alternative: Alternative,
    scale: float = 1.0,
) -> TestResult:
    """Compute the Patell statistic times a factor, under the name of a test."""
    null = "the mean standardised CAR is zero"
    df = np.broadcast_to(np.asarray(df, dtype=np.float64), scar.shape)
    usable = ~np.isnan(scar) & (df > 2)
    n = int(usable.sum())
    if n == 0:
        reason = (
            "no complete event"
            if np.isnan(scar).all()
            else "no estimation window has more than two degrees of freedom"
        )
        return no_result(test, null, n_events=0, reason=reason)
    variance = (df[usable] / (df[usable] - 2)).sum()
    return normal_result(
        test,
        null,
        statistic=float(scale * scar[usable].sum() / np.sqrt(variance)),
        n_events=n,
        alternative=alternative,
    )


def bmp(scar: Float, *, alternative: Alternative = "two-sided") -> TestResult:
    """Test that the mean CAR is zero when the event may change the variance.

    Parameters
    ----------
    scar : ndarray of shape (n_events,)
        CAR over its standard error, forecast error included; NaN entries are left out.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `bmp`, the standardised cross-sectional test.

    Notes
    -----
    t = mean(SCAR) / (s / sqrt(n)), s the standard deviation of the SCARs with n - 1 (Boehmer,
    Musumeci and Poulsen 1991, their standardized cross-sectional test), Student's t with n - 1
    degrees of freedom; the paper uses the normal law, to which it tends. The events must be
    independent. The paper has the forecast error in each SCAR; some packages leave it out. With
    one regressor, the constant, and equal L, that changes all SCARs alike and the statistic not
    at all; with a factor it does.

    Examples
    --------
    >>> bmp(np.array([1.0, 2.0, 3.0])).statistic
    3.464...
    """
    null = "the mean standardised CAR is zero"
    return mean_result("bmp", null, values=scar, alternative=alternative)
