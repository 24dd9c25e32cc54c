"""Palette, text sizes and the one style that all charts share; nothing is changed on import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes

from oilshock.charts.described import DescribedFigure
from oilshock.charts.enlarge import enlarging
from oilshock.charts.labels import FONT, axes_points, shorten
from oilshock.charts.size import enlarged, measures, sized
from oilshock.options import ChartSize

INK = "#1f1f1f"
GREY = "#666666"
MID = "#a3a3a3"
LIGHT = "#cfcfcf"
PALE = "#ebebeb"
"""Context, from text and lines to areas; text is in INK or GREY."""

ABNORMAL = "#c44f00"
"""What the event did: AR, CAR, the event window, and what is unusual."""

EXPECTED = "#004b87"
"""What was to be expected anyway: the model's return, the path without the event."""

PLUM = "#8a4b9e"
"""A fourth line, where there is one."""

TITLE_PT = 8.5
BODY_PT = 7.5
SMALL_PT = 6.8

DAY_AXIS = "sessions from the event (day 0)"


def _settings() -> dict[Any, Any]:
    """Return the settings of matplotlib in the size that holds now."""
    text, line = enlarged(BODY_PT), enlarged(0.6)
    return {
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "axes.labelsize": text,
        "axes.linewidth": line,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlesize": enlarged(TITLE_PT),
        "axes.unicode_minus": True,
        "figure.dpi": 100,
        "figure.facecolor": "white",
        "font.family": [FONT],
        "font.size": text,
        "hatch.linewidth": enlarged(0.5),
        # A PDF with its fonts as outlines that stay text: Type 42 can be searched and edited.
        "pdf.fonttype": 42,
        "savefig.bbox": None,
        "savefig.facecolor": "white",
        "svg.fonttype": "path",
        # Text as wide at every resolution as it was measured.
        "text.hinting": "none",
        "svg.hashsalt": "oilshock",
        "text.parse_math": False,
        "text.usetex": False,
        "xtick.labelsize": text,
        "ytick.labelsize": text,
    }


@contextmanager
def settings() -> Iterator[None]:
    """Enter the settings of the charts, in the size that holds already."""
    with matplotlib.rc_context(_settings()):
        yield


@contextmanager
def chart_style(size: ChartSize = "report") -> Iterator[None]:
    """Enter the style of the charts, in one of three sizes; all is as before at the end.

    The chart functions enter it themselves when they create the figure. Enter it for another
    size, or around figures of your own that hold several charts.

    Parameters
    ----------
    size : {"report", "slide", "web"}, default "report"
        For print (6.9 inches wide, text of 7.5 points), for a slide (13.3 inches wide, text of 14
        points, 7.5 inches high where the content allows), or for the column of an article (6.9
        inches wide, text of 9.75 points, so that it is larger beside the picture).

    Yields
    ------
    None
        Nothing: style and size hold inside the ``with`` block.

    Raises
    ------
    DataError
        When there is no such size.

    Examples
    --------
    >>> import matplotlib
    >>> import oilshock as osk
    >>> with osk.chart_style("slide"):
    ...     matplotlib.rcParams["text.parse_math"], round(matplotlib.rcParams["font.size"], 1)
    (False, 14.3)
    >>> matplotlib.rcParams["text.parse_math"]
    True
    """
    with sized(size), settings():
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
def axes_for(ax: Axes | None, *, height: float) -> Iterator[Axes]:
    """Give the Axes to draw on: the caller's, or a new one of a height in inches.

    What is drawn inside the block, in points of the report, comes out in the size that holds.
    A new figure comes from pyplot, so that a notebook shows it; pyplot is slow to import and
    keeps its figures, so it is used in this case only.
    """
    if ax is not None:
        with enlarging(ax):
            yield ax
        return
    from matplotlib import pyplot as plt

    # Loads the backend of a notebook. Inside the style, what it sets on loading would be undone at
    # the end: the first chart would show, and no other.
    plt.draw_if_interactive()  # type: ignore[no-untyped-call]
    with settings():
        width = measures().width
        figure, made = plt.subplots(
            figsize=(enlarged(width), enlarged(height)), FigureClass=DescribedFigure
        )
        figure.subplots_adjust(
            left=0.55 / width, right=1 - 0.1 / width, top=1 - 0.3 / height, bottom=0.5 / height
        )
        with enlarging(made):
            yield made


def dress(ax: Axes, *, title: str = "") -> None:
    """Set frame, ticks and title; said on the Axes, so that it holds outside the style too."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set(color=GREY, linewidth=enlarged(0.6))
    ax.tick_params(
        labelsize=enlarged(BODY_PT),
        length=enlarged(2.5),
        width=enlarged(0.6),
        color=GREY,
        labelcolor=INK,
        labelfontfamily=FONT,
        pad=enlarged(2),
    )
    if title:
        ax.set_title(
            shorten(title, size=TITLE_PT, width=axes_points(ax)[0]),
            loc="left",
            y=1.0,  # as by default, but without a search for artists in its way at every draw
            fontsize=enlarged(TITLE_PT),
            fontfamily=FONT,
            color=INK,
            parse_math=False,
            pad=enlarged(5),
        )
