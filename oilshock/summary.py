"""The short table of a study, for a terminal and a notebook."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from oilshock.facts import EventFacts, Verdict
from oilshock.notebook import table_html
from oilshock.options import ReturnKind
from oilshock.words import number, p_number, per_cent

if TYPE_CHECKING:
    from rich.table import Table

GRADES = {
    "strong evidence": "strong",
    "evidence": "moderate",
    "weak evidence": "weak",
    "no evidence": "none",
    "not available": "\N{EN DASH}",
}


MOST_ROWS = 60
"""Rows in a notebook."""

TEXT_COLUMNS = ("Event", "Day 0", "Evidence")


def grade(verdict: Verdict) -> str:
    """Write a verdict for a table cell; a finding that adjustment removes is `raw p only`.

    Examples
    --------
    >>> grade(Verdict("strong evidence", survives=True)), grade(Verdict("evidence", survives=False))
    ('strong', 'raw p only')
    """
    return "raw p only" if verdict.survives is False else GRADES[verdict.strength]


def summary_frame(facts: Sequence[EventFacts], *, kind: ReturnKind) -> pd.DataFrame:
    """Build the short table: one row per kept event, day 0 only, figures as text.

    Parameters
    ----------
    facts : sequence of EventFacts
        The events.
    kind : {"log", "simple", "difference"}
        Kind of the returns.

    Returns
    -------
    DataFrame
        Columns #, Event, Day 0, AR, USD/bbl, p (or cal. p), adj. p, Evidence; AR is left out for
        differences, which are in USD/bbl themselves.
    """
    is_calibrated = any(not math.isnan(event.day0.p_calibrated) for event in facts)
    p_heading = "cal. p" if is_calibrated else "p"
    frame = pd.DataFrame(
        {
            "#": [event.number for event in facts],
            "Event": [event.title for event in facts],
            "Day 0": [f"{event.session:%Y-%m-%d}" for event in facts],
            "AR": [per_cent(event.day0.car) for event in facts],
            "USD/bbl": [number(event.day0.usd, sign="+") for event in facts],
            p_heading: [p_number(event.day0.p_quoted) for event in facts],
            "adj. p": [p_number(event.day0.p_adjusted) for event in facts],
            "Evidence": [grade(event.day0.verdict) for event in facts],
        }
    )
    return frame.drop(columns="AR") if kind == "difference" else frame


@dataclass(frozen=True, eq=False, repr=False)
class Summary:
    """Three sentences and a table; prints as text, shows as HTML in a notebook.

    Parameters
    ----------
    title : str
        Title of the study.
    sentences : tuple of str
        The answer.
    frame : DataFrame
        The short table.
    """

    title: str
    sentences: tuple[str, ...]
    frame: pd.DataFrame

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        from rich.console import Console

        console = Console(width=80, color_system=None, force_terminal=False)
        with console.capture() as capture:
            console.print(self.title, markup=False)
            for sentence in self.sentences:
                console.print(f"\n{sentence}", markup=False, highlight=False)
            console.print()
            console.print(summary_table(self.frame))
        return capture.get().rstrip()

    def _repr_html_(self) -> str:
        return table_html(
            self.frame,
            heading=self.title,
            notes=self.sentences,
            left=TEXT_COLUMNS,
            most=MOST_ROWS,
        )


def summary_table(frame: pd.DataFrame, *, width: int = 80) -> Table:
    """Build the rich table that shows a short table in so many columns of a terminal."""
    from rich import box
    from rich.cells import cell_len, set_cell_size
    from rich.table import Table
    from rich.text import Text

    taken = sum(
        max([cell_len(str(name)), *(cell_len(str(value)) for value in frame[name])]) + 2
        for name in frame.columns
        if name != "Event"
    )
    room = max(width - taken - 2, 12)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for name in frame.columns:
        is_text = name in TEXT_COLUMNS
        table.add_column(str(name), justify="left" if is_text else "right", no_wrap=True)
    for row in frame.to_dict("records"):
        title = str(row["Event"])
        if cell_len(title) > room:
            row["Event"] = set_cell_size(title, room - 1).rstrip() + "\N{HORIZONTAL ELLIPSIS}"
        table.add_row(*(Text(str(value)) for value in row.values()))
    return table
