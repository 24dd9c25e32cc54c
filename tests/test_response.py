"""Peak, half-life, shares given back, and their bootstrap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oilshock.inference.local_projection import projection_rows
from oilshock.inference.response import (
    bootstrap_responses,
    decay_of,
    left_band,
    percentile_interval,
    shape_of,
)


def test_shape_of_a_path_on_paper() -> None:
    # Peak 10 on day 2. Half of it is 5: first reached on day 5 (4.0), three sessions later.
    # Gone by day 3: 1 - 8/10; by day 5: 1 - 4/10; by day 1, before the peak: not defined.
    path = np.array([[3.0, 6.0, 10.0, 8.0, 7.0, 4.0, 12.0]])
    shape = shape_of(path, peak_within=4, days=[1, 3, 5, 9])
    assert (shape.peak_day[0], shape.peak[0], shape.half_life[0]) == (2, 10.0, 3.0)
    assert shape.given_back[0] == pytest.approx([np.nan, 0.2, 0.6, np.nan], nan_ok=True)


def test_decay_on_paper() -> None:
    # Base 8 on session 1. Half is 4: first reached on session 4 (3.0), three sessions later.
    path = np.array([[3.0, 8.0, 6.0, 10.0, 3.0]])
    decay = decay_of(path, base=1, days=[2, 3, 4])
    assert decay.half_life.tolist() == [3.0]
    assert decay.given_back[0] == pytest.approx([0.25, -0.25, 0.625])
    assert np.isinf(decay_of(path[:, :4], base=1, days=[2]).half_life[0])


def test_a_fall_has_the_shape_of_the_rise() -> None:
    path = np.array([[3.0, 6.0, 10.0, 8.0, 7.0, 4.0]])
    rise, fall = (shape_of(p, peak_within=4, days=[4]) for p in (path, -path))
    assert fall.peak == pytest.approx(-rise.peak)
    assert fall.half_life == pytest.approx(rise.half_life)
    assert fall.given_back == pytest.approx(rise.given_back)


def test_a_move_that_goes_on_has_no_half_life_and_a_negative_share() -> None:
    shape = shape_of(np.array([[1.0, 1.5, 2.0, 3.0]]), peak_within=1, days=[3])
    assert np.isinf(shape.half_life[0])
    assert shape.given_back[0, 0] == pytest.approx(-1.0)


def test_a_path_cut_short_is_known_as_far_as_it_goes() -> None:
    shape = shape_of(np.array([[2.0, 3.0, np.nan, np.nan]]), peak_within=3, days=[1, 3])
    assert (shape.peak_day[0], shape.peak[0]) == (1, 3.0)
    assert shape.given_back[0] == pytest.approx([0.0, np.nan], nan_ok=True)


@given(st.lists(st.floats(-1, 1), min_size=5, max_size=20), st.floats(0.1, 100))
def test_shapes_do_not_depend_on_the_unit(values: list[float], scale: float) -> None:
    path = np.array([values]) + 1e-3
    one = shape_of(path, peak_within=4, days=[4])
    other = shape_of(scale * path, peak_within=4, days=[4])
    assert other.peak == pytest.approx(scale * one.peak)
    # A share that is a half but for rounding may fall on either side.
    assert other.given_back == pytest.approx(one.given_back, nan_ok=True)


def test_bootstrap_spread_is_the_standard_error() -> None:
    # Independent returns, events alone: the spread of the draws is sigma / sqrt(n_events) times
    # sqrt(h + 1), within the noise of 600 draws (3 %) and of the sample.
    rng = np.random.default_rng(0)
    n, n_events = 6000, 150
    dummy = np.zeros(n)
    dummy[20 + 39 * np.arange(n_events)] = 1.0
    returns = rng.normal(0, 0.02, n)
    returns[0] = np.nan
    rows = projection_rows(returns, dummy, horizon=5)
    drawn = bootstrap_responses(rows, block=6, draws=600, seed=1)
    expected = 0.02 / np.sqrt(n_events) * np.sqrt(np.arange(1, 7))
    assert drawn.std(axis=0) == pytest.approx(expected, rel=0.2)
    assert drawn.mean(axis=0) == pytest.approx(rows.response, abs=expected.max() / 4)


def test_a_draw_is_the_regression_on_the_drawn_rows() -> None:
    from arch.bootstrap import StationaryBootstrap

    rng = np.random.default_rng(2)
    returns = rng.normal(0, 1, 300)
    returns[0] = np.nan
    dummy = (rng.random(300) < 0.2).astype(float)
    rows = projection_rows(returns, dummy, horizon=0)
    drawn = bootstrap_responses(rows, block=5, draws=3, seed=7)
    twin = StationaryBootstrap(5, np.arange(299), seed=np.random.default_rng(7))
    for own, (index, _) in zip(drawn, twin.bootstrap(3), strict=True):
        t = 1 + index[0]
        x = dummy[t] - dummy[1:].mean()
        y = returns[t] - returns[1:].mean()
        assert own[0] == pytest.approx((x @ y) / (x @ x), rel=1e-9)


def test_bootstrap_repeats_with_its_seed() -> None:
    rng = np.random.default_rng(3)
    returns = rng.normal(0, 1, 200)
    rows = projection_rows(returns, (np.arange(200) % 10 == 0).astype(float), horizon=2)
    one, same, other = (
        bootstrap_responses(rows, block=5, draws=20, seed=seed) for seed in (1, 1, 2)
    )
    assert (one == same).all()
    assert (one != other).any()


def test_percentile_interval_keeps_infinite_draws_and_leaves_nan_out() -> None:
    draws = np.array([[1.0], [2.0], [np.inf], [np.nan]])
    low, high = percentile_interval(draws, alpha=0.1)
    assert (low[0], high[0]) == (1.0, np.inf)
    low, high = percentile_interval(np.full((3, 1), np.nan), alpha=0.1)
    assert np.isnan([low[0], high[0]]).all()


def test_left_band_is_strict_and_false_where_unknown() -> None:
    path, half = np.array([1.0, -2.0, 3.0, np.nan]), np.array([1.0, 1.0, np.nan, 1.0])
    assert left_band(path, half).tolist() == [False, True, False, False]
