"""The price path without the event, with its band, and the chance that it is above a level."""

from __future__ import annotations

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


def what_if(
    prices: Float,
    abnormal: AbnormalReturns,
    *,
    position: Int,
    kind: ReturnKind,
    alpha: float,
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
    alpha : float
        The band covers 1 - alpha.
    levels : tuple of float
        Price levels, USD/bbl.

    Returns
    -------
    WhatIf
        Paths of all events.

    Notes
    -----
    The sum of returns from day 0 follows Student's t with L - k degrees of freedom round its
    expectation, with the forecast variance of a CAR (Campbell, Lo and MacKinlay 1997,
    section 4.4); with a GARCH model, the model's own law (`models.garch`), taken for the sum as
    for a day. For simple returns the law of the sum is carried over to the product to
    first order.
    """
    w0, w1 = abnormal.window
    days = np.arange(w0, w1 + 1)
    index = position[:, np.newaxis] + days
    present = ~np.isnan(abnormal.ar)
    price = np.where(present, prices[np.where(present, index, 0)], np.nan)
    base = prices[position - 1]
    after = abnormal.columns((0, w1))
    std_error = cumulate_path(abnormal, start=0).std_error
    fit = abnormal.fit
    critical = t_critical(alpha, fit.law_df, scale=fit.law_scale)[:, np.newaxis]
    center = project(base, abnormal.expected[:, after], kind=kind)
    expected_price, low, high = price.copy(), price.copy(), price.copy()
    expected_price[:, after] = center
    low[:, after] = _shift(center, -critical * std_error, kind)
    high[:, after] = _shift(center, critical * std_error, kind)
    return WhatIf(
        price=price,
        expected_price=expected_price,
        low=low,
        high=high,
        usd=price - expected_price,
        p_above=np.array(
            [_p_above(level, price, center, std_error, after, abnormal, kind) for level in levels]
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
    std_error: Float,
    after: slice,
    abnormal: AbnormalReturns,
    kind: ReturnKind,
) -> Float:
    probability = np.where(np.isnan(price), np.nan, (price > level).astype(np.float64))
    statistic = _distance(level, center, kind) / std_error
    df, scale = abnormal.fit.law_df[:, np.newaxis], abnormal.fit.law_scale[:, np.newaxis]
    probability[:, after] = special.stdtr(df, -statistic * scale)
    return probability
