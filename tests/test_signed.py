"""The signed average and the share as expected, against scipy and full enumeration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from oilshock.inference import share_as_expected, signed_average


def test_average_is_the_cross_sectional_t() -> None:
    signed = np.random.default_rng(1).normal(0.01, 0.02, 15)
    found = signed_average(signed, episode=np.arange(15))
    t = stats.ttest_1samp(signed, 0.0, alternative="greater")
    interval = stats.ttest_1samp(signed, 0.0).confidence_interval(0.95)
    assert found.statistic == pytest.approx(t.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(t.pvalue, rel=1e-10)
    assert (found.ci_low, found.ci_high) == pytest.approx(tuple(interval), rel=1e-10)
    assert found.df == 14


def test_a_repeated_event_adds_nothing() -> None:
    signed = np.random.default_rng(2).normal(0.01, 0.02, 15)
    once = signed_average(signed, episode=np.arange(15))
    twice = signed_average(np.tile(signed, 2), episode=np.tile(np.arange(15), 2))
    assert twice.statistic == pytest.approx(once.statistic, rel=1e-12)
    assert twice.p_value == pytest.approx(once.p_value, rel=1e-12)
    assert (twice.n_events, twice.n_episodes) == (30, 15)


@given(st.integers(0, 1000), st.floats(1e-3, 1e3))
def test_order_and_scale(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    signed, episode = rng.normal(0.01, 0.02, 20), rng.integers(0, 9, 20)
    found = signed_average(signed, episode=episode)
    order = rng.permutation(20)
    other = signed_average(scale * signed[order], episode=episode[order])
    assert other.statistic == pytest.approx(found.statistic, rel=1e-9)
    assert other.estimate == pytest.approx(scale * found.estimate, rel=1e-9)
    share = share_as_expected(signed, episode=episode)
    again = share_as_expected(scale * signed[order], episode=episode[order])
    assert (again.p_value, again.ci_low) == pytest.approx((share.p_value, share.ci_low))


@pytest.mark.parametrize("alternative", ["greater", "less"])
def test_alternatives_share_the_law(alternative: str) -> None:
    signed = np.array([0.01, 0.02, -0.03, 0.04])
    found = signed_average(signed, episode=np.arange(4), alternative=alternative)
    assert found.p_value == pytest.approx(
        stats.ttest_1samp(signed, 0.0, alternative=alternative).pvalue
    )


def test_average_says_why_it_is_empty() -> None:
    one = signed_average(np.array([0.01, 0.03]), episode=np.array([5, 5]))
    assert one.estimate == 0.02
    assert np.isnan(one.p_value)
    assert one.reason == "needs 2 separate episodes, has 1"
    flat = signed_average(np.array([0.5, 0.5]), episode=np.arange(2))
    assert np.isnan(flat.p_value)
    assert flat.reason == "no variance"
    none = signed_average(np.array([]), episode=np.array([], dtype=int))
    assert np.isnan(none.estimate)
    assert (none.n_events, none.reason) == (0, "no event with a direction")


@pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
@pytest.mark.parametrize(("hits", "n"), [(7, 9), (3, 9), (0, 4), (5, 5), (150, 180)])
def test_separate_events_are_binomial(alternative: str, hits: int, n: int) -> None:
    signed = np.where(np.arange(n) < hits, 0.01, -0.02)
    found = share_as_expected(signed, episode=np.arange(n), alternative=alternative, alpha=0.1)
    test = stats.binomtest(hits, n, 0.5, alternative=alternative)
    interval = stats.binomtest(hits, n).proportion_ci(0.9, method="exact")
    assert found.p_value == pytest.approx(test.pvalue, rel=1e-9)
    assert (found.ci_low, found.ci_high) == pytest.approx((interval.low, interval.high), abs=1e-9)
    assert (found.estimate, found.statistic) == (hits / n, hits)


def test_episodes_change_sign_as_one() -> None:
    signed = np.array([0.1, 0.2, -0.1, 0.3, 0.1, -0.2, 0.4, 0.1])
    episode = np.array([0, 0, 0, 1, 1, 2, 3, 4])
    hits = int((signed > 0).sum())
    counts = [
        int((signed * np.array(signs)[episode] > 0).sum())
        for signs in itertools.product([1, -1], repeat=5)
    ]
    expected = np.mean(np.array(counts) >= hits)
    found = share_as_expected(signed, episode=episode)
    assert found.p_value == pytest.approx(expected, rel=1e-12)
    assert (found.n_events, found.n_episodes) == (8, 5)


def test_repeated_events_make_no_interval_narrower() -> None:
    signed = np.where(np.arange(20) < 15, 0.01, -0.02)
    once = share_as_expected(signed, episode=np.arange(20))
    twice = share_as_expected(np.tile(signed, 2), episode=np.tile(np.arange(20), 2))
    assert twice.p_value == pytest.approx(once.p_value, rel=1e-12)
    # By hand: deff = (p q / 19) / (p q / 39) = 39/19, so 40 events count as 19.49, not 40.
    half = stats.beta.ppf(0.025, 0.75 * 40 * 19 / 39, 0.25 * 40 * 19 / 39 + 1)
    assert twice.ci_low == pytest.approx(half, rel=1e-9)
    assert twice.ci_low < once.ci_low
    assert twice.ci_high > once.ci_high


def test_a_car_of_zero_is_not_as_expected() -> None:
    found = share_as_expected(np.array([0.0, 0.1, 0.2]), episode=np.arange(3))
    assert found.estimate == pytest.approx(2 / 3)
    assert found.p_value == 0.25  # both of the two that moved


def test_share_says_why_it_is_empty() -> None:
    none = share_as_expected(np.array([]), episode=np.array([], dtype=int))
    assert none.reason == "no event with a direction"
    one = share_as_expected(np.array([0.1, 0.2, -0.1]), episode=np.zeros(3, dtype=int))
    assert one.p_value == 0.5
    assert np.isnan(one.ci_low)
    assert one.reason == "no interval: all events are one episode"
