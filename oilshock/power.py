"""Could we have seen it? The smallest move that a study can find, and its power curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.abnormal import cumulate
from oilshock.estimates import StudyEstimates
from oilshock.inference.placebo_scale import expected_size
from oilshock.inference.power import calibrated_minimum, simulate_power, textbook_minimum
from oilshock.inference.volatility import ewma_variance
from oilshock.models import Design, build_design
from oilshock.models.rolling import RollingFit, fit_rolling, rolling_cars
from oilshock.notebook import table_html
from oilshock.options import ReturnKind
from oilshock.placebo import PlaceboPool, build_pool, law_of
from oilshock.typing import Float, Int, Window
from oilshock.words import count

NEXT = ""
"""`event_id` of the row for an event on the session after the last."""

SHOCKS = (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15)
SHOCKS_USD = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0)

MINIMUM_COLUMNS = (
    "event_id",
    "session",
    "start",
    "end",
    "minimum_calibrated",
    "minimum_textbook",
    "minimum_calibrated_usd",
    "minimum_textbook_usd",
    "car",
    "reason",
)


@dataclass(frozen=True, eq=False, repr=False)
class PowerResult:
    """How large a move must be to be seen.

    Parameters
    ----------
    minimum : DataFrame
        `MINIMUM_COLUMNS`: the minimum detectable move of each event and window, and of an event on
        the next session (empty event_id), as returns and in USD/bbl at the last price.
    curves : DataFrame
        Power by window, test, number of events and shock, simulated on the series.
    target, alpha : float
        Power at which the minimum is read, and level of the tests.
    last_price : float
        Price of the last session, USD/bbl.
    """

    minimum: pd.DataFrame
    curves: pd.DataFrame
    target: float
    alpha: float
    last_price: float

    def __repr__(self) -> str:
        n_events = self.minimum.loc[self.minimum["event_id"] != NEXT, "event_id"].nunique()
        return f"PowerResult({count(n_events, 'event')}, target={self.target:g})"

    def _repr_html_(self) -> str:
        return table_html(
            self.minimum.drop(columns="reason"),
            notes=[
                f"The least move that is found in {100 * self.target:g} % of cases at the "
                f"{100 * self.alpha:g} % level. Without an event_id: on the session after the last."
            ],
        )


def power_of_study(
    estimates: StudyEstimates, *, curves_of: Sequence[Window] | None = None
) -> PowerResult:
    """Compute the minimum detectable moves and the power curves of a study.

    Parameters
    ----------
    estimates : StudyEstimates
        The study; `[power]` of its config holds the settings.
    curves_of : sequence of (int, int), optional
        The windows whose power curves are simulated; default: every CAR window.

    Returns
    -------
    PowerResult
        The minimum for every CAR window, the curves for those asked.
    """
    config, market = estimates.config, estimates.market
    design = build_design(config.model.kind, factors=market.factors, names=market.factor_names)
    pool = build_pool(
        market.returns,
        design,
        length=config.windows.estimation,
        gap=config.windows.gap,
        window=config.windows.event,
        left_out=np.empty(0, dtype=np.intp),
    )
    ahead = _fit_ahead(estimates, design)
    windows = config.windows.car_windows
    minimum = [_minimum(estimates, pool, ahead, window) for window in windows]
    asked = windows if curves_of is None else curves_of
    curves = [_curves(estimates, pool, window) for window in asked if len(pool)]
    return PowerResult(
        minimum=pd.concat(minimum, ignore_index=True),
        curves=pd.concat(curves, ignore_index=True) if curves else pd.DataFrame(),
        target=config.power.target,
        alpha=config.inference.alpha,
        last_price=float(market.prices[-1]),
    )


def _fit_ahead(estimates: StudyEstimates, design: Design) -> RollingFit:
    """Fit the model of the session after the last, with a window ahead that has no returns yet."""
    days = estimates.config.windows.event[1] + 1
    returns = np.concatenate([estimates.market.returns, np.zeros(days)])
    x = np.vstack([design.x, np.zeros((days, design.x.shape[1]))])
    if design.names[:1] == ("constant",):
        x[-days:, 0] = 1.0
    longer = Design(offset=np.concatenate([design.offset, np.zeros(days)]), x=x, names=design.names)
    windows = estimates.config.windows
    return fit_rolling(returns, longer, length=windows.estimation, gap=windows.gap)


def _minimum(
    estimates: StudyEstimates, pool: PlaceboPool, ahead: RollingFit, window: Window
) -> pd.DataFrame:
    """Lay out the minimum detectable move of one window at each moment."""
    config, market = estimates.config, estimates.market
    estimate = cumulate(estimates.abnormal, window=window)
    next_session = len(market.returns)
    row = np.flatnonzero(ahead.position == next_session)
    sigma, error = float("nan"), float("nan")
    if len(row):
        sigma = float(ahead.sigma[row[0]])
        error = float(rolling_cars(ahead, window=window)[1][row[0]])
    sigmas = np.append(estimates.abnormal.fit.sigma, sigma)
    errors = np.append(estimate.std_error, error)
    position = np.append(estimates.position, next_session)
    textbook = textbook_minimum(
        errors, df=pool.fit.df, alpha=config.inference.alpha, target=config.power.target
    )
    calibrated = _calibrated(estimates, pool, window, position=position, sigma=sigmas)
    usd = [
        _usd(values, float(market.prices[-1]), kind=config.returns.kind)
        for values in (calibrated, textbook)
    ]
    sessions = [*market.sessions[estimates.position], pd.NaT]
    short = "fewer than 200 placebo sessions, so only the textbook figure"
    return pd.DataFrame(
        {
            "event_id": [*estimates.ids, NEXT],
            "session": sessions,
            "start": window[0],
            "end": window[1],
            "minimum_calibrated": calibrated,
            "minimum_textbook": textbook,
            "minimum_calibrated_usd": usd[0],
            "minimum_textbook_usd": usd[1],
            "car": np.append(estimate.car, np.nan),
            "reason": np.where(np.isnan(calibrated), short, ""),
        },
        columns=list(MINIMUM_COLUMNS),
    )


def _calibrated(
    estimates: StudyEstimates, pool: PlaceboPool, window: Window, *, position: Int, sigma: Float
) -> Float:
    law = law_of(pool, window)
    if law is None:
        return np.full(len(position), np.nan)
    config = estimates.config
    sizes = calibrated_minimum(law, alpha=config.inference.alpha, target=config.power.target)
    before = np.minimum(position + window[0] - 1, len(pool.variance) - 1)
    recent = ewma_variance(estimates.market.returns)[before]
    return sizes * expected_size(law.scale, recent=recent, estimation=sigma**2)


def _usd(move: Float, price: float, *, kind: ReturnKind) -> Float:
    """Write an upward move as dollars at a price."""
    if kind == "difference":
        return move
    return np.asarray(price * np.expm1(move) if kind == "log" else price * move)


def _curves(estimates: StudyEstimates, pool: PlaceboPool, window: Window) -> pd.DataFrame:
    """Simulate the power curves of one window on the placebo sessions."""
    config = estimates.config
    law = law_of(pool, window)
    car, std_error = (values[pool.used] for values in rolling_cars(pool.fit, window=window))
    size = np.full(len(car), np.nan)
    if law is not None:
        recent = pool.variance[pool.position + window[0] - 1]
        size = expected_size(law.scale, recent=recent, estimation=pool.fit.sigma[pool.used] ** 2)
    default = SHOCKS_USD if config.returns.kind == "difference" else SHOCKS
    frame = simulate_power(
        car,
        std_error,
        size=size,
        df=pool.fit.df,
        n_events=tuple(dict.fromkeys(config.power.events)),
        shocks=tuple(dict.fromkeys(config.power.shocks)) or default,
        alpha=config.inference.alpha,
        draws=config.power.draws,
        rng=np.random.default_rng(config.study.seed),
    )
    frame.insert(0, "start", window[0])
    frame.insert(1, "end", window[1])
    return frame
