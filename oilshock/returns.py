"""Returns, and the way back from returns to prices."""

from __future__ import annotations

import numpy as np

from oilshock.options import ReturnKind
from oilshock.typing import Float


def compute_returns(prices: Float, *, kind: ReturnKind = "log") -> Float:
    """Compute the return of each session over the session before.

    Parameters
    ----------
    prices : ndarray of shape (n_sessions,)
        Prices in USD/bbl, ascending in time, none missing.
    kind : {"log", "simple", "difference"}, default "log"
        Log returns add up over days, so a CAR is the log of a price ratio. `difference`
        is in USD/bbl and the only kind for prices at or below 0.

    Returns
    -------
    ndarray of shape (n_sessions,)
        The first value is NaN: the first session has no return.

    Examples
    --------
    >>> compute_returns(np.array([100.0, 110.0]), kind="simple").tolist()
    [nan, 0.1...]
    """
    returns = np.full(prices.shape, np.nan)
    if kind == "log":
        returns[1:] = np.diff(np.log(prices))
    elif kind == "simple":
        returns[1:] = np.diff(prices) / prices[:-1]
    else:
        returns[1:] = np.diff(prices)
    return returns


def project(base: Float, returns: Float, *, kind: ReturnKind = "log") -> Float:
    """Project prices from a base along a path of returns.

    Parameters
    ----------
    base : ndarray of shape (n_events,)
        Price before the first return, USD/bbl.
    returns : ndarray of shape (n_events, n_days)
        Returns, one column a day.
    kind : {"log", "simple", "difference"}, default "log"
        How the returns were computed.

    Returns
    -------
    ndarray of shape (n_events, n_days)
        The price after each day, USD/bbl.

    Examples
    --------
    >>> project(np.array([100.0]), np.array([[0.1, 0.1]]), kind="simple").round(2).tolist()
    [[110.0, 121.0]]
    """
    start = base[:, np.newaxis]
    if kind == "log":
        return np.asarray(start * np.exp(np.cumsum(returns, axis=1)))
    if kind == "simple":
        return np.asarray(start * np.cumprod(1.0 + returns, axis=1))
    return np.asarray(start + np.cumsum(returns, axis=1))
