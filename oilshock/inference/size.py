"""How often a test rejects on a series where nothing particular happened: its realised size."""

from __future__ import annotations

import numpy as np

from oilshock.typing import Float

NOMINAL = (0.10, 0.05, 0.01)
"""Levels at which a realised size is measured."""


def realised_size(p_values: Float) -> tuple[float, ...]:
    """Measure the share of p values below each nominal level.

    Parameters
    ----------
    p_values : ndarray of shape (n,)
        P values of a test on sessions of the series; NaN entries are left out.

    Returns
    -------
    tuple of float
        Shares below 10, 5 and 1 %. For a test that keeps its word they equal these levels.

    Examples
    --------
    >>> realised_size(np.array([0.005, 0.03, 0.2, 0.7]))
    (0.5, 0.5, 0.25)
    """
    present = p_values[~np.isnan(p_values)]
    if len(present) == 0:
        return tuple(float("nan") for _ in NOMINAL)
    return tuple(float((present < level).mean()) for level in NOMINAL)
