"""The section on what followed other events of the same kind."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from oilshock.beyond.aftermath import SAMPLES
from oilshock.beyond.kinds import AftermathView
from oilshock.charts.aftermath import aftermath_figure
from oilshock.lead import lead_event
from oilshock.report.artist import Artist
from oilshock.report.section import Section
from oilshock.report.strip_readings import aftermath_readings
from oilshock.report.table import Table
from oilshock.tables import rows_of
from oilshock.typing import Record
from oilshock.words import count, listed, number, per_cent, share_text

SAMPLE_WORDS = {
    "events": "after such events, as they were",
    "events_scaled": "after such events, in the volatility of the moment",
    "ordinary": "ordinary sessions in like volatility",
}
COLUMNS = ("Sessions", "<<Sample", "n", "up", "5 %", "25 %", "median", "75 %", "95 %", "USD/bbl")


def aftermath_section(artist: Artist) -> Section | None:
    """Build the section for the event that opens the report."""
    lead = lead_event(tuple(artist.facts))
    view = artist.estimates.beyond.aftermath(lead.row)
    if view.n_events == 0:
        return None
    actual = actual_moves(artist, position=lead.position, view=view)
    figure = aftermath_figure(
        view.frame,
        view.moves,
        title=f"What followed other events: {view.kind}",
        actual=actual,
        return_unit=artist.return_unit,
        source=artist.source,
    )
    opening = (
        f"Event {lead.number}, {lead.title}, is of this kind: {view.kind}. This is what followed "
        f"{count(view.n_events, 'other session')} with a known event of the kind, earlier and "
        f"later ones, seen from the close before event {lead.number}."
    )
    came = [
        f"{move_text(move, view)} over {count(days, 'session')}" for days, move in actual.items()
    ]
    chart = artist.chart(
        "aftermath",
        figure,
        caption=f"Moves after other events ({view.kind}) over those of ordinary sessions.",
        alt=f"Intervals of moves after {count(view.n_events, 'other event')} of this kind "
        f"({artist.amounts(view.moves['move_scaled'])}) above those of ordinary sessions. What "
        f"came is marked: {listed(came) if came else 'not known'}.",
        readings=aftermath_readings(
            artist, view, actual=actual, lead=lead, samples=SAMPLE_WORDS, figure=figure
        ),
    )
    return Section(
        anchor="aftermath",
        heading="What followed other events of this kind?",
        paragraphs=(
            opening,
            *sentences(view),
            *([f"What came: {', '.join(came)}."] if came else []),
        ),
        charts=(chart,),
        tables=(
            Table(
                COLUMNS,
                table_rows(view),
                caption="Quantiles of the moves after such events and of ordinary sessions",
            ),
        ),
        notes=(*view.warnings, NOTE),
    )


NOTE = (
    "Moves run from the close before the event, whatever else happened in these sessions. In the "
    "volatility of the moment: each move times the expected size of a move now over that at the "
    "event. Ordinary sessions: the fifth of all sessions whose EWMA variance the evening before is "
    "nearest, those with events among them. A description of the past, no forecast."
)


def actual_moves(artist: Artist, *, position: int, view: AftermathView) -> dict[int, float]:
    """Return what came after an event, by number of sessions, as far as prices go."""
    prices = artist.estimates.market.prices
    moves = {}
    for days in dict.fromkeys(view.frame["sessions"]):
        last = position + int(days) - 1
        if last < len(prices):
            end, base = float(prices[last]), view.moment.price
            moves[int(days)] = end - base if view.is_difference else end / base - 1.0
    return moves


def move_text(value: float, view: AftermathView) -> str:
    """Write a move."""
    return f"{number(value, sign='+')} USD/bbl" if view.is_difference else per_cent(value, digits=1)


def sentences(view: AftermathView) -> list[str]:
    """Say for each number of sessions what half the events did, and what ordinary sessions do."""
    texts = []
    for days in dict.fromkeys(view.frame["sessions"]):
        own = {row["sample"]: row for row in rows_of(view.frame) if row["sessions"] == days}
        texts.append(_span_sentence(int(days), own, view))
    return texts


def _span_sentence(days: int, rows: Mapping[str, Record], view: AftermathView) -> str:
    # Where events cannot be scaled, they are told as they were.
    sample = "events" if not rows["events_scaled"]["n"] else "events_scaled"
    events, ordinary = rows[sample], rows["ordinary"]
    first = f"{'First' if days == 1 else f'First {days}'} session{'' if days == 1 else 's'}: "
    usual = (
        "ordinary sessions in like volatility lie between "
        f"{move_text(ordinary['q05'], view)} and {move_text(ordinary['q95'], view)} in nine of ten "
        "cases"
    )
    if not events["n"]:
        return f"{first}{usual}."
    scaled = ", brought to the volatility of the moment," if sample == "events_scaled" else ""
    text = (
        f"{first}after {int(events['n'])} such events the median move{scaled} is "
        f"{move_text(events['q50'], view)}, half of them lie between "
        f"{move_text(events['q25'], view)} and {move_text(events['q75'], view)}, and "
        f"{share_text(events['share_up'])} went up; {usual}."
    )
    if not np.isnan(events["share_large"]):
        text += (
            f" {share_text(events['share_large'])} of the events moved more, for their "
            "volatility, than nine in ten ordinary sessions."
        )
    return text


def table_rows(view: AftermathView) -> list[list[str]]:
    """Lay the quantiles out, sample by sample."""
    return [_row(row, view) for row in rows_of(view.frame) if row["sample"] in SAMPLES]


def _row(row: Record, view: AftermathView) -> list[str]:
    about = [str(row["sessions"]), SAMPLE_WORDS[row["sample"]], f"{row['n']:,}"]
    if not row["n"]:
        return [*about, *["\N{EN DASH}"] * 7]
    quantiles = [move_text(float(row[name]), view) for name in ("q05", "q25", "q50", "q75", "q95")]
    usd = f"{number(row['usd_q05'], sign='+')} to {number(row['usd_q95'], sign='+')}"
    return [*about, share_text(row["share_up"]), *quantiles, usd]
