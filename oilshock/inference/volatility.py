"""The volatility of the moment."""

from __future__ import annotations

import numpy as np

from oilshock.typing import Float

DECAY = 0.94
"""Weight of yesterday's variance: that of RiskMetrics (1996) for daily data."""

WARM_UP = 60
"""Returns whose mean square starts the recursion."""


def ewma_variance(returns: Float, *, decay: float = DECAY) -> Float:
    """Compute the exponentially weighted variance known at the end of each session.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns; the first one is missing.
    decay : float, default 0.94
        Weight of the variance of the session before.

    Returns
    -------
    ndarray of shape (n_sessions,)
        The v_t = decay v_{t-1} + (1 - decay) r_t^2 (J.P. Morgan and Reuters 1996, RiskMetrics,
        equation 5.3), in squared units of the returns, started at the mean square of the first
        60 returns.

    Examples
    --------
    >>> ewma_variance(np.array([np.nan, 0.02, 0.02]))[-1].round(6)
    np.float64(0.0004)
    """
    squared = np.where(np.isnan(returns), 0.0, returns) ** 2
    variance = float(squared[1 : WARM_UP + 1].mean()) if len(returns) > 1 else 0.0
    filtered = [variance]
    for value in squared[1:].tolist():
        variance = decay * variance + (1.0 - decay) * value
        filtered.append(variance)
    return np.array(filtered)
