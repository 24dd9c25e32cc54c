"""The placebo law against plain twins, and the properties that make its p values fair."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from oilshock.inference.placebo import (
    NEAREST_ESTIMATION,
    NEAREST_RECENT,
    PlaceboLaw,
    critical_size,
    equivalent_sizes,
    expected_size,
    fit_scale,
    max_law,
    placebo_law,
    rate,
    smooth_sizes,
    survival,
)
from oilshock.inference.tail import fit_tail
from oilshock.typing import Float, Int

ALPHAS = (0.5, 0.25, 0.1, 0.05, 0.031, 0.02, 0.01, 0.005, 0.002, 0.001)


def sessions(n: int, *, seed: int = 0) -> dict[str, Any]:
    """CARs whose spread follows two variances that wander, with gaps between the sessions."""
    rng = np.random.default_rng(seed)
    recent = 4e-4 * np.exp(0.9 * np.sin(np.arange(n) / 37.0) + 0.2 * rng.standard_normal(n))
    estimation = 4e-4 * np.exp(0.6 * np.sin(np.arange(n) / 211.0))
    car = rng.standard_t(5, n) * (recent * estimation) ** 0.25
    position = 100 + np.cumsum(rng.choice([1, 1, 1, 1, 7], n))
    return {"car": car, "position": position, "recent": recent, "estimation": estimation}


@lru_cache
def law_of(n: int, seed: int = 0) -> PlaceboLaw:
    own = sessions(n, seed=seed)
    return placebo_law(own.pop("car"), **own)


def events(n: int, *, among: int, seed: int = 1) -> dict[str, Any]:
    """Events at sessions of the placebos, between them, before the first and after the last."""
    rng = np.random.default_rng(seed)
    last = int(sessions(among)["position"][-1])
    return {
        "car": rng.standard_t(2, n) * 0.03,
        "recent": np.exp(rng.uniform(-9.0, -6.0, n)),
        "estimation": np.exp(rng.uniform(-9.0, -7.0, n)),
        "position": rng.integers(50, last + 60, n),
    }


def p_of(law: PlaceboLaw, own: dict[str, Any], *, reach: int) -> Float:
    rest = {key: value for key, value in own.items() if key != "car"}
    return rate(law, own["car"], **rest, reach=reach).p_value


def test_the_log_linear_form_is_the_gamma_glm_of_statsmodels() -> None:
    import statsmodels.api as sm

    own = sessions(1500)
    size = np.abs(own["car"])
    mixed = 0.7 * own["recent"] + 0.3 * own["estimation"]
    design = sm.add_constant(np.log(mixed))
    family = sm.families.Gamma(sm.families.links.Log())
    expected = sm.GLM(size, design, family=family).fit(tol=1e-14, maxiter=200).params
    found = fit_scale(size, recent=own["recent"], estimation=own["estimation"])
    assert found.coefficients == pytest.approx(expected, rel=1e-7)


def nearest_mean(values: Float, variance: Float, at: float, *, share: float) -> float:
    """The mean over the share of the placebos nearest in rank, one at a time."""
    order = sorted(range(len(values)), key=lambda row: variance[row])
    k = int(share * len(values))
    below = sum(1 for row in order if variance[row] < at)
    first = min(max(below - k // 2, 0), len(values) - k)
    return sum(values[row] for row in order[first : first + k]) / k


def test_the_expected_size_is_that_of_a_plain_loop() -> None:
    own = sessions(260)
    size, recent, estimation = np.abs(own["car"]), own["recent"], own["estimation"]
    scale = fit_scale(size, recent=recent, estimation=estimation)
    b0, b1 = scale.coefficients
    base = np.array(
        [
            np.exp(b0 + b1 * np.log(0.7 * v + 0.3 * s))
            for v, s in zip(recent, estimation, strict=True)
        ]
    )
    left = size / base
    first = [nearest_mean(left, estimation, s, share=NEAREST_ESTIMATION) for s in estimation]
    second = left / np.array(first)
    for v, s in ((recent[3], estimation[3]), (1e-6, 1e-2), (5e-4, 3e-4), (1e-2, 1e-7)):
        expected = np.exp(b0 + b1 * np.log(0.7 * v + 0.3 * s))
        expected *= nearest_mean(left, estimation, s, share=NEAREST_ESTIMATION)
        expected *= nearest_mean(second, recent, v, share=NEAREST_RECENT)
        found = expected_size(scale, recent=np.array([v]), estimation=np.array([s]))
        assert found[0] == pytest.approx(expected, rel=1e-9)


def test_the_mean_of_the_scaled_size_is_one_in_every_regime() -> None:
    law, own = law_of(3000), sessions(3000)
    for variance in (own["recent"], own["estimation"]):
        quarter = np.searchsorted(np.quantile(variance, [0.25, 0.5, 0.75]), variance)
        means = [np.abs(law.scaled)[quarter == q].mean() for q in range(4)]
        assert means == pytest.approx([1.0] * 4, abs=0.06)


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


def test_the_band_of_the_maximum_holds_on_whole_paths() -> None:
    rng = np.random.default_rng(5)
    n, days, half = 6000, 8, 3000
    path = np.cumsum(rng.standard_t(5, (n, days)), axis=1)
    same = {"recent": np.full(half, 1.0), "estimation": np.full(half, 1.0)}
    laws = [placebo_law(path[:half, day], position=np.arange(half), **same) for day in range(days)]
    away = np.array([n * 10])
    critical = critical_size(max_law(laws), alpha=0.05, position=away, reach=5)[0]
    size = np.array(
        [expected_size(law.scale, **{k: v[:1] for k, v in same.items()})[0] for law in laws]
    )
    held = (np.abs(path[half:]) <= critical * size).all(axis=1).mean()
    # Two binomial errors of both halves: 2 sqrt(2 x 0.05 x 0.95 / 3000) = 1.1 %.
    assert held == pytest.approx(0.95, abs=0.0115)
    one_day = critical_size(laws[0], alpha=0.05, position=away, reach=5)[0]
    pointwise = (np.abs(path[half:]) <= one_day * size).all(axis=1).mean()
    assert pointwise < 0.9


def test_the_largest_of_one_window_is_the_window_itself() -> None:
    law = law_of(600)
    np.testing.assert_array_equal(max_law([law]).ordered, law.ordered)


def test_drawn_sizes_keep_a_placebo_the_same_within_a_draw() -> None:
    law = law_of(3000)
    top = np.argsort(np.abs(law.scaled))[-3:]
    places = np.tile(np.array([5, *top, *top[::-1], 5]), (200, 1))
    drawn = smooth_sizes(law, places, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(drawn[:, 1:4], drawn[:, 4:7][:, ::-1])
    np.testing.assert_array_equal(drawn[:, 0], np.full(200, np.abs(law.scaled)[5]))
    assert len(np.unique(drawn[:, 1:4])) == 600


def test_drawn_sizes_follow_the_law_that_rates() -> None:
    law = law_of(3000)
    n = 200_000
    rng = np.random.default_rng(1)
    places = rng.integers(len(law.scaled), size=(n, 1))
    drawn = smooth_sizes(law, places, rng=rng)[:, 0]
    away = np.array([10**6])
    for alpha in (0.05, 0.01, 0.001):
        critical = critical_size(law, alpha=alpha, position=away, reach=0)[0]
        share = (drawn > critical).mean()
        assert share == pytest.approx(alpha, abs=4 * np.sqrt(alpha / n) + 1 / 3000)
    without = law_of(600)
    places = rng.integers(600, size=(50, 4))
    found = smooth_sizes(without, places, rng=rng)
    np.testing.assert_array_equal(found, np.abs(without.scaled)[places])


def test_equivalent_sizes_have_the_p_values_of_the_events_in_the_law_of_all() -> None:
    law = law_of(3000)
    largest = int(law.position[np.argmax(np.abs(law.scaled))])
    at = {"recent": np.full(3, 4e-4), "estimation": np.full(3, 4e-4)}
    size = expected_size(law.scale, **at)
    # At the largest placebo, which is then left out, and far from it.
    position = np.array([largest, 10**6, 10**6])
    sizes = law.ordered[-1] * np.array([1.0, 1.0, 0.1])
    rating = rate(law, sizes * size, **at, position=position, reach=3)
    assert rating.extrapolated.tolist() == [True, True, False]
    found = equivalent_sizes(law, rating)
    assert found[0] > sizes[0]
    np.testing.assert_allclose(found[1:], sizes[1:], rtol=1e-9)
    away = rate(law, found * size, **at, position=np.full(3, 10**6), reach=3)
    np.testing.assert_allclose(away.p_value, rating.p_value, rtol=1e-9)


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
