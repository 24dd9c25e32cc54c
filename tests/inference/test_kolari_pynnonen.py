"""The correlation of CARs against the engine itself and simulation; the adjusted statistics."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import fit_brent, mean_model

from oilshock.abnormal import abnormal_returns, cumulate
from oilshock.inference import (
    CarWeights,
    bmp,
    bmp_kp,
    car_weights,
    correlation_matrix,
    mean_correlation,
    panel_mean_correlation,
    patell,
    patell_kp,
)
from oilshock.models import Design, fit_ols
from oilshock.typing import Float, Int, Window
from oilshock.windows import estimation_windows, event_windows

LENGTH, GAP = 30, 6


def weights_at(
    position: Int, window: Window, *, x: Float, length: int = LENGTH, gap: int = GAP
) -> CarWeights:
    estimation = estimation_windows(position, length=length, gap=gap)
    return car_weights(position, window=window, index=estimation.index, x=x, mask=estimation.mask)


def ones(n: int = 400) -> Float:
    return np.ones((n, 1))


def pair(first: int, second: int, window: Window) -> float:
    return mean_correlation(weights_at(np.array([first, second]), window, x=ones()))


@pytest.mark.parametrize("k", [1, 2, 3])
def test_correlations_are_those_of_the_engine_itself(k: int) -> None:
    """A CAR is linear in the returns: feed the engine one unit return at a time.

    The rows of that map give each CAR's covariance with no algebra of ours.
    """
    rng = np.random.default_rng(k)
    n, window = 120, (-2, 4)
    position = np.array([60, 60, 62, 69, 75, 110])
    x = np.hstack([np.ones((n, 1)), rng.normal(size=(n, k - 1))])
    design = Design(offset=np.zeros(n), x=x, names=tuple("abc"[:k]))
    estimation = estimation_windows(position, length=LENGTH, gap=GAP)
    index, present = event_windows(position, window=window, n_sessions=n)

    def cars(returns: Float) -> Float:
        fit = fit_ols(returns[estimation.index], x[estimation.index], mask=estimation.mask)
        found = abnormal_returns(
            returns, design, fit=fit, index=index, present=present, window=window
        )
        return cumulate(found, window=(0, 3)).car

    linear = np.column_stack([cars(np.eye(n)[t]) for t in range(n)])
    covariance = linear @ linear.T
    scale = np.sqrt(np.diagonal(covariance))
    expected = covariance / np.outer(scale, scale)
    weights = weights_at(position, (0, 3), x=x)
    np.testing.assert_allclose(correlation_matrix(weights), expected, atol=1e-12)
    off = expected[~np.eye(6, dtype=bool)].mean()
    assert mean_correlation(weights) == pytest.approx(off, abs=1e-12)


def test_a_pair_by_hand() -> None:
    """Mean model, L = 30, days [0, 1] of sessions 100 and 101: one shared, 29 shared before.

    w.w = 1 + 29 (2/30)^2, |w|^2 = 2 + 30 (2/30)^2.
    """
    expected = (1 + 29 / 225) / (2 + 30 / 225)
    assert pair(100, 101, (0, 1)) == pytest.approx(expected, rel=1e-12)


def test_event_sessions_inside_the_others_estimation_window_enter_with_a_minus() -> None:
    """Day 0 of session 100 lies in the estimation window 84..113 of session 120; 84..93 shared.

    w.w = 10 / 900 - 1/30 over 1 + 1/30.
    """
    assert pair(100, 120, (0, 0)) == pytest.approx((10 / 900 - 1 / 30) / (1 + 1 / 30), rel=1e-12)


@pytest.mark.parametrize("window", [(0, 0), (-5, 5)])
def test_duplicates_have_correlation_one_and_disjoint_events_about_none(window: Window) -> None:
    assert pair(200, 200, window) == pytest.approx(1.0, abs=1e-12)
    assert abs(pair(100, 350, window)) < 1e-12
    # 30 sessions apart, CAR windows apart, estimation windows side by side.
    assert abs(pair(100, 112, (0, 0))) < 2 / LENGTH


def test_the_residuals_of_two_neighbours_agree_though_their_event_days_do_not() -> None:
    """Their estimation windows are the same returns; the correlation of the CARs is 1 / L."""
    returns = np.random.default_rng(1).normal(size=400)
    found = mean_model(returns, np.array([100, 101]), window=(0, 1), length=LENGTH, gap=GAP)
    first, second = found.fit.residuals
    assert np.corrcoef(first[1:], second[:-1])[0, 1] > 0.99
    assert abs(pair(100, 101, (0, 0))) < 1.1 / LENGTH


def test_nothing_is_paired_by_its_place_in_the_window() -> None:
    """Residuals that repeat every 100 sessions agree place by place, but never share a day."""
    returns = np.tile(np.random.default_rng(2).normal(size=100), 4)
    found = mean_model(returns, np.array([150, 250]), window=(0, 1), length=LENGTH, gap=GAP)
    assert np.corrcoef(*found.fit.residuals)[0, 1] == pytest.approx(1.0)
    assert abs(pair(150, 250, (0, 5))) < 1e-12


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_mean_is_that_of_the_pairs_in_any_order_and_never_too_negative(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    position = rng.integers(60, 140, n)
    x = np.column_stack([np.ones(200), rng.normal(size=200)])
    weights = weights_at(position, (-1, 3), x=x)
    matrix = correlation_matrix(weights)
    np.testing.assert_allclose(np.diagonal(matrix), 1.0, rtol=1e-9)
    found = mean_correlation(weights)
    again = mean_correlation(weights_at(rng.permutation(position), (-1, 3), x=x))
    assert again == pytest.approx(found, abs=1e-12)
    assert 1 + (n - 1) * found >= -1e-12
    if n > 1:
        assert found == pytest.approx((matrix.sum() - n) / (n * (n - 1)), abs=1e-12)
    else:
        assert found == 0.0


def test_adjusted_statistics_by_hand() -> None:
    """n = 3, r = 0.25: 1 + 2 r = 1.5. Patell over sqrt(1.5); BMP times sqrt(0.75 / 1.5)."""
    scar, df = np.array([1.0, 2.0, 6.0]), np.full(3, 12)
    z = patell_kp(scar, df=df, correlation=0.25)
    assert z.statistic == pytest.approx(9 / np.sqrt(3 * 12 / 10) / np.sqrt(1.5))
    t = bmp_kp(scar, correlation=0.25)
    assert t.statistic == pytest.approx(3 / np.sqrt(7 / 3) * np.sqrt(0.5))
    assert (t.df, z.test, t.test) == (2, "patell-kp", "bmp-kp")


@given(st.lists(st.floats(-5, 5, width=16), min_size=3, max_size=9, unique=True).map(np.array))
def test_without_correlation_nothing_is_adjusted(scar: Float) -> None:
    df = np.full(len(scar), 119)
    assert patell_kp(scar, df=df, correlation=0.0).p_value == patell(scar, df=df).p_value
    assert bmp_kp(scar, correlation=0.0).p_value == bmp(scar).p_value


def test_what_cannot_be_adjusted_says_why() -> None:
    scar, df = np.array([1.0, 2.0, np.nan]), np.full(3, 12)
    assert "too far below zero" in patell_kp(scar, df=df, correlation=-1.0).reason
    assert "too far below zero" in bmp_kp(scar, correlation=-1.5).reason
    assert "not known" in bmp_kp(scar, correlation=np.nan).reason
    assert bmp_kp(scar, correlation=1.0).reason == "the events are the same"
    assert bmp_kp(scar, correlation=1.0).n_events == 2
    assert bmp_kp(scar[:1], correlation=0.0).reason == "needs at least two events, has 1"


def test_clustered_events_keep_their_size_only_with_the_adjustment() -> None:
    """Twelve events in four clusters of three neighbours, CAR[0, 3], iid normal returns."""
    rng = np.random.default_rng(6)
    start = np.arange(4) * 60 + 60
    position = (start[:, np.newaxis] + np.arange(3)).ravel()
    x = ones(300)
    r = mean_correlation(weights_at(position, (0, 3), x=x))
    rejected = np.zeros(4)
    draws = 600
    for _ in range(draws):
        found = mean_model(rng.normal(size=300), position, window=(0, 3), length=LENGTH, gap=GAP)
        car = cumulate(found, window=(0, 3))
        scar, df = car.car / car.std_error, found.fit.df
        rejected += [
            patell(scar, df=df).p_value < 0.05,
            patell_kp(scar, df=df, correlation=r).p_value < 0.05,
            bmp(scar).p_value < 0.05,
            bmp_kp(scar, correlation=r).p_value < 0.05,
        ]
    plain, adjusted, plain_bmp, adjusted_bmp = rejected / draws
    error = np.sqrt(0.05 * 0.95 / draws)
    assert plain > 0.12
    assert abs(adjusted - 0.05) < 3 * error
    assert plain_bmp > 0.12
    assert adjusted_bmp < plain_bmp / 2


def test_a_panel_on_one_date_has_the_mean_residual_correlation() -> None:
    """The case of Kolari and Pynnonen: all CAR windows on the same sessions."""
    rng = np.random.default_rng(7)
    residuals = rng.normal(size=(400, 4)) @ rng.normal(size=(4, 4))
    expected = np.corrcoef(residuals.T)[~np.eye(4, dtype=bool)].mean()
    weights = weights_at(np.full(4, 100), (0, 5), x=ones())
    found = panel_mean_correlation(weights, series=np.arange(4), residuals=residuals)
    assert found == pytest.approx(expected, rel=1e-10)


def test_a_panel_weighs_by_the_shared_sessions() -> None:
    rng = np.random.default_rng(8)
    common = rng.normal(size=400)
    residuals = common[:, np.newaxis] + rng.normal(size=(400, 2))
    rho = np.corrcoef(residuals.T)[0, 1]
    for second in (100, 102, 112, 350):
        weights = weights_at(np.array([100, second]), (0, 5), x=ones())
        found = panel_mean_correlation(weights, series=np.array([0, 1]), residuals=residuals)
        assert found == pytest.approx(rho * pair(100, second, (0, 5)), abs=1e-12)
    one = panel_mean_correlation(
        weights_at(np.array([100, 102]), (0, 5), x=ones()),
        series=np.zeros(2, dtype=np.intp),
        residuals=residuals,
    )
    assert one == pytest.approx(pair(100, 102, (0, 5)), abs=1e-12)


def test_a_panel_is_paired_by_date_and_not_by_place() -> None:
    """The second series repeats the first 40 sessions later: by place -1 or 1, by date nothing."""
    rng = np.random.default_rng(9)
    first = rng.normal(size=400)
    residuals = np.column_stack([first, -np.roll(first, 40)])
    weights = weights_at(np.array([100, 140]), (0, 5), x=ones())
    found = panel_mean_correlation(weights, series=np.array([0, 1]), residuals=residuals)
    assert abs(found) < 0.02
    # On one date their correlation is that of the dates, which is none.
    same = weights_at(np.array([100, 100]), (0, 5), x=ones())
    rho = panel_mean_correlation(same, series=np.array([0, 1]), residuals=residuals)
    assert rho == pytest.approx(np.corrcoef(residuals.T)[0, 1], abs=1e-12)
    assert abs(rho) < 0.15


def test_series_that_share_no_date_matter_only_if_their_events_do() -> None:
    residuals = np.full((400, 2), np.nan)
    residuals[:200, 0], residuals[200:, 1] = np.sin(np.arange(200)), np.cos(np.arange(200))
    series = np.array([0, 1])
    apart = weights_at(np.array([100, 350]), (0, 0), x=ones())
    assert abs(panel_mean_correlation(apart, series=series, residuals=residuals)) < 1e-12
    same = weights_at(np.array([200, 200]), (0, 0), x=ones())
    assert np.isnan(panel_mean_correlation(same, series=series, residuals=residuals))
    single = weights_at(np.array([100]), (0, 0), x=ones())
    assert panel_mean_correlation(single, series=series[:1], residuals=residuals) == 0.0


def test_two_entries_of_one_event_count_once_in_the_study() -> None:
    """Each of n events entered twice, so r = 1 / (2n - 1) and 1 + (2n - 1) r = 2.

    Patell grows by sqrt(2), its adjusted form not. The variance of the SCARs is 2(n - 1) / (2n - 1)
    that of the n events, and 1 - r is the same factor: the adjusted BMP does not grow either.
    """
    dates = ["2009-06-02", "2011-02-15", "2014-11-28", "2019-09-14", "2022-02-24", "2024-04-15"]
    once = [{"id": date, "date": date, "title": date} for date in dates]
    twice = [*once, *({**event, "id": f"{event['id']}-copy"} for event in once)]
    alone = fit_brent(once, tests=["bmp", "bmp-kp", "patell", "patell-kp"])
    copied = fit_brent(twice, tests=["bmp", "bmp-kp", "patell", "patell-kp"])

    def statistic(study: object, name: str) -> float:
        return float(study.test(name, 0, 0)["statistic"].iloc[0])  # type: ignore[attr-defined]

    assert statistic(copied, "patell") == pytest.approx(np.sqrt(2) * statistic(alone, "patell"))
    assert statistic(copied, "patell-kp") == pytest.approx(statistic(alone, "patell-kp"), rel=1e-9)
    assert statistic(copied, "bmp-kp") == pytest.approx(statistic(alone, "bmp-kp"), rel=1e-9)


def test_a_series_is_fully_correlated_with_itself_however_few_its_dates() -> None:
    residuals = np.full((400, 2), np.nan)
    residuals[:2, 0] = [0.1, -0.1]
    weights = weights_at(np.array([100, 102]), (0, 5), x=ones())
    found = panel_mean_correlation(weights, series=np.array([0, 0]), residuals=residuals)
    assert found == pytest.approx(pair(100, 102, (0, 5)), abs=1e-12)
