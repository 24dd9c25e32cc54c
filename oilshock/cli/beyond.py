"""Print sections of a report in a terminal."""

from __future__ import annotations

import click

from oilshock.cli.console import echo_rows, echo_wrapped
from oilshock.report.section import Section


def print_dynamics(section: Section) -> None:
    """Print a section: its sentences, then its tables, then its notes."""
    echo_wrapped(section.heading, style="bold")
    for paragraph in section.paragraphs:
        click.echo()
        echo_wrapped(paragraph)
    for table in section.tables:
        click.echo()
        columns = table.to_record()["columns"]
        # Intervals of shares do not fit a terminal; JSON and CSV have them.
        dropped = ("On",) if columns[0]["label"] == "Class" else ()
        kept = [place for place, column in enumerate(columns) if column["label"] not in dropped]
        labels = [columns[place]["label"].removeprefix("Back ") for place in kept]
        echo_rows(
            labels,
            [
                [
                    row[place].split(" (")[0] if label.startswith("by") else row[place]
                    for place, label in zip(kept, labels, strict=True)
                ]
                for row in table.rows
            ],
            grow=next(at for at, place in enumerate(kept) if columns[place]["grow"]),
            right=[at for at, place in enumerate(kept) if not columns[place]["left"]],
        )
        for text in table.notes:
            echo_wrapped(text, style="dim")
    for text in section.notes:
        click.echo()
        echo_wrapped(text, style="dim")
