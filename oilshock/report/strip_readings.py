"""What the charts of marks in line say at a point: moves in history, and after other events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from oilshock.beyond.kinds import AftermathView
from oilshock.charts.units import scale_of
from oilshock.facts import EventFacts
from oilshock.narrative import amount
from oilshock.report.artist import Artist
from oilshock.report.numbering import event_anchor
from oilshock.report.readings import date_words
from oilshock.report.tips import Reading, Span, gathered
from oilshock.tables import rows_of
from oilshock.typing import Record
from oilshock.words import count, number, per_cent, share_text

MOST_TOLD = 4
"""More marks than this at one place are counted."""

MOST_STEPS = 80
"""Into how many steps the moves of all sessions are counted, at most."""

MOST_DATED = 3
"""No more sessions than this in one step have their dates told."""

ROUNDING = 1e-9
"""By so much a step of 0.1 may miss its power of ten."""

_POINTER_PT = 4.0

Measure: TypeAlias = Literal["per_cent", "usd"]


@dataclass(frozen=True)
class Mark:
    """A mark on a strip: where it is on the axis, what it says, and its event, if it has a page."""

    x: float
    parts: tuple[str, ...]
    link: str = ""


def mark_readings(
    marks: Sequence[Mark], figure: Figure, *, y: tuple[float, float]
) -> Iterator[Reading]:
    """Say what each mark of a strip is; those too close to be told apart say it together."""
    x = np.array([mark.x for mark in marks], dtype=np.float64)
    for rows, side in gathered(x, figure, points=_POINTER_PT) if len(x) else []:
        near = sorted((marks[row] for row in rows), key=lambda mark: not mark.link)
        parts: Sequence[str] = near[0].parts
        if len(near) > 1:
            parts = [
                f"{len(near)} marks here",
                *(", ".join(mark.parts) for mark in near[:MOST_TOLD]),
            ]
        if len(near) > MOST_TOLD:
            parts = [*parts, f"and {len(near) - MOST_TOLD} more"]
        yield Reading(" · ".join(parts), (Span(0, x=side, y=y),), near[0].link)


def history_readings(
    artist: Artist, strips: pd.DataFrame, *, measure: Measure, figure: Figure
) -> list[Reading]:
    """Say of every session how many moved so much, and of each event its move and its rank."""
    beyond = artist.estimates.beyond
    history = beyond.history[beyond.history["measure"] == measure]
    own = [_own_mark(event, row) for event, row in zip(artist.facts, rows_of(history), strict=True)]
    category = beyond.events["category"].astype("string").fillna("").tolist()
    readings: list[Reading] = []
    for place, (name, strip) in enumerate(strips.groupby("strip", sort=False)):
        row = (place - 0.45, place + 0.45)
        if name == "all":
            readings += session_counts(artist, strip, measure=measure, y=row)
            marks = own
        else:
            marks = [mark for mark, of in zip(own, category, strict=True) if of == name]
            marks += _other_marks(artist, strip, measure=measure, category=str(name))
        readings += mark_readings(marks, figure, y=row)
    return readings


def _move_words(move: float, measure: Measure) -> str:
    return per_cent(move) if measure == "per_cent" else f"{number(move, sign='+')} USD/bbl"


def _axis(move: float, measure: Measure) -> float:
    return 100 * move if measure == "per_cent" else move


def _own_mark(event: EventFacts, row: Record) -> Mark:
    move, measure = float(row["move"]), row["measure"]
    parts = [f"{event.number} {event.title}", date_words(event.session), _move_words(move, measure)]
    if not pd.isna(row["rank"]):
        parts.append(
            f"{row['side']} of rank {int(row['rank']):,} in {int(row['n_sessions']):,} sessions"
        )
    return Mark(_axis(move, measure), tuple(parts), event_anchor(event.number))


def _other_marks(
    artist: Artist, strip: pd.DataFrame, *, measure: Measure, category: str
) -> list[Mark]:
    """Name the known events of a category that are not of the study."""
    beyond = artist.estimates.beyond
    own = set(beyond.position[(beyond.events["category"] == category).to_numpy()].tolist())
    known = beyond.known[beyond.known["category"] == category]
    titles = known.groupby("position")["title"].agg("; ".join)
    return [
        Mark(
            _axis(row["move"], measure),
            (
                str(titles[row["position"]]),
                _session_words(artist, row),
                _move_words(row["move"], measure),
            ),
        )
        for row in rows_of(strip)
        if row["position"] not in own
    ]


def session_counts(
    artist: Artist, strip: pd.DataFrame, *, measure: Measure, y: tuple[float, float]
) -> list[Reading]:
    """Count all sessions by the size of their move, in even steps; the rare ones have dates."""
    values = _axis(1.0, measure) * strip["move"].to_numpy(dtype=np.float64)
    edges = MaxNLocator(MOST_STEPS, steps=[1, 2, 5, 10]).tick_values(values.min(), values.max())
    # The largest move may stand on the last edge.
    step = np.minimum(np.digitize(values, edges), len(edges) - 1) - 1
    digits = max(1, -int(np.floor(np.log10(edges[1] - edges[0]) + ROUNDING)))
    unit = " %" if measure == "per_cent" else " USD/bbl"
    readings = []
    for place in np.unique(step).tolist():
        inside = strip[step == place]
        low, high = float(edges[place]), float(edges[place + 1])
        span = " to ".join(number(edge, digits=digits, sign="+") for edge in (low, high))
        parts = [
            f"Moves of {span}{unit}",
            f"{len(inside):,} of {count(len(values), 'session')}",
        ]
        if len(inside) <= MOST_DATED:
            parts += [
                f"{_session_words(artist, row)}: {_move_words(row['move'], measure)}"
                for row in rows_of(inside)
            ]
        readings.append(Reading(" · ".join(parts), (Span(0, x=(low, high), y=y),)))
    return readings


def _session_words(artist: Artist, row: Record) -> str:
    return date_words(artist.estimates.market.sessions[int(row["position"])])


def aftermath_readings(
    artist: Artist,
    view: AftermathView,
    *,
    actual: Mapping[int, float],
    lead: EventFacts,
    samples: Mapping[str, str],
    figure: Figure,
) -> list[Reading]:
    """Say what followed such events and ordinary sessions, each event, and what came."""
    scale = scale_of(artist.return_unit)
    readings: list[Reading] = []
    for place, (_, rows) in enumerate(view.frame.groupby("sessions", sort=False)):
        days = int(rows["sessions"].iloc[0])
        span = "First session" if days == 1 else f"First {days} sessions"
        own = {row["sample"]: row for row in rows_of(rows)}
        events, ordinary = (place - 0.45, place + 0.08), (place + 0.08, place + 0.45)
        readings += _quantiles(artist, own, "events_scaled", f"{span}, {samples['events_scaled']}",
                               y=events)  # fmt: skip
        marks = [
            Mark(
                scale * row["move_scaled"],
                (
                    str(row["title"]),
                    date_words(row["session"]),
                    f"{span.lower()} {amount(artist.estimates, row['move'])}, scaled "
                    f"{amount(artist.estimates, row['move_scaled'])}",
                ),
            )
            for row in rows_of(view.moves[view.moves["sessions"] == days])
        ]
        if days in actual:
            came = f"what came in the {span.lower()}: {amount(artist.estimates, actual[days])}"
            marks.append(
                Mark(
                    scale * actual[days],
                    (f"{lead.number} {lead.title}", came),
                    event_anchor(lead.number),
                )
            )
        readings += mark_readings(marks, figure, y=events)
        readings += _quantiles(artist, own, "ordinary", f"{span}, {samples['ordinary']}",
                               y=ordinary)  # fmt: skip
    return readings


def _quantiles(
    artist: Artist, rows: Mapping[str, Record], sample: str, name: str, *, y: tuple[float, float]
) -> list[Reading]:
    """Say the quantiles of one sample; nothing where it is empty, as then nothing is drawn."""
    if sample not in rows or not rows[sample]["n"]:
        return []
    row = rows[sample]
    q05, q25, q50, q75, q95 = (
        amount(artist.estimates, float(row[quantile]))
        for quantile in ("q05", "q25", "q50", "q75", "q95")
    )
    parts = [
        f"{name} (n = {int(row['n']):,})",
        f"median {q50}",
        f"half of them {q25} to {q75}",
        f"nine in ten {q05} to {q95}",
        f"{share_text(row['share_up'])} went up",
    ]
    return [Reading(" · ".join(parts), (Span(0, y=y),))]
