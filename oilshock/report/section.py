"""A section of a report that some studies have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from oilshock.report.artist import Chart
from oilshock.report.table import Table


@dataclass(frozen=True)
class CrossReference:
    """A note that names a table of another section; not said where the report has none.

    Parameters
    ----------
    text : str
        The note; `{table}` stands for the table.
    section : str
        Anchor of the section whose first table is meant.
    """

    text: str
    section: str


@dataclass(frozen=True)
class Section:
    """A section of a report.

    Parameters
    ----------
    anchor : str
        Where links lead; one word.
    heading : str
        Its heading.
    paragraphs : tuple of str
        Text before charts and tables.
    charts : tuple of Chart, default ()
        Charts, also written as PNG.
    tables : tuple of Table, default ()
        Tables.
    notes : tuple of str, default ()
        Small print after the tables.
    see : tuple of CrossReference, default ()
        What the small print says of tables elsewhere in the report.
    part : {"analysis", "appendix"}, default "analysis"
        Where in the report it stands.
    """

    anchor: str
    heading: str
    paragraphs: tuple[str, ...]
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    see: tuple[CrossReference, ...] = ()
    part: Literal["analysis", "appendix"] = "analysis"
