"""The placebo test through a study: which sessions it uses, and what the tables say of it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from strategies import CLOSE, brent, brent_returns, catalogue, dated, fit_brent, prices_on

from oilshock.config import config_from_dict
from oilshock.documents import to_document, to_json
from oilshock.errors import ConfigError
from oilshock.inference.placebo import placebo_law
from oilshock.inference.placebo_scale import expected_size
from oilshock.placebo_trial import trial
from oilshock.plan import estimate, plan_study
from oilshock.report.calibration import placebo_notes, size_caption, size_notes, size_sentences
from oilshock.results import StudyResult
from oilshock.study import EventStudy

DATES = ("1990-08-02", "2019-09-16", "2022-02-24", "2024-04-15")
REACH = 20
"""The gap of 10 and the 10 days after day 0: windows [-10, 10] of two sessions touch."""


def run(tables: dict[str, Any], *, dates: tuple[str, ...] = DATES) -> StudyResult:
    config = config_from_dict({"study": {"name": "x"}, **tables}, where="x")
    events = EventStudy(brent().prices, dated(*dates), **CLOSE)._events
    made = estimate(plan_study(config, brent(), events=events, factors={}))
    return StudyResult(estimates=made, factors={}, compared={})


@lru_cache
def usual() -> StudyResult:
    return fit_brent(dated(*DATES))


def noise(n: int, *, seed: int = 0) -> pd.Series:
    returns = np.random.default_rng(seed).standard_t(5, n) * 0.02
    returns[0] = 0.0
    return prices_on(60.0 * np.exp(np.cumsum(returns)), start="2000-01-01")


def on_noise(n: int, *days: int, **options: Any) -> StudyResult:
    prices = noise(n)
    events = dated(*(f"{prices.index[day]:%Y-%m-%d}" for day in days))
    return EventStudy(prices, events, **{**CLOSE, **options}).fit()


# --- which sessions serve -------------------------------------------------------------------


def test_by_default_every_session_with_whole_windows_serves() -> None:
    pool = usual().estimates.pool
    n = len(brent_returns())
    np.testing.assert_array_equal(pool.position, np.arange(131, n - 10))
    assert pool.reach == REACH


def away_from(pool: Any, sessions: Any) -> bool:
    apart = np.abs(pool.position[:, np.newaxis] - np.asarray(sessions)).min(axis=1)
    every = np.arange(131, len(brent_returns()) - 10)
    left = np.abs(every[:, np.newaxis] - np.asarray(sessions)).min(axis=1) > REACH
    return bool((apart > REACH).all()) and pool.position.tolist() == every[left].tolist()


def test_study_events_can_be_kept_out_of_the_placebos() -> None:
    result = run({"placebo": {"exclude": "study"}})
    assert away_from(result.estimates.pool, result.estimates.position)
    assert len(result.estimates.pool) == len(usual().estimates.pool) - 4 * (2 * REACH + 1)
    # No placebo is near an event: each is rated among all of them.
    rated = result.estimates.rating_of((0, 0))
    assert rated is not None
    np.testing.assert_array_equal(rated.n_placebos, np.full(4, len(result.estimates.pool)))


def test_severe_catalogue_events_can_be_kept_out_of_the_placebos() -> None:
    result = run({"placebo": {"exclude": "severity3"}})
    frame = catalogue().to_frame()
    severe = frame.loc[frame["severity"] == 3, "id"]
    known = result.estimates.known_positions
    assert away_from(result.estimates.pool, known[known.index.isin(severe)])
    assert len(severe) > 20


def test_a_narrower_event_window_touches_less() -> None:
    result = run({"windows": {"event": [0, 3], "gap": 2}, "placebo": {"exclude": "study"}})
    pool, position = result.estimates.pool, result.estimates.position
    assert pool.reach == 5
    assert np.abs(pool.position[:, np.newaxis] - position).min() == 6


def test_with_past_only_nothing_after_the_event_matters() -> None:
    prices = brent().prices
    day = prices.index.searchsorted(pd.Timestamp("2019-09-16"))
    changed = prices.copy()
    changed.iloc[day + 11 :] *= np.exp(
        np.cumsum(np.random.default_rng(0).normal(0.0, 0.08, len(prices) - day - 11))
    )
    found = []
    for series in (prices, changed):
        study = EventStudy(series, dated("2019-09-16"), past_only=True, **CLOSE).fit()
        found.append(study.table("car"))
        placebos = study.estimates.among_placebos
        assert placebos.n_placebos().tolist() == [day - REACH - 131]
    columns = ["car", "p_calibrated", "ci_calibrated_low", "ci_calibrated_high"]
    pd.testing.assert_frame_equal(found[0][columns], found[1][columns])
    both = EventStudy(changed, dated("2019-09-16"), **CLOSE).fit().table("car")
    assert not np.isclose(both["p_calibrated"], found[1]["p_calibrated"]).any()


def test_with_past_only_the_scale_too_comes_from_placebos_that_ended_before() -> None:
    result = fit_brent(dated("2024-04-15"), past_only=True)
    pool, day = result.estimates.pool, int(result.estimates.position[0])
    own = trial(pool, (0, 5))
    before, event = own.position < day - REACH, own.position == day
    law = placebo_law(
        own.car[before],
        position=own.position[before],
        recent=own.recent[before],
        estimation=own.estimation[before],
    )
    at = {"recent": own.recent[event], "estimation": own.estimation[event]}
    expected = own.car[event] / expected_size(law.scale, **at)
    rating = result.estimates.rating_of((0, 5))
    assert rating is not None
    np.testing.assert_allclose(rating.scaled, expected, rtol=1e-9)


def test_with_past_only_an_early_event_has_no_calibrated_p_value() -> None:
    result = on_noise(800, 350, 351, 700, past_only=True)
    # Sessions 131 to position - 21: 199 and 200 of them.
    assert result.estimates.among_placebos.n_placebos().tolist() == [199, 200, 549]
    day0 = result.car(0, 0)
    assert day0["p_calibrated"].notna().tolist() == [False, True, True]
    rows = result.event_test("placebo", 0, 0)
    assert rows["reason"].tolist()[0] == "fewer than 200 ordinary sessions to be rated among"


# --- short series ---------------------------------------------------------------------------


def test_a_series_of_150_sessions_has_the_textbook_p_values_alone() -> None:
    result = on_noise(150, 135)
    table = result.table("car")
    assert table["p_value"].notna().all()
    assert table[["p_calibrated", "ci_calibrated_low", "ci_calibrated_high"]].isna().all(axis=None)
    assert table["p_adjusted"].notna().all()
    rows = result.event_test("placebo", 0, 0)
    assert rows["p_value"].isna().all()
    assert rows["reason"].tolist() == ["fewer than 200 ordinary sessions to be rated among"]
    assert result.test("placebo", 0, 0)["reason"].tolist() == ["fewer than 200 ordinary sessions"]
    (note,) = placebo_notes(result.estimates)
    assert "fewer than 200 ordinary sessions" in note
    path = result.what_if(result.estimates.ids[0]).to_frame()
    assert path["low"].notna().all()


def test_a_series_of_500_sessions_is_rated_among_few() -> None:
    result = on_noise(500, 300)
    # Sessions 131 to 489 less the 41 round the event.
    assert result.estimates.among_placebos.n_placebos().tolist() == [359 - 41]
    table = result.table("car")
    assert table["p_calibrated"].between(1 / 319, 1).all()
    assert table["ci_calibrated_low"].notna().all()
    (note,) = placebo_notes(result.estimates)
    assert "fewer than 1,000 ordinary sessions" in note
    assert "318" in note


def test_a_series_of_2000_sessions_gives_p_values_without_a_warning() -> None:
    result = on_noise(2000, 300, 1500)
    assert result.table("car")["p_calibrated"].notna().all()
    assert placebo_notes(result.estimates) == []


def with_sizes(**shares: float) -> StudyResult:
    """Give a study on noise realised sizes of our own, for windows [0, 0], [0, 1], [0, 2]."""
    result = on_noise(900, 300, car=[(0, 0), (0, 1), (0, 2)])
    found = result.estimates.calibration
    size = found.size.copy()
    rated = (size["test"] == "placebo") & (size["sessions"] == "all")
    for name, values in shares.items():
        size.loc[rated, name] = values
    result.estimates.__dict__["calibration"] = replace(found, size=size)
    return result


def test_windows_that_reject_too_often_are_named_worst_first_wherever_they_are_quoted() -> None:
    result = with_sizes(reject_5=[0.05, 0.09, 0.13], error_5=[0.01, 0.02, 0.05])
    (note,) = size_notes(result.estimates)
    assert "on 13.0 % of ordinary sessions over [0, +2] and on 9.0 % over [0, +1]." in note
    assert "13.0 % of ordinary sessions" in size_caption(result.estimates, (0, 2))
    assert size_caption(result.estimates, (0, 0)) == ""
    diagnostics = json.loads(to_json(to_document(result)))["diagnostics"]
    assert diagnostics["oversized_windows"] == [
        {"start": 0, "end": 2, "share": 0.13, "error": 0.05},
        {"start": 0, "end": 1, "share": 0.09, "error": 0.02},
    ]
    assert "most often over [0, +2]: on 13.0 %" in size_sentences(result.estimates)[0]


def test_windows_that_keep_the_level_are_not_warned_of() -> None:
    result = with_sizes(reject_5=[0.05, 0.07, 0.09], error_5=[0.01, 0.001, 0.05])
    assert size_notes(result.estimates) == []
    assert result.estimates.oversized.empty
    textbook = on_noise(500, 300, tests=["t"])
    assert textbook.estimates.oversized.empty


def test_a_forest_fills_by_the_adjusted_p_value_where_there_is_a_family() -> None:
    estimates = usual().estimates
    assert estimates.forest_p == ("p_adjusted", "adj. p")
    car = usual().table("car").set_index(["start", "end"]).loc[[(0, 5)]]
    np.testing.assert_array_equal(
        estimates.forest_frame((0, 5))["p_adjusted"].to_numpy(), car["p_adjusted"].to_numpy()
    )
    assert on_noise(500, 300).estimates.forest_p == ("p_value", "cal. p")


def test_a_window_past_the_last_session_has_no_calibrated_p_value() -> None:
    result = fit_brent(dated("2024-04-15", f"{brent().prices.index[-4]:%Y-%m-%d}"))
    late = result.table("car").set_index("event_id").iloc[4:]
    complete = late["end"] <= 3
    assert late["p_calibrated"].notna().tolist() == complete.tolist()
    rows = result.event_test("placebo", 0, 5)
    assert rows["reason"].tolist()[1] == "the window is not complete"
    assert rows["p_value"].isna().tolist() == [False, True]


# --- tables ---------------------------------------------------------------------------------


def test_calibrated_p_values_are_those_of_the_placebo_test() -> None:
    result = usual()
    table = result.table("event_tests")
    rows = table[table["test"] == "placebo"].set_index(["event_id", "start", "end"])["p_value"]
    car = result.table("car").set_index(["event_id", "start", "end"])["p_calibrated"]
    pd.testing.assert_series_equal(rows.sort_index(), car.sort_index(), check_names=False)


def test_the_interval_leaves_zero_out_where_p_is_below_alpha() -> None:
    result = fit_brent(catalogue(), tests=["t", "placebo"])
    table = result.table("car").dropna(subset="p_calibrated")
    outside = (table["ci_calibrated_low"] > 0) | (table["ci_calibrated_high"] < 0)
    assert (outside == (table["p_calibrated"] < 0.05)).all()
    assert outside.sum() > 20
    middle = (table["ci_calibrated_low"] + table["ci_calibrated_high"]) / 2
    np.testing.assert_allclose(middle, table["car"], atol=1e-12)


def test_results_say_how_each_calibrated_p_value_came_about() -> None:
    result = usual()
    document = json.loads(to_json(to_document(result)))
    rows = pd.DataFrame(document["placebo"])
    assert list(rows.columns) == [
        "event_id",
        "start",
        "end",
        "scaled_car",
        "p_value",
        "n_placebos",
        "extrapolated",
        "bounded",
    ]
    keys = ["event_id", "start", "end"]
    car = result.table("car").set_index(keys)["p_calibrated"]
    found = rows.set_index(keys)["p_value"]
    np.testing.assert_allclose(found.loc[car.index], car)
    assert (rows["n_placebos"] == len(result.estimates.pool) - 41).all()
    ranks = rows.loc[~rows["extrapolated"], "p_value"] * (rows["n_placebos"].iloc[0] + 1)
    np.testing.assert_allclose(ranks, ranks.round(), atol=1e-6)
    assert rows["extrapolated"].any()
    without = fit_brent(dated(*DATES[:1]), tests=["t"])
    assert to_document(without)["placebo"] == []
    assert without.table("car")["p_calibrated"].isna().all()


def test_a_family_is_adjusted_from_calibrated_p_values_if_all_have_one() -> None:
    from statsmodels.stats.multitest import multipletests

    every = on_noise(900, 352, 500, 700, past_only=True).car(0, 0)
    expected = multipletests(every["p_calibrated"], method="holm")[1]
    np.testing.assert_allclose(every["p_adjusted"], expected)
    some = on_noise(900, 340, 500, 700, past_only=True).car(0, 0)
    assert some["p_calibrated"].isna().sum() == 1
    expected = multipletests(some["p_value"], method="holm")[1]
    np.testing.assert_allclose(some["p_adjusted"], expected)


def test_an_event_without_any_p_value_does_not_change_the_rule() -> None:
    """The last session has no [0, 5]: the family is that of the other events."""
    result = fit_brent(dated(*DATES, f"{brent().prices.index[-1]:%Y-%m-%d}"))
    table = result.car(0, 5)
    assert table["p_adjusted"].isna().tolist() == [False] * 4 + [True]
    expected = usual().car(0, 5)["p_adjusted"]
    np.testing.assert_allclose(table["p_adjusted"][:4], expected)


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"inference": {"tests": ["t"]}}, "needs placebo draws"),
        ({"placebo": {"past_only": True}}, "draws sessions after the events"),
    ],
)
def test_romano_wolf_is_refused_without_placebo_draws(tables: dict[str, Any], message: str) -> None:
    inference = {"adjust": "romano-wolf", **tables.pop("inference", {})}
    data = {"study": {"name": "x"}, "inference": inference, **tables}
    with pytest.raises(ConfigError, match=message):
        config_from_dict(data, where="x.toml")


def test_romano_wolf_without_enough_placebos_adjusts_nothing() -> None:
    result = on_noise(150, 135, adjust="romano-wolf", draws=200)
    assert result.table("car")["p_adjusted"].isna().all()


def test_the_same_seed_gives_the_same_adjusted_p_values() -> None:
    options = {"adjust": "romano-wolf", "draws": 500}
    one, again, other = (
        fit_brent(dated(*DATES), seed=seed, **options).table("car")["p_adjusted"]
        for seed in (1, 1, 2)
    )
    pd.testing.assert_series_equal(one, again)
    assert not np.allclose(one, other)


def test_the_test_of_the_mean_car_ranks_it_among_sets_of_the_same_volatility() -> None:
    result = fit_brent(dated(*DATES), draws=2000)
    estimates = result.estimates
    row = result.test("placebo", 0, 0).iloc[0]
    law = estimates.among_placebos.law((0, 0))
    assert law is not None
    size = estimates.among_placebos.size((0, 0))
    drawn = [
        np.mean([law.scaled[place] * own for place, own in zip(places, size, strict=True)])
        for places in estimates.placebo_sets.places
    ]
    caar = result.car(0, 0)["car"].mean()
    larger = sum(abs(each) >= abs(caar) for each in drawn)
    assert row["p_value"] == pytest.approx((1 + larger) / 2001)
    refused = fit_brent(dated(*DATES), past_only=True).test("placebo", 0, 0)
    assert "past_only forbids" in refused["reason"].iloc[0]


def test_the_band_of_a_path_is_wider_than_the_pointwise_one() -> None:
    estimates = usual().estimates
    for row in range(4):
        frame = estimates.car_path_frame(row)
        assert (frame["band"] > frame["half_width"]).mean() > 0.9
    # On the first day of the path the two differ by their critical values alone.
    ratio = estimates.car_path_band / estimates.car_path_half
    np.testing.assert_allclose(ratio[:, 0], ratio[0, 0], rtol=0.02)


def test_what_if_bands_are_calibrated() -> None:
    result = usual()
    half = result.estimates.among_placebos.half_width((0, 5), alpha=0.05)
    path = result.what_if("2024-04-15").to_frame().set_index("relative_day")
    row = path.loc[5]
    assert np.log(row["high"] / row["expected_price"]) == pytest.approx(half[3], rel=1e-9)


def test_the_chance_of_a_level_is_half_the_rank_of_its_distance() -> None:
    result = fit_brent(dated("2024-04-15"), levels=[95.0])
    row = result.what_if("2024-04-15").to_frame().set_index("relative_day").loc[5]
    placebos = result.estimates.among_placebos
    law, size = placebos.law((0, 5)), placebos.size((0, 5))[0]
    assert law is not None
    scaled = np.log(95.0 / row["expected_price"]) / size
    larger = (np.abs(law.scaled) >= scaled).sum()
    assert scaled > 0
    assert row["p_above_95"] == pytest.approx(0.5 * (1 + larger) / (len(law.scaled) + 1))
