"""What a test says: a small record, and the p values of its laws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from oilshock.options import Alternative
from oilshock.typing import Float

FLAT = 1e-12
"""Values whose standard deviation is below this share of the largest do not differ."""


@dataclass(frozen=True)
class TestResult:
    """What a test says.

    Parameters
    ----------
    test : str
        Name of the test.
    null : str
        The null hypothesis, in words.
    statistic, p_value : float
        NaN where the test cannot be computed; then `reason` says why.
    distribution : str
        Law of the statistic under the null.
    df : float
        Degrees of freedom; NaN where the law has none.
    n_events : int
        Events used.
    reason : str
        Empty, or why there is no statistic.
    """

    __test__ = False

    test: str
    null: str
    statistic: float
    p_value: float
    distribution: str
    df: float
    n_events: int
    reason: str = ""


def no_result(test: str, null: str, *, n_events: int, reason: str) -> TestResult:
    """Record that a test cannot be computed, and why."""
    return TestResult(test, null, np.nan, np.nan, "none", np.nan, n_events, reason)


def normal_result(
    test: str, null: str, *, statistic: float, n_events: int, alternative: Alternative
) -> TestResult:
    """Record a statistic that is standard normal under the null."""
    p_value = normal_p_value(statistic, alternative=alternative)
    return TestResult(test, null, statistic, p_value, "normal", np.nan, n_events)


def student_result(
    test: str, null: str, *, statistic: float, df: float, n_events: int, alternative: Alternative
) -> TestResult:
    """Record a statistic that follows Student's t under the null."""
    p_value = student_p_value(statistic, df=df, alternative=alternative)
    return TestResult(test, null, statistic, p_value, "Student t", df, n_events)


def is_constant(values: Float) -> bool:
    """Say whether values do not differ, up to rounding.

    Examples
    --------
    >>> is_constant(np.array([0.1, 0.1, 0.1])), is_constant(np.array([0.1, 0.2]))
    (True, False)
    """
    return bool(values.std() <= FLAT * np.abs(values).max())


def mean_result(
    test: str, null: str, *, values: Float, alternative: Alternative, scale: float = 1.0
) -> TestResult:
    """Test that a mean is zero: mean / (s / sqrt(n)) times `scale`, t with n - 1.

    Parameters
    ----------
    test, null : str
        Name of the test, and its null in words.
    values : ndarray of shape (n_events,)
        One figure an event; NaN entries are left out.
    alternative : {"two-sided", "greater", "less"}
        The alternative to the null.
    scale : float, default 1
        Factor that corrects the statistic.

    Returns
    -------
    TestResult
        Without a statistic for fewer than two events, or events that do not differ.
    """
    values = values[~np.isnan(values)]
    n = len(values)
    if n < 2:
        reason = "needs at least two events, has 1" if n else "no complete event"
        return no_result(test, null, n_events=n, reason=reason)
    if is_constant(values):
        return no_result(test, null, n_events=n, reason="the events do not differ")
    return student_result(
        test,
        null,
        statistic=float(scale * values.mean() / (values.std(ddof=1) / np.sqrt(n))),
        df=float(n - 1),
        n_events=n,
        alternative=alternative,
    )


def normal_p_value(statistic: float, *, alternative: Alternative = "two-sided") -> float:
    """Compute a p value of the standard normal law, by its tail and never as 1 - cdf.

    Examples
    --------
    >>> normal_p_value(10.0) > 0, round(normal_p_value(1.0, alternative="less"), 4)
    (True, 0.8413)
    """
    if alternative == "two-sided":
        return float(2.0 * special.ndtr(-abs(statistic)))
    return float(special.ndtr(-statistic if alternative == "greater" else statistic))


def student_p_value(
    statistic: float, *, df: float, alternative: Alternative = "two-sided"
) -> float:
    """Compute a p value of Student's t, by its tail and never as 1 - cdf.

    Examples
    --------
    >>> round(student_p_value(1.98, df=119), 3)
    0.05
    """
    if alternative == "two-sided":
        return float(2.0 * special.stdtr(df, -abs(statistic)))
    return float(special.stdtr(df, -statistic if alternative == "greater" else statistic))
