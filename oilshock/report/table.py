"""A table of a report, as text."""

from __future__ import annotations

from dataclasses import dataclass

from oilshock.typing import Record


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
    """

    columns: tuple[str, ...]
    rows: list[list[str]]
    links: tuple[str, ...] = ()

    def to_record(self) -> Record:
        """Return the table as plain data."""
        return {
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
        }
