"""The placebo law against plain twins, and the properties that make its p values fair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from placebo_cases import events, law_of, p_of, sessions
from scipy import stats

from oilshock.inference.placebo import (
    PlaceboLaw,
    critical_size,
    placebo_law,
    rate,
    survival,
)
from oilshock.inference.placebo_scale import expected_size
from oilshock.inference.tail import fit_tail
from oilshock.typing import Float, Int

ALPHAS = (0.5, 0.25, 0.1, 0.05, 0.031, 0.02, 0.01, 0.005, 0.002, 0.001)


def brute_force(law: PlaceboLaw, own: dict[str, Any], *, reach: int) -> tuple[Float, Int]:
    """P values and counts by a loop over events and placebos, and scipy's Pareto tail."""
    size = expected_size(law.scale, recent=own["recent"], estimation=own["estimation"])
    p_values, counts = [], []
    for row, position in enumerate(own["position"]):
        scaled = abs(own["car"][row] / size[row])
        kept = [
            abs(other)
            for other, session in zip(law.scaled, law.position, strict=True)
            if abs(int(session) - int(position)) > reach
        ]
        larger = sum(other >= scaled for other in kept)
        p_value = (1 + larger) / (len(kept) + 1)
        own_tail = fit_tail(np.sort(kept))
        if own_tail is not None and larger < 9:
            tail = stats.genpareto(own_tail.shape, scale=own_tail.scale)
            beyond = own_tail.share * tail.sf(max(scaled - own_tail.threshold, 0.0))
            p_value = min(beyond, 10 / (len(kept) + 1))
        p_values.append(p_value if len(kept) >= 200 else np.nan)
        counts.append(len(kept))
    return np.array(p_values), np.array(counts)


@pytest.mark.parametrize("n", [220, 600, 1500])
@pytest.mark.parametrize("reach", [0, 1, 20])
def test_ratings_are_those_of_a_loop_over_events_and_placebos(n: int, reach: int) -> None:
    law, own = law_of(n), events(60, among=n)
    p_value, counts = brute_force(law, own, reach=reach)
    rest = {key: value for key, value in own.items() if key != "car"}
    found = rate(law, own["car"], **rest, reach=reach)
    np.testing.assert_array_equal(found.n_placebos, counts)
    np.testing.assert_allclose(found.p_value, p_value, rtol=1e-12)
    assert counts.min() < n or reach == 0
    assert counts.max() <= n


def test_a_tie_counts_against_the_event() -> None:
    law = law_of(600)
    size = expected_size(law.scale, recent=np.array([4e-4]), estimation=np.array([4e-4]))
    own = {"recent": np.array([4e-4]), "estimation": np.array([4e-4]), "position": np.array([0])}
    third = law.ordered[-300]
    for car, larger in ((third, 300), (np.nextafter(third, 9.0), 299)):
        # The law is asked in its own unit: a size of one makes the division exact.
        scaled = rate(law, car * size, **own, reach=0)
        if scaled.scaled[0] == car:
            assert scaled.p_value[0] == (1 + larger) / 601
    zero = rate(law, np.array([0.0]), **own, reach=0)
    assert zero.p_value[0] == 1.0


@given(st.floats(0.0, 60.0), st.floats(0.0, 60.0), st.sampled_from([220, 800, 1500]))
def test_p_falls_as_the_car_grows(one: float, other: float, n: int) -> None:
    law = law_of(n)
    size = expected_size(law.scale, recent=np.array([4e-4]), estimation=np.array([4e-4]))
    own = {"recent": np.full(2, 4e-4), "estimation": np.full(2, 4e-4), "position": np.full(2, 400)}
    small, large = sorted([one, other])
    p_small, p_large = rate(law, np.array([small, large]) * size, **own, reach=20).p_value
    assert 0 < p_large <= p_small <= 1


@pytest.mark.parametrize("n", [900, 3000])
def test_p_falls_as_the_car_grows_though_the_largest_placebos_crowd(n: int) -> None:
    """Placebos of a bounded law: a tail that ends would send p back up beyond its end.

    The exponential tail gives p = 0.075 exp(-2) = 0.010 where the largest of them lie: of 3,000
    that is more than 10 / (n + 1), from where on the tail rates, so that p must be held there.
    """
    own = sessions(n)
    spread = np.random.default_rng(3).uniform(size=n)
    own["car"] = np.sign(own["car"]) * np.sqrt(own["recent"]) * spread
    law = placebo_law(own.pop("car"), **own)
    steps = 400
    at = {
        "recent": np.full(steps, 4e-4),
        "estimation": np.full(steps, 4e-4),
        "position": np.zeros(steps, int),
    }
    size = expected_size(law.scale, recent=at["recent"], estimation=at["estimation"])
    # Half of the steps among the largest placebos, where the tail takes over.
    values = np.sort(np.concatenate([law.ordered[-200:], np.linspace(0.0, 40.0, 200)]))
    p_value = rate(law, values * size, **at, reach=0).p_value
    assert (np.diff(p_value) <= 0).all()
    assert (p_value > 0).all()


@settings(max_examples=60)
@given(
    st.sampled_from([220, 600, 800, 1500, 3000]),
    st.integers(0, 10_000),
    st.one_of(st.sampled_from(ALPHAS), st.floats(0.0005, 0.5)),
    st.sampled_from([0, 3, 20]),
)
def test_p_is_below_alpha_where_the_size_is_above_the_critical_one(
    n: int, seed: int, alpha: float, reach: int
) -> None:
    law, own = law_of(n), events(80, among=n, seed=seed)
    critical = critical_size(law, alpha=alpha, position=own["position"], reach=reach)
    size = expected_size(law.scale, recent=own["recent"], estimation=own["estimation"])
    near = np.random.default_rng(seed).choice([0.5, 0.98, 1.02, 2.0], 80)
    own["car"] = near * np.where(np.isnan(critical), 1.0, critical) * size
    p_value = p_of(law, own, reach=reach)
    known = ~np.isnan(critical)
    np.testing.assert_array_equal((p_value < alpha)[known], (near > 1)[known])


@pytest.mark.parametrize("alpha", [0.5, 0.2, 0.1, 0.06])
def test_the_critical_size_is_that_of_a_sort_of_the_placebos_that_stay(alpha: float) -> None:
    law = law_of(600)
    every = law.position
    found = critical_size(law, alpha=alpha, position=every, reach=20)
    for own, critical in zip(every, found, strict=True):
        kept = sorted(np.abs(law.scaled[np.abs(every - own) > 20]).tolist(), reverse=True)
        # p = (1 + larger) / (n + 1) < alpha needs larger < alpha (n + 1) - 1.
        larger = int(np.ceil(alpha * (len(kept) + 1) - 1)) - 1
        assert critical == kept[larger]


@pytest.mark.parametrize("n", [199, 259, 399, 499, 999, 1499, 1999])
@pytest.mark.parametrize("alpha", [0.1, 0.05, 0.04, 0.01, 0.02, 0.3])
def test_levels_that_fall_on_a_step_are_kept(n: int, alpha: float) -> None:
    """With n + 1 a multiple of 1 / alpha, p = alpha is possible and is not below alpha."""
    law = law_of(n + 1)
    position = law.position[:1]
    critical = critical_size(law, alpha=alpha, position=position, reach=0)
    if np.isnan(critical[0]) or alpha * (n + 1) < 10:
        return
    kept = np.sort(np.abs(law.scaled[1:]))
    larger = int((kept >= critical[0]).sum())
    assert (1 + larger) / (n + 1) >= alpha
    beyond = int((kept > critical[0]).sum())
    assert (1 + beyond) / (n + 1) < alpha


@given(st.floats(1e-3, 1e3), st.integers(0, 50))
@settings(max_examples=25)
def test_the_unit_of_the_returns_does_not_matter(c: float, seed: int) -> None:
    own, seen = sessions(400, seed=seed), events(40, among=400, seed=seed)
    p_value = p_of(law_of(400, seed), seen, reach=20)
    for each in (own, seen):
        each["car"] = each["car"] * c
        each["recent"], each["estimation"] = each["recent"] * c**2, each["estimation"] * c**2
    scaled = p_of(placebo_law(own.pop("car"), **own), seen, reach=20)
    # A placebo that ties with an event but for rounding moves its p value by one step.
    np.testing.assert_allclose(scaled, p_value, rtol=1e-6, atol=1.5 / 400)
    assert np.isclose(scaled, p_value, rtol=1e-6).mean() > 0.9


def test_the_sign_of_the_car_does_not_matter() -> None:
    own, seen = sessions(600), events(40, among=600)
    p_value = p_of(law_of(600), seen, reach=20)
    for each in (own, seen):
        each["car"] = -each["car"]
    np.testing.assert_array_equal(p_of(placebo_law(own.pop("car"), **own), seen, reach=20), p_value)


@given(st.permutations(range(30)))
@settings(max_examples=20)
def test_the_order_of_events_does_not_matter(order: list[int]) -> None:
    law, own = law_of(600), events(30, among=600)
    p_value = p_of(law, own, reach=20)
    shuffled = {key: value[order] for key, value in own.items()}
    np.testing.assert_array_equal(p_of(law, shuffled, reach=20), p_value[order])


@pytest.mark.parametrize("at", [300, 1200, 2000])
def test_a_huge_shock_leaves_the_p_values_of_other_events_nearly_alone(at: int) -> None:
    clean, shocked = sessions(3000), sessions(3000)
    shocked["car"][at] += 50 * 0.02
    rows = np.flatnonzero(np.abs(clean["position"] - clean["position"][at]) > 400)[::40]
    seen = {key: value[rows] for key, value in clean.items()}
    before = p_of(placebo_law(clean.pop("car"), **clean), seen, reach=20)
    after = p_of(placebo_law(shocked.pop("car"), **shocked), seen, reach=20)
    # A fifth of the 3,000 placebos share the shock in their mean size: 50 / 600, a twelfth.
    # That moves the ranks in the middle by a few per cent, and small p values by less.
    assert np.abs(after - before).mean() < 0.02
    assert np.abs(after - before).max() < 0.06
    assert np.abs(after - before)[before < 0.1].max() < 0.015


@pytest.mark.parametrize("shock", [0.0, 0.02, 0.05, 0.08, 1.0])
def test_the_shock_is_rated_as_if_the_law_had_never_seen_it(shock: float) -> None:
    own = sessions(3000)
    away = np.abs(own["position"] - own["position"][1200])
    own["car"][away <= 5] += shock
    seen = {key: value[[1200]] for key, value in own.items()}
    rest = {key: value[away > 20] for key, value in own.items()}
    without = placebo_law(rest.pop("car"), **rest)
    law = placebo_law(own.pop("car"), **own)
    found, refit = p_of(law, seen, reach=20)[0], p_of(without, seen, reach=20)[0]
    assert found == pytest.approx(refit, rel=0.35, abs=0.02)


def test_fewer_than_200_placebos_give_no_p_value() -> None:
    own = sessions(205)
    law = placebo_law(own.pop("car"), **own)
    at = law.position[[100, 100]] + np.array([0, 10_000])
    alike = {"recent": np.full(2, 4e-4), "estimation": np.full(2, 4e-4), "position": at}
    found = rate(law, np.array([0.9, 0.9]), **alike, reach=20)
    assert found.n_placebos[0] < 200 <= found.n_placebos[1] == 205
    assert np.isnan(found.p_value).tolist() == [True, False]
    assert found.bounded.tolist() == [False, True]
    critical = critical_size(law, alpha=0.1, position=at, reach=20)
    assert np.isnan(critical).tolist() == [True, False]


def test_no_car_and_no_volatility_give_no_p_value() -> None:
    law = law_of(600)
    found = rate(
        law,
        np.array([np.nan, 0.02, 0.02, 0.02, 0.02]),
        recent=np.array([4e-4, 0.0, np.nan, 4e-4, 4e-4]),
        estimation=np.array([4e-4, 4e-4, 4e-4, 0.0, 4e-4]),
        position=np.full(5, 300),
        reach=20,
    )
    assert np.isnan(found.p_value).tolist() == [True, True, True, True, False]
    assert np.isnan(found.scaled).tolist() == [True, True, True, True, False]
    assert not found.bounded[:4].any()
    assert not found.extrapolated[:4].any()


def test_flags_say_where_a_p_value_comes_from() -> None:
    at = {"recent": np.full(2, 4e-4), "estimation": np.full(2, 4e-4), "position": np.zeros(2, int)}
    few, many = law_of(600), law_of(3000)
    assert few.tail is None
    assert many.tail is not None
    largest = rate(few, np.array([0.001, 5.0]), **at, reach=0)
    assert largest.bounded.tolist() == [False, True]
    assert not largest.extrapolated.any()
    assert largest.p_value[1] == 1 / 601
    beyond = rate(many, np.array([0.001, 5.0]), **at, reach=0)
    assert beyond.extrapolated.tolist() == [False, True]
    assert not beyond.bounded.any()
    assert 0 < beyond.p_value[1] < 1 / 3001


def test_volatility_that_never_changes_leaves_the_rank_of_the_car() -> None:
    car = np.random.default_rng(0).standard_normal(500)
    same = {"recent": np.full(500, 1e-4), "estimation": np.full(500, 1e-4)}
    law = placebo_law(car, position=np.arange(500), **same)
    own = {"recent": np.full(3, 1e-4), "estimation": np.full(3, 1e-4)}
    seen = np.array([0.2, -1.0, 1.5])
    found = rate(law, seen, **own, position=np.full(3, 9999), reach=5).p_value
    larger = (np.abs(car)[:, np.newaxis] >= np.abs(seen)).sum(axis=0)
    np.testing.assert_allclose(found, (1 + larger) / 501)


def test_survival_is_half_the_two_sided_rank_and_symmetric() -> None:
    law = law_of(600)
    values = np.array([-3.0, -0.5, 0.0, 0.5, 3.0, np.nan])
    found = survival(law, values)
    np.testing.assert_allclose(found[:5] + found[:5][::-1], 1.0)
    larger = (np.abs(law.scaled) >= 0.5).sum()
    assert found[3] == 0.5 * (1 + larger) / 601
    assert ((found[:5] > 0) & (found[:5] < 1)).all()
    assert (np.diff(found[:5]) < 0).all()
    assert np.isnan(found[5])


@pytest.mark.parametrize("seed", range(3))
def test_p_values_of_ordinary_sessions_are_uniform(seed: int) -> None:
    own, law = sessions(3000, seed=seed + 10), law_of(3000, seed)
    p_value = rate(
        law,
        own["car"],
        recent=own["recent"],
        estimation=own["estimation"],
        position=own["position"] + 10**6,
        reach=0,
    ).p_value
    for alpha in (0.5, 0.1, 0.05, 0.01):
        # Three errors of the difference between two samples of 3,000.
        error = np.sqrt(2 * alpha * (1 - alpha) / 3000)
        assert (p_value < alpha).mean() == pytest.approx(alpha, abs=3 * error)
