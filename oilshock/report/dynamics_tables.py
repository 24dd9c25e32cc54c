"""The tables of the section on persistence: by class of event, and event by event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from oilshock.narrative import amount
from oilshock.report.artist import Artist
from oilshock.report.dynamics_words import class_title
from oilshock.report.table import Table, largest_rows, without_empty_columns
from oilshock.tables import rows_of
from oilshock.typing import Record
from oilshock.words import capital, listed, p_number, relative, share_text

MOST_NAMED = 12
"""Up to so many events are named by their numbers in a note."""


def class_table(artist: Artist) -> Table:
    """Lay half-life and shares given back of all classes out, with their intervals."""
    return Table(
        _class_columns(artist),
        _class_rows(artist),
        caption="Half-life and share given back of the average response, by class of event",
        notes=_missing_classes(artist),
    )


def event_table(artist: Artist) -> Table:
    """Lay peak, half-life and reversal of each event out; of very many, the largest peaks."""
    whole = Table(
        _event_columns(artist),
        _event_rows(artist),
        caption="Peak, half-life and share given back, event by event",
    )
    table = without_empty_columns(whole)
    empty = [column for column in whole.columns if column not in table.columns]
    table = replace(table, notes=_event_notes(artist, empty))
    peaks = artist.estimates.beyond.dynamics_events["peak"].tolist()
    return largest_rows(table, peaks, by="peak", file="dynamics_events.csv")


def _class_columns(artist: Artist) -> tuple[str, ...]:
    choices = artist.estimates.beyond.choices
    shares = (f"Back by {n}" for n in choices.given_back)
    peak = f"Peak by +{choices.peak_within}"
    return ("<<Class", "Sessions", f"Day {choices.base}", peak, "On", "Half-life", *shares)


def _class_rows(artist: Artist) -> list[list[str]]:
    beyond = artist.estimates.beyond
    rows: list[list[str]] = []
    for row in rows_of(beyond.dynamics_shapes):
        title = class_title(str(row["group"]))
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
        f"{class_title(str(row['group']))}: {row['reason']}."
        for row in rows_of(shapes[shapes["peak"].isna()])
    )


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


def _event_rows(artist: Artist) -> list[list[str]]:
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


def _event_notes(artist: Artist, empty: Sequence[str]) -> tuple[str, ...]:
    """Say why a cell has a dash or a column is left out, for which events; of many their count."""
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
    if not empty:
        return (f"A dash is not defined: {'; '.join(told)}.",)
    names = listed([f"{name[:1].lower()}{name[1:]}" for name in empty], most=len(empty))
    return (f"Of no event defined, so without a column: {names}. {capital('; '.join(told))}.",)
