"""Patell and BMP tests for events that are correlated (Kolari and Pynnonen 2010).

Where the correlation of two events comes from. Under the null the return of session t is
r_t = x_t b + e_t, with e_t uncorrelated in time. The model of event i is fitted on its estimation
window E_i, its CAR sums over its CAR window W_i, and s_i is the sum of x_t over W_i. So

    CAR_i = sum_t w_i(t) e_t,    w_i(t) = 1[t in W_i] - 1[t in E_i] x_t (X_i'X_i)^-1 s_i.

The square of the length of w_i is m + s_i'(X_i'X_i)^-1 s_i, the variance of the CAR in units of
sigma^2. With u_i = w_i / |w_i|, two events of one series have the correlation

    r_ij = sum_t u_i(t) u_j(t).

Three kinds of sessions enter: those that both CAR windows share (with weight 1), those of one CAR
window that lie in the other's estimation window (they enter with a minus), and those that both
estimation windows share. In the mean model with L returns the last two are of the order m / L: the
same session gives 1, windows apart give about 0. It is not the correlation of the
estimation-window residuals: for two events of one series with overlapping estimation windows
that is about 1, whatever their event days. Nor is anything paired by its place in the window.

In a panel of series, e of series a and b have the contemporaneous correlation rho_ab and none at
different dates, so r_ij is rho_ab times the same sum. With all events on one date the sum is 1
and the mean of r_ij is that of Kolari and Pynnonen (2010).

The mean over all pairs needs no pairs: with U the sum of all u_i, the sum of r_ij over i and j is
|U|^2. So 1 + (n - 1) times the mean is |U|^2 / n, and is never negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.inference.result import TestResult, mean_result, no_result
from oilshock.inference.standardised import patell_scaled
from oilshock.models import fit_ols
from oilshock.options import Alternative
from oilshock.typing import Bool, Float, Int, Window

NULL = "the mean standardised CAR is zero"


@dataclass(frozen=True, eq=False)
class CarWeights:
    """How each CAR weighs the unexpected returns of the sessions, scaled to length 1.

    Parameters
    ----------
    session : ndarray of shape (n_events, L1 + m)
        Sessions of the estimation window, then those of the CAR window.
    weight : ndarray of shape (n_events, L1 + m)
        The weights u; 0 where the estimation window has no entry.
    """

    session: Int
    weight: Float


def car_weights(
    position: Int, *, window: Window, index: Int, x: Float, mask: Bool | None = None
) -> CarWeights:
    """Work out how each CAR weighs the unexpected returns of the sessions.

    Parameters
    ----------
    position : ndarray of shape (n_events,)
        Session of each event.
    window : tuple of int
        The CAR window; the series must have all its sessions.
    index : ndarray of shape (n_events, L1)
        Sessions of the estimation windows.
    x : ndarray of shape (n_sessions, k)
        Regressors of every session; a column of ones for the mean model.
    mask : ndarray of shape (n_events, L1), optional
        True where the entry is part of the estimation window; default: everywhere.

    Returns
    -------
    CarWeights
        The derivation is on top of the module.

    Examples
    --------
    >>> index = np.array([[0, 1, 2, 3], [1, 2, 3, 4]])
    >>> found = car_weights(np.array([6, 7]), window=(0, 0), index=index, x=np.ones((9, 1)))
    >>> (found.weight * np.sqrt(1.25)).round(2).tolist()[0]
    [-0.25, -0.25, -0.25, -0.25, 1.0]
    """
    mask = np.ones(index.shape, dtype=np.bool_) if mask is None else mask
    days = position[:, np.newaxis] + np.arange(window[0], window[1] + 1)
    fit = fit_ols(np.zeros(index.shape), x[index], mask=mask)
    return weights_of(
        days,
        index=index,
        x=np.where(mask[:, :, np.newaxis], x[index], 0.0),
        total=x[days].sum(axis=1),
        xtx_inverse=fit.xtx_inverse,
    )


def weights_of(days: Int, *, index: Int, x: Float, total: Float, xtx_inverse: Float) -> CarWeights:
    """Work the weights out from a model that is already fitted.

    Parameters
    ----------
    days : ndarray of shape (n_events, m)
        Sessions of the CAR windows.
    index : ndarray of shape (n_events, L1)
        Sessions of the estimation windows.
    x : ndarray of shape (n_events, L1, k)
        Regressors of the estimation windows; 0 outside.
    total : ndarray of shape (n_events, k)
        Sum s of the regressors over the CAR window.
    xtx_inverse : ndarray of shape (n_events, k, k)
        Inverse of X'X.

    Returns
    -------
    CarWeights
        As `car_weights`.
    """
    influence = np.einsum("nij,nj->ni", xtx_inverse, total)
    length = np.sqrt(days.shape[1] + (influence * total).sum(axis=1))[:, np.newaxis]
    past = np.einsum("nlk,nk->nl", x, -influence / length)
    return CarWeights(
        session=np.concatenate([index, days], axis=1),
        weight=np.concatenate([past, np.broadcast_to(1.0 / length, days.shape)], axis=1),
    )


def correlation_matrix(weights: CarWeights) -> Float:
    """Compute the correlation of each pair of CARs of one series.

    Parameters
    ----------
    weights : CarWeights
        From `car_weights`.

    Returns
    -------
    ndarray of shape (n_events, n_events)
        1 on the diagonal, and for events with the same sessions.

    Examples
    --------
    >>> index = np.array([[0, 1, 2, 3], [0, 1, 2, 3], [1, 2, 3, 4]])
    >>> found = car_weights(np.array([6, 6, 7]), window=(0, 0), index=index, x=np.ones((9, 1)))
    >>> correlation_matrix(found).round(2).tolist()
    [[1.0, 1.0, 0.15], [1.0, 1.0, 0.15], [0.15, 0.15, 1.0]]
    """
    sessions, place = np.unique(weights.session, return_inverse=True)
    n = len(weights.session)
    spread = np.zeros((n, len(sessions)))
    rows = np.repeat(np.arange(n), weights.session.shape[1])
    np.add.at(spread, (rows, place.ravel()), weights.weight.ravel())
    return np.asarray(spread @ spread.T)


def mean_correlation(weights: CarWeights) -> float:
    """Average the correlation over all pairs of events of one series.

    Parameters
    ----------
    weights : CarWeights
        From `car_weights`.

    Returns
    -------
    float
        0 for a single event, which has no pair.

    Notes
    -----
    (|U|^2 - n) / (n (n - 1)), U the sum of the weights of all events; no pair is formed.

    Examples
    --------
    >>> index = np.array([[0, 1, 2, 3], [0, 1, 2, 3], [1, 2, 3, 4]])
    >>> found = car_weights(np.array([6, 6, 7]), window=(0, 0), index=index, x=np.ones((9, 1)))
    >>> round(mean_correlation(found), 3)  # (1 + 0.15 + 0.15) / 3
    0.433
    """
    n = len(weights.session)
    if n < 2:
        return 0.0
    total = np.bincount(weights.session.ravel(), weights=weights.weight.ravel())
    return float((total @ total - n) / (n * (n - 1)))


def panel_mean_correlation(weights: CarWeights, *, series: Int, residuals: Float) -> float:
    """Average the correlation over all pairs of events of several series.

    Parameters
    ----------
    weights : CarWeights
        From `car_weights`, with the sessions of one calendar for all series.
    series : ndarray of shape (n_events,)
        Column of `residuals` that each event belongs to.
    residuals : ndarray of shape (n_sessions, n_series)
        Residuals by date; NaN where a series has none. Correlations are taken over the dates
        that two series share, never by the place in a window.

    Returns
    -------
    float
        0 for a single event; NaN when two series share too few dates and their events a session.

    Examples
    --------
    >>> index = np.array([[0, 1, 2, 3], [0, 1, 2, 3]])
    >>> weights = car_weights(np.array([6, 6]), window=(0, 0), index=index, x=np.ones((9, 1)))
    >>> residuals = np.array([[1.0, 2.0], [-1.0, 0.0], [0.0, -2.0], [2.0, 1.0], [-2.0, -1.0]])
    >>> panel_mean_correlation(weights, series=np.array([0, 1]), residuals=residuals).__round__(2)
    0.6
    """
    n, n_series = len(series), residuals.shape[1]
    if n < 2:
        return 0.0
    n_sessions = int(weights.session.max()) + 1
    cell = series[:, np.newaxis] * n_sessions + weights.session
    total = np.bincount(
        cell.ravel(), weights=weights.weight.ravel(), minlength=n_series * n_sessions
    ).reshape(n_series, n_sessions)
    shared = total @ total.T
    together = pd.DataFrame(residuals).corr(min_periods=3).to_numpy(dtype=np.float64, copy=True)
    np.fill_diagonal(together, 1.0)
    products = np.where(shared == 0, 0.0, together * shared)
    return float((products.sum() - n) / (n * (n - 1)))


def patell_kp(
    scar: Float,
    *,
    df: Int | Float,
    correlation: float,
    alternative: Alternative = "two-sided",
) -> TestResult:
    """Test as `patell` does, for events that are correlated.

    Parameters
    ----------
    scar : ndarray of shape (n_events,)
        CAR over its standard error; NaN entries are left out.
    df : ndarray of shape (n_events,)
        Degrees of freedom of each event's variance, L - k.
    correlation : float
        Mean correlation of the same events: `mean_correlation` or `panel_mean_correlation`.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `patell-kp`.

    Notes
    -----
    Z / sqrt(1 + (n - 1) r), standard normal (Kolari and Pynnonen 2010, the adjusted Patell
    statistic). A negative
    mean correlation makes the statistic larger than Patell's; on one series that happens only
    when CAR windows lie in other events' estimation windows, and by little.

    Examples
    --------
    >>> patell_kp(np.array([1.0, 2.0]), df=np.array([10, 10]), correlation=1.0).statistic
    1.341...
    """
    inflation = _inflation(scar, correlation)
    if not inflation > 0:
        return no_result("patell-kp", NULL, n_events=_count(scar), reason=_why(inflation))
    return patell_scaled(
        "patell-kp", scar, df=df, alternative=alternative, scale=float(inflation**-0.5)
    )


def bmp_kp(
    scar: Float, *, correlation: float, alternative: Alternative = "two-sided"
) -> TestResult:
    """Test as `bmp` does, for events that are correlated.

    Parameters
    ----------
    scar : ndarray of shape (n_events,)
        CAR over its standard error; NaN entries are left out.
    correlation : float
        Mean correlation of the same events: `mean_correlation` or `panel_mean_correlation`.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `bmp-kp`.

    Notes
    -----
    t sqrt((1 - r) / (1 + (n - 1) r)), with Student's t of n - 1 degrees of freedom as `bmp`
    (Kolari and Pynnonen 2010, the adjusted BMP statistic; they use the normal law). 1 - r
    corrects the standard deviation, which is too small among correlated events.

    Examples
    --------
    >>> bmp_kp(np.array([1.0, 2.0, 3.0]), correlation=0.25).statistic
    2.449...
    """
    inflation = _inflation(scar, correlation)
    if not (inflation > 0 and correlation < 1):
        reason = "the events are the same" if inflation > 0 else _why(inflation)
        return no_result("bmp-kp", NULL, n_events=_count(scar), reason=reason)
    scale = float(np.sqrt((1.0 - correlation) / inflation))
    return mean_result("bmp-kp", NULL, values=scar, alternative=alternative, scale=scale)


def _count(scar: Float) -> int:
    return int((~np.isnan(scar)).sum())


def _inflation(scar: Float, correlation: float) -> float:
    return 1.0 + (max(_count(scar), 1) - 1) * correlation


def _why(inflation: float) -> str:
    if np.isnan(inflation):
        return "the mean correlation of the events is not known"
    return "the mean correlation of the events is too far below zero"
