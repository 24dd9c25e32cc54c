"""Tests by the signs and signed ranks of CARs: sign, generalised sign, Wilcoxon."""

from __future__ import annotations

import numpy as np
from scipy import special

from oilshock.inference.result import TestResult, no_result, normal_result
from oilshock.options import Alternative
from oilshock.typing import Float

EXACT_UP_TO = 50
"""Largest number of events for which the Wilcoxon test takes its exact law."""


def sign_test(car: Float, *, alternative: Alternative = "two-sided") -> TestResult:
    """Test that as many CARs are positive as not.

    Parameters
    ----------
    car : ndarray of shape (n_events,)
        CARs, or ARs of one day; NaN entries are left out. Zero counts as not positive.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `sign`: z as the statistic, and the exact binomial p value.

    Notes
    -----
    z = (w - n / 2) / (sqrt(n) / 2) with w positive CARs; p is that of w successes in n trials
    with probability one half (Brown and Warner 1980). The normal p value of z, which packages
    print, is too small in small samples. Abnormal returns whose median is not zero break the
    null without any event: see `generalized_sign`.

    Examples
    --------
    >>> found = sign_test(np.array([0.1, 0.2, 0.3, 0.1, 0.2, -0.1]))
    >>> round(found.statistic, 3), round(found.p_value, 3)  # 2 (6 + 1) / 64
    (1.633, 0.219)
    """
    null = "a positive CAR is as likely as not"
    values = car[~np.isnan(car)]
    n, positive = len(values), int((values > 0).sum())
    if n == 0:
        return no_result("sign", null, n_events=0, reason="no complete event")
    p_value = _binomial_p_value(positive, n, alternative=alternative)
    statistic = (positive - n / 2.0) / (np.sqrt(n) / 2.0)
    return TestResult("sign", null, float(statistic), p_value, "binomial", np.nan, n)


def _binomial_p_value(successes: int, n: int, *, alternative: Alternative) -> float:
    """Compute the exact p value of a fair coin; its law is symmetric, so one tail is enough."""
    if alternative == "less":
        return float(special.bdtr(successes, n, 0.5))
    if alternative == "greater":
        return float(special.bdtr(n - successes, n, 0.5))
    return min(1.0, 2.0 * float(special.bdtr(min(successes, n - successes), n, 0.5)))


def generalized_sign(
    car: Float, *, positive_share: Float, alternative: Alternative = "two-sided"
) -> TestResult:
    """Test that CARs are positive as often as abnormal returns of the estimation windows.

    Parameters
    ----------
    car : ndarray of shape (n_events,)
        CARs, or ARs of one day; NaN entries are left out. Zero counts as not positive.
    positive_share : ndarray of shape (n_events,)
        Share of positive residuals in each event's estimation window.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `generalized-sign`.

    Notes
    -----
    z = (w - n p) / sqrt(n p (1 - p)), standard normal, with w positive CARs and p the mean of
    the events' shares (Cowan 1992). It takes the share of positive CARs of a window to be that
    of single days, as Cowan does.

    Examples
    --------
    >>> share = np.array([0.5, 0.4, 0.6, 0.5])
    >>> generalized_sign(np.array([0.1, 0.2, 0.3, -0.1]), positive_share=share).statistic
    1.0
    """
    null = "CARs are positive as often as usual"
    usable = ~np.isnan(car) & ~np.isnan(positive_share)
    n = int(usable.sum())
    if n == 0:
        return no_result("generalized-sign", null, n_events=0, reason="no complete event")
    expected = float(positive_share[usable].mean())
    if not 0 < expected < 1:
        reason = "all residuals of the estimation windows have one sign"
        return no_result("generalized-sign", null, n_events=n, reason=reason)
    positive = int((car[usable] > 0).sum())
    return normal_result(
        "generalized-sign",
        null,
        statistic=float((positive - n * expected) / np.sqrt(n * expected * (1.0 - expected))),
        n_events=n,
        alternative=alternative,
    )


def wilcoxon(car: Float, *, alternative: Alternative = "two-sided") -> TestResult:
    """Test by signed ranks that CARs lie symmetrically about zero.

    Parameters
    ----------
    car : ndarray of shape (n_events,)
        CARs, or ARs of one day; NaN entries and zeros are left out.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `wilcoxon`: V, the sum of the ranks of positive CARs.

    Notes
    -----
    The p value is exact for up to 50 events without ties in size, else from the normal law
    without a continuity correction (Wilcoxon 1945; scipy.stats.wilcoxon). Both tails are equal;
    one package marks a value by unequal tails, a star at an exact p of 0.154.

    Examples
    --------
    >>> found = wilcoxon(np.array([0.1, 0.2, 0.3, -0.05]))
    >>> found.statistic, found.p_value  # 2 + 3 + 4; ranks sum to 9 or 10 in 2 of 16 ways
    (9.0, 0.25)
    """
    from scipy.stats import rankdata
    from scipy.stats import wilcoxon as signed_rank

    null = "CARs lie symmetrically about zero"
    values = car[~np.isnan(car)]
    values = values[values != 0]
    n = len(values)
    if n == 0:
        reason = "no complete event" if np.isnan(car).all() else "all CARs are zero"
        return no_result("wilcoxon", null, n_events=0, reason=reason)
    ranks = rankdata(np.abs(values))
    is_exact = n <= EXACT_UP_TO and len(np.unique(ranks)) == n
    law = "exact" if is_exact else "approx"
    p_value = signed_rank(values, alternative=alternative, method=law).pvalue
    # Not scipy's statistic, which for "two-sided" is the smaller of V and its mirror.
    statistic = float(ranks[values > 0].sum())
    name = "signed rank, exact" if is_exact else "signed rank, normal"
    return TestResult("wilcoxon", null, statistic, float(p_value), name, np.nan, n)
