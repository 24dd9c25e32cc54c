"""Print sections of a report in a terminal."""

from __future__ import annotations

import click

from oilshock.cli.console import echo_rows, stdout
from oilshock.report.section import Section


def print_dynamics(section: Section) -> None:
    """Print a section: its sentences, then its tables, then its notes."""
    console = stdout()
    console.print(section.heading, style="bold", markup=False)
    for paragraph in section.paragraphs:
        console.print(f"\n{paragraph}", markup=False)
    for table in section.tables:
        click.echo()
        columns = table.to_record()["columns"]
        # The last, long column of notes does not fit a terminal; JSON and CSV have it.
        kept = [place for place, column in enumerate(columns) if column["label"] != "Note"]
        echo_rows(
            [columns[place]["label"] for place in kept],
            [[row[place] for place in kept] for row in table.rows],
            grow=next(at for at, place in enumerate(kept) if columns[place]["grow"]),
            right=[at for at, place in enumerate(kept) if not columns[place]["left"]],
        )
    for text in section.notes:
        console.print(f"\n{text}", style="dim", markup=False)
