"""Clustered means and the permutation test, against scipy, statsmodels and full enumeration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS

from oilshock.inference import episode_sums, group_difference, mean_of_episodes
from oilshock.typing import Bool, Float, Int


def draw(seed: int, *, n: int = 12, n_first: int = 5) -> tuple[Float, Bool]:
    return np.random.default_rng(seed).normal(0.0, 0.02, n), np.arange(n) < n_first


def test_clustered_mean_by_hand() -> None:
    # Episodes {1, 2} and {6}: mean 3; sums less size times mean: 3 - 6 = -3 and 6 - 3 = 3.
    # Var = 2/1 * (9 + 9) / 3^2 = 4.
    sums, sizes = episode_sums(np.array([1.0, 6.0, 2.0]), np.array([4, 9, 4]))
    mean, variance = mean_of_episodes(sums, sizes)
    assert (float(mean), float(variance)) == (3.0, 4.0)


def test_clustered_mean_is_that_of_statsmodels() -> None:
    rng = np.random.default_rng(3)
    values, episode = rng.normal(size=40), rng.integers(0, 15, 40)
    fitted = OLS(values, np.ones(40)).fit(cov_type="cluster", cov_kwds={"groups": episode})
    mean, variance = mean_of_episodes(*episode_sums(values, episode))
    np.testing.assert_allclose(mean, fitted.params[0], rtol=1e-12)
    np.testing.assert_allclose(np.sqrt(variance), fitted.bse[0], rtol=1e-12)


def test_one_episode_has_no_variance() -> None:
    mean, variance = mean_of_episodes(np.array([6.0]), np.array([3.0]))
    assert float(mean) == 2.0
    assert np.isnan(variance)


def test_separate_events_give_welch() -> None:
    values, is_first = draw(1)
    found = group_difference(values, is_first, episode=np.arange(12), alpha=0.1)
    welch = stats.ttest_ind(values[is_first], values[~is_first], equal_var=False)
    interval = welch.confidence_interval(0.9)
    np.testing.assert_allclose(found.statistic, welch.statistic, rtol=1e-12)
    np.testing.assert_allclose(found.df, welch.df, rtol=1e-12)
    np.testing.assert_allclose((found.ci_low, found.ci_high), interval, rtol=1e-10)


def enumerate_splits(sums: Float, sizes: Float, n_first: int) -> list[float]:
    """Welch's t of every split, in plain loops: the slow twin."""
    found = []
    for chosen in itertools.combinations(range(len(sums)), n_first):
        parts = []
        for places in (chosen, [p for p in range(len(sums)) if p not in chosen]):
            n = sum(sizes[p] for p in places)
            mean = sum(sums[p] for p in places) / n
            spread = sum((sums[p] - mean * sizes[p]) ** 2 for p in places)
            parts.append((mean, len(places) / (len(places) - 1) * spread / n**2))
        (mean, variance), (other, other_variance) = parts
        found.append((mean - other) / (variance + other_variance) ** 0.5)
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_small_groups_are_enumerated(seed: int, alternative: str) -> None:
    rng = np.random.default_rng(seed)
    # Nine episodes, two of them with two events and one with three.
    episode = np.array([0, 0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 8, 8])
    is_first = np.isin(episode, [0, 1, 2, 8])
    values = rng.normal(0.0, 0.02, len(episode)) + 0.01 * is_first
    found = group_difference(values, is_first, episode=episode, alternative=alternative)
    order = [0, 1, 2, 8, 3, 4, 5, 6, 7]
    sums, sizes = episode_sums(values, episode)
    splits = np.array(enumerate_splits(sums[order], sizes[order], 4))
    assert found.statistic == pytest.approx(splits[0], rel=1e-12)
    above = (splits >= splits[0] - 1e-12).mean()
    below = (splits <= splits[0] + 1e-12).mean()
    tails = {"greater": above, "less": below, "two-sided": min(2 * min(above, below), 1.0)}
    assert found.is_exact
    assert found.n_splits == len(splits) == 126
    assert found.p_value == pytest.approx(tails[alternative], rel=1e-12)


def test_drawn_p_is_near_the_exact_one_and_never_zero() -> None:
    values, is_first = draw(5, n=16, n_first=8)
    values = values + 0.02 * is_first
    exact = group_difference(values, is_first, episode=np.arange(16), draws=12_870)
    drawn = group_difference(values, is_first, episode=np.arange(16), draws=12_869)
    assert exact.is_exact
    assert not drawn.is_exact
    error = np.sqrt(exact.p_value * (1 - exact.p_value) / 12_869)
    assert abs(drawn.p_value - exact.p_value) < 5 * error
    far = group_difference(values + 10.0 * is_first, is_first, episode=np.arange(16), draws=500)
    assert far.p_value == pytest.approx(2 / 501)


def test_the_seed_decides() -> None:
    values, is_first = draw(2, n=40, n_first=20)
    p_values = [
        group_difference(values, is_first, episode=np.arange(40), draws=400, seed=seed).p_value
        for seed in (1, 1, 2)
    ]
    assert p_values[0] == p_values[1] != p_values[2]


@given(st.integers(0, 1000), st.floats(1e-3, 1e3))
def test_order_scale_and_swap(seed: int, scale: float) -> None:
    values, is_first = draw(seed)
    episode = np.array([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9])
    found = group_difference(values, is_first, episode=episode)
    order = np.random.default_rng(seed).permutation(12)
    shuffled = group_difference(values[order], is_first[order], episode=episode[order])
    scaled = group_difference(scale * values + 1.0, is_first, episode=episode)
    swapped = group_difference(values, ~is_first, episode=episode)
    for other in (shuffled, scaled, swapped):
        assert other.p_value == pytest.approx(found.p_value, abs=1e-12)
    assert shuffled.difference == pytest.approx(found.difference, rel=1e-9)
    assert scaled.std_error == pytest.approx(scale * found.std_error, rel=1e-6)
    assert swapped.difference == pytest.approx(-found.difference, rel=1e-9)


def test_a_repeated_event_adds_nothing() -> None:
    values, is_first = draw(7)
    once = group_difference(values, is_first, episode=np.arange(12))
    twice = group_difference(
        np.tile(values, 2), np.tile(is_first, 2), episode=np.tile(range(12), 2)
    )
    assert twice.p_value == pytest.approx(once.p_value)
    assert twice.std_error == pytest.approx(once.std_error)
    assert (twice.n_events, twice.n_episodes) == (24, 12)


def test_an_episode_of_both_groups_is_left_out() -> None:
    values, is_first = draw(8)
    episode = np.array([0, 1, 2, 3, 99, 99, *range(6, 12)])  # events 4 (first) and 5 (second)
    found = group_difference(values, is_first, episode=episode)
    rows = np.delete(np.arange(12), [4, 5])
    without = group_difference(values[rows], is_first[rows], episode=episode[rows])
    assert found.n_mixed == 2
    assert found.n_events == 10
    assert found.difference == without.difference
    assert found.p_value == without.p_value


@pytest.mark.parametrize(
    ("episode", "words"),
    [
        ([0, 0, 1, 2], "groups of 1 and 2 separate episodes, each needs 2"),
        ([0, 1, 0, 1], "groups of 0 and 0 separate episodes, each needs 2"),
    ],
)
def test_too_few_episodes_have_a_reason(episode: list[int], words: str) -> None:
    found = group_difference(
        np.array([1.0, 2.0, 3.0, 4.0]),
        np.array([True, True, False, False]),
        episode=np.array(episode),
    )
    assert np.isnan(found.p_value)
    assert found.reason == words


def test_groups_without_spread_have_a_reason() -> None:
    found = group_difference(
        np.array([1.0, 1.0, 2.0, 2.0]),
        np.array([True, True, False, False]),
        episode=np.arange(4),
    )
    assert (found.difference, found.std_error) == (-1.0, 0.0)
    assert np.isnan(found.p_value)
    assert found.reason == "neither group varies"


def rejections(values: Float, is_first: Bool, episode: Int) -> float:
    """Share of rows of values with p below 5 %."""
    p_values = [
        group_difference(row, is_first, episode=episode, draws=199, seed=seed).p_value
        for seed, row in enumerate(values)
    ]
    return float((np.array(p_values) <= 0.05).mean())


def test_size_with_episodes() -> None:
    # 30 episodes of one to three events that move together; 5 % +- 3 Monte Carlo errors.
    rng = np.random.default_rng(11)
    episode = np.repeat(np.arange(30), np.tile([1, 2, 3], 10))
    is_first = episode < 12
    values = rng.normal(size=(500, 30))[:, episode] + 0.1 * rng.normal(size=(500, len(episode)))
    assert abs(rejections(values, is_first, episode) - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 500)
    # As if all events were independent, far too many.
    assert rejections(values, is_first, np.arange(len(episode))) > 0.1


def plain_rejections(values: Float, n_first: int) -> float:
    """Share of rows with p below 5 % when the plain difference of means is permuted."""
    rng = np.random.default_rng(0)
    found = []
    for row in values:
        splits = np.vstack([row, row[np.argsort(rng.random((199, len(row))), axis=1)]])
        gap = splits[:, :n_first].mean(axis=1) - splits[:, n_first:].mean(axis=1)
        found.append(2 * min((gap >= gap[0]).mean(), (gap <= gap[0]).mean()) <= 0.05)
    return float(np.mean(found))


def test_size_with_unequal_spread() -> None:
    # 20 wild events against 60 calm ones: the studentised difference holds its level about.
    rng = np.random.default_rng(12)
    is_first = np.arange(80) < 20
    values = rng.normal(size=(500, 80)) * np.where(is_first, 2.0, 1.0)
    assert 0.02 < rejections(values, is_first, np.arange(80)) < 0.10
    assert plain_rejections(values, 20) > 0.11
