"""Stationary-bootstrap intervals: the blocks of arch, the cover they promise, the same each run."""

from __future__ import annotations

import numpy as np
import pytest
from arch.bootstrap import StationaryBootstrap, optimal_block_length
from scipy import stats

from oilshock.inference import bootstrap
from oilshock.inference.bootstrap import BootstrapIntervals, stationary_bootstrap
from oilshock.typing import Float


def intervals(car: Float, own: Float, *, days: int, **options: float) -> BootstrapIntervals:
    """Under the mean model."""
    n, length = own.shape
    return stationary_bootstrap(
        car,
        np.full((n, 1), float(days)),
        days=days,
        residuals=own,
        x=np.ones((n, length, 1)),
        xtx_inverse=np.full((n, 1, 1), 1.0 / length),
        **options,  # type: ignore[arg-type]
    )


def noise(n: int, length: int, *, seed: int) -> Float:
    return np.random.default_rng(seed).standard_normal((n, length))


def test_the_error_is_that_of_the_same_blocks_drawn_by_arch() -> None:
    own = noise(1, 80, seed=1)
    own -= own.mean()
    found = intervals(np.array([2.0]), own, days=3, draws=400, seed=7)
    best = optimal_block_length(own[0])["stationary"].iloc[0]
    block = max(1, round(best))
    assert found.block_length.tolist() == [block]
    rng = np.random.default_rng([7, 3, 80, block])
    drawn = StationaryBootstrap(block, own[0], seed=rng).bootstrap(400)
    resampled = np.array([data[0] for data, _ in drawn]) * np.sqrt(80 / 79)
    error = resampled[:, :3].sum(axis=1) - 3 * np.roll(resampled.mean(axis=1), 1)
    low, high = np.quantile(error, [0.025, 0.975])
    assert (found.low[0], found.high[0]) == pytest.approx((2.0 - high, 2.0 - low))


@pytest.mark.parametrize("days", [1, 5])
def test_on_noise_the_width_is_that_of_the_forecast_error(days: int) -> None:
    own = noise(40, 120, seed=2)
    own -= own.mean(axis=1, keepdims=True)
    found = intervals(np.zeros(40), own, days=days, draws=2_000)
    expected = 2 * stats.norm.isf(0.025) * np.sqrt(days + days**2 / 120)
    assert (found.high - found.low).mean() == pytest.approx(expected, rel=0.07)


def test_the_intervals_cover_what_they_say() -> None:
    returns = noise(400, 124, seed=3)
    mean = returns[:, :120].mean(axis=1)
    own = returns[:, :120] - mean[:, np.newaxis]
    car = returns[:, 120:].sum(axis=1) - 4 * mean
    found = intervals(car, own, days=4, draws=500, alpha=0.10)
    covered = ((found.low < 0) & (found.high > 0)).mean()
    assert covered == pytest.approx(0.90, abs=0.05)


def test_lasting_moves_widen_the_interval_of_a_sum() -> None:
    shocks = noise(1, 401, seed=4)[0]
    own = np.empty(401)
    own[0] = 0.0
    for t in range(1, 401):
        own[t] = 0.7 * own[t - 1] + shocks[t]
    own = own[1:] - own[1:].mean()
    shuffled = np.random.default_rng(0).permutation(own)
    width = [
        float((found.high - found.low)[0])
        for found in (
            intervals(np.zeros(1), series[np.newaxis], days=10, draws=2_000)
            for series in (own, shuffled)
        )
    ]
    assert width[0] > 1.4 * width[1]


def test_intervals_repeat_follow_the_seed_and_the_unit() -> None:
    own, car = noise(2, 60, seed=5), np.array([0.5, -0.5])
    first, again = (intervals(car, own, days=2, draws=300) for _ in range(2))
    np.testing.assert_array_equal(first.low, again.low)
    assert (intervals(car, own, days=2, draws=300, seed=1).low != first.low).all()
    usd = intervals(car * 80, own * 80, days=2, draws=300)
    np.testing.assert_allclose(usd.low, first.low * 80, rtol=1e-9)
    alone = intervals(car[1:], own[1:], days=2, draws=300)
    np.testing.assert_array_equal(alone.high, first.high[1:])


def test_what_cannot_be_computed_says_why() -> None:
    own = noise(3, 20, seed=6)
    own[1] = 0.0
    own[2, :18] = np.nan
    found = intervals(np.array([np.nan, 1.0, 1.0]), own, days=3, draws=100)
    assert found.reason == (
        bootstrap.INCOMPLETE,
        bootstrap.NO_VARIANCE,
        "the bootstrap needs 20 returns, has 2",
    )
    assert np.isnan(found.low).all()
    long = intervals(np.ones(1), noise(1, 25, seed=6), days=30, draws=100)
    assert long.reason == ("the bootstrap needs 30 returns, has 25",)
