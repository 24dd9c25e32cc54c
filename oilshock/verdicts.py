"""One line for each event: what the price did on day 0, what that is worth, how long it lasted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oilshock.facts import EventFacts, Verdict
from oilshock.narrative import came_back, moved
from oilshock.options import ReturnKind
from oilshock.words import number, relative

GRADES = {
    "strong evidence": "strong",
    "evidence": "moderate",
    "weak evidence": "weak",
    "no evidence": "none",
    "not available": "\N{EN DASH}",
}


def grade(verdict: Verdict) -> str:
    """Write a verdict for a table cell; evidence that adjustment removes is `raw p only`.

    Examples
    --------
    >>> grade(Verdict("strong evidence", survives=True)), grade(Verdict("evidence", survives=False))
    ('strong', 'raw p only')
    """
    return "raw p only" if verdict.survives is False else GRADES[verdict.strength]


@dataclass(frozen=True)
class EventVerdict:
    """The verdict on one event, in words.

    Parameters
    ----------
    number : int
        Number of the event in the study.
    title : str
        Its title.
    words : str
        One sentence; its date has no year.
    year : int
        The year of day 0.
    grade : str
        What the p value of day 0 is worth, for a table cell.
    is_found : bool
        Whether the p value of day 0 is below alpha.
    p_value : float
        That p value: the calibrated one where there is one.
    """

    number: int
    title: str
    words: str
    year: int
    grade: str
    is_found: bool
    p_value: float


def event_verdicts(facts: Sequence[EventFacts], *, kind: ReturnKind) -> tuple[EventVerdict, ...]:
    """Write one line for each event, in the words of the report, shortened.

    Parameters
    ----------
    facts : sequence of EventFacts
        The kept events.
    kind : {"log", "simple", "difference"}
        Kind of the returns; moves are in USD/bbl for differences, else in per cent.

    Returns
    -------
    tuple of EventVerdict
        One per event, in their order.
    """
    return tuple(
        EventVerdict(
            number=event.number,
            title=event.title,
            words=f"{_move(event, kind)}; {_worth(event.day0.verdict, len(facts))}; "
            f"{_duration(event)}.",
            year=event.session.year,
            grade=grade(event.day0.verdict),
            is_found=event.day0.verdict.is_found,
            p_value=event.day0.p_quoted,
        )
        for event in facts
    )


def _move(event: EventFacts, kind: ReturnKind) -> str:
    """Say what the price itself did: `Fell 2.45 % to 90.84 on Mon 15 Apr`."""
    date = f"on {event.session:%a} {event.session.day} {event.session:%b}"
    verb = moved(event.move).capitalize()
    if event.move == 0:
        return f"{verb} from {number(event.price)} {date}"
    by = f"{number(abs(event.price - event.price_before))} USD/bbl"
    if kind != "difference" and event.price_before > 0:
        by = f"{number(100 * abs(event.price / event.price_before - 1))} %"
    return f"{verb} {by} to {number(event.price)} {date}"


def _worth(verdict: Verdict, n_events: int) -> str:
    if verdict.strength == "not available":
        return "no verdict is possible"
    if verdict.survives is None or (verdict.survives and n_events == 1):
        return verdict.strength
    return (
        f"{verdict.strength}, {'survives' if verdict.survives else 'does not survive'} adjustment"
    )


def _duration(event: EventFacts) -> str:
    """Say when the CAR from day 0 was outside the band that holds for one day at a time."""
    if not event.outside:
        return "CAR inside one-day band"
    first, final = event.outside[0], event.outside[-1]
    left = f"CAR left its one-day band on day {relative(first)}"
    if final == event.last_day:
        adverb = "again" if came_back(event.outside) else "still"
        return left if first == final else f"{left}, {adverb} outside on day {relative(final)}"
    return f"{left}, back inside from day {relative(final + 1)}"
