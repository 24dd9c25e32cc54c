"""The sentences of a report, by rules that hold for any study.

Each rule turns figures into one sentence, or into none where it does not apply.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from oilshock.assumptions import assumption_sentence
from oilshock.estimates import StudyEstimates
from oilshock.facts import CarFacts, EventFacts, LevelFacts, Verdict, lead_event
from oilshock.tables import rows_of
from oilshock.words import (
    count,
    day,
    dollars,
    listed,
    number,
    p_text,
    per_cent,
    probability,
    relative,
    weekday,
    window_text,
)

FEW_EVENTS = 12
"""Up to this many events, a first page opens with one of them; above, with all."""

RECENT = 20
"""A level crossed within so many sessions before an event is part of its story."""

SIDES = {"above": "rose above", "below": "fell below"}
SHIFTS = {
    "after close": "the news came at or after the close",
    "no session": "the day to look at has no price",
    "no common session": "a factor has no value for the first session",
}
EXPECTED = {"+": "a rise (tightening)", "-": "a fall (easing)"}


def series_label(estimates: StudyEstimates) -> str:
    """Name the series in running text."""
    series = estimates.market.series
    return series.provenance.get("label") or series.name


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
    if verdict.survives is False:
        return f"{words}, which does not survive the adjustment for {count(n_events, 'event')}"
    if verdict.survives and n_events > 1:
        return f"{words}, which survives the adjustment for {count(n_events, 'event')}"
    return words


def figures(estimates: StudyEstimates, car: CarFacts) -> str:
    """Write t and p of a CAR."""
    kind = "calibrated p" if not np.isnan(car.p_calibrated) else "p"
    p_words = f"< {car.p_quoted:.2g}" if car.is_bounded else p_text(car.p_quoted)
    return f"t = {number(car.t_stat)}, {kind} {p_words}"


def alignment_sentence(facts: EventFacts) -> str:
    """Say which session could react first, and why."""
    date, time = pd.Timestamp(facts.ledger["event_date"]), str(facts.ledger["event_time"])
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
        f"[0, +1]: CAR {amount(estimates, car.car)} ({figures(estimates, car)})."
    )


def move_sentence(estimates: StudyEstimates, facts: EventFacts, *, n_events: int) -> str:
    """Say what the price did on day 0, and what that is worth."""
    return (
        f"On day 0 {series_label(estimates)} {_move(estimates, facts)}. "
        f"{return_noun(estimates).capitalize()}: {_abnormal(estimates, facts)}"
        f"{_interval(estimates, facts)}: "
        f"{verdict_words(facts.day0.verdict, n_events=n_events)}."
    )


def _move(estimates: StudyEstimates, facts: EventFacts) -> str:
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


def _interval(estimates: StudyEstimates, facts: EventFacts) -> str:
    """Write the interval of day 0 as the end of a phrase; empty where there is none."""
    low, high = facts.day0.ci_low, facts.day0.ci_high
    if np.isnan(low):
        return ""
    between = f"{amount(estimates, low)} to {amount(estimates, high)}"
    return f", {_confidence(estimates)} interval {between}"


def _abnormal(estimates: StudyEstimates, facts: EventFacts) -> str:
    usd = f"{number(facts.day0.usd, sign='+')} USD/bbl"
    if estimates.config.returns.kind == "difference":
        return f"{usd} ({figures(estimates, facts.day0)})"
    return f"{per_cent(facts.day0.car)} or {usd} ({figures(estimates, facts.day0)})"


def direction_sentence(facts: EventFacts) -> str | None:
    """Compare the sign of day 0 with the direction judged beforehand."""
    expected = EXPECTED.get(str(facts.event["direction"]))
    ar = facts.day0.car
    if expected is None or np.isnan(ar) or ar == 0:
        return None
    agrees = (ar > 0) == (facts.event["direction"] == "+")
    went = "upwards" if ar > 0 else "downwards"
    if agrees:
        tail = "" if facts.day0.verdict.is_found else ", but by no more than such days often bring"
        return (
            f"Beforehand {expected} was expected; the abnormal move went {went}, as expected{tail}."
        )
    return f"Beforehand {expected} was expected; the abnormal move went {went}, against it."


def duration_sentence(estimates: StudyEstimates, facts: EventFacts) -> str:
    """Say how long the CAR from day 0 was outside its band."""
    band = f"pointwise {_confidence(estimates)} band"
    last = relative(facts.last_day)
    if not facts.outside:
        until = f" up to day {last}" if facts.last_day else ""
        return (
            f"The CAR from day 0 never left its {band}{until}, "
            "so no duration of an effect is defined."
        )
    first, final = facts.outside[0], facts.outside[-1]
    days = facts.last_day + 1
    if final == facts.last_day:
        tail = f"and was still outside on day {last}, the last one observed"
    else:
        tail = f"and was inside from day {relative(final + 1)} on"
    return (
        f"The CAR from day 0 first left its {band} on day {relative(first)} {tail} "
        f"(outside on {len(facts.outside)} of {count(days, 'day')})."
    )


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
        f"{_confidence(estimates)} band from {number(end['low'])} to {number(end['high'])}. "
        f"The difference of {number(end['usd'], sign='+')} USD/bbl lies {place} that band."
    )


def _confidence(estimates: StudyEstimates) -> str:
    return f"{100 * (1 - estimates.config.inference.alpha):g} %"


def level_sentences(estimates: StudyEstimates, facts: EventFacts) -> list[str]:
    """Say when each level was crossed, before the event and after it."""
    return [sentence for level in facts.levels for sentence in _level(estimates, facts, level)]


def _before(estimates: StudyEstimates, facts: EventFacts, level: LevelFacts) -> str | None:
    """Say that a level was crossed shortly before the event, as a verb phrase."""
    crossing = level.before
    if crossing is None or facts.position - crossing.session > RECENT:
        return None
    date = day(estimates.market.sessions[crossing.session])
    ago = count(facts.position - crossing.session, "session")
    return f"{SIDES[crossing.side]} {dollars(level.level)} on {date}, {ago} before day 0"


def _after(estimates: StudyEstimates, facts: EventFacts, level: LevelFacts) -> str | None:
    """Say that a level was crossed from day 0 on, as a verb phrase."""
    if level.after is None:
        return None
    date = day(estimates.market.sessions[facts.position + level.after])
    price = dollars(level.level)
    return f"{SIDES[level.side_after]} {price} on day {relative(level.after)} ({date})"


def _chance(facts: EventFacts, level: LevelFacts) -> str:
    return (
        f"Without the event, the probability of a close above {dollars(level.level)} on day 0 was "
        f"{probability(level.p_above)}; the actual close was {number(facts.price)}."
    )


def _level(estimates: StudyEstimates, facts: EventFacts, level: LevelFacts) -> list[str]:
    before, after = _before(estimates, facts, level), _after(estimates, facts, level)
    label = series_label(estimates)
    sentences = []
    if before is not None:
        sentences.append(f"{label} {before}: the event came after that crossing.")
    if after is not None:
        sentences.append(f"From day 0 on, {label} first {after}.")
    if after is not None or 0.005 <= level.p_above <= 0.995:
        sentences.append(_chance(facts, level))
    return sentences


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
    is_own = estimates.events.provenance.get("label") != "Bundled catalogue"
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
        alignment_sentence(facts),
        move_sentence(estimates, facts, n_events=n_events),
        date_only_sentence(estimates, facts),
        direction_sentence(facts),
        duration_sentence(estimates, facts),
        given_back_sentence(facts),
        what_if_sentence(estimates, facts),
        *level_sentences(estimates, facts),
        overlap_sentence(facts, titles),
        neighbour_sentence(estimates, facts),
        confounder_sentence(facts),
        incomplete_sentence(facts),
        _assumptions(estimates, facts),
    ]
    return [sentence for sentence in sentences if sentence]


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
        _lead_move(estimates, lead, n_events=len(events)),
        _lead_after(estimates, lead),
        _rest(estimates, events, lead),
    ]


def _lead_move(estimates: StudyEstimates, lead: EventFacts, *, n_events: int) -> str:
    return (
        f"After “{lead.title}” ({day(pd.Timestamp(lead.ledger['event_date']))}), "
        f"{series_label(estimates)} {_move(estimates, lead)} on {weekday(lead.session)}, the first "
        f"session that could react: an {return_noun(estimates)} of {_abnormal(estimates, lead)}"
        f"{_interval(estimates, lead)}, "
        f"{verdict_words(lead.day0.verdict, n_events=n_events)}{_sign_words(lead)}."
    )


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
        return f"{duration}; {_effect_at_end(estimates, lead)}."
    return f"{duration}; {series_label(estimates)} {', and '.join(crossings)}."


def _level_words(estimates: StudyEstimates, facts: EventFacts, level: LevelFacts) -> str | None:
    """Say in one phrase when a level was crossed round an event; None if it was not."""
    before, after = _before(estimates, facts, level), _after(estimates, facts, level)
    if before is not None:
        before = f"{before} and so before the event"
    return ", and ".join(filter(None, [before, after])) or None


def _effect_at_end(estimates: StudyEstimates, lead: EventFacts) -> str:
    end = lead.end
    return (
        f"on day {relative(int(end['relative_day']))} the price was {number(end['price'])} USD/bbl "
        f"against {number(end['expected_price'])} expected without the event "
        f"({_confidence(estimates)} band {number(end['low'])} to {number(end['high'])})"
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
        f"{amount(estimates, widest.car)} ({figures(estimates, widest)}), "
        f"{verdict_words(widest.verdict, n_events=1)}; {shared}."
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
        f"{of_all}, {len(found)} had {at_level}{where} ({alpha * len(rated):.1f} by chance alone)"
    )
    if estimates.config.inference.adjust == "none":
        return f"{words}; p values are not adjusted for the number of events."
    survive = sum(bool(facts.day0.verdict.survives) for facts in rated)
    still = f"{survive} still {'does' if survive == 1 else 'do'}" if survive else "none does"
    return f"{words}; after adjustment for their number {still}."


def _clearest(estimates: StudyEstimates, events: Sequence[EventFacts]) -> str:
    rated = [facts for facts in events if not np.isnan(facts.day0.p_quoted)]
    if not rated:
        return "No event could be rated on day 0."
    clearest = min(rated, key=lambda facts: (facts.day0.p_quoted, facts.number))
    return (
        f"The clearest day-0 move followed “{clearest.title}”: {series_label(estimates)} "
        f"{_move(estimates, clearest)} on {day(clearest.session)}, an {return_noun(estimates)} of "
        f"{_abnormal(estimates, clearest)}."
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
