"""The section on persistence: how long moves of this kind last, and whether these did."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.beyond.classes import FEW_EVENTS
from oilshock.charts.dynamics import MOST_PANELS, dynamics_figure, paths_figure
from oilshock.lead import lead_event
from oilshock.narrative import amount, confidence
from oilshock.report.artist import Artist, Chart
from oilshock.report.groups import directions_first, plain_words
from oilshock.report.section import Section
from oilshock.report.section_readings import response_readings
from oilshock.report.surges import surge_sentences, surge_table
from oilshock.report.table import Table, largest_rows
from oilshock.tables import rows_of
from oilshock.typing import Record
from oilshock.words import count, day, listed, p_number, relative, share_text

MOST_NAMED = 12
"""Up to so many events are named by their numbers in a note."""

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


def group_title(group: str) -> str:
    """Name a class of events in a heading."""
    return TITLES.get(group, plain_words(group))


def group_words(group: str) -> str:
    """Name a class of events in running text."""
    return WORDS.get(group, f"events of {group.replace('=', ' ').replace('_', ' ')}")


def dynamics_section(artist: Artist) -> Section:
    """Build the section: average responses by class, then the paths of the study's events."""
    beyond = artist.estimates.beyond
    paragraphs = [*_class_sentences(artist), *_event_sentences(artist), *surge_sentences(artist)]
    charts = [*_class_charts(artist), _path_chart(artist)]
    tables = [
        Table(
            _class_columns(artist),
            class_rows(artist),
            caption="Half-life and share given back of the average response, by class of event",
            notes=_missing_classes(artist),
        ),
        largest_rows(
            Table(
                _event_columns(artist),
                event_rows(artist),
                caption="Peak, half-life and share given back, event by event",
                notes=_event_notes(artist),
            ),
            beyond.dynamics_events["peak"].tolist(),
            by="peak",
            file="dynamics_events.csv",
        ),
        surge_table(artist),
    ]
    notes = [_note(artist), *_drift_note(artist)]
    few = beyond.dynamics_shapes[beyond.dynamics_shapes["n_events"] < FEW_EVENTS]
    if len(few):
        notes.append(
            f"Fewer than {FEW_EVENTS} sessions: {listed([group_title(g) for g in few['group']])}. "
            "What so few events show is that of their times."
        )
    return Section(
        anchor="dynamics",
        heading="How long did it last?",
        paragraphs=tuple(paragraphs),
        charts=tuple(charts),
        tables=tuple(table for table in tables if table.rows),
        notes=tuple(notes),
    )


def _drawn(artist: Artist) -> list[str]:
    """Choose the classes to draw: the directions first."""
    present = dict.fromkeys(artist.estimates.beyond.dynamics["group"])
    return directions_first(present)[:MOST_PANELS]


def _at(artist: Artist, group: str, horizon: int) -> pd.Series:
    frame = artist.estimates.beyond.dynamics
    return frame[(frame["group"] == group) & (frame["horizon"] == horizon)].iloc[0]


def _with_interval(artist: Artist, row: pd.Series) -> str:
    texts = [amount(artist.estimates, float(row[name])) for name in ("ci_low", "ci_high")]
    return f"{amount(artist.estimates, float(row['response']))} ({texts[0]} to {texts[1]})"


def _class_sentences(artist: Artist) -> list[str]:
    """Say what events of each drawn class did on average."""
    beyond = artist.estimates.beyond
    source = "the study" if artist.estimates.config.dynamics.events == "study" else "the catalogue"
    middle, last = beyond.choices.given_back[-1], beyond.choices.horizon
    sentences = []
    for group in _drawn(artist):
        first = _at(artist, group, 0)
        sentences.append(
            f"{group_words(group).capitalize()} ({int(first['n_events'])} sessions, those of "
            f"{source}): on average {_with_interval(artist, first)} on day 0, "
            f"{_with_interval(artist, _at(artist, group, middle))} after {middle} sessions and "
            f"{_with_interval(artist, _at(artist, group, last))} after {last}. "
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


def _event_sentences(artist: Artist) -> list[str]:
    """Say what the event that opens the report did, and how many events left their band."""
    beyond = artist.estimates.beyond
    frame = beyond.dynamics_events
    lead = lead_event(tuple(artist.facts))
    row = frame.iloc[lead.row]
    left = ~frame["reason"].str.startswith("not defined")
    sessions = artist.estimates.config.dynamics.reversal
    text = (
        f"Event {lead.number}, {lead.title}: the CAR from day 0 was largest on session "
        f"{int(row['peak_day'])}, {day(pd.Timestamp(row['peak_session']))}, at "
        f"{amount(artist.estimates, float(row['peak']))}"
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
    return [
        text,
        f"{int(left.sum())} of {count(len(frame), 'event')} left the path band within "
        f"{beyond.choices.peak_within} sessions.",
    ]


def _class_columns(artist: Artist) -> tuple[str, ...]:
    choices = artist.estimates.beyond.choices
    shares = (f"Back by {n}" for n in choices.given_back)
    return ("<<Class", "Sessions", f"Day {choices.base}", "Peak", "On", "Half-life", *shares)


def class_rows(artist: Artist) -> list[list[str]]:
    """Lay half-life and shares given back of all classes out, with their intervals."""
    beyond = artist.estimates.beyond
    rows: list[list[str]] = []
    for row in rows_of(beyond.dynamics_shapes):
        title = group_title(str(row["group"]))
        if pd.isna(row["peak"]):
            continue
        is_open = "not defined" in row["reason"]
        rows.append(
            [
                title,
                str(row["n_events"]),
                amount(artist.estimates, float(row["base_response"])),
                amount(artist.estimates, float(row["peak"])),
                str(int(row["peak_day"])),
                "not defined" if is_open else _half_life_cell(row, open_at=beyond.choices.horizon),
                *(_share_cell(row, n) for n in beyond.choices.given_back),
            ]
        )
    return rows


def _missing_classes(artist: Artist) -> tuple[str, ...]:
    """Say why a class of events has no row."""
    shapes = artist.estimates.beyond.dynamics_shapes
    return tuple(
        f"{group_title(str(row['group']))}: {row['reason']}."
        for row in rows_of(shapes[shapes["peak"].isna()])
    )


def _event_notes(artist: Artist) -> tuple[str, ...]:
    """Say why a cell has a dash, and for which events; of many only their count."""
    reasons: dict[str, list[str]] = {}
    rows = rows_of(artist.estimates.beyond.dynamics_events)
    for event, row in zip(artist.facts, rows, strict=True):
        for clause in filter(None, str(row["reason"]).split("; ")):
            words = clause.removeprefix("not defined: ").partition(" on session")[0]
            reasons.setdefault(words, []).append(str(event.number))
    if not reasons:
        return ()
    told = [
        f"{words} (event{'' if len(numbers) == 1 else 's'} {listed(numbers, most=MOST_NAMED)})"
        if len(numbers) <= MOST_NAMED
        else f"{words} ({len(numbers)} events)"
        for words, numbers in reasons.items()
    ]
    return (f"A dash is not defined: {'; '.join(told)}.",)


def _half_life_cell(row: Record, *, open_at: int) -> str:
    """Write a half-life with its interval; beyond the horizon it is open."""
    texts = [
        f">{open_at}" if pd.isna(row[key]) else str(int(row[key]))
        for key in ("half_life", "half_life_low", "half_life_high")
    ]
    return f"{texts[0]} ({texts[1]} to {texts[2]})"


def _share_cell(row: Record, n: int) -> str:
    values = [
        float(row[key])
        for key in (f"given_back_{n}", f"given_back_{n}_low", f"given_back_{n}_high")
    ]
    if np.isnan(values[0]):
        return "\N{EN DASH}"
    own, low, high = (share_text(value) for value in values)
    return f"{own} ({low} to {high})"


def _event_columns(artist: Artist) -> tuple[str, ...]:
    days = artist.estimates.beyond.choices.given_back
    shares = (f"Back by {n}" for n in days)
    peak = f"Peak by +{artist.estimates.beyond.choices.peak_within}"
    return ("#", "<<Event", peak, "On", "Half-life", *shares, "Reversal p")


def event_rows(artist: Artist) -> list[list[str]]:
    """Lay peak, half-life and reversal of each event out."""
    frame = artist.estimates.beyond.dynamics_events
    days = artist.estimates.beyond.choices.given_back
    return [
        [
            str(event.number),
            event.title,
            amount(artist.estimates, float(row["peak"])),
            relative(int(row["peak_day"])),
            "\N{EN DASH}" if pd.isna(row["half_life"]) else str(int(row["half_life"])),
            *(share_text(float(row[f"given_back_{n}"])) for n in days),
            p_number(float(row["reversal_p"])),
        ]
        for event, row in zip(artist.facts, rows_of(frame), strict=True)
    ]


def _note(artist: Artist) -> str:
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
        "Events: CAR from day 0; the path band holds an ordinary path as a whole with 95 % up to "
        "that session. Reversal p: how often ordinary sessions give as much back after their own "
        "peak. "
        "An event's page says when its CAR left the one-day band, which holds for one day at a "
        "time; a path may leave that one by chance and stay inside the path band."
    ).replace("95 %", confidence(artist.estimates))


def _drift_note(artist: Artist) -> list[str]:
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


def _class_charts(artist: Artist) -> list[Chart]:
    groups = _drawn(artist)
    if not groups:
        return []
    frame = artist.estimates.beyond.dynamics
    frame = pd.concat([frame[frame["group"] == group] for group in groups])
    titles = [f"{group_title(g)} (n = {int(_at(artist, g, 0)['n_events'])})" for g in groups]
    figure = dynamics_figure(
        frame,
        titles=titles,
        headline=f"How long moves last: {artist.label} after known events",
        alpha=artist.alpha,
        return_unit=artist.return_unit,
        source=artist.source,
    )
    words = listed([group_words(group) for group in groups])
    return [
        artist.chart(
            "dynamics",
            figure,
            caption=f"Average cumulated response, session by session: {words}.",
            alt=f"Lines with bands, average cumulated response from session 0 to "
            f"{int(frame['horizon'].max())}: {words}. Responses range from "
            f"{artist.amounts(frame['response'])}.",
            readings=response_readings(artist, frame, titles=titles),
        )
    ]


def _path_of(artist: Artist, number: int) -> pd.Series[float]:
    frame = artist.estimates.beyond.paths_frame
    return frame.loc[frame["number"] == number, "car"]


def _path_chart(artist: Artist) -> Chart:
    lead = lead_event(tuple(artist.facts))
    figure = paths_figure(
        artist.estimates.beyond.paths_frame,
        lead=lead.number,
        alpha=artist.alpha,
        return_unit=artist.return_unit,
        source=artist.source,
    )
    return artist.chart(
        "paths",
        figure,
        caption=f"CAR from day 0 of each event; event {lead.number} in colour.",
        alt=f"Lines: the CAR of {count(len(artist.facts), 'event')} from day 0 on. That of event "
        f"{lead.number} ranges from {artist.amounts(_path_of(artist, lead.number))}.",
    )
