"""Labels right of the points at which lines end, none on another, each led to its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from oilshock.charts.canvas import plain_number, put_text
from oilshock.charts.labels import axes_points, spread, text_width
from oilshock.charts.style import BODY_PT, GREY, INK, MID

_GAP_PT = 8.0
"""Between the end of a line and its label; the leader runs there."""

_LINE = 1.25
_FAR = 0.3
"""A label moved by more than this share of a line is led to where it belongs."""


@dataclass(frozen=True)
class Swatch:
    """A small area before a label, filled as the part that it names."""

    color: str
    hatch: str = ""
    edge: str = "white"


@dataclass(frozen=True)
class EndLabel:
    """A label right of the point at which a line ends; it may have several lines."""

    y: float
    text: str
    color: str = INK
    swatch: Swatch | None = None


def end_label_room(labels: Sequence[EndLabel], *, size: float = BODY_PT) -> float:
    """Return the points that the labels need right of the data."""
    if not labels:
        return 0.0
    return max(_width(label, size) + _swatch_room(label, size) for label in labels) + _GAP_PT + 4


def _width(label: EndLabel, size: float) -> float:
    return max(text_width(line, size) for line in label.text.split("\n"))


def _swatch_room(label: EndLabel, size: float) -> float:
    return 1.5 * size + 4.0 if label.swatch else 0.0


def put_end_labels(
    ax: Axes, x: float, labels: Sequence[EndLabel], *, size: float = BODY_PT
) -> None:
    """Write labels right of x, moved apart so that none covers another."""
    if not labels:
        return
    width, height = axes_points(ax)
    low, high = ax.get_ylim()
    scale = height / (high - low)
    wanted = np.array([(label.y - low) * scale for label in labels])
    sizes = np.array([_LINE * size * (1 + label.text.count("\n")) for label in labels])
    first, last = np.argsort(wanted, kind="stable")[[0, -1]]
    placed = spread(wanted, gap=sizes, low=sizes[first] / 2, high=height - sizes[last] / 2)
    left, right = ax.get_xlim()
    point = (right - left) / width
    moved = np.abs(placed - wanted) > _FAR * _LINE * size
    leaders = [
        [(x + 1.5 * point, labels[row].y), (x + (_GAP_PT - 1.5) * point, low + placed[row] / scale)]
        for row in np.flatnonzero(moved)
    ]
    ax.add_collection(LineCollection(leaders, colors=MID, linewidths=0.5, zorder=2), autolim=False)
    for label, y in zip(labels, placed, strict=True):
        at = low + float(y) / scale
        start = x + (_GAP_PT + _swatch_room(label, size)) * point
        if label.swatch:
            box = (x + _GAP_PT * point, at - 0.5 * size / scale)
            _swatch(ax, label.swatch, box, width=1.5 * size * point, height=size / scale)
        put_text(ax, (start, at), label.text, role="end label", size=size, color=label.color)


def _swatch(
    ax: Axes, swatch: Swatch, xy: tuple[float, float], *, width: float, height: float
) -> None:
    area = Rectangle(
        xy,
        width,
        height,
        facecolor=swatch.color,
        edgecolor=swatch.edge,
        hatch=swatch.hatch or None,
        linewidth=0.5,
        label="swatch",
        zorder=6,
    )
    ax.add_artist(area)


def level_labels(levels: Sequence[float], *, unit: str) -> list[EndLabel]:
    """Return the labels of the level lines."""
    return [EndLabel(level, f"{plain_number(level)} {unit}", GREY) for level in levels]
