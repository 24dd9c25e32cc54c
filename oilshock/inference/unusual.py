"""Unusual sessions: how large a return is for the volatility of its moment, and how rare.

Ranks of a series among themselves are uniform by construction and can discover nothing. So the
rarity of a session is read off a *model*: a GARCH(1,1) with Student t errors gives the scale, and
a Student t law fitted to the ordinary sessions gives the tail. The sessions to be judged do not
shape their own yardstick: returns enter the variance recursion bounded, and the largest scaled
returns enter the fit of the tail only as "at least so large".
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from oilshock.inference.multiple import benjamini_hochberg
from oilshock.inference.volatility import DECAY, WARM_UP
from oilshock.typing import Float, Int, freeze

BOUND = 3.5
"""Returns enter the variance recursion at no more than so many EWMA standard deviations."""

CENSORED = 0.02
"""Share of the largest scaled returns whose size is not used in the fit of the tail."""

FEWEST = 250
"""Fewer returns than this carry no GARCH model."""

MAD_TO_SD = 0.6744897501960817
"""Median of |x| of a standard normal variable."""


@dataclass(frozen=True, eq=False)
class UnusualSessions:
    """How unusual the return of every session is.

    Parameters
    ----------
    scaled : ndarray of shape (n_sessions,)
        Return less its median, over the GARCH standard deviation known at the close before.
    p_value : ndarray of shape (n_sessions,)
        Chance that the model gives a scaled return at least so large.
    q_value : ndarray of shape (n_sessions,)
        The p values after Benjamini and Hochberg, over all sessions.
    scale, df : float
        Scale and degrees of freedom of the Student t law of the scaled returns.
    reason : str
        Empty, or why there is no model; then the figures are NaN.
    """

    scaled: Float
    p_value: Float
    q_value: Float
    scale: float
    df: float
    reason: str = ""

    def __post_init__(self) -> None:
        freeze(self.scaled, self.p_value, self.q_value)


def unusual_sessions(returns: Float) -> UnusualSessions:
    """Rate the return of every session against a GARCH-t model of the series.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns; the first one is missing. At least 250 of them.

    Returns
    -------
    UnusualSessions
        Scaled returns, and p and q values that are as good as the model.

    Notes
    -----
    GARCH(1,1) with Student t errors (Bollerslev 1987), fitted by `arch` to returns bounded at 3.5
    EWMA standard deviations: an unbounded one would hide the next move for weeks (Muler and
    Yohai 2008 bound the recursion for the same reason). The tail is that of a symmetric
    Student t law, fitted by maximum likelihood to the scaled returns with the largest 2 % censored.
    The null for each session: its return is a draw from that law.

    Examples
    --------
    >>> noise = np.random.default_rng(1).standard_normal(1000)
    >>> noise[500] = 9.0
    >>> np.flatnonzero(unusual_sessions(noise).q_value < 0.05).tolist()
    [500]
    """
    seen = np.asarray(returns[1:], dtype=np.float64)
    missing = np.full(len(returns), np.nan)
    if len(seen) < FEWEST:
        reason = f"needs {FEWEST} returns, has {len(seen)}"
        return UnusualSessions(missing, missing.copy(), missing.copy(), np.nan, np.nan, reason)
    centred = seen - np.median(seen)
    volatility, reason = garch_volatility(centred)
    if reason:
        return UnusualSessions(missing, missing.copy(), missing.copy(), np.nan, np.nan, reason)
    scaled = centred / volatility
    scale, df = censored_student(np.abs(scaled))
    p_value = _both_tails(np.abs(scaled) / scale, df)
    whole = [np.concatenate([[np.nan], v]) for v in (scaled, p_value, benjamini_hochberg(p_value))]
    return UnusualSessions(whole[0], whole[1], whole[2], scale, df)


def garch_volatility(centred: Float) -> tuple[Float, str]:
    """Compute the GARCH(1,1)-t standard deviation of each return, known before it.

    Parameters
    ----------
    centred : ndarray of shape (n,)
        Returns round zero.

    Returns
    -------
    volatility : ndarray of shape (n,)
        Conditional standard deviations, in the unit of the returns; NaN where there is a reason.
    reason : str
        Empty, or why there is none.
    """
    from arch import arch_model

    unit = float(np.median(np.abs(centred))) / MAD_TO_SD
    if not unit > 0:
        return np.full(len(centred), np.nan), "at least half of the returns are equal"
    bounded = bound_returns(centred / unit, bound=BOUND)
    model = arch_model(bounded, mean="Zero", vol="GARCH", p=1, q=1, dist="t", rescale=False)
    with warnings.catch_warnings():
        # A fit that does not converge is reported through its flag.
        warnings.simplefilter("ignore")
        fit = model.fit(disp="off", show_warning=False)
    volatility = np.asarray(fit.conditional_volatility, dtype=np.float64) * unit
    failed = fit.convergence_flag != 0 or not np.all(volatility > 0)
    return volatility, "the GARCH model did not converge" if failed else ""


def bound_returns(returns: Float, *, bound: float) -> Float:
    """Bound each return at so many standard deviations of an EWMA that is bounded itself.

    Examples
    --------
    >>> bound_returns(np.array([0.1, -0.1, 50.0, 0.1]), bound=3.0).round(2).tolist()
    [0.1, -0.1, 0.43, 0.1]
    """
    start = float(np.median(np.abs(returns[:WARM_UP]))) / MAD_TO_SD
    variance = max(start, np.finfo(np.float64).tiny) ** 2
    bounded = np.empty(len(returns))
    for place, value in enumerate(returns.tolist()):
        limit = bound * variance**0.5
        kept = min(max(value, -limit), limit)
        bounded[place] = kept
        variance = max(DECAY * variance + (1.0 - DECAY) * kept * kept, 1e-12)
    return bounded


def censored_student(sizes: Float) -> tuple[float, float]:
    """Fit a symmetric Student t law to absolute values, the largest 2 % censored.

    Parameters
    ----------
    sizes : ndarray of shape (n,)
        Absolute values.

    Returns
    -------
    scale, df : float
        Of the maximum of the likelihood; df lies between 2 and 1,000, where the law is normal to
        all purposes.

    Examples
    --------
    >>> from scipy import stats
    >>> grid = (np.arange(4000) + 0.5) / 4000
    >>> scale, df = censored_student(2.0 * stats.t.isf(grid / 2, 5.0))
    >>> abs(scale - 2.0) < 0.01, abs(df - 5.0) < 0.1
    (True, True)
    """
    from scipy import optimize, stats

    ordered = np.sort(sizes)
    hidden = max(int(np.ceil(CENSORED * len(ordered))), 1)
    body, limit = ordered[:-hidden], ordered[-hidden - 1]

    def loss(theta: Float) -> float:
        scale, df = float(np.exp(theta[0])), 1.0 / _inverse_df(float(theta[1]))
        inside = stats.t.logpdf(body / scale, df).sum() - len(body) * theta[0]
        return -float(inside + hidden * stats.t.logsf(limit / scale, df))

    start = np.array([np.log(np.median(ordered) / MAD_TO_SD), -1.0])
    found = optimize.minimize(loss, start, method="Nelder-Mead")
    return float(np.exp(found.x[0])), 1.0 / _inverse_df(float(found.x[1]))


def _inverse_df(free: float) -> float:
    """Map a free parameter to 1 / df between 0.001 and 0.5."""
    return float(0.001 + 0.499 / (1.0 + np.exp(-free)))


def _both_tails(sizes: Float, df: float) -> Float:
    from scipy import special

    return np.asarray(2.0 * special.stdtr(df, -sizes))


def rank_by_size(values: Float) -> Int:
    """Rank values by absolute size: the largest is 1, ties in the order given, missing is 0.

    Examples
    --------
    >>> rank_by_size(np.array([np.nan, 0.1, -0.3, 0.2])).tolist()
    [0, 3, 1, 2]
    """
    order = np.argsort(-np.abs(values), kind="stable")  # NaN goes last
    ranks = np.zeros(len(values), dtype=np.intp)
    ranks[order] = np.arange(1, len(values) + 1)
    return np.where(np.isnan(values), 0, ranks)
