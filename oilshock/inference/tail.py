"""The tail of a law beyond the data: peaks over a threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.typing import Float

TAIL_SHARE = 0.075
"""Share of the largest values that the tail is fitted to."""

FEWEST_EXCESSES = 50
"""Fewer values above the threshold than this do not carry a fit."""


@dataclass(frozen=True)
class Tail:
    """A generalised Pareto tail.

    Parameters
    ----------
    threshold : float
        Where the tail begins.
    share : float
        Probability of exceeding the threshold.
    shape, scale : float
        xi and sigma of the generalised Pareto law of the excess.
    """

    threshold: float
    share: float
    shape: float
    scale: float


def fit_tail(ordered: Float) -> Tail | None:
    """Fit a generalised Pareto law to the largest values.

    Parameters
    ----------
    ordered : ndarray of shape (n,)
        Values, ascending.

    Returns
    -------
    Tail or None
        None where fewer than 50 values exceed the threshold, or they do not vary.

    Notes
    -----
    Probability-weighted moments of the excesses (Hosking and Wallis 1987, section 3), which need no
    iteration and do not fail: with b0 the mean and b1 the mean weighted by the plotting
    position, xi = 2 - b0 / (b0 - 2 b1) and sigma = 2 b0 b1 / (b0 - 2 b1).

    Examples
    --------
    >>> tail = fit_tail(-np.log(1 - (np.arange(4000) + 0.5) / 4000))
    >>> abs(tail.shape) < 0.05, abs(tail.scale - 1) < 0.05
    (True, True)
    """
    n = len(ordered)
    count = int(TAIL_SHARE * n)
    if count < FEWEST_EXCESSES:
        return None
    threshold = float(ordered[n - count - 1])
    excess = ordered[n - count :] - threshold
    rank = (np.arange(1, count + 1) - 0.35) / count
    b0, b1 = float(excess.mean()), float(((1.0 - rank) * excess).mean())
    spread = b0 - 2.0 * b1
    if not spread > 0 or not b0 > 0:
        return None
    return Tail(threshold, count / n, 2.0 - b0 / spread, 2.0 * b0 * b1 / spread)


def tail_p_value(tail: Tail, values: Float) -> Float:
    """Compute the chance of exceeding each value; 0 beyond the end of a bounded tail.

    Parameters
    ----------
    tail : Tail
        From `fit_tail`.
    values : ndarray
        Values above the threshold; below it the result is the share of the tail.

    Returns
    -------
    ndarray
        share times the survival function of the generalised Pareto law (Pickands 1975).
    """
    from scipy.stats import genpareto

    excess = np.maximum(values - tail.threshold, 0.0)
    return np.asarray(tail.share * genpareto.sf(excess, tail.shape, scale=tail.scale))


def tail_quantile(tail: Tail, probability: Float) -> Float:
    """Return the values that are exceeded with probabilities below the share of the tail.

    Examples
    --------
    >>> tail_quantile(Tail(2.0, 0.1, 0.2, 1.0), np.array([0.01])).round(3).tolist()
    [4.924]
    """
    from scipy.stats import genpareto

    excess = genpareto.isf(probability / tail.share, tail.shape, scale=tail.scale)
    return np.asarray(tail.threshold + excess)
