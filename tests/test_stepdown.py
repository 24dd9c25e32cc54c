"""Joint placebo draws, Romano and Wolf's rule, and the test of the mean CAR, against twins."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import brent, catalogue, fit_brent

from oilshock.inference import holm, joint_draws, placebo_caar, romano_wolf
from oilshock.results import StudyResult
from oilshock.study import EventStudy
from oilshock.typing import Float


def draws_of(placebos: object, position: list[int], *, draws: int = 400, reach: int = 15) -> Float:
    rng = np.random.default_rng(0)
    return joint_draws(np.asarray(placebos), np.array(position), reach=reach, draws=draws, rng=rng)


def test_events_of_an_episode_keep_their_offsets() -> None:
    placebos = np.setdiff1d(np.arange(200, 3000), np.arange(700, 900))
    # 400, 410 and 425 hang together along the chain; 2000 and 2016 are one too far apart.
    position = [2000, 410, 400, 2016, 425, 400]
    sessions = placebos[draws_of(placebos, position)]
    np.testing.assert_array_equal(sessions[:, 1] - sessions[:, 2], np.full(400, 10))
    np.testing.assert_array_equal(sessions[:, 4] - sessions[:, 2], np.full(400, 25))
    np.testing.assert_array_equal(sessions[:, 5], sessions[:, 2])
    assert len(set((sessions[:, 3] - sessions[:, 0]).tolist())) > 300


def test_separate_episodes_are_drawn_independently_and_evenly() -> None:
    placebos = np.arange(100, 2100)
    sessions = placebos[draws_of(placebos, [500, 505, 1500], draws=20_000)]
    # Four errors of a correlation of 20,000 independent pairs: 4 / sqrt(20,000) = 0.028.
    assert abs(np.corrcoef(sessions[:, 0], sessions[:, 2])[0, 1]) < 0.028
    # All places where the block fits are as likely: means within four errors of the middle.
    error = 4 * 2000 / np.sqrt(12 * 20_000)
    assert sessions[:, 0].mean() == pytest.approx((100 + 2094) / 2, abs=error)
    assert sessions[:, 2].mean() == pytest.approx((100 + 2099) / 2, abs=error)
    assert sessions[:, 0].min() < 110
    assert sessions[:, 1].max() > 2085


def test_an_episode_that_fits_nowhere_is_drawn_event_by_event() -> None:
    placebos = np.arange(100, 2000, 7)
    places = draws_of(placebos, [500, 505])
    assert ((places >= 0) & (places < len(placebos))).all()
    assert len(set((places[:, 1] - places[:, 0]).tolist())) > 100


def plain_romano_wolf(statistic: Float, null: Float) -> Float:
    """Step by step: drop the largest, hold the next against the largest of the rest."""
    left = [i for i in range(len(statistic)) if not np.isnan(statistic[i])]
    adjusted, floor = np.full(len(statistic), np.nan), 0.0
    while left:
        top = max(left, key=lambda i: statistic[i])
        count = sum(max(row[i] for i in left) >= statistic[top] for row in null.tolist())
        floor = max(floor, (1 + count) / (len(null) + 1))
        adjusted[top] = floor
        left.remove(top)
    return adjusted


statistics = st.lists(st.one_of(st.floats(0.0, 4.0), st.just(np.nan)), min_size=1, max_size=8).map(
    np.array
)


@given(statistics, st.integers(0, 100))
def test_the_rule_is_its_plain_twin(statistic: Float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    null = np.abs(rng.standard_normal((60, 1)) + rng.standard_normal((60, len(statistic))))
    found = romano_wolf(statistic, null=null)
    np.testing.assert_allclose(found, plain_romano_wolf(statistic, null))
    present = ~np.isnan(statistic)
    np.testing.assert_array_equal(np.isnan(found), ~present)
    order = np.argsort(-statistic[present], kind="stable")
    assert (np.diff(found[present][order]) >= 0).all()
    single = (1 + (null >= statistic).sum(axis=0)) / 61
    assert (found[present] >= single[present]).all()
    assert (found[present] <= 1).all()


def test_the_order_of_events_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    statistic, null = rng.exponential(size=6), rng.exponential(size=(200, 6))
    order = rng.permutation(6)
    found = romano_wolf(statistic, null=null)
    np.testing.assert_array_equal(romano_wolf(statistic[order], null=null[:, order]), found[order])


def test_values_outside_the_family_change_nothing() -> None:
    rng = np.random.default_rng(3)
    statistic, null = rng.exponential(size=4), rng.exponential(size=(200, 4))
    wide = romano_wolf(
        np.append(statistic, np.nan), null=np.column_stack([null, np.full(200, 1e9)])
    )
    np.testing.assert_array_equal(wide[:4], romano_wolf(statistic, null=null))
    assert np.isnan(wide[4])


@pytest.mark.parametrize("common", [0.0, 2.0])
def test_the_family_wise_error_is_nominal(common: float) -> None:
    """A thousand families of eight true nulls, the same shock in all or in none of them."""
    rng = np.random.default_rng(7)

    def draw(n: int) -> Float:
        own = rng.standard_normal((n, 8)) + common * rng.standard_normal((n, 1))
        return np.abs(own)

    null, families = draw(4000), draw(1000)
    for alpha in (0.05, 0.10):
        smallest = [np.nanmin(romano_wolf(each, null=null)) for each in families]
        # Two Monte Carlo errors, of the families and of the null draws.
        error = np.sqrt(alpha * (1 - alpha) * (1 / 1000 + 1 / 4000))
        assert np.mean(np.array(smallest) < alpha) == pytest.approx(alpha, abs=2 * error)


@pytest.mark.parametrize("common", [0.0, 2.0])
def test_the_rule_is_not_weaker_than_holm(common: float) -> None:
    rng = np.random.default_rng(8)
    n, draws = 10, 5000
    for _ in range(40):
        own = rng.standard_normal((draws, n)) + common * rng.standard_normal((draws, 1))
        null = np.abs(own) / np.sqrt(1 + common**2)
        statistic = np.abs(rng.standard_normal(n) * 1.8)
        single = (1 + (null >= statistic).sum(axis=0)) / (draws + 1)
        by_holm = holm(single)
        # A Holm p value is up to n times a share of the draws: its Monte Carlo error.
        error = np.sqrt(n * by_holm / draws)
        assert (romano_wolf(statistic, null=null) <= by_holm + 3 * error).all()


@lru_cache
def studies() -> tuple[StudyResult, StudyResult]:
    events = catalogue()
    by_holm = fit_brent(events)
    return by_holm, fit_brent(events, adjust="romano-wolf")


@pytest.mark.parametrize("window", [(0, 0), (0, 5)])
def test_on_the_catalogue_the_rule_is_not_weaker_than_holm(window: tuple[int, int]) -> None:
    one, other = studies()
    by_holm = one.car(*window).set_index("event_id")["p_adjusted"]
    found = other.car(*window).set_index("event_id")["p_adjusted"]
    assert (found.notna() == by_holm.notna()).all()
    error = np.sqrt(by_holm * (1 - by_holm) / 10_000)
    assert (found <= by_holm + 4 * error + 1e-3).all()
    assert (found < by_holm - 0.01).any()


def test_the_family_of_the_whole_run_is_larger_than_that_of_a_window() -> None:
    events = catalogue().filter(since="2019-01-01", until="2022-12-31")
    study = EventStudy(
        brent().prices,
        events,
        close="16:30",
        timezone="Europe/London",
        adjust="romano-wolf",
        draws=2000,
    ).fit()
    sets = study.estimates.placebo_sets
    windows = [(0, 0), (0, 5)]
    cars = [study.car(*window)["car"].to_numpy() for window in windows]
    together = sets.step_down(windows, cars)
    apart = np.concatenate([sets.step_down([w], [c]) for w, c in zip(windows, cars, strict=True)])
    assert len(together) == len(apart) == 2 * len(study.estimates.ids)
    assert (together >= apart - 0.03).all()
    assert (together > apart + 0.01).any()


def plain_caar(car: Float, null: Float, alternative: str) -> tuple[float, float]:
    means = [sum(row) / len(row) for row in null.tolist()]
    caar = sum(car.tolist()) / len(car)
    middle = sum(means) / len(means)
    spread = (sum((mean - middle) ** 2 for mean in means) / len(means)) ** 0.5
    as_large = {
        "two-sided": [abs(mean) >= abs(caar) for mean in means],
        "greater": [mean >= caar for mean in means],
        "less": [mean <= caar for mean in means],
    }
    return caar / spread, (1 + sum(as_large[alternative])) / (len(means) + 1)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("shift", [-0.8, 0.1, 0.8])
def test_the_mean_car_is_ranked_among_random_sets(alternative: str, shift: float) -> None:
    rng = np.random.default_rng(4)
    car, null = rng.standard_normal(5) + shift, rng.standard_normal((300, 5))
    statistic, p_value = plain_caar(car, null, alternative)
    found = placebo_caar(car, null=null, alternative=alternative)  # type: ignore[arg-type]
    assert found.statistic == pytest.approx(statistic, rel=1e-12)
    assert found.p_value == pytest.approx(p_value, rel=1e-12)
    assert (found.n_events, found.test) == (5, "placebo")


def test_without_events_the_reason_says_so() -> None:
    found = placebo_caar(np.empty(0), null=np.empty((10, 0)))
    assert np.isnan(found.p_value)
    assert found.reason == "no complete event"
