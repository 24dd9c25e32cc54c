"""The short table of a study as lines of text, for any width."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from oilshock.sparkline import DAY_0
from oilshock.tables import rows_of
from oilshock.verdicts import EventVerdict
from oilshock.words import count
from oilshock.wrapping import hanging

if TYPE_CHECKING:
    from rich.text import Text

FEW_EVENTS = 12
"""Up to this many events have their verdict below their row; of more, the clearest are listed."""

NARROWEST = 14
"""Fewest columns of a title; other columns give way first."""

SPARKLINE = "CAR"
TITLE = "Event"
LEFT = ("Event", "Day 0", "Evidence", SPARKLINE)

GIVE_WAY = ("adj. p", "Evidence", "USD/bbl", "cal. p", "p", SPARKLINE, "Day 0")
"""Columns in the order in which they are left out where the width does not suffice."""

GIVE_WAY_MANY = ("adj. p", "USD/bbl", SPARKLINE, "cal. p", "p", "Day 0")
"""The same without verdicts below the rows: the evidence stays."""

COUNTED = {
    "strong": "strong",
    "moderate": "moderate",
    "raw p only": "raw p only (lost by adjustment)",
    "weak": "weak",
    "none": "none",
    "\N{EN DASH}": "without a p value",
}
"""Grades in the order in which they are counted."""

ACCENT = "dark_orange3"
"""The colour of an abnormal move, as in the charts."""


def summary_lines(
    frame: pd.DataFrame, *, verdicts: Sequence[EventVerdict], legend: str, width: int
) -> list[Text]:
    """Lay out the short table with its verdicts and the legend of its sparklines.

    Parameters
    ----------
    frame : DataFrame
        From `summary_frame`; without its column CAR no sparkline is drawn.
    verdicts : sequence of EventVerdict
        One per row.
    legend : str
        What the sparklines mean; empty without them. What is abbreviated is spelt out either way.
    width : int
        Columns of the terminal.

    Returns
    -------
    list of Text
        No line is wider than `width`, from 40 columns on.
    """
    is_few = len(frame) <= FEW_EVENTS
    shown = _fitting(frame, width=width, give_way=GIVE_WAY if is_few else GIVE_WAY_MANY)
    widths = _widths(shown, width=width)
    lines = [_heading(widths), _rule(widths)]
    indent = " " * (widths["#"] + 2)
    for row, verdict in zip(rows_of(shown), verdicts, strict=True):
        lines.append(_row(row, widths=widths, is_found=verdict.is_found))
        if is_few:
            style = "" if verdict.is_found else "dim"
            lines += hanging(verdict.words, width=width, first=indent, then=indent, style=style)
    if not is_few:
        lines += _clearest(verdicts, width=width)
    drawn = legend if SPARKLINE in widths else ""
    lines += hanging(f"{abbreviations(frame)} {drawn}".rstrip(), width=width, style="dim")
    return lines


def abbreviations(frame: pd.DataFrame) -> str:
    """Spell out what the table and its verdicts abbreviate."""
    own = "AR: abnormal return; " if "AR" in frame else ""
    return f"{own}CAR: cumulative abnormal return."


def _fitting(frame: pd.DataFrame, *, width: int, give_way: Sequence[str]) -> pd.DataFrame:
    """Leave out columns until the titles have room."""
    leaving = [name for name in give_way if name in frame]
    while leaving and _room(_natural(frame), width=width) < NARROWEST:
        frame = frame.drop(columns=leaving.pop(0))
    return frame


def _natural(frame: pd.DataFrame) -> dict[str, int]:
    from rich.cells import cell_len

    return {
        str(name): max([cell_len(str(name)), *(cell_len(str(value)) for value in frame[name])])
        for name in frame.columns
    }


def _room(natural: dict[str, int], *, width: int) -> int:
    taken = sum(size + 2 for name, size in natural.items() if name != TITLE)
    return width - taken


def _widths(frame: pd.DataFrame, *, width: int) -> dict[str, int]:
    natural = _natural(frame)
    return natural | {TITLE: min(natural[TITLE], max(_room(natural, width=width), 8))}


def _heading(widths: dict[str, int]) -> Text:
    from rich.text import Text

    cells = [_cell(name, name, widths) for name in widths]
    return Text("  ".join(cells).rstrip(), style="bold")


def _rule(widths: dict[str, int]) -> Text:
    from rich.text import Text

    return Text("\N{BOX DRAWINGS LIGHT HORIZONTAL}" * (sum(widths.values()) + 2 * len(widths) - 2))


def _cell(text: str, name: str, widths: dict[str, int]) -> str:
    from rich.cells import cell_len, set_cell_size

    size = widths[name]
    if cell_len(text) > size:
        text = set_cell_size(text, size - 1).rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    if name in LEFT:
        return set_cell_size(text, size)
    return " " * (size - cell_len(text)) + text


def _row(row: dict[str, object], *, widths: dict[str, int], is_found: bool) -> Text:
    from rich.text import Text

    line = Text()
    for place, name in enumerate(widths):
        cell = _cell(str(row[name]), name, widths)
        line.append("  " if place else "")
        if name == SPARKLINE:
            before, bar, after = cell.partition(DAY_0)
            line.append(before + bar, style="dim" if bar else "")
            line.append(after, style=ACCENT if is_found else "")
        elif name == "Evidence" and is_found:
            line.append(cell, style="bold")
        else:
            line.append(cell)
    line.rstrip()
    return line


def _clearest(verdicts: Sequence[EventVerdict], *, width: int) -> list[Text]:
    """List the verdicts of the clearest events, and count the others."""
    from rich.text import Text

    found = sorted(
        (verdict for verdict in verdicts if verdict.is_found),
        key=lambda verdict: (verdict.p_value, verdict.number),
    )
    listed = found[:FEW_EVENTS]
    lines: list[Text] = [Text()]
    if listed:
        events = f"{count(len(found), 'event')} with evidence on day 0"
        heading = f"The {events}, clearest first:"
        if len(listed) < len(found):
            heading = f"The {len(listed)} clearest of {events}:"
        lines.append(Text(heading, style="bold"))
    indent = len(str(verdicts[-1].number)) + 2
    for verdict in listed:
        first = f"{verdict.number:>{indent - 2}}  "
        words = f"{verdict.title} ({verdict.year}): {verdict.words[0].lower()}{verdict.words[1:]}"
        lines += hanging(words, width=width, first=first, then=" " * indent)
    return [*lines, *hanging(_counts(verdicts), width=width)]


def _counts(verdicts: Sequence[EventVerdict]) -> str:
    """Count the events of each grade."""
    grades = Counter(verdict.grade for verdict in verdicts)
    parts = ", ".join(
        f"{grades[grade]} {words}" for grade, words in COUNTED.items() if grades[grade]
    )
    return f"Evidence on day 0, {count(len(verdicts), 'event')}: {parts}."
