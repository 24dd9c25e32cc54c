"""The sentences: true to the numbers, on any study."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import oilshock as osk
from oilshock.facts import Verdict
from oilshock.level_words import level_sentences
from oilshock.narrative import (
    alignment_sentence,
    date_only_sentence,
    direction_sentence,
    duration_sentence,
    event_sentences,
    given_back_sentence,
    worth,
)
from oilshock.results import StudyResult
from oilshock.words import probability

ATTACK = "iran-attacks-israel-apr2024"


def text_of(result: StudyResult, event_id: str) -> str:
    facts = result.facts[result.estimates.ids.index(event_id)]
    return " ".join(event_sentences(result.estimates, facts, n_events=len(result.facts)))


def test_mirrored_series_turns_the_sentences_round(
    april: StudyResult, mirrored: StudyResult
) -> None:
    attack = text_of(mirrored, ATTACK)
    assert "the abnormal move of day 0 went upwards, as expected" in attack
    assert "the abnormal move of day 0 went downwards, against it" in text_of(april, ATTACK)
    assert "first rose above $90 on day +2 (17 April 2024)" in attack
    assert "first fell below $90 on day +2 (17 April 2024)" in text_of(april, ATTACK)


def test_mirrored_series_keeps_the_p_values(april: StudyResult, mirrored: StudyResult) -> None:
    pd.testing.assert_series_equal(
        april.table("car")["p_value"], mirrored.table("car")["p_value"], rtol=1e-9
    )
    pd.testing.assert_series_equal(
        april.table("car")["car"], -mirrored.table("car")["car"], rtol=1e-9, atol=1e-12
    )


def test_spot_is_never_called_futures(april: StudyResult) -> None:
    words = " ".join(text_of(april, event_id) for event_id in april.estimates.ids)
    assert "futures" not in words


def test_overlaps_and_the_shared_session_are_said(april: StudyResult) -> None:
    words = text_of(april, "isfahan-strike-2024")
    assert "Day 0 is also day 0 of “Iran plays down Isfahan strike, no plan to retaliate”" in words
    assert "one return cannot be split between them" in words


def test_confounders_outside_the_study_are_said() -> None:
    events = osk.load_events().filter(ids=[ATTACK])
    result = osk.EventStudy(osk.load_prices(), events).fit()
    words = text_of(result, ATTACK)
    assert "Outside the study, the catalogue has 5 more events in this window" in words
    assert "“Israel strikes near an air base at Isfahan” (day +4)" in words
    assert "Brent settles above $90" not in words, "endogenous events are no confounders"


def test_moved_events_say_why(april: StudyResult) -> None:
    by_id = {facts.event["id"]: facts for facts in april.facts}
    assert alignment_sentence(by_id[ATTACK], timezone="Europe/London") == (
        "Dated Saturday 13 April 2024, 20:00 UTC, 21:00 London. Day 0 is Monday 15 April 2024: "
        "the day to look at has no price. Its return runs from the close of 12 April 2024."
    )
    assert alignment_sentence(by_id["china-backs-iran-call-2024"], timezone="Europe/London") == (
        "Dated Tuesday 16 April 2024, 00:45 UTC, 01:45 London. "
        "Day 0 is that session, Tuesday 16 April 2024."
    )


def test_date_only_events_get_the_second_reading(april: StudyResult) -> None:
    by_id = {facts.event["id"]: facts for facts in april.facts}
    assert date_only_sentence(april.estimates, by_id[ATTACK]) is None
    words = date_only_sentence(april.estimates, by_id["north-korea-delegation-iran-2024"])
    assert words is not None
    own = april.car(0, 1).set_index("event_id").loc["north-korea-delegation-iran-2024"]
    figures = f"(t = 0.73, calibrated p = {own['p_calibrated']:.2f})"
    assert f"Read over [0, +1]: CAR +1.94 % {figures}." in words


@pytest.mark.parametrize(
    ("outside", "expected"),
    [
        ((), "never left its one-day 95 % band up to day +10"),
        ((0, 1), "first left its one-day 95 % band on day 0 and was inside from day +2 on"),
        ((8, 9, 10), "on day +8 and was still outside on day +10, the last one observed"),
        ((3, 10), "on day +3 and was again outside on day +10, the last one observed"),
    ],
)
def test_duration(april: StudyResult, outside: tuple[int, ...], expected: str) -> None:
    facts = replace(april.facts[0], outside=outside)
    assert expected in duration_sentence(april.estimates, facts)


def test_given_back_only_for_a_found_move(april: StudyResult) -> None:
    assert all(given_back_sentence(facts) is None for facts in april.facts)
    events = osk.load_events().filter(ids=["abqaiq-khurais-attack-2019"])
    result = osk.EventStudy(osk.load_prices(), events).fit()
    facts = result.facts[0]
    share = 1 - facts.path[10] / facts.day0.car
    assert given_back_sentence(facts) == (
        f"By day +10, {100 * share:.0f} % of the day-0 move had been given back."
    )


def test_direction_zero_says_nothing_of_direction(april: StudyResult) -> None:
    facts = next(f for f in april.facts if f.event["direction"] == "0")
    assert direction_sentence(facts) is None


def test_the_chance_of_a_level_crossed_on_day_0_is_told() -> None:
    item = {"id": "x", "date": "2025-06-13", "title": "Israel strikes Iran", "direction": "+"}
    result = osk.EventStudy(osk.load_prices(), [item], levels=[75.0]).fit()
    words = text_of(result, "x")
    chance = probability(result.table("whatif").query("relative_day == 0")["p_above_75"].iloc[0])
    assert f"a close above $75 on day 0 was {chance}; the actual close was 76.00" in words


def test_a_weekend_event_cannot_come_after_the_close_of_monday() -> None:
    item = {"id": "x", "date": "2019-09-14", "title": "Attack on Abqaiq"}
    result = osk.EventStudy(osk.load_prices(), [item]).fit()
    assert "Only the date is known" not in text_of(result, "x")


def test_the_same_event_in_the_catalogue_is_marked() -> None:
    item = {"id": "x", "date": "2019-09-14", "title": "Attack on Abqaiq"}
    result = osk.EventStudy(osk.load_prices(), [item]).fit()
    assert "(day 0, perhaps this very event)" in text_of(result, "x")


def test_a_level_that_was_not_reached_is_said() -> None:
    events = osk.load_events().filter(ids=[ATTACK])
    result = osk.EventStudy(osk.load_prices(), events, levels=[300.0, 50.0]).fit()
    assert level_sentences(result.estimates, result.facts[0], label="Brent") == [
        "The price did not close above $300 on any day up to +10.",
        "The price was above $50 the day before and did not fall below it up to day +10.",
    ]


def test_weak_evidence_of_a_sign_as_expected_is_no_ordinary_day(april: StudyResult) -> None:
    facts = next(f for f in april.facts if f.event["direction"] == "+" and f.day0.car > 0)
    plain = direction_sentence(facts)
    assert plain is not None
    assert plain.endswith("as expected, but by no more than such days often bring.")
    weak = replace(facts, day0=replace(facts.day0, verdict=Verdict("weak evidence", None)))
    words = direction_sentence(weak)
    assert words is not None
    assert words.endswith("as expected, but the evidence of a move is weak.")


def test_the_adjusted_p_value_stands_where_it_decides(april: StudyResult) -> None:
    car = replace(april.facts[0].day0, p_adjusted=0.099, verdict=Verdict("evidence", False))
    assert worth(car, n_events=6) == (
        "evidence of an abnormal move, which does not survive the adjustment for 6 events "
        "(adjusted p = 0.099)"
    )
    alone = replace(car, verdict=Verdict("evidence", None))
    assert worth(alone, n_events=1) == "evidence of an abnormal move"


def test_an_incomplete_window_is_said() -> None:
    events = osk.load_events().filter(ids=["houthis-fire-riyadh-yanbu-2026"])
    result = osk.EventStudy(osk.load_prices(), events).fit()
    words = text_of(result, "houthis-fire-riyadh-yanbu-2026")
    assert "window ends at day +6 (last session 2026-09-29)" in words


def test_difference_returns_are_told_in_dollars() -> None:
    prices = osk.load_prices()
    events = osk.load_events().filter(ids=[ATTACK])
    result = osk.EventStudy(prices, events, returns="difference").fit()
    changes = prices.diff().to_numpy()
    day0 = prices.index.get_loc("2024-04-15")
    abnormal = changes[day0] - changes[day0 - 130 : day0 - 10].mean()
    words = text_of(result, ATTACK)
    assert f"Abnormal return: −{abs(abnormal):.2f} USD/bbl (t =" in words
