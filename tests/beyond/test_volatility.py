"""Abnormal volatility: sums of squares, ranges, and calibrated p values."""

from __future__ import annotations

import numpy as np
import pytest

from oilshock.beyond.volatility import (
    INCOMPLETE,
    forecast_residuals,
    parkinson_variance,
    range_energy,
    rate_volatility,
    realised_variance,
    return_energy,
    volatility_frame,
    volatility_rows,
)
from oilshock.inference.variance import variance_forecast
from oilshock.models import Design, build_design
from oilshock.placebo import PlaceboPool, build_pool
from oilshock.typing import Float

N = 3000


def series(seed: int = 0) -> tuple[Float, Design]:
    rng = np.random.default_rng(seed)
    factor = rng.normal(0, 0.01, N)
    returns, variance = np.empty(N), 4e-4
    for t in range(N):
        returns[t] = np.sqrt(variance) * rng.standard_normal()
        variance = 1e-5 + 0.07 * returns[t] ** 2 + 0.9 * variance
    returns += 0.5 * factor
    returns[0] = np.nan
    design = build_design("factors", factors=factor[:, np.newaxis], names=("f",))
    return returns, design


def pool_of(returns: Float, design: Design) -> PlaceboPool:
    none = np.array([], dtype=int)
    return build_pool(returns, design, length=120, gap=10, window=(-5, 10), left_out=none)


def test_sums_of_squares_are_those_of_the_abnormal_returns() -> None:
    returns, design = series()
    pool = pool_of(returns, design)
    position, beta = pool.position[::97], pool.fit.beta[pool.used][::97]
    found = realised_variance(
        return_energy(returns, design), beta, position=position, window=(-2, 3)
    )
    for row, at in enumerate(position):
        ar = returns[at - 2 : at + 4] - design.x[at - 2 : at + 4] @ beta[row]
        assert found[row] == pytest.approx((ar**2).sum(), rel=1e-9)


def test_a_window_past_the_end_has_no_sum() -> None:
    returns, design = series()
    beta = np.zeros((2, 2))
    found = realised_variance(
        return_energy(returns, design), beta, position=np.array([N - 3, N - 4]), window=(0, 3)
    )
    assert np.isnan(found[0])
    assert found[1] == pytest.approx((returns[-4:] ** 2).sum())


def test_parkinson_variance_on_paper_and_in_the_mean() -> None:
    # High 110, low 100: (log 1.1)^2 / (4 log 2) = 0.009084 / 2.772589.
    assert parkinson_variance(np.array([110.0]), np.array([100.0]))[0] == pytest.approx(
        0.00327640, rel=1e-4
    )
    # A Brownian path of variance 4e-4 a session; 2,000 steps miss a little of its range.
    rng = np.random.default_rng(1)
    paths = np.cumsum(rng.normal(0, 0.02 / np.sqrt(2000), (1500, 2000)), axis=1)
    high, low = np.exp(np.maximum(paths.max(1), 0)), np.exp(np.minimum(paths.min(1), 0))
    assert parkinson_variance(high, low).mean() == pytest.approx(4e-4, rel=0.08)


def test_ranges_are_summed_and_a_missing_one_leaves_the_window_empty() -> None:
    high, low = np.full(10, 110.0), np.full(10, 100.0)
    high[7] = np.nan
    energy = range_energy(high, low, k=2)
    found = realised_variance(energy, np.ones((2, 2)), position=np.array([3, 6]), window=(0, 2))
    assert found == pytest.approx([3 * 0.00327640, np.nan], rel=1e-4, nan_ok=True)


def test_ordinary_sessions_have_uniform_p_values_and_a_storm_a_small_one() -> None:
    returns, design = series(3)
    position = np.arange(400, 2900, 25)
    storm = 1500
    returns[storm : storm + 5] *= 6.0
    pool = pool_of(returns, design)
    rows = np.searchsorted(pool.position, position)
    forecast = variance_forecast(forecast_residuals(returns, pool.fit))
    rated = rate_volatility(
        return_energy(returns, design),
        forecast,
        pool=pool,
        position=position,
        beta=pool.fit.beta[pool.used][rows],
        sigma=pool.fit.sigma[pool.used][rows],
        window=(0, 4),
    )
    usual = rated.p_value[position != storm]
    # 99 p values: standard error of the mean 0.03, of the share below 0.1 0.03.
    assert usual.mean() == pytest.approx(0.5, abs=0.1)
    assert (usual < 0.1).mean() == pytest.approx(0.1, abs=0.1)
    assert rated.p_value[position == storm][0] < 0.01


def test_the_forecast_does_not_see_the_window() -> None:
    returns, design = series(4)
    changed = returns.copy()
    changed[1000:1005] *= 5.0
    forecasts = []
    for values in (returns, changed):
        pool = pool_of(values, design)
        residuals = forecast_residuals(values, pool.fit)
        own = variance_forecast(residuals, model="ewma")
        row = np.searchsorted(pool.position, [1000])
        rated = rate_volatility(
            return_energy(values, design),
            own,
            pool=pool,
            position=np.array([1000]),
            beta=pool.fit.beta[pool.used][row],
            sigma=pool.fit.sigma[pool.used][row],
            window=(0, 4),
        )
        forecasts.append((rated.forecast[0], rated.realised[0]))
    assert forecasts[0][0] == pytest.approx(forecasts[1][0], rel=1e-3)
    assert forecasts[1][1] > 10 * forecasts[0][1]


def test_a_short_series_has_figures_but_no_p_value() -> None:
    returns, design = series()
    returns, design = returns[:250], build_design("mean", factors=np.empty((250, 0)), names=())
    pool = pool_of(returns, design)
    rated = rate_volatility(
        return_energy(returns, design),
        variance_forecast(returns),
        pool=pool,
        position=np.array([200, 248]),
        beta=np.zeros((2, 1)),
        sigma=np.full(2, 0.02),
        window=(0, 4),
    )
    frame = volatility_frame(volatility_rows(("a", "b"), rated, measure="returns", window=(0, 4)))
    assert frame["reason"].tolist() == ["fewer than 200 placebo sessions", INCOMPLETE]
    assert frame["ratio"][0] == pytest.approx(
        (frame["realised_vol"][0] / frame["forecast_vol"][0]) ** 2
    )
