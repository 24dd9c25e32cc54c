"""The table that holds each event against each price level."""

from __future__ import annotations

from collections.abc import Sequence

from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts, LevelFacts
from oilshock.report.numbering import event_anchor
from oilshock.report.table import MOST_ROWS, Table
from oilshock.words import dollars, number, probability, relative

COLUMNS = (
    "#",
    "<<Event",
    "Level",
    "Close before",
    "<Above it",
    "Pr(above)",
    "Close, day 0",
    "<First close above",
)


def event_levels_table(estimates: StudyEstimates, facts: Sequence[EventFacts]) -> Table:
    """Build the table of events and levels; without rows for one event, or without levels."""
    pairs = [(event, level) for event in facts for level in event.levels] if len(facts) > 1 else []
    notes: tuple[str, ...] = (NOTE,)
    if len(pairs) > MOST_ROWS:
        n = len(pairs)
        nearest = sorted(pairs, key=lambda pair: abs(pair[1].level - pair[0].price))[:MOST_ROWS]
        near = {(event.number, level.level) for event, level in nearest}
        pairs = [pair for pair in pairs if (pair[0].number, pair[1].level) in near]
        notes = (f"The {MOST_ROWS} of {n} rows with a level nearest to the close of day 0.", NOTE)
    return Table(
        COLUMNS,
        [_row(estimates, event, level) for event, level in pairs],
        tuple(event_anchor(event.number) for event, _ in pairs),
        caption="Each event and each price level: was the price above it, and would it have been?",
        notes=notes,
    )


NOTE = (
    "Close before: that of the session before day 0, and whether it was above the level. "
    "Pr(above): probability that the close of day 0 is above the level without the event. First "
    "close above: the first in the event window from day 0 on. In USD/bbl."
)


def _row(estimates: StudyEstimates, event: EventFacts, level: LevelFacts) -> list[str]:
    return [
        str(event.number),
        event.title,
        dollars(level.level),
        number(event.price_before),
        "yes" if level.was_above else "no",
        probability(level.p_above),
        number(event.price),
        _first(estimates, event, level),
    ]


def _first(estimates: StudyEstimates, event: EventFacts, level: LevelFacts) -> str:
    if level.first_above is None:
        return f"none to day {relative(event.last_day)}"
    if level.was_above and level.first_above == 0:
        return "already above"
    session = estimates.market.sessions[event.position + level.first_above]
    return f"day {relative(level.first_above)}, {session:%Y-%m-%d}"
