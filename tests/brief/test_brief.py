"""What a brief says: true, complete, in the words of the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from strategies import CLOSE, brent, catalogue, dated, fit_brent

from oilshock.brief import Brief
from oilshock.config import config_from_dict, load_config
from oilshock.narrative import verdict_words
from oilshock.results import StudyResult
from oilshock.study import EventStudy, run_study

CONFIGS = Path(__file__).parents[2] / "configs"
ATTACK = "iran-attacks-israel-apr2024"


def section(brief: Brief, heading: str) -> str:
    return next(part.text for part in brief.paragraphs if part.heading == heading)


@pytest.fixture(scope="module")
def april() -> StudyResult:
    config = load_config(CONFIGS / "april-2024.toml")
    return run_study(config.model_copy(update={"sweep": None}))


def test_april_2024_is_told_as_the_report_tells_it(april: StudyResult) -> None:
    brief = april.brief()
    headline = brief.paragraphs[0].text
    assert headline.startswith("Brent spot fell 2.45 % on Monday 15 April 2024, the first session")
    assert (
        "(Saturday 13 April 2024, 20:00 UTC, 21:00 London): no evidence of an abnormal move."
        in headline
    )
    assert section(brief, "What happened").startswith("From 93.12 to 90.84 USD/bbl")
    assert "rose above $90 on 3 April 2024, before the event" in section(brief, "Without the event")
    assert "None of 9 events" in section(brief, "All events")
    assert "7 other events of the study" in section(brief, "Caveats")
    assert "spot, not futures" in section(brief, "Source")


def test_the_verdict_is_that_of_the_report(april: StudyResult) -> None:
    lead = next(facts for facts in april.facts if facts.event["id"] == ATTACK)
    assert verdict_words(lead.day0.verdict, n_events=9) in april.brief().paragraphs[0].text


def test_an_interval_that_holds_zero_says_so(april: StudyResult) -> None:
    row = april.car(0, 0).set_index("event_id").loc[ATTACK]
    assert row["ci_calibrated_low"] < 0 < row["ci_calibrated_high"]
    assert "zero included" in section(april.brief(), "How sure")
    found = fit_brent(catalogue().filter(ids=["abqaiq-khurais-attack-2019"])).brief()
    assert "zero excluded" in section(found, "How sure")


def test_a_found_move_says_how_much_was_given_back() -> None:
    brief = fit_brent(catalogue().filter(ids=["abqaiq-khurais-attack-2019"])).brief()
    assert "Most of the move of the first day had been given back." in section(brief, "Did it last")
    assert "All events" not in [part.heading for part in brief.paragraphs]


def test_what_was_given_back_agrees_with_the_gap_in_dollars() -> None:
    result = fit_brent(dated("2020-04-21"), returns="simple", window=(0, 3), tests=["t"])
    path = result.table("whatif").set_index("relative_day")["usd"]
    assert path[0] < path[3] < 0
    text = section(result.brief(), "Did it last")
    assert text.endswith("Most of the move of the first day had been given back.")


def test_other_events_of_the_week_are_named() -> None:
    text = section(fit_brent(catalogue().filter(ids=[ATTACK])).brief(), "Caveats")
    assert "The catalogue has 5 more events in the event window, such as “" in text


def test_the_same_event_in_the_catalogue_is_marked() -> None:
    item = {"id": "x", "date": "2019-09-14", "title": "Attack on Abqaiq"}
    text = section(EventStudy(brent().prices, [item], **CLOSE).fit().brief(), "Caveats")
    assert "(perhaps this very event)" in text


def test_a_window_past_the_last_session_is_said() -> None:
    brief = fit_brent(catalogue().filter(ids=["houthis-fire-riyadh-yanbu-2026"])).brief()
    assert "The series ends inside the event window." in section(brief, "Did it last")
    last = str(brent().prices.index[-1].date())
    first = fit_brent(dated(last)).brief()
    assert "no later price" in section(first, "Did it last")


def test_difference_returns_are_told_in_dollars() -> None:
    brief = fit_brent(catalogue().filter(ids=[ATTACK]), returns="difference").brief()
    assert brief.paragraphs[0].text.startswith("brent-spot fell 2.28 USD/bbl on Monday")
    assert " %" not in section(brief, "What happened")
    assert "(the abnormal return)" in section(brief, "What happened")


def test_without_placebos_the_t_test_is_explained() -> None:
    text = section(fit_brent(catalogue().filter(ids=[ATTACK]), tests=["t"]).brief(), "How sure")
    assert "If returns were normal with a constant variance" in text
    assert "a rough guide" in text
    assert "calibrated" not in text


def test_what_the_expected_return_rests_on_is_said() -> None:
    events = catalogue().filter(ids=[ATTACK])
    dollar = run_study(
        config_from_dict(
            {
                "study": {"name": "s"},
                "events": {"ids": [ATTACK]},
                "model": {"kind": "factors", "factors": ["dollar"]},
            },
            where="test",
        )
    )
    told = section(dollar.brief(), "What happened")
    assert "Beyond what “dollar” and 120 earlier sessions led one to expect" in told
    plain = section(fit_brent(events).brief(), "What happened")
    assert "Beyond what 120 earlier sessions led one to expect" in plain
    garch = fit_brent(events, model="garch", on_failure="constant-variance", tests=["t"]).brief()
    assert "If returns followed the GARCH model of the study" in section(garch, "How sure")


def test_a_level_far_away_is_not_mentioned() -> None:
    brief = fit_brent(catalogue().filter(ids=[ATTACK]), levels=[300.0]).brief()
    assert "$" not in str(brief)


def test_many_events_are_counted_first_and_levels_dated() -> None:
    events = catalogue().filter(since="2026-02-28", until="2026-04-17")
    result = fit_brent(events, levels=[90.0, 120.0])
    brief = result.brief()
    found = int((result.car(0, 0)["p_calibrated"] < 0.05).sum())
    assert brief.paragraphs[0].text.startswith(f"{found} of 15 events had an abnormal first")
    smallest = result.car(0, 0)["p_calibrated"].idxmin()
    assert result.facts[smallest].title in section(brief, "Clearest")
    signed = result.estimates.signed_average.set_index("relative_day").loc[0]
    mean = f"{100 * signed['aar']:+.2f} %".replace("-", "−")
    assert f"{mean} (mean of {signed['n_events']:.0f} events" in str(brief)
    levels = result.table("levels")
    first = levels[(levels["level"] == 90.0) & (levels["first_session"] >= "2026-02-28")].iloc[0]
    assert f"First above $90 on {first['first_session'].day} March 2026" in section(brief, "Levels")
    assert f"for {first['sessions_above']} session" in section(brief, "Levels")


def test_events_that_survive_are_named_once() -> None:
    result = run_study(load_config(CONFIGS / "opec-decisions.toml"))
    text = result.brief().paragraphs[0].text
    survivors = [facts for facts in result.facts if facts.day0.verdict.survives]
    clearest = min(survivors, key=lambda facts: facts.day0.p_adjusted)
    named = [facts for facts in survivors if f"“{facts.title}”" in text]
    assert f"{len(survivors)} still do" in text
    assert len(named) == 2
    assert clearest not in named


def test_events_left_out_are_counted() -> None:
    result = fit_brent(dated("1987-06-01", "2024-04-15"))
    assert "1 event was left out" in section(result.brief(), "Caveats")


def test_same_study_same_brief(april: StudyResult) -> None:
    again = run_study(april.estimates.config)
    assert str(again.brief()) == str(april.brief())
    assert again.brief().trace.equals(april.brief().trace)
