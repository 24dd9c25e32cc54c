"""P values adjusted for many events."""

from __future__ import annotations

import numpy as np

from oilshock.options import Adjust
from oilshock.typing import Float


def holm(p_values: Float) -> Float:
    """Adjust p values by Holm's step-down rule: the family-wise error stays below alpha.

    Parameters
    ----------
    p_values : ndarray of shape (n,)
        NaN entries are outside the family and stay NaN.

    Returns
    -------
    ndarray of shape (n,)
        Adjusted p values, at most 1 (Holm 1979).

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    present = np.flatnonzero(~np.isnan(p_values))
    order = present[np.argsort(p_values[present], kind="stable")]
    weights = len(order) - np.arange(len(order))
    adjusted = np.full(p_values.shape, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(weights * p_values[order]), 1.0)
    return adjusted


def benjamini_hochberg(p_values: Float) -> Float:
    """Adjust p values by Benjamini and Hochberg's rule: the false discovery rate stays below.

    Parameters
    ----------
    p_values : ndarray of shape (n,)
        NaN entries are outside the family and stay NaN.

    Returns
    -------
    ndarray of shape (n,)
        Adjusted p values, at most 1 (Benjamini and Hochberg 1995).

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.04, 0.04]
    """
    present = np.flatnonzero(~np.isnan(p_values))
    order = present[np.argsort(p_values[present], kind="stable")]
    n = len(order)
    scaled = p_values[order] * n / np.arange(1, n + 1)
    adjusted = np.full(p_values.shape, np.nan)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def adjust_p_values(p_values: Float, *, method: Adjust) -> Float:
    """Adjust p values by the rule of a name; `none` gives no adjusted p value."""
    rules = {"holm": holm, "bh": benjamini_hochberg}
    return rules[method](p_values) if method in rules else np.full(p_values.shape, np.nan)
