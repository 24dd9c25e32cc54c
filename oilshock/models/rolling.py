"""The expected-return model of every session at once, by sums that run along the series.

A contiguous estimation window is a difference of two running sums, so that ten thousand windows
cost little more than one. `fit_ols` fits the windows of events, which need not be contiguous.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.models.design import Design
from oilshock.models.ols import COLLINEAR
from oilshock.typing import Float, Int, Window, freeze

NO_VARIANCE = 1e-12
"""A squared residual sum below this share of the squared returns is rounding, not variance."""


@dataclass(frozen=True, eq=False)
class RollingFit:
    """The models of many sessions, each fitted on the window before it.

    Parameters
    ----------
    position : ndarray of shape (n,)
        Sessions (relative day 0) that have a full estimation window and a usable model.
    beta : ndarray of shape (n, k)
        Coefficients.
    sigma : ndarray of shape (n,)
        Standard deviation of the residuals, squared sum over L - k; above 0.
    xtx_inverse : ndarray of shape (n, k, k)
        Inverse of X'X over each window.
    df : int
        L - k.
    running_y : ndarray of shape (n_sessions + 1,)
        Running sum of the returns less the model's offset.
    running_x : ndarray of shape (n_sessions + 1, k)
        Running sum of the regressors.
    """

    position: Int
    beta: Float
    sigma: Float
    xtx_inverse: Float
    df: int
    running_y: Float
    running_x: Float

    def __post_init__(self) -> None:
        freeze(self.position, self.beta, self.sigma, self.xtx_inverse)
        freeze(self.running_y, self.running_x)


def fit_rolling(returns: Float, design: Design, *, length: int, gap: int) -> RollingFit:
    """Fit the model of every session that has a full estimation window before it.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns; the first one is missing.
    design : Design
        Regressors of every session.
    length, gap : int
        Returns in the estimation window, and sessions between it and day 0.

    Returns
    -------
    RollingFit
        Sessions whose window has collinear regressors or no variance are not in it.

    Examples
    --------
    >>> design = Design(offset=np.zeros(6), x=np.ones((6, 1)), names=("constant",))
    >>> fit = fit_rolling(np.array([np.nan, 1, 2, 3, 4, 5]), design, length=3, gap=0)
    >>> fit.position.tolist(), fit.beta[:, 0].round(6).tolist()
    ([4, 5], [2.0, 3.0])
    """
    y, x = _from_one(returns - design.offset), _from_one(design.x)
    k = x.shape[1]
    position = np.arange(length + gap + 1, len(y))
    start, stop = position - gap - length, position - gap
    xtx = _windowed(x[:, :, np.newaxis] * x[:, np.newaxis, :], start, stop)
    xty = _windowed(x * y[:, np.newaxis], start, stop)
    yty = _windowed(y**2, start, stop)
    usable = _well_conditioned(xtx)
    safe = np.where(usable[:, np.newaxis, np.newaxis], xtx, np.eye(k))
    inverse = np.linalg.inv(safe)
    beta = np.einsum("nij,nj->ni", inverse, xty)
    squared = yty - np.einsum("ni,ni->n", beta, xty)
    usable &= squared > NO_VARIANCE * np.maximum(yty, np.finfo(np.float64).tiny)
    return RollingFit(
        position=position[usable],
        beta=beta[usable],
        sigma=np.sqrt(squared[usable] / (length - k)),
        xtx_inverse=inverse[usable],
        df=length - k,
        running_y=_running(y),
        running_x=_running(x),
    )


def rolling_cars(fit: RollingFit, *, window: Window) -> tuple[Float, Float]:
    """Cumulate the abnormal returns of every session, with standard errors as `cumulate` has them.

    Parameters
    ----------
    fit : RollingFit
        The models.
    window : tuple of int
        Closed window [a, b] of relative days.

    Returns
    -------
    car, std_error : ndarray of shape (n,)
        NaN where the series ends inside the window.
    """
    first, last = fit.position + window[0], fit.position + window[1] + 1
    complete = last < len(fit.running_y)
    first, last = np.where(complete, first, 0), np.where(complete, last, 0)
    y = fit.running_y[last] - fit.running_y[first]
    x = fit.running_x[last] - fit.running_x[first]
    days = window[1] - window[0] + 1
    spread = np.einsum("ni,nij,nj->n", x, fit.xtx_inverse, x)
    car = y - np.einsum("nk,nk->n", x, fit.beta)
    std_error = fit.sigma * np.sqrt(days + spread)
    return np.where(complete, car, np.nan), np.where(complete, std_error, np.nan)


def _from_one(values: Float) -> Float:
    """Set session 0, which has no return, to zero: no window uses it."""
    copy = np.array(values, dtype=np.float64)
    copy[0] = 0.0
    return copy


def _running(values: Float) -> Float:
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])


def _windowed(values: Float, start: Int, stop: Int) -> Float:
    running = _running(values)
    return np.asarray(running[stop] - running[start])


def _well_conditioned(xtx: Float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say which windows have regressors that are not collinear, by their scaled cross-products."""
    if xtx.shape[1] == 0:
        return np.ones(len(xtx), dtype=np.bool_)
    norm = np.sqrt(np.diagonal(xtx, axis1=1, axis2=2))
    usable = (norm > 0).all(axis=1)
    norm = np.where(norm > 0, norm, 1.0)
    scaled = xtx / (norm[:, :, np.newaxis] * norm[:, np.newaxis, :])
    return np.asarray(usable & (np.linalg.eigvalsh(scaled)[:, 0] > COLLINEAR))
