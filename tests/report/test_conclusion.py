"""The answer of a study: true to the numbers, on any study."""

from __future__ import annotations

import pytest

import oilshock as osk
from oilshock.conclusion import answer
from oilshock.results import StudyResult

ATTACK = "iran-attacks-israel-apr2024"


def test_april_2024_tells_the_unpleasant_truths(april: StudyResult) -> None:
    first, second, third = answer(april.estimates, april.facts)
    assert "Brent spot fell 2.45 %, from 93.12 to 90.84 USD/bbl" in first
    p = april.car(0, 0).set_index("event_id").loc[ATTACK, "p_calibrated"]
    assert f"−2.45 % or −2.25 USD/bbl (t = −1.23, calibrated p = {p:.2f})" in first
    assert "no evidence of an abnormal move" in first
    assert "a rise (tightening) was expected beforehand, so the sign is not as expected" in first
    assert "rose above $90 on 3 April 2024, 8 sessions before day 0" in second
    assert "it fell below" not in second
    assert "and so before the event, and fell below $90 on day +2 (17 April 2024)" in second
    assert "Of 9 events, none had an abnormal day 0 at the 5 % level" in third
    assert "8 of 9 event windows share sessions" in third


def test_mirrored_series_turns_the_answer_round(april: StudyResult, mirrored: StudyResult) -> None:
    first, second, _ = answer(mirrored.estimates, mirrored.facts)
    assert "mirror rose" in first
    assert "+2.45 %" in first
    p = april.car(0, 0).set_index("event_id").loc[ATTACK, "p_calibrated"]
    assert f"t = 1.23, calibrated p = {p:.2f}" in first
    assert "so the sign is as expected" in first
    assert "fell below $90 on 3 April 2024, 8 sessions before day 0" in second


def test_a_file_is_not_called_brent(mirrored: StudyResult) -> None:
    assert "Brent spot" not in " ".join(answer(mirrored.estimates, mirrored.facts))


def test_a_level_crossed_on_day_0_is_the_story_not_an_older_crossing() -> None:
    item = {"id": "x", "date": "2025-06-13", "title": "Israel strikes Iran", "direction": "+"}
    result = osk.EventStudy(osk.load_prices(), [item], levels=[75.0]).fit()
    _, second, _ = answer(result.estimates, result.facts)
    assert "rose above $75 on day 0 (13 June 2025)" in second
    assert "before" not in second


@pytest.mark.parametrize(
    ("level", "is_told"),
    [
        (50.0, False),  # far below both closes, 93.12 and 90.84
        (90.0, True),  # below both, but that was not sure
        (92.0, True),  # fallen below on day 0
        (110.0, False),
    ],
)
def test_the_chance_of_a_level_is_told_where_it_was_in_doubt(level: float, is_told: bool) -> None:
    events = osk.load_events().filter(ids=[ATTACK])
    result = osk.EventStudy(osk.load_prices(), events, levels=[level]).fit()
    chance = result.table("whatif").query("relative_day == 0")[f"p_above_{level:g}"].iloc[0]
    _, second, _ = answer(result.estimates, result.facts)
    told = f"the probability of a close above ${level:g} on day 0 was {chance:.2f}."
    assert second.endswith(told) is is_told
    assert ("probability" in second) is is_told


def test_an_event_with_others_near_it_in_the_catalogue_says_so() -> None:
    near = osk.EventStudy(osk.load_prices(), osk.load_events().filter(ids=[ATTACK])).fit()
    quiet = [{"id": "x", "date": "1995-03-15", "title": "Nothing else happened"}]
    alone = osk.EventStudy(osk.load_prices(), quiet).fit()
    assert "holds catalogue events outside the study" in answer(near.estimates, near.facts)[2]
    assert alone.facts[0].neighbours.empty
    assert "no other event of the catalogue" in answer(alone.estimates, alone.facts)[2]


def test_many_events_are_summed_up_first() -> None:
    events = osk.load_events().filter(since="2026-02-28", until="2026-04-17")
    result = osk.EventStudy(osk.load_prices(), events).fit()
    first, second, third = answer(result.estimates, result.facts)
    found = sum(result.car(0, 0)["p_calibrated"] < 0.05)
    survive = sum(result.car(0, 0)["p_adjusted"] < 0.05)
    sessions = {facts.session for facts in result.facts if facts.day0.p_calibrated < 0.05}
    assert f"Of 15 events, {found} had an abnormal day 0 at the 5 % level" in first
    assert f"(0.8 by chance alone), on {len(sessions)} sessions" in first
    assert survive == 0
    assert "; none still does after adjustment for their number" in first
    smallest = result.car(0, 0)["p_calibrated"].idxmin()
    assert result.facts[smallest].title in second
    assert "15 of 15 event windows share sessions" in third
