"""A table of a report, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from oilshock.typing import Record

MOST_ROWS = 60
"""A table of an analysis has up to so many events; its file has all."""


@dataclass(frozen=True)
class Table:
    """A table as text.

    Parameters
    ----------
    columns : tuple of str
        Headings; one that starts with `<` is left-aligned, with `<<` it also takes the room left.
    rows : list of list of str
        Cells.
    links : tuple of str
        For each row the anchor that its second cell leads to; may be empty.
    caption : str
        What it shows, without its number.
    notes : tuple of str
        How to read it; small print under it.
    """

    columns: tuple[str, ...]
    rows: list[list[str]]
    links: tuple[str, ...] = ()
    caption: str = ""
    notes: tuple[str, ...] = ()

    def to_record(self) -> Record:
        """Return the table as plain data."""
        return {
            "caption": self.caption,
            "columns": [
                {
                    "label": column.lstrip("<"),
                    "left": column.startswith("<"),
                    "grow": column.startswith("<<"),
                }
                for column in self.columns
            ],
            "rows": self.rows,
            "links": list(self.links),
            "notes": list(self.notes),
        }


def without_empty_columns(table: Table) -> Table:
    """Leave out the columns in which every cell is a dash or empty; a table without rows stays.

    Examples
    --------
    >>> without_empty_columns(Table(("#", "Move", "Rank"), [["1", "2.0", "–"]])).columns
    ('#', 'Move')
    """
    if not table.rows:
        return table
    told = [
        x
        for x in range(len(table.columns))
        if any(row[x] not in ("", "\N{EN DASH}") for row in table.rows)
    ]
    return replace(
        table,
        columns=tuple(table.columns[x] for x in told),
        rows=[[row[x] for x in told] for row in table.rows],
    )


def largest_rows(table: Table, sizes: Sequence[float], *, by: str, file: str) -> Table:
    """Keep the rows with the largest sizes, in their order, where a table has too many.

    Parameters
    ----------
    table : Table
        A table without links.
    sizes : sequence of float
        One per row; NaN counts as smallest.
    by : str
        What the sizes are.
    file : str
        The file that holds all rows.

    Returns
    -------
    Table
        The same table, or a shorter one that says so.
    """
    n = len(table.rows)
    if n <= MOST_ROWS:
        return table
    ranked = np.argsort(-np.nan_to_num(np.abs(np.asarray(sizes)), nan=-1.0), kind="stable")
    kept = sorted(ranked[:MOST_ROWS].tolist())
    note = f"The {MOST_ROWS} of {n} events with the largest {by}; all are in {file}."
    return replace(table, rows=[table.rows[row] for row in kept], notes=(note, *table.notes))
