"""What is said of price levels: when each was crossed round an event, and how likely that was."""

from __future__ import annotations

from collections.abc import Sequence

from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts, LevelFacts
from oilshock.words import count, day, dollars, listed, number, probability, relative

RECENT = 20
"""A level crossed within so many sessions before an event is part of its story."""

SIDES = {"above": "rose above", "below": "fell below"}

UNSURE = (0.005, 0.995)
"""A probability in between is written as a number."""

MOST_TOLD = 12
"""Up to so many events are told by their numbers; more are counted."""


def nearest_level(facts: EventFacts) -> LevelFacts | None:
    """Return the level nearest to the close of day 0; None where no level is asked for."""
    return min(facts.levels, key=lambda level: abs(level.level - facts.price), default=None)


def crossed_before(estimates: StudyEstimates, facts: EventFacts, level: LevelFacts) -> str | None:
    """Say that a level was crossed shortly before the event, as a verb phrase."""
    crossing = level.before
    if crossing is None or facts.position - crossing.session > RECENT:
        return None
    date = day(estimates.market.sessions[crossing.session])
    ago = count(facts.position - crossing.session, "session")
    return f"{SIDES[crossing.side]} {dollars(level.level)} on {date}, {ago} before day 0"


def crossed_after(estimates: StudyEstimates, facts: EventFacts, level: LevelFacts) -> str | None:
    """Say that a level was crossed from day 0 on, as a verb phrase."""
    if level.after is None:
        return None
    date = day(estimates.market.sessions[facts.position + level.after])
    price = dollars(level.level)
    return f"{SIDES[level.side_after]} {price} on day {relative(level.after)} ({date})"


def level_sentences(estimates: StudyEstimates, facts: EventFacts, *, label: str) -> list[str]:
    """Say of each level when it was crossed, before the event and after it, or that it was not."""
    return [
        sentence
        for level in facts.levels
        for sentence in _sentences(estimates, facts, level, label=label)
    ]


def _sentences(
    estimates: StudyEstimates, facts: EventFacts, level: LevelFacts, *, label: str
) -> list[str]:
    before, after = crossed_before(estimates, facts, level), crossed_after(estimates, facts, level)
    sentences = []
    if before is not None:
        sentences.append(f"{label} {before}: the event came after that crossing.")
    if after is not None:
        sentences.append(f"From day 0 on, {label} first {after}.")
    else:
        sentences.append(f"The price {_stayed(facts, level)}.")
    if after is not None or UNSURE[0] <= level.p_above <= UNSURE[1]:
        sentences.append(
            f"Without the event, the probability of a close above {dollars(level.level)} on day 0 "
            f"was {probability(level.p_above)}; the actual close was {number(facts.price)}."
        )
    return sentences


def _stayed(facts: EventFacts, level: LevelFacts) -> str:
    """Say that the price stayed on its side of a level, as a verb phrase."""
    name, last = dollars(level.level), relative(facts.last_day)
    if level.was_above:
        return f"was above {name} the day before and did not fall below it up to day {last}"
    return f"did not close above {name} on any day up to {last}"


def level_lines(events: Sequence[EventFacts]) -> list[str]:
    """Say of each level which events found the price above it, and which took it there.

    Parameters
    ----------
    events : sequence of EventFacts
        The kept events.

    Returns
    -------
    list of str
        A sentence for each level; none where there is but one event, whose page says it all.
    """
    if len(events) < 2:
        return []
    return [_level_line(events, place) for place in range(len(events[0].levels))]


def _level_line(events: Sequence[EventFacts], place: int) -> str:
    own = [(event, event.levels[place]) for event in events]
    already = [event for event, level in own if level.was_above]
    reached = [
        f"day {relative(level.first_above)} of event {event.number}{_odds(level)}"
        for event, level in own
        if not level.was_above and level.first_above is not None
    ]
    never = [event for event, level in own if not level.was_above and level.first_above is None]
    parts = [
        f"the day before {_named(already)}" if already else "",
        f"first on {listed(reached, most=4)}" if reached else "",
        f"never in the window of {_named(never)}" if never else "",
    ]
    return f"Closed above {dollars(own[0][1].level)}: {'; '.join(filter(None, parts))}."


def _odds(level: LevelFacts) -> str:
    """Give the probability of a close above a level; it is known of day 0 alone."""
    if level.first_above:
        return ""
    return f" (probability without it: {probability(level.p_above)})"


def _named(events: Sequence[EventFacts]) -> str:
    if len(events) > MOST_TOLD:
        return count(len(events), "event")
    noun = "event" if len(events) == 1 else "events"
    return f"{noun} {listed([str(event.number) for event in events], most=MOST_TOLD)}"
