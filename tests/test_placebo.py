"""Events among the ordinary sessions of their series: pools, ratings, bands, from returns on."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from strategies import brent_returns

from oilshock.models import build_design, fit_ols
from oilshock.placebo import EventPlacebos, PlaceboPool, before, build_pool, calibrated_forecast
from oilshock.placebo_trial import folds
from oilshock.typing import Float, Int, Window
from oilshock.whatif import Forecast
from oilshock.windows import estimation_windows

LENGTH, GAP, EVENT_WINDOW = 120, 10, (-5, 10)
REACH = GAP + EVENT_WINDOW[1]
WINDOWS: list[Window] = [(0, 0), (-1, 1), (0, 5), (-5, 10)]
NOBODY = np.array([], dtype=np.intp)
EVENTS = np.array([131, 300, 301, 318, 700, 1100, 1385, 1389])


def pool_of(returns: Float, *, left_out: Int = NOBODY) -> PlaceboPool:
    design = build_design("mean", factors=np.empty((len(returns), 0)), names=())
    return build_pool(
        returns, design, length=LENGTH, gap=GAP, window=EVENT_WINDOW, left_out=left_out
    )


def rated(returns: Float, position: Int, *, past_only: bool = False) -> EventPlacebos:
    windows = estimation_windows(position, length=LENGTH, gap=GAP)
    fit = fit_ols(returns[windows.index], np.ones((*windows.index.shape, 1)), mask=windows.mask)
    pool = pool_of(returns)
    return EventPlacebos(pool=pool, position=position, sigma=fit.sigma, past_only=past_only)


def cars(returns: Float, position: Int, window: Window) -> Float:
    """CARs under the mean model, one slice at a time."""
    found = []
    for day0 in position:
        past = returns[day0 - GAP - LENGTH : day0 - GAP]
        found.append((returns[day0 + window[0] : day0 + window[1] + 1] - past.mean()).sum())
    return np.array(found)


@lru_cache
def short() -> Float:
    return brent_returns()[:1400]


# --- pools ----------------------------------------------------------------------------------


def test_a_placebo_has_a_full_estimation_window_and_a_complete_event_window() -> None:
    position = pool_of(short()).position
    np.testing.assert_array_equal(position, np.arange(LENGTH + GAP + 1, 1400 - EVENT_WINDOW[1]))


@pytest.mark.parametrize("left_out", [[400], [900, 405, 400], [0, 1399], [131]])
def test_no_placebo_window_touches_an_event_that_is_left_out(left_out: list[int]) -> None:
    kept = [
        day0
        for day0 in range(LENGTH + GAP + 1, 1400 - EVENT_WINDOW[1])
        if not any(
            set(range(day0 - GAP, day0 + EVENT_WINDOW[1] + 1))
            & set(range(event - GAP, event + EVENT_WINDOW[1] + 1))
            for event in left_out
        )
    ]
    assert pool_of(short(), left_out=np.array(left_out)).position.tolist() == kept


def test_what_came_before_ended_before_the_event_began() -> None:
    pool = pool_of(short())
    kept = before(pool, 700).position
    ended = pool.position + EVENT_WINDOW[1] < 700 - GAP
    np.testing.assert_array_equal(kept, pool.position[ended])


def test_sessions_without_volatility_are_no_placebos() -> None:
    returns = short().copy()
    returns[1:400] = 0.0
    assert pool_of(returns).position.min() == 400 + GAP + 1


# --- ratings --------------------------------------------------------------------------------


def nearest_means(values: Float, variance: Float, at: Float, *, share: float) -> Float:
    order = np.argsort(variance, kind="stable")
    k = int(share * len(values))
    found = []
    for own in at:
        first = int((variance < own * (1 - 1e-9)).sum()) - k // 2
        first = min(max(first, 0), len(values) - k)
        found.append(values[order[first : first + k]].mean())
    return np.array(found)


def plain_scaled(returns: Float, pool: PlaceboPool, window: Window, position: Int) -> Float:
    """|CAR| over its expected size, from returns on: recursion, slices, statsmodels."""
    import statsmodels.api as sm

    variance = [float(np.mean(returns[1:61] ** 2))]
    for value in returns[1:]:
        variance.append(0.94 * variance[-1] + 0.06 * value**2)

    def at(days: Int) -> tuple[Float, Float, Float]:
        recent = np.array([variance[day0 + window[0] - 1] for day0 in days])
        past = [returns[day0 - GAP - LENGTH : day0 - GAP].var(ddof=1) for day0 in days]
        return np.abs(cars(returns, days, window)), recent, np.array(past)

    size, recent, past = at(pool.position)
    own_size, own_recent, own_past = at(position)
    family = sm.families.Gamma(sm.families.links.Log())
    model = sm.GLM(size, sm.add_constant(np.log(0.7 * recent + 0.3 * past)), family=family)
    fit = model.fit(tol=1e-14, maxiter=200)
    expected = fit.predict(sm.add_constant(np.log(0.7 * own_recent + 0.3 * own_past)))
    left = size / fit.predict()
    by_past = nearest_means(left, past, past, share=0.25)
    expected = expected * nearest_means(left, past, own_past, share=0.25)
    expected = expected * nearest_means(left / by_past, recent, own_recent, share=0.2)
    return np.asarray(own_size / expected)


@pytest.mark.parametrize("window", WINDOWS)
def test_from_returns_to_p_values_by_a_plain_twin(window: Window) -> None:
    returns = short()
    study = rated(returns, EVENTS)
    found = study.rating(window, cars(returns, EVENTS, window))
    own = plain_scaled(returns, study.pool, window, EVENTS)
    others = plain_scaled(returns, study.pool, window, study.pool.position)
    np.testing.assert_allclose(np.abs(found.scaled), own, rtol=1e-6)
    checked = 0
    for row, day0 in enumerate(EVENTS):
        kept = others[np.abs(study.pool.position - day0) > REACH]
        # An event is a placebo too, so that its own value may differ by rounding.
        larger = int((kept >= own[row] * (1 - 1e-9)).sum())
        assert found.n_placebos[row] == len(kept)
        if larger >= 9:
            assert found.p_value[row] == pytest.approx((1 + larger) / (len(kept) + 1), rel=1e-12)
            checked += 1
        else:
            assert found.p_value[row] <= 10 / (len(kept) + 1)
    assert checked >= 5


def test_the_past_alone_rates_as_if_the_series_had_ended_with_the_event() -> None:
    position = np.array([900, 1000])
    found = rated(short(), position, past_only=True)
    for window in WINDOWS:
        own = found.rating(window, cars(short(), position, window))
        for row, day0 in enumerate(position):
            cut = short()[: day0 + EVENT_WINDOW[1] + 1]
            alone = rated(cut, position[[row]], past_only=True)
            rating = alone.rating(window, cars(cut, position[[row]], window))
            assert own.p_value[row] == rating.p_value[0]
            assert own.n_placebos[row] == rating.n_placebos[0] == day0 - REACH - 131
            half = alone.half_width(window, alpha=0.05)[0]
            assert found.half_width(window, alpha=0.05)[row] == half
        every = rated(short(), position).rating(window, cars(short(), position, window))
        assert not np.allclose(every.p_value, own.p_value, rtol=1e-3)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("past_only", [False, True])
def test_a_car_is_significant_where_its_interval_leaves_zero_out(
    window: Window, past_only: bool
) -> None:
    position = np.array([900, 1000, 1200])
    study = rated(short(), position, past_only=past_only)
    for alpha in (0.3, 0.1, 0.05, 0.02):
        half = study.half_width(window, alpha=alpha)
        assert (half > 0).all()
        assert (study.rating(window, half * (1 + 1e-9)).p_value < alpha).all()
        assert (study.rating(window, -half * (1 - 1e-9)).p_value >= alpha).all()


@pytest.mark.parametrize("c", [1e-3, 100.0])
def test_the_unit_of_the_returns_does_not_matter(c: float) -> None:
    position = np.arange(200, 1380, 37)
    one, other = rated(short(), position), rated(short() * c, position)
    for window in WINDOWS:
        car = cars(short(), position, window)
        p_value = one.rating(window, car).p_value
        scaled = other.rating(window, car * c).p_value
        # A placebo that ties with the event but for rounding moves its p value by one step.
        np.testing.assert_allclose(scaled, p_value, rtol=1e-6, atol=1.5 / len(one.pool))
        half = one.half_width(window, alpha=0.05)
        np.testing.assert_allclose(other.half_width(window, alpha=0.05), c * half, rtol=1e-9)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("size", [5.0, 10.0, 50.0])
def test_a_shock_is_rated_as_if_no_placebo_had_seen_it(window: Window, size: float) -> None:
    """The shock in the returns, against a law of the series without it.

    It is in neither ranks nor tail: the windows of the placebos that hold it touch those of the
    event. It raises the mean size of the placebos of its regime: of 2,000, up to 16 windows
    hold it. [-5, 10] is about 4 sigmas wide, so that 50 sigmas add 16 x 50 / 4 / 2000 = 10 %.
    """
    clean, day0 = brent_returns(), 6000
    shocked = clean.copy()
    shocked[day0] += size * clean[day0 - GAP - LENGTH : day0 - GAP].std(ddof=1)
    position = np.array([day0])
    car = cars(shocked, position, window)
    seen = rated(shocked, position).rating(window, car)
    unseen = rated(clean, position).rating(window, car)
    assert seen.n_placebos[0] == unseen.n_placebos[0]
    if size == 50.0:
        assert seen.scaled[0] == pytest.approx(unseen.scaled[0], rel=0.15)
        assert unseen.p_value[0] < seen.p_value[0] < 1e-4
    else:
        assert seen.scaled[0] == pytest.approx(unseen.scaled[0], rel=0.04)
        assert seen.p_value[0] == pytest.approx(unseen.p_value[0], rel=0.1)


def test_a_shock_stands_among_the_placebos_of_those_far_from_it_only() -> None:
    clean, day0 = brent_returns(), 6000
    shocked = clean.copy()
    shocked[day0] += 1.0
    position = day0 + np.array([-21, -20, 0, 20, 21])
    law = rated(shocked, position).law((0, 0))
    assert law is not None
    assert law.position[np.argmax(np.abs(law.scaled))] == day0
    study = rated(shocked, position)
    # Larger than every placebo but the shocked one: an event that must not see it is above all.
    beyond = 0.5 * (law.ordered[-1] + law.ordered[-2]) * study.size((0, 0))
    larger = [
        (np.abs(law.scaled[np.abs(law.position - each) > REACH]) >= abs(own)).sum()
        for each, own in zip(position, beyond / study.size((0, 0)), strict=True)
    ]
    assert larger == [1, 0, 0, 0, 1]
    assert study.rating((0, 0), beyond).n_placebos.tolist() == [len(study.pool) - 41] * 5


def test_a_missing_car_stays_missing_and_changes_nothing_else() -> None:
    study = rated(short(), EVENTS)
    car = cars(short(), EVENTS, (0, 0))
    whole = study.rating((0, 0), car)
    car[2] = np.nan
    found = study.rating((0, 0), car)
    assert np.isnan(found.p_value).tolist() == [row == 2 for row in range(len(EVENTS))]
    rest = np.arange(len(EVENTS)) != 2
    np.testing.assert_array_equal(found.p_value[rest], whole.p_value[rest])


def test_too_few_placebos_give_nothing_and_are_counted() -> None:
    """131 + 10 sessions are needed, so that 330 returns hold 189 placebos."""
    returns = brent_returns()[:330]
    position = np.array([200, 319])
    study = rated(returns, position)
    assert len(study.pool) == 189
    assert study.law((0, 0)) is None
    found = study.rating((0, 0), cars(returns, position, (0, 0)))
    assert np.isnan(found.p_value).all()
    assert found.n_placebos.tolist() == [189 - 41, 189 - 21]
    assert np.isnan(study.half_width((0, 0), alpha=0.05)).all()
    assert np.isnan(study.band(start=-5, days=16, alpha=0.05)).all()
    assert np.isnan(study.size((0, 0))).all()
    assert np.isnan(study.exceedance((0, 0), np.zeros(2))).all()


# --- bands and forecasts --------------------------------------------------------------------


def test_the_band_is_wider_than_the_interval_of_any_day() -> None:
    study = rated(short(), EVENTS)
    band = study.band(start=0, days=11, alpha=0.05)
    interval = np.column_stack([study.half_width((0, day), alpha=0.05) for day in range(11)])
    assert (band > interval).all()
    one_day = study.band(start=0, days=1, alpha=0.05)[:, 0]
    np.testing.assert_allclose(one_day, study.half_width((0, 0), alpha=0.05))


@lru_cache
def path_kept() -> tuple[Float, Float]:
    """Whether the band, and each day's interval, hold the whole CAR path of each session."""
    returns = brent_returns()
    pool = pool_of(returns)
    band_kept, days_kept = np.zeros(len(pool)), np.zeros(len(pool))
    every = np.column_stack([cars(returns, pool.position, (-5, day)) for day in range(-5, 11)])
    for learn, rows in folds(pool.position, embargo=LENGTH + REACH):
        position = pool.position[rows]
        own = PlaceboPool(
            fit=pool.fit,
            used=pool.used[learn],
            variance=pool.variance,
            reach=pool.reach,
            length=LENGTH,
        )
        sigma = pool.fit.sigma[pool.used[rows]]
        study = EventPlacebos(pool=own, position=position, sigma=sigma, past_only=False)
        path = np.abs(every[rows])
        band_kept[rows] = (path <= study.band(start=-5, days=16, alpha=0.05)).all(axis=1)
        windows = [(-5, day) for day in range(-5, 11)]
        half = np.column_stack([study.half_width(window, alpha=0.05) for window in windows])
        days_kept[rows] = (path <= half).all(axis=1)
    return band_kept, days_kept


def test_out_of_fold_the_band_holds_the_whole_path_as_often_as_it_says() -> None:
    band_kept, days_kept = path_kept()
    assert band_kept.mean() == pytest.approx(0.95, abs=0.015)
    assert days_kept.mean() < 0.88


def test_the_chance_of_exceeding_is_that_of_the_sessions() -> None:
    returns = brent_returns()
    pool = pool_of(returns)
    position = pool.position
    study = EventPlacebos(
        pool=pool, position=position, sigma=pool.fit.sigma[pool.used], past_only=False
    )
    for window in ((0, 0), (0, 5)):
        distance = 1.3 * study.size(window)
        chance = study.exceedance(window, distance)
        car = np.abs(cars(returns, position, window))
        # Half of the moves of either sign: the law is taken as symmetric.
        assert chance.mean() == pytest.approx(0.5 * (car >= distance).mean(), abs=0.001)
        np.testing.assert_allclose(study.exceedance(window, -distance), 1 - chance)
        np.testing.assert_allclose(study.exceedance(window, 0 * distance), 0.5)


def test_a_forecast_is_calibrated_where_it_can_be_and_else_that_of_the_model() -> None:
    model = Forecast(
        half_width=np.full((2, 3), 0.07), exceedance=lambda distance: np.full(distance.shape, 0.25)
    )
    position = np.array([200, 300])
    short_of = calibrated_forecast(
        rated(brent_returns()[:330], position), model, days=3, alpha=0.05
    )
    np.testing.assert_array_equal(short_of.half_width, model.half_width)
    np.testing.assert_array_equal(short_of.exceedance(np.zeros((2, 3))), np.full((2, 3), 0.25))
    study = rated(short(), position)
    found = calibrated_forecast(study, model, days=3, alpha=0.05)
    for day in range(3):
        half = study.half_width((0, day), alpha=0.05)
        np.testing.assert_array_equal(found.half_width[:, day], half)
    np.testing.assert_allclose(found.exceedance(np.zeros((2, 3))), 0.5)
    model.half_width[1, 2] = np.nan
    cut = calibrated_forecast(study, model, days=3, alpha=0.05)
    assert np.isnan(cut.half_width).tolist() == [[False] * 3, [False, False, True]]
