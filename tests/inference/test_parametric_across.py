"""Cross-sectional, crude-dependence and skewness-adjusted tests: by hand, scipy, statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from oilshock.inference import cross_sectional, crude_dependence, skewness_adjusted
from oilshock.options import Alternative
from oilshock.typing import Float

ALTERNATIVES: list[Alternative] = ["two-sided", "greater", "less"]
STATSMODELS = {"two-sided": "two-sided", "greater": "larger", "less": "smaller"}
CAR = np.array([0.02, 0.04, 0.09])


def cars(least: int = 3) -> st.SearchStrategy[Float]:
    value = st.floats(-0.5, 0.5, width=32).filter(lambda x: x == 0 or abs(x) > 1e-4)
    return (
        st.lists(value, min_size=least, max_size=20).map(np.array).filter(lambda x: x.std() > 1e-3)
    )


def test_cross_sectional_by_hand() -> None:
    """Mean 0.05; squares 9 + 1 + 16 = 26 e-4, over 2: 13 e-4. t = 0.05 sqrt(3 / 13e-4)."""
    found = cross_sectional(CAR)
    assert found.statistic == pytest.approx(2.401922)
    assert (found.df, found.n_events, found.distribution) == (2, 3, "Student t")


@pytest.mark.parametrize("alternative", ALTERNATIVES)
@given(car=cars())
def test_cross_sectional_equals_scipy_and_statsmodels(car: Float, alternative: Alternative) -> None:
    found = cross_sectional(car, alternative=alternative)
    scipy = stats.ttest_1samp(car, 0.0, alternative=alternative)
    assert found.statistic == pytest.approx(scipy.statistic, rel=1e-9, abs=1e-12)
    assert found.p_value == pytest.approx(scipy.pvalue, rel=1e-7)
    statistic, p, df = DescrStatsW(car).ttest_mean(0.0, STATSMODELS[alternative])
    expected = (statistic, p, df)
    assert (found.statistic, found.p_value, found.df) == pytest.approx(
        expected, rel=1e-7, abs=1e-12
    )


def test_crude_dependence_by_hand() -> None:
    """AARs of five days 1, -2, 3, -1, -1 e-2: mean 0, squares 16 e-4, over 4: S = 0.02."""
    past = np.array([0.01, -0.02, 0.03, -0.01, -0.01])
    day = crude_dependence(np.array([0.05]), estimation_aar=past, n_events=3)
    assert (day.statistic, day.df) == (pytest.approx(2.5), 4)  # 0.05 / 0.02
    four = np.array([0.03, 0.03, -0.02, 0.02])
    window = crude_dependence(four, estimation_aar=past, n_events=3)
    assert window.statistic == pytest.approx(1.5)  # 0.06 / (0.02 x 2)
    assert window.p_value == pytest.approx(2 * stats.t.sf(1.5, 4))


def test_crude_dependence_takes_the_spread_about_the_mean_with_one_less() -> None:
    past = np.array([0.01, 0.05, 0.03, np.nan])
    found = crude_dependence(np.array([0.04]), estimation_aar=past, n_events=2)
    assert (found.statistic, found.df) == (pytest.approx(2.0), 2)


def test_skewness_adjusted_by_hand() -> None:
    """S = 0.05 / sqrt(13e-4); cubes -27 - 1 + 64 = 36 e-6; g = 3/2 x 36e-6 / (13e-4)^1.5."""
    found = skewness_adjusted(CAR)
    s, g = 1.386750, 1.152070
    expected = 1.7320508 * (s + g * s**2 / 3 + g**2 * s**3 / 27 + g / 18)
    assert found.statistic == pytest.approx(expected, rel=1e-5)
    assert found.statistic == pytest.approx(4.01898, abs=1e-4)
    assert found.distribution == "normal"


@given(car=cars())
def test_skewness_adjusted_uses_the_skewness_of_scipy(car: Float) -> None:
    s = car.mean() / car.std(ddof=1)
    g = stats.skew(car, bias=False)
    expected = np.sqrt(len(car)) * (s + g * s**2 / 3 + g**2 * s**3 / 27 + g / (6 * len(car)))
    assert skewness_adjusted(car).statistic == pytest.approx(expected, rel=1e-8, abs=1e-9)


def test_without_skewness_the_adjusted_statistic_is_the_plain_one() -> None:
    car = np.array([-0.01, 0.01, 0.03, 0.05, 0.07])
    assert skewness_adjusted(car).statistic == pytest.approx(cross_sectional(car).statistic)


def test_skewness_adjusted_repairs_the_tails_of_a_skewed_mean() -> None:
    """Chi-squared CARs: the plain t rejects too often below and too seldom above."""
    rng = np.random.default_rng(3)
    sides: dict[str, list[float]] = {"plain": [], "adjusted": []}
    draws = rng.chisquare(2, size=(3000, 30)) - 2.0
    for side in ("less", "greater"):
        sides["plain"].append(
            np.mean([cross_sectional(car, alternative=side).p_value < 0.05 for car in draws])  # type: ignore[arg-type]
        )
        sides["adjusted"].append(
            np.mean([skewness_adjusted(car, alternative=side).p_value < 0.05 for car in draws])  # type: ignore[arg-type]
        )
    plain, adjusted = (abs(np.array(sides[name]) - 0.05) for name in ("plain", "adjusted"))
    assert (adjusted < plain).all()


@pytest.mark.parametrize(
    ("car", "reason"),
    [
        ([], "no complete event"),
        ([np.nan, np.nan], "no complete event"),
        ([0.1], "needs at least"),
        ([0.1, 0.1, 0.1], "do not differ"),
    ],
)
def test_what_cannot_be_computed_says_why(car: list[float], reason: str) -> None:
    for test in (cross_sectional, skewness_adjusted):
        found = test(np.array(car))
        assert np.isnan([found.statistic, found.p_value]).all()
        assert reason in found.reason
        assert found.n_events == sum(~np.isnan(car)) if car else found.n_events == 0


def test_crude_dependence_without_variance_or_events_says_why() -> None:
    flat = crude_dependence(np.array([0.1]), estimation_aar=np.zeros(5), n_events=2)
    assert (flat.reason, flat.n_events) == ("no variance in the estimation windows", 2)
    none = crude_dependence(np.array([np.nan]), estimation_aar=np.zeros(5), n_events=0)
    assert none.reason == "no complete event"


def test_missing_cars_are_left_out_and_n_says_so() -> None:
    found = cross_sectional(np.array([np.nan, *CAR, np.nan]))
    assert (found.statistic, found.n_events) == (cross_sectional(CAR).statistic, 3)
