"""Patell and BMP: by hand, scipy, and the forecast error in a factor model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from strategies import dated, fit_brent

from oilshock.abnormal import cumulate
from oilshock.inference import bmp, patell
from oilshock.options import Alternative
from oilshock.typing import Float

DATES = ("2009-06-02", "2011-02-15", "2014-11-28", "2019-09-14", "2022-02-24", "2024-04-13")


def test_patell_by_hand() -> None:
    """Variances 5/3 + 6/4 + 10/8 = 53/12; Z = (1 + 2 - 0.5) / sqrt(53 / 12) = 1.189577."""
    found = patell(np.array([1.0, 2.0, -0.5]), df=np.array([5, 6, 10]))
    assert found.statistic == pytest.approx(1.189577, abs=1e-6)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(1.189577), rel=1e-5)
    assert (found.n_events, found.distribution) == (3, "normal")


def test_patell_of_a_window_by_hand() -> None:
    """Three events of the mean model, L = 5, three days: se = sigma sqrt(3 + 9/5).

    Sigmas 0.01, 0.02, 0.04 and CARs 0.03, -0.02, 0.08 give 3 - 1 + 2 = 4 over sqrt(4.8). The
    degrees of freedom are 4, a variance of 4/2: Z = 4 / sqrt(4.8 x 3 x 2) = 0.745356.
    """
    std_error = np.array([0.01, 0.02, 0.04]) * np.sqrt(4.8)
    found = patell(np.array([0.03, -0.02, 0.08]) / std_error, df=np.array([4, 4, 4]))
    assert found.statistic == pytest.approx(4 / np.sqrt(28.8), rel=1e-12)


def test_patell_leaves_events_without_a_variance_out() -> None:
    found = patell(np.array([1.0, 2.0, np.nan]), df=np.array([10, 2, 10]))
    assert (found.n_events, found.statistic) == (1, pytest.approx(1 / np.sqrt(10 / 8)))
    assert "two degrees of freedom" in patell(np.array([1.0]), df=np.array([2])).reason
    assert patell(np.array([np.nan]), df=np.array([9])).reason == "no complete event"


def test_bmp_by_hand() -> None:
    """SCARs 1, 2, 6: mean 3, squares 4 + 1 + 9 = 14, over 2: 7. t = 3 / sqrt(7 / 3)."""
    found = bmp(np.array([1.0, 2.0, 6.0]))
    assert found.statistic == pytest.approx(3 / np.sqrt(7 / 3), rel=1e-12)
    assert found.p_value == pytest.approx(2 * stats.t.sf(3 / np.sqrt(7 / 3), 2), rel=1e-10)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@given(scar=hnp.arrays(np.float64, 8, elements=st.floats(-5, 5, width=16), unique=True))
def test_bmp_equals_scipy(scar: Float, alternative: Alternative) -> None:
    found = bmp(scar, alternative=alternative)
    expected = stats.ttest_1samp(scar, 0.0, alternative=alternative)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-9, abs=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-8)


@given(scar=hnp.arrays(np.float64, 6, elements=st.floats(-5, 5, width=16), unique=True))
def test_both_change_sign_with_the_scars_and_bmp_ignores_their_scale(scar: Float) -> None:
    df = np.full(6, 119)
    assert patell(-scar, df=df).statistic == pytest.approx(-patell(scar, df=df).statistic)
    assert bmp(-scar).statistic == pytest.approx(-bmp(scar).statistic)
    assert bmp(3 * scar).statistic == pytest.approx(bmp(scar).statistic)


def test_forecast_error_stands_in_every_scar_of_a_factor_model() -> None:
    """With a factor it differs from event to event, so that leaving it out changes BMP.

    Each standard error is recomputed from the plain matrix sigma^2 (I + X1 (X0'X0)^-1 X1').
    """
    study = fit_brent(dated(*DATES), model="market", factors=["dollar"], tests=["bmp", "patell"])
    estimates = study.estimates
    market, day0 = estimates.market, estimates.position
    with_error, without = [], []
    for row, at in enumerate(day0):
        past, days = slice(at - 130, at - 10), slice(at - 5, at + 11)
        x = np.column_stack([np.ones(len(market.factors)), market.factors[:, 0]])
        beta, *_ = np.linalg.lstsq(x[past], market.returns[past], rcond=None)
        residuals = market.returns[past] - x[past] @ beta
        sigma = np.sqrt(residuals @ residuals / 118)  # two parameters: L - 2, not L - 1
        car = (market.returns[days] - x[days] @ beta).sum()
        v = np.eye(16) + x[days] @ np.linalg.inv(x[past].T @ x[past]) @ x[days].T
        with_error.append(car / (sigma * np.sqrt(v.sum())))
        without.append(car / (sigma * 4.0))
        assert estimates.abnormal.fit.df[row] == 118
    found = study.test("bmp", -5, 10)["statistic"].iloc[0]
    expected, shortcut = (stats.ttest_1samp(each, 0.0).statistic for each in (with_error, without))
    assert found == pytest.approx(expected, rel=1e-9)
    assert abs(found / shortcut - 1) > 1e-3
    z = study.test("patell", -5, 10)["statistic"].iloc[0]
    assert z == pytest.approx(np.sum(with_error) / np.sqrt(6 * 118 / 116), rel=1e-9)


def test_a_window_is_one_car_and_its_error_is_that_of_the_whole_sum() -> None:
    study = fit_brent(dated(*DATES), tests=["patell"])
    found = cumulate(study.estimates.abnormal, window=(0, 5))
    sigma = study.estimates.abnormal.fit.sigma
    expected = (found.car / (sigma * np.sqrt(6 + 36 / 120))).sum() / np.sqrt(6 * 119 / 117)
    assert study.test("patell", 0, 5)["statistic"].iloc[0] == pytest.approx(expected, rel=1e-10)
