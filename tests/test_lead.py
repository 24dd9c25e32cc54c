"""Which event is told in depth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from strategies import dated, fit_brent

from oilshock.facts import EventFacts
from oilshock.lead import clearest_event, has_severity, lead_event

DATES = ("2019-09-16", "2022-02-24", "2024-04-15")


@pytest.fixture(scope="module")
def events() -> tuple[EventFacts, ...]:
    return fit_brent(dated(*DATES)).facts


def with_p(event: EventFacts, *, adjusted: float, own: float) -> EventFacts:
    return replace(event, day0=replace(event.day0, p_adjusted=adjusted, p_calibrated=own))


def with_severity(event: EventFacts, value: float) -> EventFacts:
    return replace(event, event=pd.Series({**event.event, "severity": value}))


def test_without_severity_the_clearest_leads(events: tuple[EventFacts, ...]) -> None:
    assert not has_severity(events)
    ranked = [
        with_p(event, adjusted=adjusted, own=own)
        for event, adjusted, own in zip(events, (0.4, 0.2, 0.2), (0.001, 0.2, 0.1), strict=True)
    ]
    assert lead_event(ranked) is ranked[2]
    assert clearest_event(ranked) is ranked[2]


def test_an_event_without_a_p_value_is_never_the_clearest(events: tuple[EventFacts, ...]) -> None:
    none = with_p(events[0], adjusted=np.nan, own=np.nan)
    none = replace(none, day0=replace(none.day0, p_value=np.nan))
    some = with_p(events[1], adjusted=np.nan, own=0.9)
    assert clearest_event([none, some]) is some


def test_one_severity_is_enough_to_look_at_no_result(events: tuple[EventFacts, ...]) -> None:
    severe = with_severity(with_p(events[1], adjusted=1.0, own=1.0), 2.0)
    assert lead_event([events[0], severe, events[2]]) is severe


def test_an_event_without_a_severity_is_less_severe_than_any(
    events: tuple[EventFacts, ...],
) -> None:
    least = with_severity(events[1], 1.0)
    assert lead_event([events[0], least, events[2]]) is least
