"""Sign, generalised sign and Wilcoxon: by hand, scipy, statsmodels, and counting all cases."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.descriptivestats import sign_test as statsmodels_sign_test

from oilshock.inference import generalized_sign, sign_test, wilcoxon
from oilshock.options import Alternative

ALTERNATIVES: list[Alternative] = ["two-sided", "greater", "less"]


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_sign_equals_binomtest_for_every_count(alternative: Alternative) -> None:
    for n in (1, 2, 5, 18, 61):
        for positive in range(n + 1):
            car = np.array([1.0] * positive + [-1.0] * (n - positive))
            found = sign_test(car, alternative=alternative)
            expected = stats.binomtest(positive, n, 0.5, alternative=alternative).pvalue
            assert found.p_value == pytest.approx(expected, rel=1e-10)
            assert found.statistic == pytest.approx((positive / n - 0.5) * np.sqrt(n) / 0.5)


def test_sign_equals_statsmodels() -> None:
    car = np.random.default_rng(1).normal(0.3, 1.0, 25)
    half_difference, p = statsmodels_sign_test(car)
    found = sign_test(car)
    assert found.p_value == pytest.approx(p)
    assert found.statistic * np.sqrt(25) / 2 == pytest.approx(half_difference)


def test_zero_counts_as_not_positive() -> None:
    """Brent has 194 returns of zero. 3 of 6 positive: z = 0; the zero is an event."""
    car = np.array([0.1, 0.2, 0.3, 0.0, -0.1, -0.2])
    assert (sign_test(car).statistic, sign_test(car).n_events) == (0.0, 6)
    half = np.full(6, 0.5)
    assert generalized_sign(car, positive_share=half).statistic == 0.0


def test_generalized_sign_by_hand() -> None:
    """p = (0.4 + 0.5 + 0.6) / 3 = 0.5: z = 1.5 / sqrt(0.75). With p = 0.4: 1.8 / sqrt(0.72)."""
    car = np.array([0.1, 0.2, 0.3])
    share = np.array([0.4, 0.5, 0.6])
    assert generalized_sign(car, positive_share=share).statistic == pytest.approx(1.5 / 0.75**0.5)
    found = generalized_sign(car, positive_share=share - 0.1)
    assert found.statistic == pytest.approx(1.8 / 0.72**0.5)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(1.8 / 0.72**0.5))


def test_generalized_sign_without_a_usual_share_says_why() -> None:
    car = np.array([0.1, 0.2, np.nan])
    assert "one sign" in generalized_sign(car, positive_share=np.zeros(3)).reason
    none = generalized_sign(np.array([np.nan]), positive_share=np.array([0.5]))
    assert none.reason == sign_test(np.array([np.nan])).reason == "no complete event"


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_wilcoxon_counts_all_signs(alternative: Alternative) -> None:
    """Both tails have the same weight: a star at an exact p of 0.154 cannot happen."""
    sizes = np.array([0.1, 0.2, 0.35, 0.5, 0.7, 0.9])
    ranks = np.arange(1, 7)
    law = np.array([(ranks * signs).sum() for signs in product([0, 1], repeat=6)])
    for signs in product([-1, 1], repeat=6):
        found = wilcoxon(sizes * signs, alternative=alternative)
        v = ranks[np.array(signs) > 0].sum()
        below, above = (law <= v).mean(), (law >= v).mean()
        expected = {
            "two-sided": min(1.0, 2 * min(below, above)),
            "greater": above,
            "less": below,
        }[alternative]
        assert found.statistic == v
        assert found.p_value == pytest.approx(expected, rel=1e-12)
        assert found.distribution == "signed rank, exact"


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_wilcoxon_with_ties_or_many_events_takes_the_normal_law(alternative: Alternative) -> None:
    rng = np.random.default_rng(4)
    tied = np.array([0.1, -0.1, 0.2, 0.3, 0.3, -0.4, 0.5])
    for car in (tied, rng.normal(0.2, 1.0, 80)):
        found = wilcoxon(car, alternative=alternative)
        expected = stats.wilcoxon(car, alternative=alternative, method="approx", correction=False)
        assert found.p_value == pytest.approx(expected.pvalue, rel=1e-12)
        assert found.distribution == "signed rank, normal"
        assert found.statistic == stats.rankdata(np.abs(car))[car > 0].sum()


def test_wilcoxon_leaves_zeros_out_and_says_n() -> None:
    found = wilcoxon(np.array([0.0, 0.1, -0.2, 0.3, np.nan]))
    assert (found.n_events, found.statistic) == (3, 4.0)
    assert wilcoxon(np.zeros(4)).reason == "all CARs are zero"
    assert wilcoxon(np.array([np.nan])).reason == "no complete event"


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=30).map(np.array))
def test_signs_flip_the_sides(numbers: np.ndarray) -> None:
    car = numbers.astype(float)
    car[car == 0] = 0.5
    for test in (sign_test, wilcoxon):
        up, down = test(car, alternative="greater"), test(-car, alternative="less")
        assert up.p_value == pytest.approx(down.p_value, rel=1e-9)
        both = test(car).p_value
        assert both == pytest.approx(
            min(1.0, 2 * min(up.p_value, test(car, alternative="less").p_value)), rel=1e-9
        )
