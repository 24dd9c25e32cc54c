"""Structural breaks: sessions at which the mean of a series changes for good, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.typing import Float

FEWEST_SEGMENTS = 2
"""A series shorter than so many segments of the least length has no break to be found."""


@dataclass(frozen=True)
class Break:
    """A break in the mean of a series.

    Parameters
    ----------
    position : int
        First observation of the new mean.
    low, high : int
        Ends of the confidence interval of `position`, inside the series.
    before, after : float
        Mean of the segment before and of the one after.
    """

    position: int
    low: int
    high: int
    before: float
    after: float


def mean_breaks(values: Float, *, shortest: int, alpha: float = 0.05) -> tuple[Break, ...]:
    """Find the breaks in the mean of a series, and how surely each is dated.

    Parameters
    ----------
    values : ndarray of shape (n,)
        The series in time order, none missing.
    shortest : int
        Fewest observations between two breaks.
    alpha : float, default 0.05
        The intervals cover 1 - alpha.

    Returns
    -------
    tuple of Break
        In time order; empty where the mean is constant.

    Notes
    -----
    Least squares over all segmentations (Bai and Perron 1998), solved exactly by `ruptures`. The
    number of breaks minimises the sum of squares plus 2 w log(n) for each break: the penalty of
    Yao (1988), with the long-run variance w for the variance, since the observations depend on
    one another (Lavielle and Moulines 2000). w is the mean over blocks of the least length of the
    Bartlett estimate, so that the breaks themselves hardly enter it. The interval is that of
    Bai (1997, section 3): for a shift d, position +- (c w / d^2 + 1), with w over both segments
    and c the quantile of the argmax of a two-sided Brownian motion with drift; 11.03 at 95 %.

    Examples
    --------
    >>> steps = np.repeat([0.0, 3.0], 100) + np.tile([-0.5, 0.5], 100)
    >>> [(found.position, found.before, found.after) for found in
    ...     mean_breaks(steps, shortest=20)]
    [(100, 0.0, 3.0)]
    """
    n = len(values)
    if n < FEWEST_SEGMENTS * shortest or np.ptp(values) == 0:
        return ()
    edges = [0, *_segment_ends(values, shortest=shortest)]
    critical = argmax_quantile(alpha)
    found = []
    for start, position, stop in zip(edges[:-2], edges[1:-1], edges[2:], strict=True):
        before, after = values[start:position], values[position:stop]
        shift = float(after.mean() - before.mean())
        residual = np.concatenate([before - before.mean(), after - after.mean()])
        half = 1 + int(critical * long_run_variance(residual) / shift**2)
        found.append(
            Break(
                position=position,
                low=max(position - half, 0),
                high=min(position + half, n - 1),
                before=float(before.mean()),
                after=float(after.mean()),
            )
        )
    return tuple(found)


def _segment_ends(values: Float, *, shortest: int) -> list[int]:
    """Return the ends of the segments of the best segmentation, the last one being n."""
    import ruptures

    n = len(values)
    blocks = np.array_split(values, max(n // max(shortest, 1), 1))
    spread = float(np.mean([long_run_variance(block - block.mean()) for block in blocks]))
    penalty = 2.0 * max(spread, np.finfo(np.float64).tiny) * np.log(n)
    search = ruptures.KernelCPD(kernel="linear", min_size=shortest)
    return [int(end) for end in search.fit(values.reshape(-1, 1)).predict(pen=penalty)]


def long_run_variance(residual: Float) -> float:
    """Estimate the long-run variance of a series with mean zero.

    Parameters
    ----------
    residual : ndarray of shape (n,)
        Residuals in time order.

    Returns
    -------
    float
        Bartlett-weighted sum of the autocovariances up to lag floor(4 (n / 100)^(2/9)) (Newey and
        West 1987; the lag by Newey and West 1994).

    Examples
    --------
    >>> long_run_variance(np.array([1.0, -1.0, 1.0, -1.0])) < 1.0
    True
    """
    n = len(residual)
    lags = min(int(4.0 * (n / 100.0) ** (2.0 / 9.0)), n - 1)
    total = float(residual @ residual) / n
    for lag in range(1, lags + 1):
        weight = 1.0 - lag / (lags + 1.0)
        total += 2.0 * weight * float(residual[lag:] @ residual[:-lag]) / n
    return max(total, 0.0)


def argmax_quantile(alpha: float) -> float:
    """Return the two-sided critical value of Bai's law at 1 - alpha.

    The law is that of the argmax over s of W(s) - |s| / 2; its distribution function is given by
    Bai (1997, appendix B; Yao 1987).

    Examples
    --------
    >>> round(argmax_quantile(0.05), 1), round(argmax_quantile(0.10), 1)
    (11.0, 7.7)
    """
    from scipy import optimize

    return float(optimize.brentq(lambda x: _argmax_cdf(x) - (1.0 - alpha / 2.0), 1e-9, 500.0))


def _argmax_cdf(x: float) -> float:
    from scipy import special

    root = np.sqrt(x)
    # exp(x) overflows where the normal tail underflows: their product is taken in logs.
    last = np.exp(x + special.log_ndtr(-1.5 * root))
    density = root * np.exp(-x / 8.0) / np.sqrt(2.0 * np.pi)
    return float(1.0 + density - 0.5 * (x + 5.0) * special.ndtr(-0.5 * root) + 1.5 * last)
