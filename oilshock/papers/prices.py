"""Tables for papers on prices: without each event, above levels; and the ledger of events."""

from __future__ import annotations

from collections.abc import Sequence

from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.narrative import confidence, series_label
from oilshock.papers.figures import Figures
from oilshock.papers.notes import data_note, expected_note, model_note
from oilshock.papers.table import Column, PaperTable
from oilshock.tables import level_column, rows_of
from oilshock.typing import Record
from oilshock.words import dollars, iso_day, number, probability_number, relative


def what_if_paper(
    estimates: StudyEstimates, facts: Sequence[EventFacts], *, figures: Figures, label: str
) -> PaperTable:
    """Build the table of prices without each event: day 0 and the last day of the window."""
    levels = estimates.config.levels.unique
    columns = (
        Column("Event", "text", 24),
        Column("Day"),
        Column("Session", "text"),
        Column("Price"),
        Column("Without"),
        Column("Low"),
        Column("High"),
        Column("Gap"),
        *(Column(f"> {dollars(level)}") for level in levels),
    )
    table = estimates.whatif
    blocks = []
    for event in facts:
        own = table[table["event_id"] == event.event["id"]]
        last = own["relative_day"].max()
        rows = rows_of(own[own["relative_day"].isin([0, last])])
        blocks.append(
            tuple(
                (
                    event.title if place == 0 else "",
                    relative(int(row["relative_day"])),
                    f"{row['session']:%Y-%m-%d}",
                    *(number(row[name]) for name in ("price", "expected_price", "low", "high")),
                    number(row["usd"]),
                    *(probability_number(row[level_column(level)]) for level in levels),
                )
                for place, row in enumerate(rows)
            )
        )
    band = "calibrated" if estimates.placebos is not None else "forecast"
    chance = (
        " Columns headed >: probability that the price without the event is above the level."
        * bool(levels)
    )
    notes = (
        f"{data_note(estimates)}{expected_note(estimates)}USD/bbl. Day 0 and the last day of each "
        "event window. Without: the price expected without the event, from the close before day 0 "
        f"on; low and high: its {confidence(estimates)} {band} band; gap: price less "
        f"expected price.{chance}"
    )
    return PaperTable(
        name="whatif",
        label=label,
        caption=f"{series_label(estimates)} with and without each event",
        notes=notes,
        columns=columns,
        blocks=tuple(blocks),
    )


def levels_paper(
    estimates: StudyEstimates, facts: Sequence[EventFacts], *, figures: Figures, label: str
) -> PaperTable:
    """Build the table of episodes above the levels of the study; of no event in particular."""
    columns = (
        Column("Level"),
        Column("First", "text"),
        Column("Last", "text"),
        Column("Sessions"),
        Column("Peak"),
        Column("Peak on", "text"),
        Column("Run-up"),
        Column("Abnormal"),
        Column("Events"),
    )
    blocks = [
        (
            (
                f"{row['level']:g}",
                iso_day(row["first_session"]),
                iso_day(row["last_session"]) or "open",
                str(row["sessions_above"]),
                number(row["peak"]),
                iso_day(row["peak_session"]),
                number(100 * row["run_up_return"]),
                figures.estimate(row["abnormal_part"]),
                str(len(row["events"].split(";")) if row["events"] else 0),
            ),
        )
        for row in rows_of(estimates.levels)
    ]
    notes = (
        f"{data_note(estimates)}{model_note(estimates)}Episodes of sessions in a row strictly "
        "above a level; levels and peaks in USD/bbl. Run-up: log return over the 10 sessions up to "
        "the first one, in per cent. Abnormal: the CAR of the same 10 sessions, in "
        f"{figures.unit}. Events: study and catalogue events from 9 sessions before the first "
        "session to the last."
    )
    return PaperTable(
        name="levels",
        label=label,
        caption=f"Episodes of {series_label(estimates)} above a price level",
        notes=notes,
        columns=columns,
        blocks=tuple(blocks),
    )


def events_paper(
    estimates: StudyEstimates, facts: Sequence[EventFacts], *, figures: Figures, label: str
) -> PaperTable:
    """Build the table of events that were left out, moved or cut off, with the reasons."""
    columns = (
        Column("Event", "text", 32),
        Column("Date", "text"),
        Column("Time", "text"),
        Column("Day 0", "text"),
        Column("Status", "text"),
        Column("Reason", "text", 30),
    )
    ledger = estimates.ledger
    told = ledger[(ledger["reason"] != "") | (ledger["shift_reason"] != "")]
    rejected = estimates.events.n_rejected
    filtered = f"{rejected} more did not pass the filters of the study. " if rejected else ""
    notes = (
        f"{data_note(estimates)}{len(ledger)} events, {len(facts)} of them kept; those not listed "
        f"were taken at their own date. {filtered}Day 0: the first session that could react. "
        "no session: the day to look at has no price; after close: the news came at or after the "
        "close; no common session: a factor has no value for the session."
    )
    return PaperTable(
        name="events",
        label=label,
        caption="Events left out, moved to another session, or with an incomplete window",
        notes=notes,
        columns=columns,
        blocks=tuple((_ledger_line(row),) for row in rows_of(told)),
    )


def _ledger_line(row: Record) -> tuple[str, ...]:
    moved = str(row["shift_reason"]).replace(";", ", ")
    return (
        str(row["title"]),
        iso_day(row["event_date"]),
        str(row["event_time"]),
        iso_day(row["session"]),
        "left out" if row["status"] == "left_out" else "moved" if moved else "kept",
        "; ".join(filter(None, [moved, str(row["reason"])])),
    )
