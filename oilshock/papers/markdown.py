"""Markdown of a table for a paper: a pipe table, set by pandas through tabulate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oilshock.words import markdown_safe

if TYPE_CHECKING:
    from oilshock.papers.table import PaperTable


def markdown_text(table: PaperTable) -> str:
    """Write a table in Markdown: caption, pipe table, notes."""
    frame = table.frame.map(markdown_safe)
    frame.columns = [markdown_safe(column.heading) for column in table.columns]
    sides = ["left" if column.kind == "text" else "right" for column in table.columns]
    pipes = frame.to_markdown(index=False, disable_numparse=True, colalign=sides)
    return (
        f"**{markdown_safe(table.caption)}**\n\n{pipes}\n\n*Notes.* {markdown_safe(table.notes)}\n"
    )
