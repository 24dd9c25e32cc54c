"""What the section on persistence says: classes of events, single events, surges."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.charts.dynamics import MOST_PANELS
from oilshock.lead import lead_event
from oilshock.narrative import amount, confidence
from oilshock.report.artist import Artist
from oilshock.report.groups import directions_first
from oilshock.words import capital, count, day, out_of, p_number, plain_name

TITLES = {
    "direction=+": "Expected to tighten",
    "direction=-": "Expected to ease",
    "direction=0": "No direction",
    "signed": "As expected",
}
WORDS = {
    "direction=+": "events expected to tighten",
    "direction=-": "events expected to ease",
    "direction=0": "events without an expected direction",
    "signed": "all events with a direction, turned into the direction expected",
}


def class_title(group: str) -> str:
    """Name a class of events in a heading."""
    return TITLES.get(group, plain_name(group))


def class_words(group: str) -> str:
    """Name a class of events in running text."""
    return WORDS.get(group, f"events of {plain_name(group.replace('=', ' '))}")


def drawn_groups(artist: Artist) -> list[str]:
    """Choose the classes to draw: the directions first."""
    present = dict.fromkeys(artist.estimates.beyond.dynamics["group"])
    return directions_first(present)[:MOST_PANELS]


def response_at(artist: Artist, group: str, horizon: int) -> pd.Series:
    """Return the response of a class at a horizon."""
    frame = artist.estimates.beyond.dynamics
    return frame[(frame["group"] == group) & (frame["horizon"] == horizon)].iloc[0]


def _with_interval(artist: Artist, row: pd.Series) -> str:
    texts = [amount(artist.estimates, float(row[name])) for name in ("ci_low", "ci_high")]
    return f"{amount(artist.estimates, float(row['response']))} ({texts[0]} to {texts[1]})"


def class_sentences(artist: Artist) -> list[str]:
    """Say what events of each drawn class did on average."""
    beyond = artist.estimates.beyond
    source = "the study" if artist.estimates.config.dynamics.events == "study" else "the catalogue"
    middle, last = beyond.choices.given_back[-1], beyond.choices.horizon
    sentences = []
    for group in drawn_groups(artist):
        first, *rest = (response_at(artist, group, horizon) for horizon in (0, middle, last))
        later = [_with_interval(artist, row) for row in rest]
        sentences.append(
            f"{capital(class_words(group))} ({int(first['n_events'])} sessions, those of "
            f"{source}): on average {_with_interval(artist, first)} on day 0, "
            f"{later[0]} after {middle} sessions and {later[1]} after {last}. "
            f"{_half_life_words(artist, group)}"
        )
    if not sentences:
        return ["No class has enough events for an average response."]
    return sentences


def _half_life_words(artist: Artist, group: str) -> str:
    beyond = artist.estimates.beyond
    shapes = beyond.dynamics_shapes
    row = shapes[shapes["group"] == group].iloc[0]
    horizon, base = beyond.choices.horizon, beyond.choices.base
    if "not defined" in row["reason"]:
        return f"Half-life {row['reason']}."
    bounds = (
        f"beyond {horizon} sessions"
        if pd.isna(row["half_life_low"])
        else f"{int(row['half_life_low'])} to {_open(row['half_life_high'], horizon)} sessions"
    )
    own = (
        f"is not gone by session {horizon}"
        if pd.isna(row["half_life"])
        else f"is gone {count(int(row['half_life']), 'session')} later"
    )
    return f"Half of the response of session {base} {own} (interval of the half-life: {bounds})."


def _open(value: float, horizon: int) -> str:
    return f"more than {horizon}" if pd.isna(value) else f"{int(value)}"


def event_sentences(artist: Artist) -> list[str]:
    """Say what the event that opens the report did, and how many events left their band."""
    beyond = artist.estimates.beyond
    frame = beyond.dynamics_events
    lead = lead_event(tuple(artist.facts))
    row = frame.iloc[lead.row]
    left = ~frame["reason"].str.startswith("not defined")
    sessions = artist.estimates.config.dynamics.reversal
    peak = amount(artist.estimates, float(row["peak"]))
    text = (
        f"Event {lead.number}, {lead.title}: up to session {beyond.choices.peak_within} the CAR "
        f"from day 0 was largest on session {int(row['peak_day'])}, "
        f"{day(pd.Timestamp(row['peak_session']))}, at {peak}"
    )
    if row["reason"].startswith("not defined"):
        text += f". Half-life {row['reason'].split(';')[0]}."
    else:
        gone = (
            "half of it had not gone by the last session looked at"
            if pd.isna(row["half_life"])
            else f"half of it was gone {count(int(row['half_life']), 'session')} later"
        )
        text += f"; {gone}."
    if not pd.isna(row["reversal_p"]):
        after = -float(row["reversal"]) * float(np.sign(row["peak"]))
        text += (
            f" Over the {sessions} sessions after the peak the abnormal return is "
            f"{amount(artist.estimates, after)}; the share of ordinary sessions that give at least "
            f"as much of their own peak back is {p_number(float(row['reversal_p']))}."
        )
    if len(frame) == 1 and not left.any():
        return [text]
    which = "It" if len(frame) == 1 else out_of(int(left.sum()), len(frame), "event")
    return [text, f"{which} left the path band within {beyond.choices.peak_within} sessions."]


def dynamics_note(artist: Artist) -> str:
    """Say how responses, half-lives and bands were made."""
    table, errors = artist.estimates.config.dynamics, artist.estimates.config.dynamics.errors
    how = "HAC errors" if errors == "hac" else f"lag-augmented errors, {count(table.lags, 'lag')}"
    return (
        "Average responses are local projections of the cumulated return on event dummies (Jorda "
        f"2005), {how}; the band holds at all sessions at once (sup-t). What the response of a "
        "class holds of later events that tend to follow is part of it. Half-life and shares "
        f"given back of classes are those of the response of session {table.base}, which is chosen "
        "beforehand; those of single events are of their peak, the largest CAR up to session "
        f"{table.peak_within}: as the largest of several it is too large on average, and some of "
        "it is given back by chance alone. Back by: share that is gone by "
        "that session; negative: the move went on. Intervals come from the stationary bootstrap. "
        "Events: CAR from day 0; the path band holds an ordinary path as a whole with "
        f"{confidence(artist.estimates)} up to that session. Reversal p: how often ordinary "
        "sessions give as much back after their own peak. "
        "An event's page measures what was given back against day 0 alone, and says when its CAR "
        "left the one-day band, which holds for one day at a time; a path may leave that one by "
        "chance and stay inside the path band."
    )


def drift_note(artist: Artist) -> list[str]:
    """Warn where the drift of the estimation window, carried on, makes up much of a long CAR."""
    beyond = artist.estimates.beyond
    expected = artist.estimates.abnormal.expected
    drift = np.nanmean(expected, axis=1) * beyond.choices.horizon
    far = int(np.nanargmax(np.abs(drift)))
    if artist.return_unit != "per cent" or abs(drift[far]) < 0.1:
        return []
    event = artist.facts[far]
    return [
        "A CAR over many sessions carries the drift of the estimation window on. For event "
        f"{event.number} that is {amount(artist.estimates, float(drift[far]))} over "
        f"{beyond.choices.horizon} sessions: look at the first weeks."
    ]
