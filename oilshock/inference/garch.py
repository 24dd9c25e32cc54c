"""The law of a sum of GARCH shocks, for the test of one event that follows the volatility."""

from __future__ import annotations

import numpy as np
from scipy import special

from oilshock.typing import Float

_GARCH = 2
"""Place of these random numbers beside those of the other tests."""


def garch_p_value(
    total: Float,
    first_variance: Float,
    *,
    omega: Float,
    alpha: Float,
    beta: Float,
    nu: Float,
    days: int,
    draws: int = 10_000,
    seed: int = 0,
) -> Float:
    """Compute two-sided p values of the sum of the next shocks of a GARCH(1,1) process.

    Parameters
    ----------
    total : ndarray of shape (n_events,)
        The sums, in the unit of the returns.
    first_variance : ndarray of shape (n_events,)
        Variance h of the first of the shocks, known the session before.
    omega, alpha, beta : ndarray of shape (n_events,)
        Parameters of the variance.
    nu : ndarray of shape (n_events,)
        Degrees of freedom of the errors, which have unit variance; infinite for the normal law.
    days : int
        Number of shocks summed.
    draws : int, default 10000
        Simulated paths of all shocks but the last.
    seed : int, default 0
        Seed; a p value does not depend on which other events are rated.

    Returns
    -------
    ndarray of shape (n_events,)
        NaN where a parameter is.

    Notes
    -----
    For one day the law is that of the errors: Student's t scaled to unit variance, or normal. The
    sum of several has no law in closed form. All shocks but the last are simulated; given these,
    the tail of the last one is exact, and p is its mean over the draws. So p is a smooth function
    of the sum, also far out, and never 0.

    Examples
    --------
    >>> one = np.array([1.0])
    >>> p = garch_p_value(1.96 * one, one, omega=0.1 * one, alpha=0.1 * one, beta=0.8 * one,
    ...                   nu=np.inf * one, days=1)
    >>> p.round(3).tolist()
    [0.05]
    """
    given = (np.abs(total), first_variance, omega, alpha, beta, nu)
    return np.array(
        [
            _one_p_value(*(float(value) for value in row), days=days, draws=draws, seed=seed)
            for row in zip(*given, strict=True)
        ]
    )


def _one_p_value(
    total: float,
    variance: float,
    omega: float,
    alpha: float,
    beta: float,
    nu: float,
    *,
    days: int,
    draws: int,
    seed: int,
) -> float:
    if np.isnan([total, variance, omega, alpha, beta, nu]).any():
        return float("nan")
    # Student's t has variance nu / (nu - 2); this brings it to 1.
    unit = np.sqrt(1.0 - 2.0 / nu)
    rng = np.random.default_rng([seed, _GARCH, days])
    size = draws if days > 1 else 1
    so_far, h = np.zeros(size), np.full(size, variance)
    for _ in range(days - 1):
        z = rng.standard_normal(size) if np.isinf(nu) else unit * rng.standard_t(nu, size)
        shock = np.sqrt(h) * z
        so_far += shock
        h = omega + alpha * shock**2 + beta * h
    width = np.sqrt(h) * unit
    tails = special.stdtr(nu, -(total - so_far) / width)
    tails += special.stdtr(nu, -(total + so_far) / width)
    return float(tails.mean())
