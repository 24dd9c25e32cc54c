"""A table for a paper: cells as text, a caption, and notes that say how the figures were made."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from oilshock.options import LatexEnvironment
from oilshock.papers.latex import latex_text
from oilshock.papers.markdown import markdown_text


@dataclass(frozen=True)
class Column:
    """A column of a table for a paper.

    Parameters
    ----------
    heading : str
        Its heading.
    kind : {"text", "figure"}
        Text is set left, figures right.
    width : int, default 0
        LaTeX breaks longer texts into lines of so many characters; 0 for never.
    """

    heading: str
    kind: str = "figure"
    width: int = 0


@dataclass(frozen=True, eq=False, repr=False)
class PaperTable:
    """A table for a paper; prints as Markdown.

    Parameters
    ----------
    name : str
        Name of the CSV table that it is made from, or `p_values`.
    label : str
        For references in LaTeX.
    caption : str
        What it shows.
    notes : str
        How the figures were made.
    columns : tuple of Column
        Headings and how they are set.
    blocks : tuple of tuple of tuple of str
        One block of lines for each event, group or test; below an estimate stands its standard
        error, below a statistic its p value.
    """

    name: str
    label: str
    caption: str
    notes: str
    columns: tuple[Column, ...]
    blocks: tuple[tuple[tuple[str, ...], ...], ...]

    def __repr__(self) -> str:
        return f"PaperTable({self.name}, {len(self.blocks)} rows)"

    def __str__(self) -> str:
        return self.to_markdown()

    @property
    def frame(self) -> pd.DataFrame:
        """The cells as text, line by line, as a fresh frame."""
        lines = [list(line) for block in self.blocks for line in block]
        return pd.DataFrame(lines, columns=[column.heading for column in self.columns], dtype="str")

    def to_latex(self, *, environment: LatexEnvironment = "auto") -> str:
        r"""Write the table in LaTeX, with the rules of booktabs.

        Parameters
        ----------
        environment : {"auto", "table", "longtable"}, default "auto"
            A float, or a table that breaks across pages; auto takes `longtable` where the table
            has more than 30 lines.

        Returns
        -------
        str
            For `\input`; the document loads `booktabs`, and `longtable` for a long one.
        """
        return latex_text(self, environment=environment)

    def to_markdown(self) -> str:
        """Write the table in Markdown: caption, pipe table, notes."""
        return markdown_text(self)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()
