"""Which event of a study is told in depth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from oilshock.facts import EventFacts


def lead_event(events: Sequence[EventFacts]) -> EventFacts:
    """Pick the event a first page opens with.

    Parameters
    ----------
    events : sequence of EventFacts
        The kept events.

    Returns
    -------
    EventFacts
        The most severe, the first of them given, which looks at no result; where no event has a
        severity, the clearest.
    """
    if not has_severity(events):
        return clearest_event(events)
    return max(events, key=_severity)


def clearest_event(events: Sequence[EventFacts]) -> EventFacts:
    """Pick the event with the smallest adjusted, then quoted p value on day 0, the first of them.

    Events without a p value come last.
    """
    return min(events, key=clearness)


def clearness(facts: EventFacts) -> tuple[float, float, int]:
    """Return what events are sorted by so that the clearest comes first."""
    adjusted, own = (
        np.inf if np.isnan(p) else p for p in (facts.day0.p_adjusted, facts.day0.p_quoted)
    )
    return adjusted, own, facts.number


def has_severity(events: Sequence[EventFacts]) -> bool:
    """Say whether any event has a severity."""
    return any(not pd.isna(event.event["severity"]) for event in events)


def _severity(facts: EventFacts) -> float:
    value = facts.event["severity"]
    return 0.0 if pd.isna(value) else float(value)
