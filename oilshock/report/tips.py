"""What a chart says where it is pointed at: texts, and where they stand in the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from oilshock.typing import Record

Box = tuple[float, float, float, float]
"""Left, top, width and height in points, from the upper left corner of the figure."""


@dataclass(frozen=True)
class Span:
    """A rectangle on one Axes, in the units of its data.

    Parameters
    ----------
    axes : int
        Place of the Axes in the figure.
    x, y : (float, float) or None
        From and to; None is the whole side of the Axes.
    """

    axes: int
    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None


@dataclass(frozen=True)
class Reading:
    """What a chart says at one point of its data.

    Parameters
    ----------
    text : str
        Its parts are set apart by a middle dot.
    spans : tuple of Span
        Where it is said.
    link : str
        The anchor that it leads to; may be empty.
    """

    text: str
    spans: tuple[Span, ...]
    link: str = ""


@dataclass(frozen=True)
class Tip:
    """A reading at its place in the drawing."""

    text: str
    boxes: tuple[Box, ...]
    link: str = ""

    def to_record(self) -> Record:
        """Return the tip as plain data."""
        return {"text": self.text, "boxes": [list(box) for box in self.boxes], "link": self.link}


def around(figure: Figure, axes: int, *, x: float, y: float, points: float) -> Span:
    """Return the square round a point of the data that reaches so many points each way."""
    ax = figure.axes[axes]
    scale = points / 72 * figure.dpi
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    wide, tall = scale * (right - left) / ax.bbox.width, scale * (high - low) / ax.bbox.height
    return Span(axes, x=(x - wide, x + wide), y=(y - tall, y + tall))


def place(readings: Sequence[Reading], figure: Figure) -> tuple[Tip, ...]:
    """Find where in a figure each reading stands.

    Parameters
    ----------
    readings : sequence of Reading
        What the figure says.
    figure : Figure
        The figure, with the limits of its Axes fixed.

    Returns
    -------
    tuple of Tip
        In the same order; boxes are cut at the edge of their Axes.

    Examples
    --------
    >>> figure = Figure(figsize=(1, 1))
    >>> ax = figure.add_axes((0.5, 0.5, 0.5, 0.5))
    >>> place([Reading("left half", (Span(0, x=(0, 0.5)),))], figure)[0].boxes
    ((36.0, 0.0, 18.0, 36.0),)
    """
    return tuple(
        Tip(
            reading.text,
            tuple(box for span in reading.spans if (box := _box(span, figure))),
            reading.link,
        )
        for reading in readings
    )


def _box(span: Span, figure: Figure) -> Box | None:
    ax = figure.axes[span.axes]
    whole = ax.bbox
    corners = ax.transData.transform(
        list(zip(span.x or ax.get_xlim(), span.y or ax.get_ylim(), strict=True))
    )
    (left, right), (low, high) = sorted(corners[:, 0]), sorted(corners[:, 1])
    left, right = max(left, whole.x0), min(right, whole.x1)
    low, high = max(low, whole.y0), min(high, whole.y1)
    if right <= left or high <= low:
        return None
    scale, height = 72 / figure.dpi, figure.bbox.height
    parts = (left, height - high, right - left, high - low)
    x, y, wide, tall = (round(float(part) * scale, 1) for part in parts)
    return x, y, wide, tall
