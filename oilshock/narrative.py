"""The sentences on one event, by rules that hold for any study.

Each rule turns figures into one sentence, or into none where it does not apply.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from oilshock.assumptions import assumption_sentence
from oilshock.clock_words import clock_words
from oilshock.estimates import StudyEstimates
from oilshock.events import BUNDLED_LABEL
from oilshock.facts import CarFacts, EventFacts, Verdict
from oilshock.level_words import level_sentences
from oilshock.quoted_p import p_kind, p_signed
from oilshock.tables import rows_of
from oilshock.words import (
    count,
    day,
    listed,
    number,
    p_text,
    per_cent,
    relative,
    weekday,
)

SHIFTS = {
    "after close": "the news came at or after the close",
    "no session": "the day to look at has no price",
    "no common session": "a factor has no value for the first session",
}
TAILS = {
    "no evidence": ", but by no more than such days often bring",
    "weak evidence": ", but the evidence of a move is weak",
}
"""What is said of a sign, as expected or not, where it may be chance."""

CAR_SPELT_OUT = "cumulative abnormal return (CAR)"
EXPECTED = {"+": "a rise (tightening)", "-": "a fall (easing)"}


def series_label(estimates: StudyEstimates) -> str:
    """Name the series in running text."""
    return estimates.market.series.label


def has_own_events(estimates: StudyEstimates) -> bool:
    """Say whether the events are not the bundled ones, so that one of these may be the same."""
    return estimates.events.provenance.get("label") != BUNDLED_LABEL


def moved(value: float) -> str:
    """Say which way a price went."""
    return "rose" if value > 0 else "fell" if value < 0 else "did not change"


def amount(estimates: StudyEstimates, value: float, *, sign: bool = True) -> str:
    """Write a return in per cent, or in USD/bbl for difference returns."""
    if estimates.config.returns.kind == "difference":
        return f"{number(value, sign='+' if sign else '-')} USD/bbl"
    return per_cent(value) if sign else f"{number(100 * value)} %"


def verdict_words(verdict: Verdict, *, n_events: int) -> str:
    """Write a verdict: what the p value allows one to say, and no more."""
    if verdict.strength == "not available":
        return "no verdict is possible"
    words = f"{verdict.strength} of an abnormal move"
    if verdict.survives is None:
        return words
    does = "survives" if verdict.survives else "does not survive"
    family = count(n_events, "event") if n_events > 1 else "its windows"
    return f"{words}, which {does} the adjustment for {family}"


def worth(car: CarFacts, *, n_events: int) -> str:
    """Write the verdict on a CAR, with the adjusted p value where that decides."""
    words = verdict_words(car.verdict, n_events=n_events)
    if car.verdict.survives is None:
        return words
    return f"{words} (adjusted p {p_text(car.p_adjusted)})"


def figures(car: CarFacts) -> str:
    """Write t and p of a CAR."""
    return f"t = {number(car.t_stat)}, {p_kind(car)} {p_signed(car)}"


def alignment_sentence(facts: EventFacts, *, timezone: str | None) -> str:
    """Say which session could react first, and why; `timezone` is that of the close."""
    date = pd.Timestamp(facts.ledger["event_date"])
    time = clock_words(date.date(), str(facts.ledger["event_time"]), timezone=timezone)
    stamp = f"{weekday(date)}{', ' + time if time else ''}"
    reason = str(facts.ledger["shift_reason"])
    if not reason:
        return f"Dated {stamp}. Day 0 is that session, {weekday(facts.session)}."
    words = ", and ".join(SHIFTS[part] for part in reason.split(";"))
    return (
        f"Dated {stamp}. Day 0 is {weekday(facts.session)}: {words}. Its return runs from the "
        f"close of {day(facts.session_before)}."
    )


def date_only_sentence(estimates: StudyEstimates, facts: EventFacts) -> str | None:
    """Give the [0, +1] reading of an event whose time of day is not known.

    News of a day without a session cannot come after the close of the next one.
    """
    car = facts.next_day
    if car is None or np.isnan(car.car) or str(facts.ledger["shift_reason"]):
        return None
    return (
        "Only the date is known, so the news may have come after the close. Read over "
        f"[0, +1]: CAR {amount(estimates, car.car)} ({figures(car)})."
    )


def move_sentence(estimates: StudyEstimates, facts: EventFacts, *, n_events: int) -> str:
    """Say what the price did on day 0, and what that is worth."""
    return (
        f"On day 0 {series_label(estimates)} {move_words(facts)}. "
        f"{return_noun(estimates).capitalize()}: {abnormal_words(estimates, facts)}"
        f"{interval_words(estimates, facts)}: "
        f"{worth(facts.day0, n_events=n_events)}."
    )


def move_words(facts: EventFacts) -> str:
    """Write the move of day 0 as a verb phrase."""
    if facts.move == 0:
        return f"did not change from {number(facts.price)} USD/bbl"
    change = facts.price / facts.price_before - 1 if facts.price_before > 0 else np.nan
    by = f"{number(abs(facts.price - facts.price_before))} USD/bbl"
    if not np.isnan(change):
        by = f"{number(100 * abs(change))} %"
    return (
        f"{moved(facts.move)} {by}, from {number(facts.price_before)} "
        f"to {number(facts.price)} USD/bbl"
    )


def return_noun(estimates: StudyEstimates) -> str:
    """Name an abnormal return so that nobody takes a log return for a change in per cent."""
    return f"abnormal {'log ' if estimates.config.returns.kind == 'log' else ''}return"


def interval_words(estimates: StudyEstimates, facts: EventFacts) -> str:
    """Write the interval of day 0 as the end of a phrase; empty where there is none."""
    low, high = facts.day0.ci_low, facts.day0.ci_high
    if np.isnan(low):
        return ""
    between = f"{amount(estimates, low)} to {amount(estimates, high)}"
    return f", {confidence(estimates)} interval {between}"


def abnormal_words(estimates: StudyEstimates, facts: EventFacts) -> str:
    """Write the AR of day 0 with its t and p."""
    usd = f"{number(facts.day0.usd, sign='+')} USD/bbl"
    if estimates.config.returns.kind == "difference":
        return f"{usd} ({figures(facts.day0)})"
    return f"{per_cent(facts.day0.car)} or {usd} ({figures(facts.day0)})"


def direction_sentence(facts: EventFacts) -> str | None:
    """Compare the sign of day 0 with the direction judged beforehand."""
    expected = EXPECTED.get(str(facts.event["direction"]))
    ar = facts.day0.car
    if expected is None or np.isnan(ar) or ar == 0:
        return None
    agrees = (ar > 0) == (facts.event["direction"] == "+")
    went = "upwards" if ar > 0 else "downwards"
    way = "as expected" if agrees else "against it"
    tail = TAILS.get(facts.day0.verdict.strength, "")
    return (
        f"Beforehand {expected} was expected; the abnormal move of day 0 went {went}, {way}{tail}."
    )


def duration_sentence(
    estimates: StudyEstimates, facts: EventFacts, *, car: str = CAR_SPELT_OUT
) -> str:
    """Say how long the CAR from day 0 was outside the band that holds for one day at a time.

    `car` names the CAR: in full where a text speaks of it for the first time.
    """
    band = f"one-day {confidence(estimates)} band"
    last = relative(facts.last_day)
    if not facts.outside:
        until = f" up to day {last}" if facts.last_day else ""
        return (
            f"The {car} from day 0 never left its {band}{until}, "
            "so no duration of an effect is defined."
        )
    first, final = facts.outside[0], facts.outside[-1]
    days = facts.last_day + 1
    if final == facts.last_day:
        adverb = "again" if came_back(facts.outside) else "still"
        tail = f"and was {adverb} outside on day {last}, the last one observed"
    else:
        tail = f"and was inside from day {relative(final + 1)} on"
    return (
        f"The {car} from day 0 first left its {band} on day {relative(first)} {tail} "
        f"(outside on {len(facts.outside)} of {count(days, 'day')})."
    )


def came_back(outside: Sequence[int]) -> bool:
    """Say whether there are days inside a band between the first and the last outside it.

    Examples
    --------
    >>> came_back((0, 7, 8)), came_back((7, 8))
    (True, False)
    """
    return len(outside) < outside[-1] - outside[0] + 1


def given_back_sentence(facts: EventFacts) -> str | None:
    """Say how much of a found day-0 move was given back by the last day."""
    if not facts.day0.verdict.is_found or facts.last_day < 1:
        return None
    share = 1.0 - float(facts.path[facts.last_day]) / facts.day0.car
    last = relative(facts.last_day)
    if share <= 0:
        return f"By day {last} none of the day-0 move had been given back; it had grown."
    if share > 1:
        return f"By day {last} the day-0 move had been given back in full, and more."
    return f"By day {last}, {100 * share:.0f} % of the day-0 move had been given back."


def what_if_sentence(estimates: StudyEstimates, facts: EventFacts) -> str:
    """Compare the last price of the event window with the price expected without the event."""
    end = facts.end
    inside = end["low"] <= end["price"] <= end["high"]
    place = "inside" if inside else "outside"
    return (
        f"On day {relative(int(end['relative_day']))} the price was {number(end['price'])} "
        f"USD/bbl; without the event {number(end['expected_price'])} was expected, with a "
        f"{confidence(estimates)} band from {number(end['low'])} to {number(end['high'])}. "
        f"The difference of {number(end['usd'], sign='+')} USD/bbl lies {place} that band."
    )


def confidence(estimates: StudyEstimates) -> str:
    """Write what intervals and bands cover."""
    return f"{100 * (1 - estimates.config.inference.alpha):g} %"


def overlap_sentence(facts: EventFacts, titles: dict[str, str]) -> str | None:
    """Name the events of the study that share sessions with this one."""
    if not facts.overlaps:
        return None
    words = ""
    if facts.same_session:
        names = listed([f"“{titles[other]}”" for other in facts.same_session])
        words = f"Day 0 is also day 0 of {names}: one return cannot be split between them. "
    others = listed([f"“{titles[other]}”" for other in facts.overlaps], most=4)
    noun = "event" if len(facts.overlaps) == 1 else "events"
    return (
        f"{words}The event window shares sessions with {len(facts.overlaps)} other {noun} "
        f"of the study ({others}); their effects are mixed in every CAR that spans them."
    )


def neighbour_sentence(estimates: StudyEstimates, facts: EventFacts) -> str | None:
    """Name the catalogue events inside the event window that are not in the study."""
    near = facts.neighbours
    if near.empty:
        return None
    is_own = has_own_events(estimates)
    names = []
    for title, relative_day in zip(near["other_title"], near["relative_day"], strict=True):
        maybe = ", perhaps this very event" if is_own and relative_day == 0 else ""
        names.append(f"“{title}” (day {relative(int(relative_day))}{maybe})")
    noun = "event" if len(names) == 1 else "events"
    return (
        f"Outside the study, the catalogue has {len(names)} more {noun} in this window: "
        f"{listed(names, most=4)}."
    )


def confounder_sentence(facts: EventFacts) -> str | None:
    """Repeat the confounders that the event's row names."""
    text = facts.confounders
    return f"Noted with the event: {text}." if text else None


def incomplete_sentence(facts: EventFacts) -> str | None:
    """Say that the series ends inside the event window."""
    reason = str(facts.ledger["reason"])
    return f"The series ends inside the event window: {reason}." if reason else None


def _assumptions(estimates: StudyEstimates, facts: EventFacts) -> str | None:
    config = estimates.config
    return assumption_sentence(
        rows_of(estimates.diagnostics.iloc[[facts.row]])[0],
        t_stat=facts.day0.t_stat,
        alpha=config.inference.alpha,
        kind=config.returns.kind,
    )


def event_sentences(estimates: StudyEstimates, facts: EventFacts, *, n_events: int) -> list[str]:
    """Write all that is said of one event, in reading order."""
    titles = dict(zip(estimates.ledger["event_id"], estimates.ledger["title"], strict=True))
    sentences = [
        alignment_sentence(facts, timezone=estimates.market.series.timezone),
        move_sentence(estimates, facts, n_events=n_events),
        date_only_sentence(estimates, facts),
        direction_sentence(facts),
        duration_sentence(estimates, facts, car="CAR"),
        given_back_sentence(facts),
        what_if_sentence(estimates, facts),
        *level_sentences(estimates, facts, label=series_label(estimates)),
        overlap_sentence(facts, titles),
        neighbour_sentence(estimates, facts),
        confounder_sentence(facts),
        incomplete_sentence(facts),
        _assumptions(estimates, facts),
    ]
    return [sentence for sentence in sentences if sentence]
