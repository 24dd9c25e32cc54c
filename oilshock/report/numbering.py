"""Numbers the figures and tables of a report in reading order, and names its places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from oilshock.report.artist import Chart
from oilshock.report.section import Section
from oilshock.report.table import Table
from oilshock.typing import Record


def event_anchor(number: int) -> str:
    """Name the place of an event in the report."""
    return f"event-{number}"


class Numbering:
    """Turns charts and tables into records, each with the next number.

    Call its methods in reading order: the order of the calls is that of the numbers.
    """

    def __init__(self) -> None:
        self.n_figures = 0
        self.n_tables = 0

    def figure(self, chart: Chart) -> Record:
        """Return a chart as plain data, with its number and anchor."""
        self.n_figures += 1
        return {
            **chart.to_record(),
            "number": self.n_figures,
            "anchor": f"figure-{self.n_figures}",
        }

    def figures(self, charts: Iterable[Chart]) -> list[Record]:
        """Return charts as plain data, with their numbers."""
        return [self.figure(chart) for chart in charts]

    def table(self, table: Table) -> Record:
        """Return a table as plain data; one without rows is not shown and has number 0."""
        if not table.rows:
            return {**table.to_record(), "number": 0, "anchor": ""}
        self.n_tables += 1
        return {**table.to_record(), "number": self.n_tables, "anchor": f"table-{self.n_tables}"}

    def section(self, section: Section) -> Record:
        """Return a section as plain data: its charts, then its tables."""
        figures = self.figures(section.charts)
        tables = [self.table(table) for table in section.tables]
        return {
            "anchor": section.anchor,
            "heading": section.heading,
            "paragraphs": list(section.paragraphs),
            "charts": figures,
            "tables": tables,
            "notes": list(section.notes),
            "references": references(figures, tables),
        }


def with_cross_references(records: Sequence[Record], sections: Sequence[Section]) -> list[Record]:
    """Add the notes that name a table of another section, now that all tables are numbered.

    Parameters
    ----------
    records : sequence of dict
        The numbered sections.
    sections : sequence of Section
        The same sections as they were built.

    Returns
    -------
    list of dict
        New records, with the notes.
    """
    numbers = {
        record["anchor"]: record["tables"][0]["number"] for record in records if record["tables"]
    }
    return [
        {
            **record,
            "notes": record["notes"]
            + [
                note.text.format(table=f"Table {numbers[note.section]}")
                for note in section.see
                if numbers.get(note.section)
            ],
        }
        for record, section in zip(records, sections, strict=True)
    ]


def references(figures: Iterable[Record], tables: Iterable[Record]) -> list[Record]:
    """List what a text refers to: `Figure 2`, `Table 1`, each with its anchor."""
    named = [("Figure", record) for record in figures] + [("Table", record) for record in tables]
    return [
        {"text": f"{kind} {record['number']}", "anchor": record["anchor"]}
        for kind, record in named
        if record["number"]
    ]
