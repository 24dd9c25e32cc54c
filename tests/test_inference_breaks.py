"""Structural breaks: the exact segmentation, Bai's interval, and noise without a break."""

from __future__ import annotations

import numpy as np
import pytest

from oilshock.inference.breaks import argmax_quantile, long_run_variance, mean_breaks


def test_quantiles_are_those_of_bai() -> None:
    """Bai (1997), section 3: 7 at 90 % and 11 at 95 %, as Yao (1987) tabulates them."""
    assert argmax_quantile(0.05) == pytest.approx(11.03, abs=0.01)
    assert argmax_quantile(0.10) == pytest.approx(7.69, abs=0.01)
    assert argmax_quantile(0.001) > argmax_quantile(0.01) > argmax_quantile(0.05)


def test_the_law_is_that_of_the_argmax() -> None:
    """Simulate argmax of W(s) - |s| / 2 on a fine grid: 95 % lie within the quantile."""
    rng = np.random.default_rng(0)
    step, reach = 0.05, 60.0
    steps = rng.normal(0, np.sqrt(step), size=(2, 3000, int(reach / step)))
    time = step * np.arange(1, steps.shape[2] + 1)
    paths = steps.cumsum(axis=2) - time / 2
    best = paths.max(axis=2)
    side = best.argmax(axis=0)
    at = paths.argmax(axis=2)[side, np.arange(3000)]
    inside = (best.max(axis=0) <= 0) | (time[at] <= argmax_quantile(0.05))
    assert inside.mean() == pytest.approx(0.95, abs=0.012)


def test_one_break_is_the_best_of_all_splits() -> None:
    rng = np.random.default_rng(7)
    values = rng.standard_normal(300) + 1.5 * (np.arange(300) >= 130)
    (found,) = mean_breaks(values, shortest=20)
    costs = {
        split: values[:split].var() * split + values[split:].var() * (300 - split)
        for split in range(20, 281)
    }
    assert found.position == min(costs, key=costs.get)
    assert found.before == pytest.approx(values[: found.position].mean())
    assert found.after == pytest.approx(values[found.position :].mean())


def test_the_interval_on_paper() -> None:
    """A shift of 1, w known: half = 1 + floor(11.03 w)."""
    rng = np.random.default_rng(3)
    values = rng.standard_normal(400) + 2.0 * (np.arange(400) >= 200)
    (found,) = mean_breaks(values, shortest=50)
    rest = values - np.where(np.arange(400) < found.position, found.before, found.after)
    shift = found.after - found.before
    half = 1 + int(argmax_quantile(0.05) * long_run_variance(rest) / shift**2)
    assert (found.low, found.high) == (found.position - half, found.position + half)


def test_the_interval_covers_the_break() -> None:
    rng = np.random.default_rng(1)
    covered = []
    for _ in range(150):
        values = rng.standard_normal(400) + 1.0 * (np.arange(400) >= 180)
        found = mean_breaks(values, shortest=40)
        covered.append(any(each.low <= 180 <= each.high for each in found))
    assert np.mean(covered) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 150)


def test_noise_has_hardly_a_break() -> None:
    rng = np.random.default_rng(2)
    found = [bool(mean_breaks(rng.standard_normal(1000), shortest=60)) for _ in range(60)]
    assert np.mean(found) <= 0.10


def test_fat_tails_and_dependence_have_hardly_a_break() -> None:
    rng = np.random.default_rng(4)
    found = []
    for _ in range(40):
        noise = rng.standard_t(4, 1200)
        for place in range(1, 1200):
            noise[place] += 0.4 * noise[place - 1]
        found.append(bool(mean_breaks(noise, shortest=60)))
    assert np.mean(found) <= 0.15


def test_unit_and_level_do_not_matter() -> None:
    rng = np.random.default_rng(5)
    values = rng.standard_normal(500) + 2.0 * (np.arange(500) >= 300)
    base, moved = mean_breaks(values, shortest=30), mean_breaks(7.0 - 3.0 * values, shortest=30)
    assert [(b.position, b.low, b.high) for b in base] == [
        (b.position, b.low, b.high) for b in moved
    ]


@pytest.mark.parametrize("values", [np.zeros(500), np.arange(50.0)], ids=["constant", "short"])
def test_no_break_where_none_can_be(values: np.ndarray) -> None:
    assert mean_breaks(values, shortest=60) == ()


def test_the_interval_stays_inside_the_series() -> None:
    values = np.append(np.zeros(30), np.full(400, 0.4)) + np.random.default_rng(1).normal(
        0, 0.4, 430
    )
    for found in mean_breaks(values, shortest=20):
        assert 0 <= found.low <= found.position <= found.high < 430


def test_long_run_variance_is_that_of_statsmodels() -> None:
    from statsmodels.stats.sandwich_covariance import S_hac_simple

    residual = np.random.default_rng(6).standard_normal(250)
    residual -= residual.mean()
    lags = int(4 * (250 / 100) ** (2 / 9))
    expected = float(S_hac_simple(residual[:, np.newaxis], nlags=lags).item()) / 250
    assert long_run_variance(residual) == pytest.approx(expected, rel=1e-12)


def test_breaks_of_a_bundled_series_hold_the_wars() -> None:
    import oilshock as osk

    prices = osk.load_prices()
    returns = np.diff(np.log(prices.to_numpy()))
    dates = prices.index[1:]
    found = mean_breaks(np.abs(returns), shortest=60)
    spans = [(dates[each.low], dates[each.high]) for each in found]
    for day in ("1990-08-02", "2008-09-15", "2020-03-06", "2022-02-24", "2026-03-02"):
        assert any(low <= np.datetime64(day) <= high for low, high in spans), day


def test_the_normal_tail_is_used_in_logs() -> None:
    """At large x the law must not overflow: its tail behaves like that of its exponent."""
    assert np.isfinite(argmax_quantile(1e-12))
