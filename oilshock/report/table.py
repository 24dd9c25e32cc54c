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
