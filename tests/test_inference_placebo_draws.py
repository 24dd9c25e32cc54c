"""The placebo law of several windows, and sizes drawn from it."""

from __future__ import annotations

import numpy as np
import pytest
from placebo_cases import law_of

from oilshock.inference.placebo import (
    critical_size,
    equivalent_sizes,
    max_law,
    placebo_law,
    rate,
    smooth_sizes,
)
from oilshock.inference.placebo_scale import expected_size


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
