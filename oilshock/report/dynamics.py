"""The section on persistence: how long moves of this kind last, and whether these did."""

from __future__ import annotations

import pandas as pd

from oilshock.beyond.classes import FEW_EVENTS
from oilshock.charts.dynamics import dynamics_figure
from oilshock.charts.paths import paths_figure
from oilshock.lead import lead_event
from oilshock.report.artist import Artist, Chart
from oilshock.report.dynamics_tables import class_table, event_table
from oilshock.report.dynamics_words import (
    class_sentences,
    class_title,
    class_words,
    drawn_groups,
    drift_note,
    dynamics_note,
    event_sentences,
    response_at,
)
from oilshock.report.section import Section
from oilshock.report.section_readings import path_readings, response_readings
from oilshock.report.surges import surge_sentences, surge_table
from oilshock.words import count, listed


def dynamics_section(artist: Artist) -> Section:
    """Build the section: average responses by class, then the paths of the study's events."""
    beyond = artist.estimates.beyond
    paragraphs = [*class_sentences(artist), *event_sentences(artist), *surge_sentences(artist)]
    charts = [*_class_charts(artist), _path_chart(artist)]
    tables = [class_table(artist), event_table(artist), surge_table(artist)]
    notes = [dynamics_note(artist), *drift_note(artist)]
    few = beyond.dynamics_shapes[beyond.dynamics_shapes["n_events"] < FEW_EVENTS]
    if len(few):
        notes.append(
            f"Fewer than {FEW_EVENTS} sessions: {listed([class_title(g) for g in few['group']])}. "
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


def _class_charts(artist: Artist) -> list[Chart]:
    groups = drawn_groups(artist)
    if not groups:
        return []
    frame = artist.estimates.beyond.dynamics
    frame = pd.concat([frame[frame["group"] == group] for group in groups])
    titles = [
        f"{class_title(g)} (n = {int(response_at(artist, g, 0)['n_events'])})" for g in groups
    ]
    figure = dynamics_figure(
        frame,
        titles=titles,
        headline=f"How long moves last: {artist.label} after known events",
        alpha=artist.alpha,
        return_unit=artist.return_unit,
        source=artist.source,
    )
    words = listed([class_words(group) for group in groups])
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
    frame = artist.estimates.beyond.paths_frame
    figure = paths_figure(
        frame,
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
        readings=path_readings(artist, frame, lead=lead.number),
    )
