"""What stands round the panels of a figure: headline and key above, the source below."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from oilshock.charts.labels import FONT, shorten, wrap
from oilshock.charts.save import ChartFigure
from oilshock.charts.size import enlarged, measures
from oilshock.charts.style import GREY, INK, SMALL_PT, TITLE_PT, settings

HEADLINE_PT = TITLE_PT + 0.5
SOURCE_PT = SMALL_PT

_LINE = 1.2
_EDGE_PT = 4.0


@dataclass(frozen=True)
class Frame:
    """A figure with its head and foot written, and the room between them.

    Parameters
    ----------
    figure : ChartFigure
        The figure.
    width, height : float
        Its size in inches of the layout.
    head, foot : float
        What headline and source take, in inches of the layout.
    """

    figure: ChartFigure
    width: float
    height: float
    head: float
    foot: float

    @property
    def room(self) -> float:
        """Height between head and foot, in inches of the layout."""
        return self.height - self.head - self.foot

    def panel(
        self,
        *,
        left: float = 0.52,
        right: float = 0.07,
        top: float = 0.27,
        bottom: float = 0.38,
    ) -> Axes:
        """Add Axes that keep these distances, in inches, to head, foot and sides.

        The defaults leave room for a title, tick labels and the names of both axes.
        """
        low, width = (self.foot + bottom) / self.height, self.width
        high = 1 - (self.head + top) / self.height
        return self.figure.add_axes((left / width, low, 1 - (left + right) / width, high - low))


@contextmanager
def framed(height: float, *, source: str, headline: str = "", key: str = "") -> Iterator[Frame]:
    """Create a figure with headline, key and source, and enter the style to draw on it.

    Parameters
    ----------
    height : float
        Height of the figure in inches of the layout, with one line of source and up to two of
        the key; further lines add to it.
    source : str
        The source line at the bottom.
    headline, key : str
        What the figure shows, and how its marks are read; empty: no head.

    Yields
    ------
    Frame
        Where the panels go.
    """
    size = measures()
    source_lines = wrap(source, size=SOURCE_PT, width=size.width * 72 - 2 * _EDGE_PT)
    key_lines = wrap(key, size=SMALL_PT, width=size.width * 72 - 16) if key else []
    more = max(len(source_lines) - 1, 0) * SOURCE_PT + max(len(key_lines) - 2, 0) * SMALL_PT
    height += more * _LINE / 72
    head = 0.28 + len(key_lines) * SMALL_PT * _LINE / 72 + 0.04 if headline else 0.0
    foot = (6 + max(len(source_lines), 1) * SOURCE_PT * _LINE) / 72
    with settings():
        figure = ChartFigure(figsize=(enlarged(size.width), enlarged(height)))
        if headline:
            put_headline(figure, headline, key="\n".join(key_lines))
        yield Frame(figure, size.width, height, head, foot)
        add_source(figure, source)


def put_headline(figure: Figure, headline: str, *, key: str = "") -> None:
    """Write the headline at the top left of a figure, and under it what its marks mean."""
    width, height = figure_points(figure)
    words = shorten(headline, size=HEADLINE_PT, width=0.97 * width - 6)
    texts = [("headline", words, HEADLINE_PT, INK, 4.5)]
    if key:
        texts.append(("key", key, SMALL_PT, GREY, 18.0))
    for role, text, size, color, down in texts:
        figure.text(
            6 / width,
            1 - down / height,
            text,
            fontsize=enlarged(size),
            fontfamily=FONT,
            color=color,
            va="top",
            linespacing=_LINE,
            label=role,
            parse_math=False,
        )


def add_source(figure: Figure, source: str) -> Text:
    """Write the source line at the bottom left of a figure, on as many lines as it needs."""
    width, height = figure_points(figure)
    return figure.text(
        _EDGE_PT / width,
        3 / height,
        "\n".join(wrap(source, size=SOURCE_PT, width=width - 2 * _EDGE_PT)),
        fontsize=enlarged(SOURCE_PT),
        fontfamily=FONT,
        color=GREY,
        va="bottom",
        linespacing=1.15,
        parse_math=False,
    )


def figure_points(figure: Figure) -> tuple[float, float]:
    """Return width and height of a figure in points of the layout."""
    scale = measures().scale
    return figure.get_figwidth() * 72 / scale, figure.get_figheight() * 72 / scale
