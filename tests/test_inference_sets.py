"""Tests of many sets at once, against those of one set by others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from oilshock.inference import portfolio_t
from oilshock.inference.sets import (
    count_present,
    mean_present,
    set_cross_sectional,
    set_placebo,
    set_sign,
    set_t,
)

RNG = np.random.default_rng(4)
CAR = RNG.normal(0.005, 0.02, size=(6, 12))
CAR[1, 3] = CAR[2, :5] = np.nan
ERROR = np.where(np.isnan(CAR), np.nan, RNG.uniform(0.01, 0.03, size=CAR.shape))


def test_t_is_that_of_one_set() -> None:
    statistic, p_value = set_t(CAR, ERROR, df=118)
    for row in range(len(CAR)):
        one = portfolio_t(CAR[row], ERROR[row])
        assert statistic[row] == pytest.approx(one.statistic, rel=1e-13)
        assert p_value[row] == pytest.approx(one.p_value, rel=1e-12)


def test_t_of_one_event_is_students() -> None:
    statistic, p_value = set_t(np.array([[0.03, np.nan]]), np.array([[0.015, np.nan]]), df=20)
    assert statistic[0] == pytest.approx(2.0)
    assert p_value[0] == pytest.approx(2 * stats.t.sf(2.0, 20), rel=1e-13)


def test_cross_sectional_is_scipys_one_sample_t() -> None:
    statistic, p_value = set_cross_sectional(CAR)
    expected = stats.ttest_1samp(CAR, 0.0, axis=1, nan_policy="omit")
    np.testing.assert_allclose(statistic, expected.statistic, rtol=1e-12)
    np.testing.assert_allclose(p_value, expected.pvalue, rtol=1e-11)
    assert np.isnan(set_cross_sectional(np.array([[0.1, np.nan]]))[1][0])


def test_sign_is_scipys_binomial_test() -> None:
    statistic, p_value = set_sign(CAR)
    for row in range(len(CAR)):
        own = CAR[row][~np.isnan(CAR[row])]
        k, n = int((own > 0).sum()), len(own)
        assert p_value[row] == pytest.approx(stats.binomtest(k, n).pvalue, rel=1e-12)
        assert statistic[row] == pytest.approx((k - n / 2) / (n / 4) ** 0.5)
    assert np.isnan(set_sign(np.full((1, 2), np.nan))[1][0])


def test_placebo_counts_random_sets_at_least_as_large() -> None:
    # Means 2 and -3 against |null| = 1, 2, 3, 4: at least as large are three and two of four.
    p_value = set_placebo(np.array([[2.0, 2.0], [-2.0, -4.0]]), np.array([1.0, -2.0, 3.0, -4.0]))
    np.testing.assert_allclose(p_value, [4 / 5, 3 / 5])


@given(st.permutations(range(12)), st.floats(0.01, 100.0))
def test_order_and_unit_do_not_matter(order: list[int], unit: float) -> None:
    for test in (set_cross_sectional, set_sign):
        np.testing.assert_allclose(test(unit * CAR[:, order])[0], test(CAR)[0], rtol=1e-9)
    moved = set_t(unit * CAR[:, order], unit * ERROR[:, order], df=118)[0]
    np.testing.assert_allclose(moved, set_t(CAR, ERROR, df=118)[0], rtol=1e-9)


def test_size_under_the_null() -> None:
    rng = np.random.default_rng(0)
    car = rng.standard_normal((4000, 20))
    for p_value in (set_t(car, np.ones(car.shape), df=118)[1], set_cross_sectional(car)[1]):
        assert (p_value < 0.05).mean() == pytest.approx(0.05, abs=0.011)  # 3 binomial errors


def test_missing_counts() -> None:
    np.testing.assert_array_equal(count_present(CAR), [12, 11, 7, 12, 12, 12])
    assert mean_present(CAR)[1] == pytest.approx(np.nanmean(CAR[1]))
