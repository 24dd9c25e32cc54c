"""Verdicts and facts of events."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from oilshock.facts import judge
from oilshock.lead import lead_event
from oilshock.narrative import verdict_words
from oilshock.results import StudyResult

NAN = float("nan")


@pytest.mark.parametrize(
    ("p_value", "p_adjusted", "alpha", "strength", "survives"),
    [
        (0.3, NAN, 0.05, "no evidence", None),
        (0.10, NAN, 0.05, "no evidence", None),
        (0.0999, NAN, 0.05, "weak evidence", None),
        (0.0999, 1.0, 0.05, "weak evidence", False),
        (0.05, 0.05, 0.05, "weak evidence", False),
        (0.0499, NAN, 0.05, "evidence", None),
        (0.0499, 0.2, 0.05, "evidence", False),
        (0.02, 0.04, 0.05, "evidence", True),
        (0.01, 0.04, 0.05, "evidence", True),
        (0.0099, 0.05, 0.05, "strong evidence", False),
        (1e-9, 1e-7, 0.05, "strong evidence", True),
        (0.005, 0.005, 0.001, "weak evidence", False),
        (0.12, 0.12, 0.2, "evidence", True),
        (NAN, NAN, 0.05, "not available", None),
    ],
)
def test_verdict_is_a_function_of_the_p_values(
    p_value: float, p_adjusted: float, alpha: float, strength: str, survives: bool | None
) -> None:
    verdict = judge(p_value, p_adjusted=p_adjusted, alpha=alpha)
    assert (verdict.strength, verdict.survives) == (strength, survives)
    assert verdict.is_found == (not math.isnan(p_value) and p_value < alpha)


def test_a_verdict_rests_on_the_calibrated_p_value(april: StudyResult) -> None:
    for facts in april.facts:
        for car in facts.cars:
            assert car.p_quoted == car.p_calibrated
            assert car.verdict == judge(car.p_calibrated, p_adjusted=car.p_adjusted, alpha=0.05)


def test_a_large_p_value_is_not_called_an_effect() -> None:
    words = verdict_words(judge(0.3, p_adjusted=1.0, alpha=0.05), n_events=3)
    assert words == "no evidence of an abnormal move"


def test_a_finding_that_adjustment_removes_is_said_to_be_removed() -> None:
    words = verdict_words(judge(0.03, p_adjusted=0.3, alpha=0.05), n_events=12)
    assert words == (
        "evidence of an abnormal move, which does not survive the adjustment for 12 events"
    )


def test_the_lead_event_is_the_most_severe_whatever_its_p_value(april: StudyResult) -> None:
    attack = next(facts for facts in april.facts if facts.event["severity"] == 3)
    assert attack.event["id"] == "iran-attacks-israel-apr2024"
    for p in (0.0, 1.0):
        day0 = replace(attack.day0, p_value=p, p_calibrated=p, p_adjusted=p)
        rated = replace(attack, day0=day0)
        events = [rated if facts is attack else facts for facts in april.facts]
        assert lead_event(events) is rated


def test_facts_repeat_the_tables(april: StudyResult) -> None:
    car = april.table("car").set_index(["event_id", "start", "end"])
    for facts in april.facts:
        for window in facts.cars:
            row = car.loc[(facts.event["id"], window.start, window.end)]
            assert window.car == row["car"]
            assert window.p_adjusted == row["p_adjusted"]
            assert window.usd == row["usd"]


def test_days_outside_the_band_are_those_of_the_path(april: StudyResult) -> None:
    for facts in april.facts:
        for day in range(facts.last_day + 1):
            row = april.car(0, day).set_index("event_id").loc[facts.event["id"]]
            is_outside = not row["ci_calibrated_low"] <= 0 <= row["ci_calibrated_high"]
            assert (day in facts.outside) == bool(is_outside)
            np.testing.assert_allclose(facts.path[day], row["car"], rtol=1e-12, atol=1e-15)
