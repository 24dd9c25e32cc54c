"""One line for each event: in line with the report, and with the figures."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from oilshock import EventStudy, StudyResult, load_events, load_prices
from oilshock.facts import EventFacts, Verdict
from oilshock.verdicts import event_verdicts, grade


@pytest.fixture(scope="module")
def result() -> StudyResult:
    events = load_events().filter(ids=["iran-attacks-israel-apr2024", "isfahan-strike-2024"])
    return EventStudy(load_prices(), events).fit()


@pytest.fixture(scope="module")
def attack(result: StudyResult) -> EventFacts:
    return next(event for event in result.facts if "missile attack" in event.title)


def words(event: EventFacts, *, kind: str = "log", n_events: int = 2) -> str:
    return event_verdicts([event] * n_events, kind=kind)[0].words  # type: ignore[arg-type]


def test_the_attack_of_april_2024(attack: EventFacts) -> None:
    # Closes of Brent spot, US Energy Information Administration: 93.12 on 12 April, 90.84 on 15.
    assert words(attack) == (
        "Fell 2.45 % to 90.84 on Mon 15 Apr; no evidence; CAR inside one-day band."
    )
    assert words(attack, kind="difference").startswith("Fell 2.28 USD/bbl to 90.84 on Mon 15 Apr;")


def test_a_price_below_zero_moves_in_dollars(attack: EventFacts) -> None:
    odd = replace(attack, price_before=-37.63, price=10.01, move=0.5)
    assert words(odd).startswith("Rose 47.64 USD/bbl to 10.01 on")
    assert words(replace(attack, move=0.0)).startswith("Did not change from 90.84 on Mon 15 Apr;")


@pytest.mark.parametrize(
    ("verdict", "part"),
    [
        (Verdict("strong evidence", survives=True), "; strong evidence, survives adjustment;"),
        (Verdict("evidence", survives=False), "; evidence, does not survive adjustment;"),
        (Verdict("evidence", survives=None), "; evidence;"),
        (Verdict("weak evidence", survives=None), "; weak evidence;"),
        (Verdict("weak evidence", survives=False), "; weak evidence, does not survive adjustment;"),
        (Verdict("not available", survives=None), "; no verdict is possible;"),
    ],
)
def test_what_the_move_is_worth(attack: EventFacts, verdict: Verdict, part: str) -> None:
    event = replace(attack, day0=replace(attack.day0, verdict=verdict))
    assert part in words(event)


def test_one_event_survives_no_adjustment(attack: EventFacts) -> None:
    verdict = Verdict("evidence", survives=True)
    event = replace(attack, day0=replace(attack.day0, verdict=verdict))
    assert "; evidence;" in words(event, n_events=1)


@pytest.mark.parametrize(
    ("outside", "end"),
    [
        ((0, 1, 2), "CAR left its one-day band on day 0, back inside from day +3."),
        ((2, 5), "CAR left its one-day band on day +2, back inside from day +6."),
        ((0, 10), "CAR left its one-day band on day 0, again outside on day +10."),
        ((9, 10), "CAR left its one-day band on day +9, still outside on day +10."),
        ((10,), "CAR left its one-day band on day +10."),
    ],
)
def test_how_long_it_lasted(attack: EventFacts, outside: tuple[int, ...], end: str) -> None:
    assert words(replace(attack, outside=outside)).endswith(end)


def test_the_record_has_the_p_value_that_the_table_quotes(result: StudyResult) -> None:
    table = result.car(0, 0)
    verdicts = event_verdicts(result.facts, kind="log")
    assert [verdict.p_value for verdict in verdicts] == table["p_calibrated"].tolist()
    assert [verdict.number for verdict in verdicts] == [1, 2]
    assert [verdict.grade for verdict in verdicts] == [
        grade(event.day0.verdict) for event in result.facts
    ]
    assert not any(verdict.is_found for verdict in verdicts)
    assert pd.notna(table["p_calibrated"]).all()
