"""The headline of a figure and the line under it that says how its marks are read."""

from __future__ import annotations

from matplotlib.figure import Figure

from oilshock.charts.labels import FONT, shorten, wrap
from oilshock.charts.style import GREY, INK, SMALL_PT, TITLE_PT

HEAD_IN = 0.62
"""Room that headline and key take, in inches, with a key of one or two lines."""


def put_headline(figure: Figure, title: str, *, key: str) -> None:
    """Write the headline at the top left of a figure, and under it what its marks mean."""
    width, height = figure.get_figwidth(), figure.get_figheight()
    room = width * 72 - 16
    lines = wrap(key, size=SMALL_PT, width=room)[:2]
    for text, size, color, down in (
        (shorten(title, size=TITLE_PT + 0.5, width=room), TITLE_PT + 0.5, INK, 0.06),
        ("\n".join(lines), SMALL_PT, GREY, 0.25),
    ):
        figure.text(
            0.012,
            1 - down / height,
            text,
            fontsize=size,
            fontfamily=FONT,
            color=color,
            va="top",
            linespacing=1.2,
            parse_math=False,
        )
