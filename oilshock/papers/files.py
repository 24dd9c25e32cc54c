"""The files of the tables for papers, as names and bytes."""

from __future__ import annotations

from collections.abc import Sequence

from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.options import TableFormat
from oilshock.papers.build import PAPER_TABLES, build_table
from oilshock.papers.excel import workbook_bytes
from oilshock.papers.table import PaperTable

WORKBOOK = "tables.xlsx"


def paper_files(
    estimates: StudyEstimates,
    facts: Sequence[EventFacts],
    *,
    formats: Sequence[TableFormat],
    stars: Sequence[float],
) -> dict[str, bytes]:
    """Write the tables for papers.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.
    facts : sequence of EventFacts
        The kept events.
    formats : sequence of {"latex", "markdown", "excel"}
        What is written.
    stars : sequence of float
        Levels at which an estimate gets a star more; empty for no stars.

    Returns
    -------
    dict of str to bytes
        `car.tex`, `car.md` and so on for each table with rows, and `tables.xlsx`.
    """
    built: list[PaperTable] = []
    if "latex" in formats or "markdown" in formats:
        built = [build_table(estimates, facts, name=name, stars=stars) for name in PAPER_TABLES]
    files: dict[str, bytes] = {}
    for table in built:
        if not table.blocks:
            continue
        if "latex" in formats:
            files[f"{table.name}.tex"] = table.to_latex().encode()
        if "markdown" in formats:
            files[f"{table.name}.md"] = table.to_markdown().encode()
    if "excel" in formats:
        files[WORKBOOK] = workbook_bytes(estimates)
    return files
