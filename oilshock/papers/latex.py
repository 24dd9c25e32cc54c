"""LaTeX of a table for a paper: pandas' Styler sets the rows, with the rules of booktabs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from oilshock import __version__
from oilshock.options import LatexEnvironment

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

    from oilshock.papers.table import PaperTable

MOST_LINES = 30
"""A table with more lines than this breaks across pages."""

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "|": r"\textbar{}",
    "<": "$<$",
    ">": "$>$",
    '"': "''",
    # After the end of a row, a bracket or a star would be an argument of it.
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    "\N{MINUS SIGN}": "$-$",
    "\N{EN DASH}": "--",
    "\N{EM DASH}": "---",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$",
    "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{PLUS-MINUS SIGN}": r"$\pm$",
    "\N{NO-BREAK SPACE}": "~",
}
ESCAPES = str.maketrans(SPECIAL)


def escape(text: str) -> str:
    r"""Escape what LaTeX would read as a command.

    Examples
    --------
    >>> escape("R&D costs 5 % of $90")
    'R\\&D costs 5 \\% of \\$90'
    """
    return " ".join(text.split(" ")).translate(ESCAPES).replace("\n", " ").replace("\r", " ")


def escape_figure(text: str, *, room: str = ")") -> str:
    r"""Escape a figure so that decimals stand under each other.

    Parameters
    ----------
    text : str
        A figure, alone, with stars, or in brackets.
    room : str, default ")"
        What may follow the digits in this column: each figure leaves room for as much.

    Returns
    -------
    str
        LaTeX.

    Examples
    --------
    >>> print(escape_figure("1.50"), escape_figure("(1.98)"))
    1.50\phantom{)} (1.98\rlap{)}\phantom{)}
    >>> print(escape_figure("1.50*", room="$^{**}$"))
    1.50\rlap{$^{*}$}\phantom{$^{**}$}
    """
    digits = text.rstrip("*)]")
    end = text[len(digits) :]
    if not digits:
        return ""
    over = _star_text(end) if "*" in end else escape(end)
    beside = rf"\rlap{{{over}}}" if over else ""
    return rf"{escape(digits)}{beside}\phantom{{{room}}}"


def _star_text(stars: str) -> str:
    return f"$^{{{stars}}}$"


def _room(cells: pd.Series[str]) -> str:
    """Return what follows the digits in a column at most; empty where nothing does."""
    most = cells.str.extract(r"(\**)$")[0].max()
    if most:
        return _star_text(most)
    return ")" if cells.str.startswith(("(", "[")).any() else ""


def latex_text(table: PaperTable, *, environment: LatexEnvironment) -> str:
    """Write a table in LaTeX."""
    frame, firsts = _wrapped(table)
    rooms = [
        _room(frame.iloc[:, place]) if column.kind == "figure" else ""
        for place, column in enumerate(table.columns)
    ]
    is_long = len(frame) > MOST_LINES if environment == "auto" else environment == "longtable"
    styler = _styled(table, frame, rooms)
    for opening, lines in _openings(len(frame), firsts, inside=r"\nopagebreak " * is_long).items():
        styler = styler.format(partial(_opened, opening), subset=pd.IndexSlice[lines, [0]])
    layout = "@{}" + "".join("l" if c.kind == "text" else "r" for c in table.columns) + "@{}"
    # Room for stars parts the columns already.
    gap = "2pt" if any("*" in room for room in rooms) else "3pt"
    around = _longtable if is_long else _float
    return around(table, styler, layout=layout, gap=gap)


def _styled(table: PaperTable, frame: pd.DataFrame, rooms: Sequence[str]) -> Styler:
    """Escape cells and headings, and align figures."""
    headings: Any = [
        _heading(column.heading, room=room)
        for column, room in zip(table.columns, rooms, strict=True)
    ]
    styler = frame.style.hide(axis="index")
    for place, room in enumerate(rooms):
        write: Any = partial(escape_figure, room=room) if room else escape
        styler = styler.format(write, subset=pd.IndexSlice[:, [place]])
    return styler.format_index(lambda place: headings[place], axis="columns")


def _openings(height: int, firsts: Sequence[int], *, inside: str) -> dict[str, list[int]]:
    """Say what opens a line: a little space before a block, no page break inside one."""
    spaced = list(firsts[1:]) if len(firsts) < height else []
    within = [line for line in range(height) if inside and line not in firsts]
    openings = {r"\addlinespace ": spaced, inside: within}
    return {opening: lines for opening, lines in openings.items() if lines}


def _longtable(table: PaperTable, styler: Styler, *, layout: str, gap: str) -> str:
    body = styler.to_latex(
        environment="longtable",
        column_format=layout,
        hrules=True,
        caption=escape(table.caption),
        label=table.label,
    )
    return (
        f"{_about('booktabs,longtable')}{{\\footnotesize\n\\setlength{{\\tabcolsep}}{{{gap}}}\n"
        f"{body}\\noindent {_notes(table)}\\par}}\n"
    )


def _float(table: PaperTable, styler: Styler, *, layout: str, gap: str) -> str:
    body = styler.to_latex(column_format=layout, hrules=True)
    return (
        f"{_about('booktabs')}\\begin{{table}}[htbp]\n\\centering\n"
        f"\\caption{{{escape(table.caption)}}}\n\\label{{{table.label}}}\n\\smallskip\n\\footnotesize\n"
        f"\\setlength{{\\tabcolsep}}{{{gap}}}\n{body}"
        f"\\par\\medskip\n\\parbox{{\\linewidth}}{{{_notes(table)}}}\n\\end{{table}}\n"
    )


def _about(packages: str) -> str:
    return f"% oilshock {__version__}; needs \\usepackage{{{packages}}}\n"


def _notes(table: PaperTable) -> str:
    return rf"\textit{{Notes.}} {escape(table.notes)}"


def _heading(text: str, *, room: str) -> str:
    return rf"{escape(text)}\phantom{{{room}}}" if room else escape(text)


def _wrapped(table: PaperTable) -> tuple[pd.DataFrame, list[int]]:
    """Break long texts over the lines of their block; also return the first line of each."""
    lines: list[tuple[str, ...]] = []
    firsts: list[int] = []
    for block in table.blocks:
        columns = [
            _cells([line[place] for line in block], width=column.width)
            for place, column in enumerate(table.columns)
        ]
        height = max(len(cells) for cells in columns)
        firsts.append(len(lines))
        lines += zip(*(cells + [""] * (height - len(cells)) for cells in columns), strict=True)
    return pd.DataFrame(lines, columns=range(len(table.columns)), dtype="str"), firsts


def _opened(opening: str, text: str) -> str:
    return opening + escape(text)


def _cells(cells: list[str], *, width: int) -> list[str]:
    """Return the cells of a column of a block; where texts break, the first one only has any."""
    return (textwrap.wrap(cells[0], width) or [""]) if width else cells
