"""Where the placebo law finds effects too often, p is no smaller than the t test's."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from strategies import CLOSE, brent, dated, fit_brent

from oilshock.abnormal import cumulate
from oilshock.documents import to_document, to_json
from oilshock.inference.placebo import PlaceboRating, no_smaller
from oilshock.papers.notes import p_note
from oilshock.placebo_trial import finds_too_often, out_of_sample, splits_of, trial
from oilshock.report.calibration import calibration_tables
from oilshock.report.event_pages import car_table, main_table
from oilshock.results import StudyResult
from oilshock.study import EventStudy

SHORT = slice(3600, 4500)
"""Sessions of 2001 to 2005, of which the war in Iraq is one turbulent episode."""

P_VALUES = st.lists(st.floats(0.0, 1.0) | st.just(float("nan")), min_size=3, max_size=3)


@lru_cache
def short(**options: Any) -> StudyResult:
    prices = brent().prices.iloc[SHORT]
    days = [f"{prices.index[day]:%Y-%m-%d}" for day in range(200, 880, 20)]
    return EventStudy(prices, dated(*days), **{**CLOSE, **options}).fit()


def law_alone(result: StudyResult, window: tuple[int, int]) -> PlaceboRating:
    estimates = result.estimates
    car = cumulate(estimates.abnormal, window=window).car
    return estimates.among_placebos.rating(window, car)


def test_the_windows_that_find_too_often_are_known() -> None:
    estimates = short().estimates
    names = {(row.start, row.end) for row in estimates.guarded.itertuples()}
    assert names == {(0, 5), (-1, 1), (-5, 10)}
    for window in estimates.config.windows.car_windows:
        own = trial(estimates.pool, window)
        splits = splits_of(estimates.pool, past_only=False)
        share = np.nanmean(out_of_sample(own, own.car, splits=splits) < 0.05)
        assert bool(share > 0.075) is (window in names)
        assert estimates.is_guarded(window) is (window in names)
    assert estimates.guarded["share"].is_monotonic_decreasing


def test_a_guarded_p_value_is_the_larger_of_two_that_others_compute() -> None:
    car = short().table("car").set_index(["start", "end"])
    df = short().estimates.pool.fit.df
    raised = 0
    for window in dict.fromkeys(car.index):
        rows = car.loc[[window]]
        by_scipy = 2.0 * stats.t.sf(np.abs(rows["car"] / rows["std_error"]), df)
        law = law_alone(short(), window).p_value
        is_guarded = short().estimates.is_guarded(window)
        expected = np.where(by_scipy > law, by_scipy, law) if is_guarded else law
        np.testing.assert_allclose(rows["p_calibrated"], expected, rtol=1e-9)
        raised += int((expected > law).sum())
    assert raised > 20


def test_every_table_quotes_the_same_p_value() -> None:
    result = short()
    car = result.table("car").set_index(["start", "end", "event_id"])["p_calibrated"]
    tests = result.table("event_tests")
    rows = tests[tests["test"] == "placebo"].set_index(["start", "end", "event_id"])
    np.testing.assert_array_equal(rows["p_value"], car.loc[rows.index])
    raised = rows["reason"] == "raised to the t test's"
    assert raised.any()
    assert all(short().estimates.is_guarded((a, b)) for a, b, _ in rows.index[raised])


def test_intervals_leave_zero_out_exactly_where_p_is_below_alpha() -> None:
    car = short().table("car")
    outside = (car["ci_calibrated_low"] > 0) | (car["ci_calibrated_high"] < 0)
    below = car["p_calibrated"] < 0.05
    assert below.any()
    np.testing.assert_array_equal(outside[car["car"].notna()], below[car["car"].notna()])


def test_the_guard_repairs_the_size_and_the_report_says_what_it_was() -> None:
    estimates = short().estimates
    size = estimates.calibration.size
    after = size[(size["test"] == "placebo") & (size["sessions"] == "all")]
    after = after.set_index(["start", "end"])["reject_5"]
    for row in estimates.guarded.itertuples():
        assert after[(row.start, row.end)] < row.share
    assert estimates.oversized.empty
    diagnostics = json.loads(to_json(to_document(short())))["diagnostics"]
    assert [row["share"] for row in diagnostics["guarded_windows"]] == pytest.approx(
        estimates.guarded["share"].tolist()
    )


def test_the_table_of_sizes_says_what_it_rests_on() -> None:
    (first, *_) = calibration_tables(short().estimates)
    assert not any("tried on" in note for note in first.notes)
    assert "Over [−1, +1], [0, +5] and [−5, +10] no calibrated p value is" in first.notes[-1]
    assert f"{first.notes[-1]} adj. p: Holm" in p_note(short().estimates)
    prices = brent().prices.iloc[4000:4500]
    few = EventStudy(prices, dated(f"{prices.index[300]:%Y-%m-%d}"), **CLOSE).fit()
    size = few.estimates.calibration.size.set_index(["test", "sessions", "start", "end"])
    n = size["n_sessions"].loc[("placebo", "all", 0, 0)]
    (first, *_) = calibration_tables(few.estimates)
    assert f"tried on {n:,} of them" in " ".join(first.notes)


def test_main_table_and_page_of_an_event_say_where_p_is_guarded() -> None:
    result = short()
    (page,) = car_table(result.estimates, result.facts[0]).notes
    # A date alone has a row for [0, +1] too.
    assert page.startswith("Over [0, +1], [−1, +1], [0, +5] and [−5, +10] no calibrated p value")
    (_, note) = main_table(result.estimates, result.facts).notes
    assert note.startswith("Over [−5, +10] no calibrated p value is")


@pytest.mark.parametrize("adjust", ["holm", "romano-wolf"])
def test_adjusted_p_values_come_from_the_guarded_ones(adjust: str) -> None:
    car = short(adjust=adjust).table("car")
    assert (car["p_adjusted"] >= car["p_calibrated"] - 1e-12)[car["car"].notna()].all()


def test_a_stepped_down_p_value_is_no_smaller_than_its_own() -> None:
    car = short().table("car")
    law = {window: law_alone(short(), window).p_value for window in [(0, 5), (-5, 10)]}
    raised = next(
        row.event_id
        for window, p_value in law.items()
        for row, alone in zip(
            car[(car["start"] == window[0]) & (car["end"] == window[1])].itertuples(),
            p_value,
            strict=True,
        )
        if alone < 0.5 * row.p_calibrated
    )
    prices = brent().prices.iloc[SHORT]
    options: dict[str, Any] = {**CLOSE, "adjust": "romano-wolf"}
    lone = EventStudy(prices, dated(raised), **options).fit().table("car")
    assert (lone["p_adjusted"] >= lone["p_calibrated"])[lone["start"] != 0].all()


def test_a_long_series_is_left_as_it_is() -> None:
    result = fit_brent(dated("1990-08-02", "2019-09-16"))
    estimates = result.estimates
    assert estimates.guarded.empty
    for window in estimates.config.windows.car_windows:
        assert not finds_too_often(estimates.pool, window)
        rating = estimates.rating_of(window)
        assert rating is not None
        np.testing.assert_array_equal(rating.p_value, law_alone(result, window).p_value)


def test_without_the_placebo_test_nothing_is_guarded() -> None:
    result = short(tests=("t",))
    assert not any(map(result.estimates.is_guarded, result.estimates.config.windows.car_windows))
    assert result.estimates.guarded.empty
    assert np.isnan(result.estimates.half_width_of((0, 5))).all()


@given(own=P_VALUES, other=P_VALUES)
def test_no_p_value_falls_and_only_raised_ones_lose_their_marks(
    own: list[float], other: list[float]
) -> None:
    marks = np.ones(3, dtype=np.bool_)
    p_value = np.array(own)
    rating = PlaceboRating(np.ones(3), p_value, np.full(3, 300), marks, marks)
    found = no_smaller(rating, np.array(other))
    np.testing.assert_array_equal(np.isnan(found.p_value), np.isnan(p_value))
    known = ~np.isnan(p_value)
    np.testing.assert_array_equal(found.p_value[known], np.fmax(p_value, other)[known])
    np.testing.assert_array_equal(found.bounded, ~(np.array(other) > p_value))
    np.testing.assert_array_equal(found.extrapolated, found.bounded)
