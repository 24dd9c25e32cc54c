"""The answer of a study, in the three sentences of a first page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts, LevelFacts
from oilshock.lead import clearest_event, has_severity, lead_event
from oilshock.level_words import UNSURE, crossed_after, crossed_before, nearest_level
from oilshock.narrative import (
    EXPECTED,
    abnormal_words,
    amount,
    confidence,
    duration_sentence,
    figures,
    interval_words,
    move_words,
    return_noun,
    series_label,
    worth,
)
from oilshock.words import (
    count,
    day,
    dollars,
    number,
    probability,
    relative,
    weekday,
    window_text,
)

FEW_EVENTS = 12
"""Up to this many events, a first page opens with one of them; above, with all."""


def answer(estimates: StudyEstimates, events: Sequence[EventFacts]) -> list[str]:
    """Write the three sentences of the first page."""
    lead = lead_event(tuple(events))
    if len(events) > FEW_EVENTS:
        return [
            _found(estimates, events),
            _clearest(estimates, events),
            _caution(estimates, events),
        ]
    return [
        _lead_move(estimates, events, lead),
        _lead_after(estimates, lead),
        _rest(estimates, events, lead),
    ]


def _lead_move(estimates: StudyEstimates, events: Sequence[EventFacts], lead: EventFacts) -> str:
    return (
        f"{_why_this_one(events)}“{lead.title}” ({day(pd.Timestamp(lead.ledger['event_date']))}), "
        f"{series_label(estimates)} {move_words(lead)} on {weekday(lead.session)}, "
        f"the first session that could react: an {return_noun(estimates)} of "
        f"{abnormal_words(estimates, lead)}{interval_words(estimates, lead)}, "
        f"{worth(lead.day0, n_events=len(events))}{_sign_words(lead)}."
    )


def _why_this_one(events: Sequence[EventFacts]) -> str:
    """Begin the first sentence; say so where the event was picked for its p value."""
    if len(events) == 1 or has_severity(events):
        return "After "
    return f"The clearest of {count(len(events), 'event')}: after "


def _sign_words(facts: EventFacts) -> str:
    """Compare the sign of day 0 with the direction expected, as the end of a sentence."""
    expected, ar = EXPECTED.get(str(facts.event["direction"])), facts.day0.car
    if expected is None or np.isnan(ar) or ar == 0:
        return ""
    agrees = (ar > 0) == (facts.event["direction"] == "+")
    words = "as" if agrees else "not as"
    return f"; {expected} was expected beforehand, so the sign is {words} expected"


def _lead_after(estimates: StudyEstimates, lead: EventFacts) -> str:
    duration = duration_sentence(estimates, lead).rstrip(".")
    crossings = [text for level in lead.levels if (text := _level_words(estimates, lead, level))]
    if not crossings:
        return f"{duration}; {_effect_at_end(estimates, lead)}{_chance(lead)}."
    return f"{duration}; {series_label(estimates)} {', and '.join(crossings)}{_chance(lead)}."


def _chance(lead: EventFacts) -> str:
    """Give the chance of the level nearest to the close, where the event may have decided it."""
    level = nearest_level(lead)
    if level is None:
        return ""
    decided = level.was_above != (lead.price > level.level)
    if not decided and not UNSURE[0] <= level.p_above <= UNSURE[1]:
        return ""
    return (
        f"; without the event, the probability of a close above {dollars(level.level)} on day 0 "
        f"was {probability(level.p_above)}"
    )


def _level_words(estimates: StudyEstimates, facts: EventFacts, level: LevelFacts) -> str | None:
    """Say in one phrase when a level was crossed round an event; None if it was not."""
    before, after = crossed_before(estimates, facts, level), crossed_after(estimates, facts, level)
    if before is not None:
        before = f"{before} and so before the event"
    return ", and ".join(filter(None, [before, after])) or None


def _effect_at_end(estimates: StudyEstimates, lead: EventFacts) -> str:
    end = lead.end
    return (
        f"on day {relative(int(end['relative_day']))} the price was {number(end['price'])} USD/bbl "
        f"against {number(end['expected_price'])} expected without the event "
        f"({confidence(estimates)} band {number(end['low'])} to {number(end['high'])})"
    )


def _rest(estimates: StudyEstimates, events: Sequence[EventFacts], lead: EventFacts) -> str:
    shared = _shared(events)
    if len(events) > 1:
        return f"{_found(estimates, events).rstrip('.')}; {shared}."
    widest = lead.cars[-1]
    if np.isnan(widest.car):
        return f"The event window is not complete, and {shared}."
    return (
        f"Over {window_text(widest.start, widest.end)} the CAR is "
        f"{amount(estimates, widest.car)} ({figures(widest)}), "
        f"{worth(widest, n_events=1)}; {shared}."
    )


def _found(estimates: StudyEstimates, events: Sequence[EventFacts]) -> str:
    alpha = estimates.config.inference.alpha
    rated = [facts for facts in events if facts.day0.verdict.strength != "not available"]
    found = [facts for facts in rated if facts.day0.verdict.is_found]
    of_all = f"Of {count(len(rated), 'event')}"
    at_level = f"an abnormal day 0 at the {100 * alpha:g} % level"
    if not found:
        return f"{of_all}, none had {at_level}."
    sessions = len({facts.position for facts in found})
    where = f", on {count(sessions, 'session')}" if sessions < len(found) else ""
    words = (
        f"{of_all}, {len(found)} had {at_level} ({alpha * len(rated):.1f} by chance alone){where}"
    )
    if estimates.config.inference.adjust == "none":
        return f"{words}; p values are not adjusted for the number of events."
    survive = sum(bool(facts.day0.verdict.survives) for facts in rated)
    still = f"{survive} still {'does' if survive == 1 else 'do'}" if survive else "none still does"
    return f"{words}; {still} after adjustment for their number."


def _clearest(estimates: StudyEstimates, events: Sequence[EventFacts]) -> str:
    clearest = clearest_event(events)
    if np.isnan(clearest.day0.p_quoted):
        return "No event could be rated on day 0."
    return (
        f"The clearest day-0 move followed “{clearest.title}”: {series_label(estimates)} "
        f"{move_words(clearest)} on {day(clearest.session)}, "
        f"an {return_noun(estimates)} of {abnormal_words(estimates, clearest)}."
    )


def _caution(estimates: StudyEstimates, events: Sequence[EventFacts]) -> str:
    signed = estimates.signed_average
    row = signed[signed["relative_day"] == 0].iloc[0]
    shared = _shared(events)
    if row["n_events"] < 2:
        return f"{shared[0].upper()}{shared[1:]}."
    error = row["aar_std_error"]
    return (
        f"Taken in the direction expected beforehand, the average day-0 abnormal return of "
        f"{count(int(row['n_events']), 'event')} is {amount(estimates, row['aar'])} "
        f"(cross-sectional standard error {amount(estimates, error, sign=False)}); {shared}."
    )


def _shared(events: Sequence[EventFacts]) -> str:
    n_shared = sum(bool(facts.overlaps) for facts in events)
    n_near = sum(not facts.neighbours.empty for facts in events)
    if n_shared:
        return (
            f"{n_shared} of {len(events)} event windows share sessions with another, "
            "so those effects cannot be told apart"
        )
    windows = "the event window" if len(events) == 1 else f"{n_near} of {len(events)} event windows"
    if n_near:
        holds = "holds" if n_near == 1 else "hold"
        return f"{windows} {holds} catalogue events outside the study, which may have moved it too"
    return "no other event of the catalogue falls into " + (
        "the event window" if len(events) == 1 else "these windows"
    )
