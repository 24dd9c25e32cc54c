"""A text whose every number knows the table cell that it comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import pandas as pd

from oilshock.words import markdown_safe

Rule = Literal[
    "value",
    "size",
    "per cent",
    "size in per cent",
    "below",
    "below in per cent",
    "above",
    "count",
    "items",
    "confidence",
    "by chance",
]
"""How a number comes from its cell.

``value`` is the cell, ``per cent`` 100 times it; a ``size`` leaves out the sign, which stands in
words; ``below`` and ``above`` say on which side of the number the cell lies; ``count`` is how many
rows there are, ``items`` how many ids the cell lists, ``confidence`` 100 times (1 - cell), and
``by chance`` how many of the rows chance alone would find: their number times the level of the
study.
"""

TRACE = ("paragraph", "text", "table", "row", "column", "rule", "value")
"""Columns of a trace."""


@dataclass(frozen=True)
class Figure:
    """A number of a text, and the table cell that it comes from.

    Parameters
    ----------
    text : str
        As it stands in the text.
    table : str
        Name of the table.
    row : str
        The row, or the rows counted, as a query: ``frame.query(row)``; empty for the only one.
    column : str
        The column; empty for a count of rows.
    rule : str
        How the number comes from the cell.
    value : float
        What the cell holds, or the count.
    """

    text: str
    table: str
    row: str
    column: str
    rule: Rule
    value: float


@dataclass(frozen=True)
class Phrase:
    """Words with the figures in them."""

    text: str
    figures: tuple[Figure, ...] = ()


def say(template: str, **parts: str | Phrase) -> Phrase:
    """Put words and phrases into a template, and keep their figures in the order of the text.

    Examples
    --------
    >>> say("{who} fell.", who="The price").text
    'The price fell.'
    """
    phrases = {
        name: part if isinstance(part, Phrase) else Phrase(part) for name, part in parts.items()
    }
    text = template.format(**{name: phrase.text for name, phrase in phrases.items()})
    order = sorted(phrases, key=lambda name: template.index(f"{{{name}}}"))
    return Phrase(text, tuple(figure for name in order for figure in phrases[name].figures))


def joined(*phrases: Phrase | None) -> Phrase:
    """Join sentences with spaces; None and empty ones are left out."""
    kept = [phrase for phrase in phrases if phrase is not None and phrase.text]
    return Phrase(
        " ".join(phrase.text for phrase in kept),
        tuple(figure for phrase in kept for figure in phrase.figures),
    )


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its heading; the first one of a brief has none.

    Parameters
    ----------
    heading : str
        The heading.
    sentences : tuple of Phrase
        The first one is needed; the others stand where there is room.
    """

    heading: str
    sentences: tuple[Phrase, ...]

    @property
    def text(self) -> str:
        """The sentences in a row."""
        return " ".join(sentence.text for sentence in self.sentences)


def paragraph(heading: str, *sentences: Phrase | None) -> Paragraph:
    """Make a paragraph of those sentences that there are."""
    return Paragraph(heading, tuple(part for part in sentences if part is not None and part.text))


@dataclass(frozen=True, eq=False, repr=False)
class Brief:
    """Half a page of text; prints as plain text.

    Parameters
    ----------
    title : str
        Title of the study.
    paragraphs : tuple of Paragraph
        The headline, then what happened, how sure it is, and so on.
    """

    title: str
    paragraphs: tuple[Paragraph, ...]

    def __repr__(self) -> str:
        return f"Brief({len(str(self)):,} characters, {len(self.trace)} figures)"

    def __str__(self) -> str:
        lines = [self.title]
        for paragraph in self.paragraphs:
            heading = f"{paragraph.heading}: " if paragraph.heading else ""
            lines.append(f"{heading}{paragraph.text}")
        return "\n\n".join(lines)

    def to_markdown(self) -> str:
        """Write the brief in Markdown."""
        lines = [f"**{markdown_safe(self.title)}**"]
        for paragraph in self.paragraphs:
            heading = f"**{paragraph.heading}:** " if paragraph.heading else ""
            lines.append(f"{heading}{markdown_safe(paragraph.text)}")
        return "\n\n".join(lines)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def within(self, most: int) -> Brief:
        """Return a brief of at most so many characters.

        Sentences are left out one by one: the last of the longest paragraph that has another.
        """
        brief = self
        while len(str(brief)) > most:
            long = [part for part in brief.paragraphs if len(part.sentences) > 1]
            if not long:
                break
            longest = max(long, key=lambda part: len(part.text))
            shorter = replace(longest, sentences=longest.sentences[:-1])
            parts = tuple(shorter if part is longest else part for part in brief.paragraphs)
            brief = replace(brief, paragraphs=parts)
        return brief

    @property
    def trace(self) -> pd.DataFrame:
        """Where each number comes from, in the order of the text, as a fresh frame.

        `result.table(table).query(row)[column]` gives the cell; `rule` says how the number comes
        from it, `value` what it holds. The tables `settings`, `history`, `confounders`, `placebo`
        and `signed_average` are in `manifest.json` (as its config), `tables/history.csv` and
        `results.json`.
        """
        return self._trace.copy()

    @cached_property
    def _trace(self) -> pd.DataFrame:
        rows = [
            (paragraph.heading or "Headline", *vars(figure).values())
            for paragraph in self.paragraphs
            for sentence in paragraph.sentences
            for figure in sentence.figures
        ]
        return pd.DataFrame(rows, columns=list(TRACE))
