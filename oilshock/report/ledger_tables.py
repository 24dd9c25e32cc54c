"""The tables of what was left out, moved or incomplete, each with its reason."""

from __future__ import annotations

from oilshock.clock_words import clock_words
from oilshock.estimates import StudyEstimates
from oilshock.ledger import LEFT_OUT
from oilshock.report.table import Table, without_empty_columns
from oilshock.tables import rows_of
from oilshock.words import iso_day, relative


def ledger_tables(estimates: StudyEstimates) -> list[tuple[str, Table, str]]:
    """List what was left out, moved, or incomplete.

    Returns
    -------
    list of (str, Table, str)
        Heading, table, and the sentence for a table without rows.
    """
    return [
        ("Left out", left_out_table(estimates), "No event was left out."),
        ("Moved to another session", moved_table(estimates), "No event was moved."),
        (
            "Windows that are not complete",
            short_table(estimates),
            "Every event window is complete.",
        ),
    ]


def left_out_table(estimates: StudyEstimates) -> Table:
    """List the events that were left out."""
    ledger = estimates.ledger
    rows = rows_of(ledger[ledger["status"] == LEFT_OUT])
    return Table(
        ("<<Event", "<Date", "<<Reason"),
        [[row["title"], iso_day(row["event_date"]), row["reason"]] for row in rows],
        caption="Events that were left out",
    )


def moved_table(estimates: StudyEstimates) -> Table:
    """List the events whose day 0 is not their date."""
    ledger, timezone = estimates.ledger, estimates.market.series.timezone
    rows = rows_of(ledger[(ledger["shift_reason"] != "") & (ledger["status"] != LEFT_OUT)])
    table = Table(
        ("<<Event", "<Date", "<Time", "<Day 0", "Days", "<Reason"),
        [
            [
                row["title"],
                iso_day(row["event_date"]),
                clock_words(row["event_date"].date(), row["event_time"], timezone=timezone),
                iso_day(row["session"]),
                relative(int(row["shift_days"])),
                row["shift_reason"].replace(";", "; "),
            ]
            for row in rows
        ],
        caption="Events whose day 0 is a later session than their date",
    )
    return without_empty_columns(table)


def short_table(estimates: StudyEstimates) -> Table:
    """List the kept events that lack days."""
    ledger = estimates.ledger
    rows = rows_of(ledger[(ledger["reason"] != "") & (ledger["status"] != LEFT_OUT)])
    return Table(
        ("<<Event", "<Day 0", "<<Reason"),
        [[row["title"], iso_day(row["session"]), row["reason"]] for row in rows],
        caption="Events whose windows are not complete",
    )
