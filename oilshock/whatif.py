"""The price path without the event, with its band, and the chance that it is above a level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from oilshock.abnormal import AbnormalReturns, cumulate_path
from oilshock.inference import t_critical
from oilshock.options import ReturnKind
from oilshock.returns import project
from oilshock.typing import Float, Int


@dataclass(frozen=True, eq=False)
class WhatIf:
    """Price paths without the event, on the days of the event window.

    Parameters
    ----------
    price, expected_price, low, high, usd : ndarray of shape (n_events, L2)
        USD/bbl; NaN after the last session. `usd` is price less expected price.
    p_above : ndarray of shape (n_levels, n_events, L2)
        Probability that the price without the event is above each level.
    """

    price: Float
    expected_price: Float
    low: Float
    high: Float
    usd: Float
    p_above: Float


@dataclass(frozen=True, eq=False)
class Forecast:
    """The law of the sum of returns from day 0 on, round its expectation.

    Parameters
    ----------
    half_width : ndarray of shape (n_events, w1 + 1)
        Half the width of the band at 1 - alpha, in the unit of the returns.
    exceedance : callable
        From distances of that shape to the chance that the sum exceeds them.
    """

    half_width: Float
    exceedance: Callable[[Float], Float]


def student_forecast(abnormal: AbnormalReturns, *, alpha: float) -> Forecast:
    """Take the sum as Student's t with the forecast variance of a CAR.

    Parameters
    ----------
    abnormal : AbnormalReturns
        Models of the events.
    alpha : float
        The band covers 1 - alpha.

    Returns
    -------
    Forecast
        With L - k degrees of freedom (Campbell, Lo and MacKinlay 1997, section 4.4); with a
        GARCH model, the model's own law (`models.garch`), taken for the sum as for a day.
    """
    std_error = cumulate_path(abnormal, start=0).std_error
    df, scale = abnormal.fit.law_df[:, np.newaxis], abnormal.fit.law_scale[:, np.newaxis]
    return Forecast(
        half_width=t_critical(alpha, df, scale=scale) * std_error,
        exceedance=lambda distance: np.asarray(special.stdtr(df, -distance / std_error * scale)),
    )


def what_if(
    prices: Float,
    abnormal: AbnormalReturns,
    *,
    position: Int,
    kind: ReturnKind,
    forecast: Forecast,
    levels: tuple[float, ...],
) -> WhatIf:
    """Project the price from the session before the event along its expected returns.

    Before day 0 the path is the price itself. From day 0 on it is the median path
    P* = P[tau-1] exp(sum of E) for log returns; simple returns compound, differences add.

    Parameters
    ----------
    prices : ndarray of shape (n_sessions,)
        Prices of the series, USD/bbl.
    abnormal : AbnormalReturns
        Expected returns and models of the events.
    position : ndarray of shape (n_events,)
        Session of each event.
    kind : {"log", "simple", "difference"}
        Kind of the returns.
    forecast : Forecast
        The law of the sum of returns: that of the model, or that of ordinary sessions.
    levels : tuple of float
        Price levels, USD/bbl.

    Returns
    -------
    WhatIf
        Paths of all events.

    Notes
    -----
    For simple returns the law of the sum is carried over to the product to first order.
    """
    w0, w1 = abnormal.window
    days = np.arange(w0, w1 + 1)
    index = position[:, np.newaxis] + days
    present = ~np.isnan(abnormal.ar)
    price = np.where(present, prices[np.where(present, index, 0)], np.nan)
    base = prices[position - 1]
    after = abnormal.columns((0, w1))
    center = project(base, abnormal.expected[:, after], kind=kind)
    expected_price, low, high = price.copy(), price.copy(), price.copy()
    expected_price[:, after] = center
    low[:, after] = _shift(center, -forecast.half_width, kind)
    high[:, after] = _shift(center, forecast.half_width, kind)
    return WhatIf(
        price=price,
        expected_price=expected_price,
        low=low,
        high=high,
        usd=price - expected_price,
        p_above=np.array(
            [_p_above(level, price, center, after, forecast, kind) for level in levels]
        ).reshape(len(levels), *price.shape),
    )


def _shift(center: Float, distance: Float, kind: ReturnKind) -> Float:
    if kind == "log":
        return np.asarray(center * np.exp(distance))
    if kind == "simple":
        return np.asarray(center * (1.0 + distance))
    return np.asarray(center + distance)


def _distance(level: float, center: Float, kind: ReturnKind) -> Float:
    if kind == "log":
        return np.asarray(np.log(level / center))
    if kind == "simple":
        return np.asarray(level / center - 1.0)
    return np.asarray(level - center)


def _p_above(
    level: float,
    price: Float,
    center: Float,
    after: slice,
    forecast: Forecast,
    kind: ReturnKind,
) -> Float:
    probability = np.where(np.isnan(price), np.nan, (price > level).astype(np.float64))
    probability[:, after] = forecast.exceedance(_distance(level, center, kind))
    return probability
