"""Expected-return models against statsmodels, on random windows of the bundled series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import statsmodels.api as sm
from strategies import brent, brent_returns, dated, fit_brent, prices_on

from oilshock.abnormal import AbnormalReturns, abnormal_returns, cumulate, cumulate_path
from oilshock.errors import DataError, EstimationError
from oilshock.market import Factor, Market, build_market
from oilshock.models import Design, build_design, collinear_columns, fit_ols
from oilshock.prices import read_bundled
from oilshock.study import EventStudy
from oilshock.typing import Float
from oilshock.windows import EstimationWindows, estimation_windows, event_windows

RELATIVE = 1e-10
FLOOR = 1e-13
"""1e-10 of a return of 0.1 %: an AR near 0 is the difference of two larger figures."""

WINDOW = (-5, 10)
LENGTH, GAP = 120, 10
N_WINDOWS = 1_000


@dataclass(frozen=True, eq=False)
class Case:
    returns: Float
    design: Design
    position: Float
    estimation: EstimationWindows
    abnormal: AbnormalReturns


def dollar_market() -> Market:
    dollar = Factor(series=read_bundled("usd-broad"), kind="log")
    return build_market(brent(), kind="log", factors={"dollar": dollar})


def case(kind: str) -> Case:
    """1,000 random windows of the model `kind`."""
    if kind == "mean":
        returns, factors, names = brent_returns(), np.empty((len(brent_returns()), 0)), ()
    else:
        market = dollar_market()
        returns, dollar = market.returns, market.factors[:, 0]
        lagged = np.concatenate([[np.nan], dollar[:-1]])
        both = np.column_stack([dollar, lagged])
        factors = both if kind == "factors" else both[:, :1]
        names = ("dollar", "dollar before")[: factors.shape[1]]
    design = build_design(kind, factors=factors, names=names)  # type: ignore[arg-type]
    rng = np.random.default_rng(2)
    # One session more than the windows need: the lagged factor starts one later.
    position = rng.integers(LENGTH + GAP + 2, len(returns) - WINDOW[1], size=N_WINDOWS)
    estimation = estimation_windows(position, length=LENGTH, gap=GAP)
    fit = fit_ols(
        returns[estimation.index] - design.offset[estimation.index],
        design.x[estimation.index],
        mask=estimation.mask,
    )
    index, present = event_windows(position, window=WINDOW, n_sessions=len(returns))
    abnormal = abnormal_returns(
        returns, design, fit=fit, index=index, present=present, window=WINDOW
    )
    return Case(returns, design, position, estimation, abnormal)


@pytest.mark.parametrize(("kind", "k"), [("mean", 1), ("market", 2), ("factors", 3)])
def test_1000_windows_equal_statsmodels(kind: str, k: int) -> None:
    made = case(kind)
    abnormal = made.abnormal
    assert len(made.position) == N_WINDOWS
    beta, ar, sigma, se = [], [], [], []
    for row, position in enumerate(made.position):
        days = slice(position - GAP - LENGTH, position - GAP)
        event = slice(position + WINDOW[0], position + WINDOW[1] + 1)
        ols = sm.OLS(made.returns[days], made.design.x[days]).fit()
        prediction = ols.get_prediction(made.design.x[event])
        beta.append(ols.params)
        ar.append(made.returns[event] - prediction.predicted_mean)
        sigma.append(np.sqrt(ols.scale))
        se.append(prediction.se_obs)
        assert abnormal.fit.df[row] == ols.df_resid == LENGTH - k
    np.testing.assert_allclose(abnormal.fit.beta, beta, rtol=RELATIVE, atol=FLOOR)
    np.testing.assert_allclose(abnormal.ar, ar, rtol=RELATIVE, atol=FLOOR)
    np.testing.assert_allclose(abnormal.fit.sigma, sigma, rtol=RELATIVE)
    np.testing.assert_allclose(abnormal.std_error, se, rtol=RELATIVE)


@pytest.mark.parametrize("kind", ["mean", "market", "factors"])
@pytest.mark.parametrize("window", [(0, 0), (-1, 1), (0, 5), (-5, 10), (3, 9)])
def test_car_variance_is_the_sum_of_the_whole_matrix(kind: str, window: tuple[int, int]) -> None:
    made = case(kind)
    std_error = cumulate(made.abnormal, window=window).std_error
    for row, position in enumerate(made.position[:50]):
        days = slice(position - GAP - LENGTH, position - GAP)
        x0 = made.design.x[days]
        x1 = made.design.x[position + window[0] : position + window[1] + 1]
        v = made.abnormal.fit.sigma[row] ** 2 * (
            np.eye(len(x1)) + x1 @ np.linalg.inv(x0.T @ x0) @ x1.T
        )
        ones = np.ones(len(x1))
        assert std_error[row] == pytest.approx(np.sqrt(ones @ v @ ones), rel=RELATIVE)


def test_path_of_cars_equals_car_by_car() -> None:
    abnormal = case("factors").abnormal
    path = cumulate_path(abnormal, start=-5)
    for day in range(-5, 11):
        one = cumulate(abnormal, window=(-5, day))
        np.testing.assert_allclose(path.car[:, day + 5], one.car, rtol=RELATIVE, atol=FLOOR)
        np.testing.assert_allclose(path.std_error[:, day + 5], one.std_error, rtol=RELATIVE)


def test_market_adjusted_takes_off_the_benchmark_and_has_no_parameter() -> None:
    made = case("market-adjusted")
    dollar = dollar_market().factors[:, 0]
    assert made.abnormal.fit.beta.shape == (N_WINDOWS, 0)
    for row, position in enumerate(made.position[:100]):
        event = slice(position - 5, position + 11)
        expected = made.returns[event] - dollar[event]
        np.testing.assert_allclose(made.abnormal.ar[row], expected, rtol=0, atol=0)
        days = slice(position - GAP - LENGTH, position - GAP)
        rest = made.returns[days] - dollar[days]
        assert made.abnormal.fit.df[row] == LENGTH
        # No parameter is estimated: squares over L, round 0, and no forecast error.
        assert made.abnormal.fit.sigma[row] == pytest.approx(np.sqrt((rest**2).sum() / LENGTH))
        np.testing.assert_allclose(made.abnormal.std_error[row], made.abnormal.fit.sigma[row])


def test_a_masked_window_is_the_fit_on_the_kept_rows() -> None:
    rng = np.random.default_rng(3)
    y, x = rng.normal(size=(40, 30)), rng.normal(size=(40, 30, 2))
    x[:, :, 0] = 1.0
    mask = rng.random((40, 30)) < 0.7
    # What is masked must not matter, not even when it is missing or huge.
    y[~mask], x[~mask] = np.nan, 1e9
    fit = fit_ols(y, x, mask=mask)
    for row in range(40):
        kept = mask[row]
        full = np.ones((1, int(kept.sum())), dtype=np.bool_)
        one = fit_ols(y[row][kept][None], x[row][kept][None], mask=full)
        np.testing.assert_allclose(fit.beta[row], one.beta[0], rtol=RELATIVE)
        assert fit.sigma[row] == pytest.approx(one.sigma[0], rel=RELATIVE)
        assert fit.df[row] == one.df[0] == kept.sum() - 2
        np.testing.assert_allclose(fit.xtx_inverse[row], one.xtx_inverse[0], rtol=RELATIVE)
        np.testing.assert_allclose(fit.residuals[row][kept], one.residuals[0], atol=1e-13)
        assert np.isnan(fit.residuals[row][~kept]).all()


def test_a_collinear_window_has_no_figures_and_leaves_the_others_alone() -> None:
    rng = np.random.default_rng(4)
    y, x = rng.normal(size=(2, 20)), rng.normal(size=(2, 20, 3))
    x[:, :, 0] = 1.0
    alone = fit_ols(y[:1], x[:1], mask=np.ones((1, 20), dtype=np.bool_))
    x[1, :, 2] = 3.0 * x[1, :, 1] - 1.0
    fit = fit_ols(y, x, mask=np.ones((2, 20), dtype=np.bool_))
    assert fit.collinear.tolist() == [[False] * 3, [False, False, True]]
    assert np.isnan(fit.beta[1]).all()
    assert np.isnan(fit.sigma[1])
    np.testing.assert_allclose(fit.beta[0], alone.beta[0], rtol=RELATIVE)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_a_small_factor_is_not_taken_for_a_collinear_one(scale: float) -> None:
    x = np.column_stack([np.ones(50), scale * np.random.default_rng(5).normal(size=50)])
    assert not collinear_columns(x).any()
    assert collinear_columns(np.column_stack([x, x[:, 1]])).tolist() == [False, False, True]


def toy_factor(values: Float) -> dict[str, object]:
    return {"still": prices_on(100.0 * np.exp(np.cumsum(values)))}


def toy_prices() -> object:
    rng = np.random.default_rng(6)
    return prices_on(80.0 * np.exp(np.cumsum(rng.normal(0, 0.02, 120))))


def test_a_factor_that_stands_still_in_one_window_leaves_that_event_out_and_names_it() -> None:
    moves = np.random.default_rng(7).normal(0, 0.01, 120)
    moves[20:60] = 0.0
    study = EventStudy(
        toy_prices(),
        dated("2020-03-01", "2020-04-15"),
        model="market",
        factors=toy_factor(moves),
        estimation=30,
        gap=5,
        window=(-1, 1),
    )
    ledger = study.fit().events
    assert ledger["status"].tolist() == ["left_out", "ok"]
    assert ledger["reason"].tolist() == ["collinear in the estimation window: still", ""]
    assert ledger["estimation_start"].isna().tolist() == [True, False]
    only = EventStudy(
        toy_prices(),
        dated("2020-03-01"),
        model="market",
        factors=toy_factor(moves),
        estimation=30,
        gap=5,
        window=(-1, 1),
    )
    with pytest.raises(EstimationError, match="still"):
        only.fit()


def test_a_constant_factor_is_refused() -> None:
    with pytest.raises(DataError, match="still") as caught:
        EventStudy(
            toy_prices(),
            dated("2020-03-01"),
            model="market",
            factors=toy_factor(np.zeros(120)),
            estimation=30,
            gap=5,
            window=(-1, 1),
        ).fit()
    assert caught.value.exit_code == 3


def test_factors_collinear_over_the_whole_sample_are_refused() -> None:
    dollar = read_bundled("usd-broad").prices
    with pytest.raises(DataError, match="twice"):
        fit_brent(
            dated("2019-09-14"),
            model="factors",
            # Squared prices: twice the log return.
            factors={"dollar": dollar, "twice": dollar**2},
        )


def test_a_factor_series_is_the_same_as_a_one_column_market() -> None:
    result = fit_brent(dated("2019-09-14"), model="market", factors=["dollar"])
    series = fit_brent(
        dated("2019-09-14"),
        model="market",
        factors=read_bundled("usd-broad").prices,
    )
    np.testing.assert_array_equal(result.abnormal_returns, series.abnormal_returns)
    assert result.estimates.regressors == ("constant", "dollar")
