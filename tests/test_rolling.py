"""The model of every session at once, against the fit of each event on its own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import brent_returns, daily_returns

from oilshock.abnormal import abnormal_returns, cumulate
from oilshock.models import Design, build_design, fit_ols
from oilshock.models.rolling import RollingFit, fit_rolling, rolling_cars
from oilshock.typing import Float
from oilshock.windows import estimation_windows, event_windows

WINDOWS = [(0, 0), (-1, 1), (0, 5), (-5, 10)]


def design_of(kind: str, n: int, *, seed: int = 0) -> Design:
    k = {"mean": 0, "market-adjusted": 1, "market": 1, "factors": 3}[kind]
    factors = np.random.default_rng(seed).normal(0.0, 0.01, (n, k))
    names = tuple("abc"[:k])
    return build_design(kind, factors=factors, names=names)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["mean", "market-adjusted", "market", "factors"])
@pytest.mark.parametrize(("length", "gap"), [(120, 10), (40, 0)])
def test_models_and_cars_are_those_of_each_event(kind: str, length: int, gap: int) -> None:
    returns = brent_returns()[:900].copy()
    design = design_of(kind, len(returns))
    fit = fit_rolling(returns, design, length=length, gap=gap)
    position = np.arange(length + gap + 1, len(returns))
    np.testing.assert_array_equal(fit.position, position)
    windows = estimation_windows(position, length=length, gap=gap)
    y = (returns - design.offset)[windows.index]
    own = fit_ols(y, design.x[windows.index], mask=windows.mask)
    np.testing.assert_allclose(fit.beta, own.beta, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(fit.sigma, own.sigma, rtol=1e-9)
    np.testing.assert_allclose(fit.xtx_inverse, own.xtx_inverse, rtol=1e-8, atol=1e-12)
    assert fit.df == own.df[0]
    index, present = event_windows(position, window=(-5, 10), n_sessions=len(returns))
    abnormal = abnormal_returns(
        returns, design, fit=own, index=index, present=present, window=(-5, 10)
    )
    for window in WINDOWS:
        car, std_error = rolling_cars(fit, window=window)
        expected = cumulate(abnormal, window=window)
        np.testing.assert_allclose(car, expected.car, rtol=1e-8, atol=1e-12)
        complete = ~np.isnan(expected.car)
        np.testing.assert_allclose(std_error[complete], expected.std_error[complete], rtol=1e-8)
        assert np.isnan(car).sum() == np.isnan(std_error).sum() == max(window[1], 0)


def test_on_the_whole_series_running_sums_lose_nothing_that_matters() -> None:
    returns = brent_returns()
    fit = fit_rolling(returns, design_of("mean", len(returns)), length=120, gap=10)
    rows = np.array([0, 1, 5000, len(fit.position) - 20])
    for row in rows:
        day0 = fit.position[row]
        past = returns[day0 - 130 : day0 - 10]
        assert fit.beta[row, 0] == pytest.approx(past.mean(), rel=1e-9, abs=1e-15)
        assert fit.sigma[row] == pytest.approx(past.std(ddof=1), rel=1e-9)
        car, _ = rolling_cars(fit, window=(0, 5))
        expected = (returns[day0 : day0 + 6] - past.mean()).sum()
        assert car[row] == pytest.approx(expected, rel=1e-9, abs=1e-13)


def test_windows_with_collinear_factors_are_left_out() -> None:
    rng = np.random.default_rng(0)
    factors = rng.normal(0.0, 0.01, (300, 2))
    factors[:150, 1] = 2.0 * factors[:150, 0]
    returns = rng.normal(0.0, 0.02, 300)
    returns[0] = np.nan
    design = build_design("factors", factors=factors, names=("a", "b"))
    fit = fit_rolling(returns, design, length=50, gap=5)
    # A window needs sessions from 150 on; two regressors differ by one session already.
    windows = estimation_windows(np.arange(56, 300), length=50, gap=5)
    differ = (windows.index >= 150).any(axis=1)
    np.testing.assert_array_equal(fit.position, np.arange(56, 300)[differ])
    assert fit.position[0] == 156


def test_windows_with_a_factor_that_stands_still_are_left_out() -> None:
    rng = np.random.default_rng(0)
    factors = rng.normal(0.0, 0.01, (200, 1))
    factors[20:120] = 0.0
    returns = rng.normal(0.0, 0.02, 200)
    design = build_design("market", factors=factors, names=("a",))
    fit = fit_rolling(returns, design, length=30, gap=0)
    start = np.arange(31, 200) - 30
    still = (start >= 20) & (start + 30 <= 120)
    np.testing.assert_array_equal(fit.position, np.arange(31, 200)[~still])


@pytest.mark.parametrize("level", [0.0, 0.013])
def test_windows_without_variance_are_left_out(level: float) -> None:
    returns = np.random.default_rng(1).normal(0.0, 0.02, 400)
    returns[100:250] = level
    fit = fit_rolling(returns, design_of("mean", 400), length=60, gap=10)
    start = np.arange(71, 400) - 70
    flat = (start >= 100) & (start + 60 <= 250)
    np.testing.assert_array_equal(fit.position, np.arange(71, 400)[~flat])
    assert (fit.sigma > 0).all()


def fits(returns: Float, c: float, *, kind: str) -> tuple[RollingFit, RollingFit]:
    design = design_of(kind, len(returns))
    scaled = Design(offset=design.offset * c, x=design.x, names=design.names)
    one = fit_rolling(returns, design, length=30, gap=3)
    return one, fit_rolling(returns * c, scaled, length=30, gap=3)


@settings(max_examples=40)
@given(daily_returns(120), st.floats(1e-3, 1e3), st.sampled_from(["mean", "market", "factors"]))
def test_cars_and_errors_scale_with_the_returns(returns: Float, c: float, kind: str) -> None:
    one, other = fits(returns, c, kind=kind)
    np.testing.assert_array_equal(one.position, other.position)
    np.testing.assert_allclose(other.sigma, c * one.sigma, rtol=1e-7)
    for window in ((0, 0), (-3, 5)):
        for own, scaled in zip(
            rolling_cars(one, window=window), rolling_cars(other, window=window), strict=True
        ):
            np.testing.assert_allclose(scaled, c * own, rtol=1e-7, atol=c * 1e-10)


def test_a_series_shorter_than_a_window_has_no_model() -> None:
    returns = brent_returns()[:100]
    fit = fit_rolling(returns, design_of("mean", 100), length=120, gap=10)
    assert len(fit.position) == 0
    assert len(rolling_cars(fit, window=(0, 5))[0]) == 0


def test_no_model_knows_its_own_window_or_later() -> None:
    returns = brent_returns()[:300].copy()
    before = fit_rolling(returns, design_of("mean", 300), length=60, gap=10)
    returns[200:] = 9.0
    after = fit_rolling(returns, design_of("mean", 300), length=60, gap=10)
    known = before.position <= 210
    np.testing.assert_array_equal(after.sigma[: known.sum()], before.sigma[known])
