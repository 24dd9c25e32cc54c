"""Abnormal returns (AR), CAR, BHAR, AAR and CAAR; vectorised over events.

The covariance of the ARs of an event window holds the forecast error:
V = sigma^2 (I + X1 (X0'X0)^-1 X1') (Campbell, Lo and MacKinlay 1997, equation 4.4.6). The
asymptotic form sigma^2 I leaves the estimation error out and makes t values too large. Where
the model says that the variance changes from day to day, I becomes the diagonal of the days'
variances over sigma^2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.market import Market
from oilshock.models import Design, GarchFit, OlsFit, fit_ols, forecast_variance
from oilshock.options import ReturnKind
from oilshock.typing import Bool, Float, Int, Window, freeze
from oilshock.windows import EstimationWindows, event_windows


@dataclass(frozen=True, eq=False)
class AbnormalReturns:
    """The event windows of all events, seen through their expected-return models.

    Parameters
    ----------
    window : tuple of int
        First and last relative day.
    returns, expected, ar : ndarray of shape (n_events, L2)
        Return, expected return and abnormal return; NaN after the last session.
    x : ndarray of shape (n_events, L2, k)
        Regressors X1 of the event window.
    fit : OlsFit
        The models.
    relative_variance : ndarray of shape (n_events, L2)
        Variance of each day's shock over sigma^2: 1 for a model of constant variance.
    """

    window: Window
    returns: Float
    expected: Float
    ar: Float
    x: Float
    fit: OlsFit
    relative_variance: Float

    def __post_init__(self) -> None:
        freeze(self.returns, self.expected, self.ar, self.x, self.relative_variance)

    def columns(self, window: Window) -> slice:
        """Return the columns of a window of relative days."""
        return slice(window[0] - self.window[0], window[1] - self.window[0] + 1)

    @property
    def std_error(self) -> Float:
        """Standard error of each AR, shape (n_events, L2)."""
        spread = np.einsum("ndi,nij,ndj->nd", self.x, self.fit.xtx_inverse, self.x)
        variance = self.relative_variance + spread
        return np.where(
            np.isnan(self.ar), np.nan, self.fit.sigma[:, np.newaxis] * np.sqrt(variance)
        )


@dataclass(frozen=True, eq=False)
class CarEstimate:
    """A cumulated abnormal return of each event and its standard error, shape (n_events,)."""

    car: Float
    std_error: Float


def abnormal_returns(
    returns: Float,
    design: Design,
    *,
    fit: OlsFit,
    index: Int,
    present: Bool,
    window: Window,
    relative_variance: Float | None = None,
) -> AbnormalReturns:
    """Take the expected return from the return on each day of the event windows.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns of the series.
    design : Design
        Regressors of every session.
    fit : OlsFit
        The model of each event.
    index, present : ndarray of shape (n_events, L2)
        The event windows.
    window : tuple of int
        First and last relative day.
    relative_variance : ndarray of shape (n_events, L2), optional
        Variance of each day's shock over sigma^2; default: 1, a constant variance.

    Returns
    -------
    AbnormalReturns
        NaN where the session is missing.
    """
    absent = ~present
    if relative_variance is None:
        relative_variance = np.ones(index.shape)
    x = design.x[index]
    x[absent] = np.nan
    seen = np.where(present, returns[index], np.nan)
    expected = design.offset[index] + np.einsum("ndk,nk->nd", x, fit.beta)
    expected = np.where(present, expected, np.nan)
    return AbnormalReturns(
        window=window,
        returns=seen,
        expected=expected,
        ar=seen - expected,
        x=x,
        fit=fit,
        relative_variance=relative_variance,
    )


def garch_abnormal_returns(
    returns: Float, design: Design, *, fit: GarchFit, position: Int, window: Window
) -> AbnormalReturns:
    """Take ARs whose scale follows the volatility known the session before the event window.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns of the series.
    design : Design
        Regressors of every session.
    fit : GarchFit
        The model of each event.
    position : ndarray of shape (n_events,)
        Session of each event.
    window : tuple of int
        First and last relative day.

    Returns
    -------
    AbnormalReturns
        With the variance of each day forecast from the session before the window.
    """
    index, present = event_windows(position, window=window, n_sessions=len(returns))
    variance = forecast_variance(
        returns - design.offset,
        design.x,
        fit=fit,
        origin=position + window[0] - 1,
        horizon=index.shape[1],
    )
    level = fit.sigma[:, np.newaxis] ** 2
    relative = np.divide(variance, level, out=np.ones_like(variance), where=~fit.failed[:, None])
    return abnormal_returns(
        returns,
        design,
        fit=fit,
        index=index,
        present=present,
        window=window,
        relative_variance=relative,
    )


def fit_events(
    market: Market,
    design: Design,
    *,
    estimation: EstimationWindows,
    position: Int,
    window: Window,
) -> tuple[AbnormalReturns, Bool]:
    """Fit the model of each event and take its ARs; also say which events are collinear."""
    fit = fit_ols(
        market.returns[estimation.index] - design.offset[estimation.index],
        design.x[estimation.index],
        mask=estimation.mask,
    )
    index, present = event_windows(position, window=window, n_sessions=len(market.returns))
    abnormal = abnormal_returns(
        market.returns, design, fit=fit, index=index, present=present, window=window
    )
    return abnormal, fit.collinear


def cumulate(abnormal: AbnormalReturns, *, window: Window) -> CarEstimate:
    """Sum the ARs over a window, with the standard error from their full covariance.

    Parameters
    ----------
    abnormal : AbnormalReturns
        ARs of all events.
    window : tuple of int
        Closed window [a, b] of relative days.

    Returns
    -------
    CarEstimate
        NaN for an event that lacks a day of the window.

    Notes
    -----
    Var(CAR[a, b]) = sigma^2 (m + s'(X0'X0)^-1 s), with m the days and s the sum of their
    regressors: i'Vi of Campbell, Lo and MacKinlay (1997), equation 4.4.11. With a variance that
    changes, m is the sum of the days' variances over sigma^2.
    """
    columns = abnormal.columns(window)
    ar = abnormal.ar[:, columns]
    total = abnormal.x[:, columns].sum(axis=1)
    days = abnormal.relative_variance[:, columns].sum(axis=1)
    return CarEstimate(car=ar.sum(axis=1), std_error=_std_error_of_sum(abnormal, total, days=days))


def cumulate_path(abnormal: AbnormalReturns, *, start: int) -> CarEstimate:
    """Sum the ARs from `start` to each later day; shape (n_events, days from `start`)."""
    columns = abnormal.columns((start, abnormal.window[1]))
    ar = abnormal.ar[:, columns]
    totals = np.cumsum(abnormal.x[:, columns], axis=1)
    spread = np.einsum("ndi,nij,ndj->nd", totals, abnormal.fit.xtx_inverse, totals)
    days = np.cumsum(abnormal.relative_variance[:, columns], axis=1)
    std_error = abnormal.fit.sigma[:, np.newaxis] * np.sqrt(days + spread)
    return CarEstimate(
        car=np.cumsum(ar, axis=1), std_error=np.where(np.isnan(ar), np.nan, std_error)
    )


def _std_error_of_sum(abnormal: AbnormalReturns, total: Float, *, days: Float) -> Float:
    spread = np.einsum("ni,nij,nj->n", total, abnormal.fit.xtx_inverse, total)
    return np.asarray(abnormal.fit.sigma * np.sqrt(days + spread))


def buy_and_hold(abnormal: AbnormalReturns, *, window: Window, kind: ReturnKind) -> Float:
    """Compute the buy-and-hold abnormal return (BHAR): compounded return less expected.

    Parameters
    ----------
    abnormal : AbnormalReturns
        ARs of all events.
    window : tuple of int
        Closed window of relative days.
    kind : {"log", "simple", "difference"}
        Kind of the returns. Differences do not compound: NaN.

    Returns
    -------
    ndarray of shape (n_events,)
        Simple returns, as fractions (Barber and Lyon 1997, equation 2).
    """
    columns = abnormal.columns(window)
    seen, expected = abnormal.returns[:, columns], abnormal.expected[:, columns]
    if kind == "log":
        return np.asarray(np.exp(seen.sum(axis=1)) - np.exp(expected.sum(axis=1)))
    if kind == "simple":
        return np.asarray((1.0 + seen).prod(axis=1) - (1.0 + expected).prod(axis=1))
    return np.full(len(seen), np.nan)


@dataclass(frozen=True, eq=False)
class Average:
    """AAR and CAAR of a group of events on each relative day, shape (L2,).

    Standard errors are cross-sectional and NaN for fewer than two events.
    """

    n_events: Int
    aar: Float
    aar_std_error: Float
    caar: Float
    caar_std_error: Float


def average(ar: Float) -> Average:
    """Average abnormal returns over the events that have each day.

    Parameters
    ----------
    ar : ndarray of shape (n_events, L2)
        Abnormal returns; NaN after the last session.

    Returns
    -------
    Average
        `caar` at a day is the mean of the CARs from the first day of the window over the
        events that have every day up to it (MacKinlay 1997, equations 14 and 16).

    Examples
    --------
    >>> average(np.array([[0.01, 0.02], [0.03, 0.04]])).caar.round(3).tolist()
    [0.02, 0.05]
    """
    car = np.cumsum(ar, axis=1)
    aar, aar_std_error, n_events = _mean_and_error(ar)
    caar, caar_std_error, _ = _mean_and_error(car)
    return Average(n_events, aar, aar_std_error, caar, caar_std_error)


def _mean_and_error(values: Float) -> tuple[Float, Float, Int]:
    present = ~np.isnan(values)
    n = present.sum(axis=0)
    filled = np.where(present, values, 0.0)
    mean = np.divide(filled.sum(axis=0), n, out=np.full(n.shape, np.nan), where=n > 0)
    squared = (np.where(present, values - mean, 0.0) ** 2).sum(axis=0)
    variance = np.divide(squared, n - 1, out=np.full(n.shape, np.nan), where=n > 1)
    return mean, np.sqrt(variance / np.maximum(n, 1)), n
