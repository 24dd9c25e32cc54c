"""What a chart says where it is pointed at: texts, and where they stand in the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from oilshock.typing import Float, Record

MOST_COLUMNS = 260
"""More columns than this on a chart would be narrower than a finger or a mouse can point."""

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


def row_span(row: int) -> Span:
    """Return the whole row of a chart of rows, the first of them at zero."""
    return Span(0, y=(row - 0.5, row + 0.5))


def column_spans(day: int, *axes: int) -> tuple[Span, ...]:
    """Return the whole column of a day, or of a place in line, on each of some Axes."""
    return tuple(Span(place, x=(day - 0.5, day + 0.5)) for place in axes)


def columns_of(x: Float) -> list[tuple[slice, tuple[float, float]]]:
    """Share the width of a chart among points in line: each takes half the way to the next.

    More points than a chart has room for share a column.

    Examples
    --------
    >>> [(block.start, block.stop, side) for block, side in columns_of(np.array([0.0, 2.0, 6.0]))]
    [(0, 1, (-1.0, 1.0)), (1, 2, (1.0, 4.0)), (2, 3, (4.0, 8.0))]
    """
    n, step = len(x), -(-len(x) // MOST_COLUMNS)
    gaps = np.diff(x) if n > 1 else np.ones(1)
    edges = np.concatenate([[x[0] - gaps[0] / 2], x[: n - 1] + gaps[: n - 1] / 2])
    edges = np.append(edges, x[-1] + gaps[-1] / 2)
    return [
        (slice(start, stop), (float(edges[start]), float(edges[stop])))
        for start in range(0, n, step)
        for stop in [min(start + step, n)]
    ]


def gathered(
    x: Float, figure: Figure, *, points: float
) -> list[tuple[list[int], tuple[float, float]]]:
    """Gather marks of the first Axes, in line, that lie closer than so many points.

    Returns
    -------
    list of (list of int, (float, float))
        For each place to point at, from left to right: which marks, and from where to where.
        What is not finite has none.
    """
    ax = figure.axes[0]
    left, right = ax.get_xlim()
    reach = points / 72 * figure.dpi * (right - left) / ax.bbox.width
    groups: list[list[int]] = []
    for row in np.argsort(x, kind="stable")[: int(np.isfinite(x).sum())].tolist():
        if groups and x[row] - x[groups[-1][0]] < reach:
            groups[-1].append(row)
        else:
            groups.append([row])
    first, last = (np.array([x[group[end]] for group in groups]) for end in (0, -1))
    middle = (last[:-1] + first[1:]) / 2
    lows = np.maximum(first - reach, np.append(-np.inf, middle)[: len(first)])
    highs = np.minimum(last + reach, np.append(middle, np.inf)[: len(first)])
    return list(zip(groups, zip(lows.tolist(), highs.tolist(), strict=True), strict=True))


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
