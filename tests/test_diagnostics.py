"""Diagnostics of the estimation windows, event by event against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.diagnostic import acorr_ljungbox, het_arch
from statsmodels.stats.stattools import jarque_bera as sm_jarque_bera
from strategies import brent, catalogue, fit_brent

from oilshock.diagnostics import leverages
from oilshock.inference.diagnostics import arch_lm, jarque_bera, lags_for, ljung_box
from oilshock.results import StudyResult
from oilshock.tables import EXTRA_COLUMNS
from oilshock.typing import Float

TIGHT = 1e-9


@pytest.fixture(scope="module")
def whole() -> StudyResult:
    return fit_brent(catalogue())


@pytest.fixture(scope="module")
def with_dollar() -> StudyResult:
    """A factor model, and estimation windows from which the other events are cut."""
    events = catalogue().filter(since="2024-01-01", until="2025-12-31")
    return fit_brent(
        events, model="factors", factors=["dollar"], exclude_events=True, min_estimation=60
    )


def of_statsmodels(residuals: Float) -> dict[str, float]:
    """The tests of one event's residuals: the slow twin."""
    lags = lags_for(len(residuals))
    box = acorr_ljungbox(residuals, lags=[lags]).iloc[0]
    # A plain tuple in older versions, a named one in newer ones.
    options = {"result_object": True} if "result_object" in het_arch.__code__.co_varnames else {}
    arch = tuple(het_arch(residuals, nlags=lags, **options))
    bera = sm_jarque_bera(residuals)
    return {
        "ljung_box": box["lb_stat"],
        "ljung_box_p_value": box["lb_pvalue"],
        "arch_lm": arch[0],
        "arch_lm_p_value": arch[1],
        "jarque_bera": bera[0],
        "jarque_bera_p_value": bera[1],
        "skewness": bera[2],
        "excess_kurtosis": bera[3] - 3.0,
    }


@pytest.mark.parametrize("study", ["whole", "with_dollar"])
def test_tests_are_those_of_statsmodels(study: str, request: pytest.FixtureRequest) -> None:
    result: StudyResult = request.getfixturevalue(study)
    frame = result.diagnostics
    residuals = result.estimates.abnormal.fit.residuals
    for row in range(0, len(frame), 5):
        own = residuals[row][~np.isnan(residuals[row])]
        assert frame["n_estimation"].iloc[row] == len(own)
        for name, value in of_statsmodels(own).items():
            assert frame[name].iloc[row] == pytest.approx(value, rel=TIGHT, abs=TIGHT), name


@pytest.mark.parametrize("study", ["whole", "with_dollar"])
def test_outliers_and_leverage_are_those_of_statsmodels(
    study: str, request: pytest.FixtureRequest
) -> None:
    result: StudyResult = request.getfixturevalue(study)
    estimates, frame = result.estimates, result.diagnostics
    returns, design = estimates.market.returns, estimates._design
    for row in range(0, len(frame), 12):
        mask = estimates.estimation.mask[row]
        index = estimates.estimation.index[row][mask]
        fitted = OLS(returns[index], design.x[index]).fit()
        influence = fitted.get_influence()
        place = int(np.abs(fitted.resid).argmax())
        found = frame.iloc[row]
        assert found["outlier_session"] == estimates.market.sessions[index[place]]
        assert found["outlier_return"] == returns[index[place]]
        sigmas = fitted.resid[place] / np.sqrt(fitted.mse_resid)
        assert found["outlier_sigmas"] == pytest.approx(sigmas, rel=TIGHT)
        bonferroni = fitted.outlier_test(method="bonf")[place, 2]
        assert found["outlier_p_value"] == pytest.approx(bonferroni, rel=1e-7)
        hat = influence.hat_matrix_diag
        assert found["largest_estimation_leverage"] == pytest.approx(hat.max(), rel=TIGHT)
        day0 = int(estimates.position[row])
        again = OLS(np.delete(returns[index], place), np.delete(design.x[index], place, 0)).fit()
        forecast = again.get_prediction(design.x[day0])
        ar = returns[day0] - forecast.predicted_mean[0]
        assert found["car_without_outlier"] == pytest.approx(ar, rel=TIGHT)
        t = ar / forecast.se_obs[0]
        assert found["t_stat_without_outlier"] == pytest.approx(t, rel=TIGHT)
        before = fitted.get_prediction(design.x[day0])
        h = before.var_pred_mean[0] / fitted.mse_resid
        assert found["leverage"] == pytest.approx(h, rel=1e-7)


def test_leverage_by_hand() -> None:
    # X = (1, x) with x = -1, 0, 1: (X'X)^-1 = diag(1/3, 1/2). At x = 2: 1/3 + 4/2 = 7/3.
    x = np.array([[[1.0, 2.0], [1.0, 1.0]]])
    inverse = np.diag([1 / 3, 1 / 2])[np.newaxis]
    np.testing.assert_allclose(leverages(x, inverse), [[7 / 3, 5 / 6]], rtol=1e-12)


def test_one_jump_is_found() -> None:
    prices = brent().prices.iloc[:400].copy()
    prices.iloc[:] = 50.0 * np.exp(np.random.default_rng(0).normal(0, 0.01, 400).cumsum())
    prices.iloc[300:] *= np.exp(-0.2)
    event = {"id": "e", "date": f"{prices.index[350]:%Y-%m-%d}", "title": "Event"}
    from oilshock import EventStudy

    row = EventStudy(prices, [event]).fit().diagnostics.iloc[0]
    assert row["outlier_session"] == prices.index[300]
    assert row["outlier_return"] == pytest.approx(-0.2, abs=0.04)
    assert row["outlier_sigmas"] < -8
    assert row["outlier_p_value"] < 1e-10


@given(st.integers(0, 1000), st.floats(1e-4, 1e4))
def test_scale_and_missing_entries_do_not_matter(seed: int, scale: float) -> None:
    residuals = np.random.default_rng(seed).standard_t(5, (3, 60))
    padded = np.hstack([np.full((3, 20), np.nan), scale * residuals])
    for test in (ljung_box, arch_lm, lambda x: jarque_bera(x).test):
        np.testing.assert_allclose(
            test(padded).statistic, test(residuals).statistic, rtol=1e-7, atol=1e-9
        )


def test_too_few_or_constant_residuals_are_empty() -> None:
    residuals = np.array([[0.1, -0.1, 0.2, np.nan], [0.0, 0.0, 0.0, 0.0]])
    assert np.isnan(ljung_box(residuals).statistic).all()
    assert np.isnan(arch_lm(residuals).p_value).all()
    assert np.isnan(jarque_bera(residuals).test.statistic).tolist() == [False, True]
    squares_all_equal = np.tile([1.0, -1.0], 30)[np.newaxis]
    assert np.isnan(arch_lm(squares_all_equal).statistic).all()


def test_size_under_normal_noise() -> None:
    noise = np.random.default_rng(6).normal(size=(4000, 120))
    for test, low, high in ((ljung_box, 0.04, 0.075), (arch_lm, 0.018, 0.04)):
        assert low < (test(noise).p_value < 0.05).mean() < high


def test_the_frame_is_the_table(whole: StudyResult) -> None:
    frame = whole.diagnostics
    assert tuple(frame.columns) == EXTRA_COLUMNS["diagnostics"]
    assert frame["event_id"].tolist() == list(whole.estimates.ids)
    assert (frame["reason"] == "").all()
    assert not frame.isna().any(axis=None)
    # In the mean model every session has the same leverage, 1/120.
    np.testing.assert_allclose(frame["leverage"], 1 / 120, rtol=1e-12)


def test_empty_figures_have_a_reason() -> None:
    prices = brent().prices.iloc[:300].copy()
    prices.iloc[:200] = 20.0
    days = [prices.index[140], prices.index[250]]
    events = [{"id": f"{day:%F}", "date": f"{day:%F}", "title": "Event"} for day in days]
    from oilshock import EventStudy

    assert EventStudy(prices, events).fit().diagnostics["reason"].tolist() == [
        "the estimation window has no variance",
        "",
    ]
    short = EventStudy(prices, events[1:], estimation=4).fit().diagnostics
    assert short["reason"].tolist() == ["too few returns in the estimation window for all tests"]
