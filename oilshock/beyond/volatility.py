"""Whether prices moved more than usual round an event, whichever way they went.

The abnormal volatility of a window is the sum of its squared abnormal returns over the variance
that was forecast, at the close before the window, without the event. Its p value is its rank among
the same ratio on ordinary sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.inference.placebo import FEWEST, placebo_law, rate
from oilshock.inference.variance import VarianceForecast, summed_variance
from oilshock.models import Design
from oilshock.models.rolling import RollingFit, rolling_cars
from oilshock.placebo import PlaceboPool
from oilshock.typing import Bool, Float, Int, Record, Window

COLUMNS = (
    "event_id",
    "start",
    "end",
    "measure",
    "realised_vol",
    "forecast_vol",
    "ratio",
    "p_calibrated",
    "n_placebos",
    "bounded",
    "reason",
)

INCOMPLETE = "the window is not complete"
TOO_EARLY = "the window begins before a forecast can be made"


@dataclass(frozen=True, eq=False)
class Energy:
    """What squared moves are summed from, by running sums; all of length n_sessions + 1.

    Parameters
    ----------
    measure : str
        `returns`, or `range` for the high-low range.
    squared : ndarray of shape (n_sessions + 1,)
        Running sum of y^2, with y the return less the model's offset; or of the Parkinson variance.
    crossed : ndarray of shape (n_sessions + 1, k)
        Running sum of x y; zero for the range.
    design : ndarray of shape (n_sessions + 1, k, k)
        Running sum of x x'; zero for the range.
    missing : ndarray of shape (n_sessions + 1,)
        Running count of the sessions that have no figure.
    """

    measure: str
    squared: Float
    crossed: Float
    design: Float
    missing: Float


def return_energy(returns: Float, design: Design) -> Energy:
    """Prepare the sums of squared abnormal returns of any session's model."""
    y = np.array(returns - design.offset, dtype=np.float64)
    x = np.array(design.x, dtype=np.float64)
    y[0], x[0] = 0.0, 0.0
    return Energy(
        "returns",
        _running(y**2),
        _running(x * y[:, np.newaxis]),
        _running(x[:, :, np.newaxis] * x[:, np.newaxis, :]),
        np.zeros(len(y) + 1),
    )


def range_energy(high: Float, low: Float, *, k: int) -> Energy:
    """Prepare the sums of Parkinson's range variance.

    Parameters
    ----------
    high, low : ndarray of shape (n_sessions,)
        Highest and lowest price of each session, above 0; NaN where they are not known.
    k : int
        Number of regressors of the expected-return model.

    Returns
    -------
    Energy
        Of (log H/L)^2 / (4 log 2) (Parkinson 1980, equation 8): the variance of a session without
        drift. It does not see the jump from one close to the next open.
    """
    variance = parkinson_variance(high, low)
    missing, zeros = np.isnan(variance), np.zeros((len(variance) + 1, k, k))
    squared = _running(np.where(missing, 0.0, variance))
    return Energy(
        "range",
        squared,
        np.zeros((len(variance) + 1, k)),
        zeros,
        _running(missing.astype(np.float64)),
    )


def parkinson_variance(high: Float, low: Float) -> Float:
    """Compute the variance of each session from its range.

    Examples
    --------
    >>> parkinson_variance(np.array([100.0]), np.array([100.0])).tolist()
    [0.0]
    """
    return np.asarray(np.log(high / low) ** 2 / (4.0 * np.log(2.0)))


def _running(values: Float) -> Float:
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])


def realised_variance(energy: Energy, beta: Float, *, position: Int, window: Window) -> Float:
    """Sum the squared abnormal returns over a window round each session.

    Parameters
    ----------
    energy : Energy
        Running sums.
    beta : ndarray of shape (n, k)
        Coefficients of each session's model.
    position : ndarray of shape (n,)
        Sessions.
    window : tuple of int
        Closed window of relative days.

    Returns
    -------
    ndarray of shape (n,)
        NaN where the series lacks a day of the window, or its figure.
    """
    first, last = position + window[0], position + window[1] + 1
    complete = (last < len(energy.squared)) & (first >= 1)
    first, last = np.where(complete, first, 0), np.where(complete, last, 0)
    squared = energy.squared[last] - energy.squared[first]
    crossed = energy.crossed[last] - energy.crossed[first]
    design = energy.design[last] - energy.design[first]
    total = squared - 2.0 * np.einsum("nk,nk->n", beta, crossed)
    total = total + np.einsum("ni,nij,nj->n", beta, design, beta)
    complete &= energy.missing[last] == energy.missing[first]
    return np.where(complete, np.maximum(total, 0.0), np.nan)


def forecast_residuals(returns: Float, fit: RollingFit) -> Float:
    """Return the abnormal return of every session by its own model; before that, from the mean."""
    residuals = returns - np.nanmean(returns)
    residuals[fit.position] = rolling_cars(fit, window=(0, 0))[0]
    return np.asarray(residuals)


@dataclass(frozen=True, eq=False)
class RatedVolatility:
    """Abnormal volatility of some events over one window; shape (n_events,).

    Parameters
    ----------
    realised, forecast : ndarray
        Sums of variances, realised and forecast.
    p_value : ndarray
        Calibrated p values: the share of ordinary sessions with as large a ratio.
    n_placebos : ndarray
        Placebos that each was ranked among.
    bounded : ndarray
        True where the p value is only an upper bound.
    """

    realised: Float
    forecast: Float
    p_value: Float
    n_placebos: Int
    bounded: Bool


def rate_volatility(
    energy: Energy,
    forecast: VarianceForecast,
    *,
    pool: PlaceboPool,
    position: Int,
    beta: Float,
    sigma: Float,
    window: Window,
) -> RatedVolatility:
    """Rate the volatility of a window round events among ordinary sessions.

    Parameters
    ----------
    energy : Energy
        Squared moves.
    forecast : VarianceForecast
        What was to be expected.
    pool : PlaceboPool
        The ordinary sessions.
    position : ndarray of shape (n_events,)
        Day 0 of each event.
    beta, sigma : ndarray of shape (n_events, k) and (n_events,)
        Their expected-return models.
    window : tuple of int
        Closed window of relative days.

    Returns
    -------
    RatedVolatility
        Null: the window is as volatile, for the forecast, as that of an ordinary session.

    Notes
    -----
    The ratio goes through the same law as a CAR (see `oilshock.inference.placebo`): it is divided
    by its mean over sessions of similar volatility, so that a forecast that is too high in calm
    times or too low in rough ones is corrected, and then ranked.
    """
    own, expected = _ratio(energy, forecast, beta, position=position, window=window)
    other, other_expected = _ratio(
        energy, forecast, pool.fit.beta[pool.used], position=pool.position, window=window
    )
    ratio = other / other_expected
    usable = ratio > 0
    n = len(position)
    empty = np.full(n, np.nan)
    if usable.sum() < FEWEST:
        none = np.zeros(n, dtype=np.intp)
        return RatedVolatility(own, expected, empty, none, np.zeros(n, dtype=np.bool_))
    placed = pool.position[usable]
    law = placebo_law(
        ratio[usable],
        position=placed,
        recent=pool.variance[placed + window[0] - 1],
        estimation=pool.fit.sigma[pool.used][usable] ** 2,
    )
    before = np.clip(position + window[0] - 1, 0, len(pool.variance) - 1)
    rating = rate(
        law,
        own / expected,
        recent=pool.variance[before],
        estimation=sigma**2,
        position=position,
        reach=pool.reach,
    )
    return RatedVolatility(own, expected, rating.p_value, rating.n_placebos, rating.bounded)


def _ratio(
    energy: Energy, forecast: VarianceForecast, beta: Float, *, position: Int, window: Window
) -> tuple[Float, Float]:
    realised = realised_variance(energy, beta, position=position, window=window)
    at = position + window[0] - 1
    inside = (at >= 0) & (at < len(forecast.next_variance))
    expected = summed_variance(forecast, np.where(inside, at, 0), days=window[1] - window[0] + 1)
    return realised, np.where(inside & (expected > 0), expected, np.nan)


def volatility_rows(
    ids: Sequence[str], rated: RatedVolatility, *, measure: str, window: Window
) -> list[Record]:
    """Lay the abnormal volatility of one window out: volatilities are per session, as fractions."""
    days = window[1] - window[0] + 1
    rows = []
    for row, event_id in enumerate(ids):
        realised, forecast = float(rated.realised[row]), float(rated.forecast[row])
        reason = INCOMPLETE if np.isnan(realised) else TOO_EARLY if np.isnan(forecast) else ""
        if not reason and np.isnan(rated.p_value[row]):
            reason = f"fewer than {FEWEST} placebo sessions"
        rows.append(
            {
                "event_id": event_id,
                "start": window[0],
                "end": window[1],
                "measure": measure,
                "realised_vol": np.sqrt(realised / days),
                "forecast_vol": np.sqrt(forecast / days),
                "ratio": realised / forecast,
                "p_calibrated": rated.p_value[row],
                "n_placebos": int(rated.n_placebos[row]),
                "bounded": bool(rated.bounded[row]),
                "reason": reason,
            }
        )
    return rows


def inside_estimation(ids: Sequence[str], *, measure: str, window: Window) -> list[Record]:
    """Record that a window begins inside the estimation window: it is no forecast then."""
    empty = dict.fromkeys(COLUMNS, np.nan)
    about = {"start": window[0], "end": window[1], "measure": measure, "bounded": False}
    reason = "the window begins inside the estimation window"
    return [
        {**empty, "event_id": event_id, **about, "n_placebos": 0, "reason": reason}
        for event_id in ids
    ]


def volatility_frame(rows: Sequence[Record]) -> pd.DataFrame:
    """Put rows of all windows into one frame."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS))
