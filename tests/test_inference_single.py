"""Permutation and rank tests of one event: worked by hand, by a slow twin, and under the null."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from oilshock.inference import single
from oilshock.inference.single import estimation_rank, permutation
from oilshock.typing import Float


def permute(ar: list[float] | Float, own: list[float] | Float, **options: int) -> tuple[float, ...]:
    ar, own = np.atleast_2d(ar).astype(float), np.atleast_2d(own).astype(float)
    found = permutation(ar, own, df=np.array([own.shape[1] - 1]), **options)
    return float(found.statistic[0]), float(found.p_value[0])


def rank(car: float, own: Float, *, days: int, sessions: Float | None = None) -> tuple[float, ...]:
    """The mean model: (X'X)^-1 = 1 / L, and the regressors of m days sum to m."""
    length = len(own)
    found = estimation_rank(
        np.array([car]),
        np.array([[float(days)]]),
        days=days,
        residuals=own[np.newaxis],
        x=np.ones((1, length, 1)),
        xtx_inverse=np.array([[[1.0 / length]]]),
        sessions=np.arange(length)[np.newaxis] if sessions is None else sessions[np.newaxis],
    )
    return float(found.statistic[0]), float(found.p_value[0]), found.reason[0]


def test_one_day_by_hand() -> None:
    # S^2 = (1 + 1 + 4 + 4) / 3, t = 2 / sqrt(10/3). Of |1|, |-1|, |2|, |-2|, |2| three are >= 2.
    statistic, p = permute([2.0], [1.0, -1.0, 2.0, -2.0])
    assert statistic == pytest.approx(2.0 / np.sqrt(10 / 3))
    assert p == 3 / 5


def test_two_days_by_hand() -> None:
    # Pool 3, -1, -2 | 2, 2. CAR 4, CAR^2 = 16, rest 9 + 1 + 4 = 14: T^2 ~ 16/14 = 1.14.
    # Pairs of the pool, sum^2 / rest of squares (22 in all):
    #  3,-1: 4/12   3,-2: 1/9    3,2: 25/9    3,2: 25/9   -1,-2: 9/17
    # -1,2: 1/17   -1,2: 1/17   -2,2: 0/14   -2,2: 0/14    2,2: 16/14
    # At least 16/14: 3,2 twice and 2,2 itself: 3 of 10.
    assert permute([2.0, 2.0], [3.0, -1.0, -2.0])[1] == 3 / 10


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_a_slow_twin_gives_the_same(seed: int, m: int) -> None:
    pool = np.random.default_rng(seed).standard_normal(9)
    own, ar = pool[: 9 - m], pool[9 - m :]

    def t(chosen: tuple[int, ...]) -> float:
        rest = np.delete(pool, chosen)
        return abs(pool[list(chosen)].sum()) / np.sqrt(m * (rest**2).sum() / (len(own) - 1))

    seen = t(tuple(range(9 - m, 9)))
    every = [t(chosen) for chosen in combinations(range(9), m)]
    statistic, p = permute(ar, own)
    assert abs(statistic) == pytest.approx(seen)
    assert p == pytest.approx(np.mean([value >= seen * (1 - 1e-12) for value in every]))


def test_random_orders_come_near_all_orders() -> None:
    pool = np.random.default_rng(4).standard_normal(40)
    own, ar = pool[:37], np.array([1.0, 0.8, 0.6])
    exact = permute(ar, own, draws=10_000)[1]  # 9,880 triples
    drawn = permute(ar, own, draws=9_000)[1]
    assert exact != drawn
    assert drawn == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 9_000))


def test_random_p_values_repeat_follow_the_seed_and_are_never_0() -> None:
    own = np.random.default_rng(0).standard_normal(120)
    ar = np.full(6, 9.0)
    assert permute(ar, own, draws=500)[1] == 1 / 501
    ar = np.full(6, 0.3)
    assert permute(ar, own, draws=500) == permute(ar, own, draws=500)
    assert permute(ar, own, draws=500)[1] != permute(ar, own, draws=500, seed=1)[1]


def test_more_draws_than_a_block_are_all_used(monkeypatch: pytest.MonkeyPatch) -> None:
    own = np.random.default_rng(0).standard_normal(30)
    monkeypatch.setattr(single, "BLOCK", 70)
    single._orders.cache_clear()
    p = permute(np.full(5, 9.0), own, draws=250)[1]
    single._orders.cache_clear()
    assert p == 1 / 251


def test_a_p_value_does_not_depend_on_the_other_events() -> None:
    rng = np.random.default_rng(2)
    ar, own = rng.standard_normal((3, 6)), rng.standard_normal((3, 60))
    df = np.full(3, 59)
    together = permutation(ar, own, df=df).p_value
    backwards = permutation(ar[::-1], own[::-1], df=df).p_value[::-1]
    np.testing.assert_array_equal(together, backwards)
    np.testing.assert_array_equal(together[1:2], permutation(ar[1:2], own[1:2], df=df[1:2]).p_value)


@given(st.floats(1e-6, 1e6), st.sampled_from([1, 3]))
def test_the_unit_and_the_sign_do_not_matter(factor: float, m: int) -> None:
    pool = np.random.default_rng(8).standard_normal(40)
    for sign in (-1.0, 1.0):
        p = permute(sign * factor * pool[:m], sign * factor * pool[m:])[1]
        assert p == permute(pool[:m], pool[m:])[1]
        own = pool[m:]
        car = sign * factor * pool[:m].sum()
        assert rank(car, factor * own, days=m)[:2] == rank(pool[:m].sum(), own, days=m)[:2]


def test_p_values_are_uniform_when_returns_are_exchangeable() -> None:
    rng = np.random.default_rng(11)
    own, ar = rng.standard_t(3, (1500, 60)), rng.standard_t(3, (1500, 3))
    df = np.full(1500, 59)
    for m in (1, 3):
        p = permutation(ar[:, :m], own, df=df, draws=199).p_value
        assert stats.kstest(p, "uniform").pvalue > 0.01
        assert abs((p <= 0.05).mean() - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 1500)


@pytest.mark.parametrize(("days", "largest"), [(1, 0.065), (6, 0.07), (16, 0.10)])
def test_the_rank_test_has_the_size_its_docstring_says(days: int, largest: float) -> None:
    rng = np.random.default_rng(12)
    n, length = 2000, 120
    returns = rng.standard_normal((n, length + days))
    own = returns[:, :length] - returns[:, :length].mean(axis=1, keepdims=True)
    car = returns[:, length:].sum(axis=1) - days * returns[:, :length].mean(axis=1)
    found = estimation_rank(
        car,
        np.full((n, 1), float(days)),
        days=days,
        residuals=own,
        x=np.ones((n, length, 1)),
        xtx_inverse=np.full((n, 1, 1), 1.0 / length),
        sessions=np.tile(np.arange(length), (n, 1)),
    )
    assert 0.035 < (found.p_value <= 0.05).mean() < largest
    assert found.p_value.min() >= 1 / (length - days + 2)


def test_ranks_by_hand() -> None:
    # Two days: sums of 1, 2, -3, 4 are 3, -1, 1. L = 4, m = 2: residual sums have variance
    # 2 - 4/4 = 1, the CAR 2 + 1 = 3. CAR 2 is worth 2/sqrt(3) = 1.15: only 3 is larger.
    statistic, p, _ = rank(2.0, np.array([1.0, 2.0, -3.0, 4.0]), days=2)
    assert (statistic, p) == (2.0, 2 / 4)


def test_a_sum_does_not_jump_over_sessions_cut_out() -> None:
    own = np.array([1.0, 2.0, -3.0, 4.0])
    # Sessions 0, 1 | 7, 8: 2 - 3 is no sum of two sessions in a row. Left: 3 and 1.
    assert rank(2.0, own, days=2, sessions=np.array([0, 1, 7, 8]))[:2] == (2.0, 2 / 3)
    lonely = rank(2.0, own, days=2, sessions=np.array([0, 2, 4, 6]))
    assert lonely[2] == "the estimation window has no 2 consecutive sessions"
    assert np.isnan(lonely[:2]).all()


def test_a_window_as_long_as_history_has_nothing_to_be_ranked_among() -> None:
    assert "no 9 consecutive" in rank(2.0, np.array([1.0, 2.0, -3.0]), days=9)[2]


def test_a_p_value_finer_than_separate_windows_can_tell_is_marked() -> None:
    own = np.random.default_rng(0).standard_normal(120)
    assert rank(1e3, own, days=16)[2] == "finer than 6 separate windows can tell"
    assert rank(0.1, own, days=16)[2] == ""
    assert rank(1e3, own, days=1)[2] == ""


def test_what_cannot_be_computed_says_why() -> None:
    own = np.array([[1.0, -1.0, np.nan], [0.0, 0.0, 0.0], [1.0, -1.0, 2.0]])
    ar = np.array([[0.5, np.nan], [0.5, 0.5], [0.5, 0.5]])
    found = permutation(ar, own, df=np.array([1, 2, 2]))
    assert found.reason == (single.INCOMPLETE, single.NO_VARIANCE, "")
    assert np.isnan(found.p_value[:2]).all()
    assert found.p_value[2] > 0
    assert rank(np.nan, np.array([1.0, -1.0]), days=1)[2] == single.INCOMPLETE
    assert rank(1.0, np.zeros(4), days=1)[2] == single.NO_VARIANCE
