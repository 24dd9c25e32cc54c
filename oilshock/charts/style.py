"""Palette, sizes and the one style that all charts share; nothing is changed on import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from oilshock.charts.labels import FONT, wrap

WIDTH_IN = 6.9
"""Text width of an A4 page of the report, in inches."""

INK = "#1f1f1f"
GREY = "#666666"
MID = "#a3a3a3"
LIGHT = "#cfcfcf"
PALE = "#ebebeb"
ABNORMAL = "#d55e00"
EXPECTED = "#005a9c"
GREEN = "#009e73"

TITLE_PT = 8.5
BODY_PT = 7.5
SMALL_PT = 6.5

DAY_AXIS = "sessions from the event (day 0)"

# Any: matplotlib lists the names of its settings, and older versions lack the list.
_RC: Any = {
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.labelsize": BODY_PT,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": TITLE_PT,
    "axes.unicode_minus": True,
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "font.family": [FONT],
    "font.size": BODY_PT,
    "hatch.linewidth": 0.5,
    "savefig.bbox": None,
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "oilshock",
    "text.parse_math": False,
    "text.usetex": False,
    "xtick.labelsize": BODY_PT,
    "ytick.labelsize": BODY_PT,
}


@dataclass(frozen=True)
class DirectionMark:
    """How a direction is drawn: by colour and by shape, so that it reads in black and white."""

    word: str
    symbol: str
    marker: str
    color: str


@dataclass(frozen=True)
class GroupMark:
    """How a group of events is drawn: by colour, dash and marker."""

    color: str
    dash: str
    marker: str


DIRECTION_MARKS: dict[str, DirectionMark] = {
    "+": DirectionMark("tightening", "▲", "^", ABNORMAL),
    "-": DirectionMark("easing", "▼", "v", EXPECTED),
    "0": DirectionMark("no direction", "●", "o", GREY),
}

GROUP_MARKS: tuple[GroupMark, ...] = (
    GroupMark(INK, "-", "o"),
    GroupMark(ABNORMAL, "--", "^"),
    GroupMark(EXPECTED, "-.", "v"),
    GroupMark(GREEN, ":", "s"),
)

_DIRECTION_GROUPS = {"direction=+": 1, "tightening": 1, "direction=-": 2, "easing": 2}


def group_marks(names: Sequence[str]) -> list[GroupMark]:
    """Return a mark for each of up to four groups.

    Groups of a direction look as the direction does in every other chart; the others take what
    is left, in their order.
    """
    fixed = {
        name: GROUP_MARKS[_DIRECTION_GROUPS[name]] for name in names if name in _DIRECTION_GROUPS
    }
    free = iter([mark for mark in GROUP_MARKS if mark not in fixed.values()])
    return [fixed.get(name) or next(free) for name in names]


def direction_mark(value: object) -> DirectionMark:
    """Return the mark of a direction; anything but ``+`` and ``-`` has no direction."""
    return DIRECTION_MARKS.get(str(value).strip(), DIRECTION_MARKS["0"])


@contextmanager
def style() -> Iterator[None]:
    """Enter the style of the charts; the settings of before come back at the end.

    The chart functions enter it themselves when they create the figure. Enter it around
    figures of your own that hold several charts.

    Yields
    ------
    None
        Nothing: the style holds inside the ``with`` block.

    Examples
    --------
    >>> import matplotlib
    >>> from oilshock.charts import style
    >>> with style():
    ...     matplotlib.rcParams["text.parse_math"]
    False
    >>> matplotlib.rcParams["text.parse_math"]
    True
    """
    with matplotlib.rc_context(_RC):
        yield


def font_folder() -> Path:
    """Return the folder with the fonts of the charts, for programs that set the SVG text.

    Returns
    -------
    Path
        The folder in which matplotlib keeps DejaVu Sans.

    Examples
    --------
    >>> (font_folder() / "DejaVuSans.ttf").is_file()
    True
    """
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@contextmanager
def axes_for(ax: Axes | None, *, size: tuple[float, float]) -> Iterator[Axes]:
    """Give the Axes to draw on: the caller's, or a new one in the style of the charts.

    A new figure comes from pyplot, so that a notebook shows it; pyplot is slow to import and
    keeps its figures, so it is used in this case only.
    """
    if ax is not None:
        yield ax
        return
    from matplotlib import pyplot as plt

    # Loads the backend of a notebook. Inside the style, what it sets on loading would be undone at
    # the end: the first chart would show, and no other.
    plt.draw_if_interactive()  # type: ignore[no-untyped-call]
    with style():
        figure, made = plt.subplots(figsize=size)
        figure.subplots_adjust(left=0.08, right=0.985, top=1 - 0.3 / size[1], bottom=0.5 / size[1])
        yield made


def dress(ax: Axes, *, title: str = "") -> None:
    """Set frame, ticks and title; said on the Axes, so that it holds outside the style too."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set(color=GREY, linewidth=0.6)
    ax.tick_params(
        labelsize=BODY_PT,
        length=2.5,
        width=0.6,
        color=GREY,
        labelcolor=INK,
        labelfontfamily=FONT,
        pad=2,
    )
    if title:
        ax.set_title(
            title,
            loc="left",
            y=1.0,  # as by default, but without a search for artists in its way at every draw
            fontsize=TITLE_PT,
            fontfamily=FONT,
            color=INK,
            parse_math=False,
            pad=5,
        )


def add_source(figure: Figure, source: str) -> Text:
    """Write the source line at the bottom left of a figure, on as many lines as it needs."""
    width = figure.get_figwidth() * 72 - 8
    lines = "\n".join(wrap(source, size=SMALL_PT - 0.5, width=width))
    return figure.text(
        4 / (figure.get_figwidth() * 72),
        3 / (figure.get_figheight() * 72),
        lines,
        fontsize=SMALL_PT - 0.5,
        fontfamily=FONT,
        color=GREY,
        va="bottom",
        linespacing=1.15,
        parse_math=False,
    )
