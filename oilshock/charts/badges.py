"""Events above a line: numbered badges that never overlap, or strokes where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from oilshock.charts.canvas import (
    numbers,
    put_text,
    reserve,
    set_value_axis,
)
from oilshock.charts.end_labels import EndLabel, end_label_room, put_end_labels
from oilshock.charts.labels import axes_points, spread, text_width
from oilshock.charts.marks import DIRECTION_MARKS, direction_mark
from oilshock.charts.style import INK, MID, SMALL_PT
from oilshock.typing import Float

MAX_BADGES = 60
"""With more events the numbers would be dust: strokes take their place."""


def draw_events(ax: Axes, shown: pd.DataFrame, *, limits: tuple[float, float]) -> None:
    """Draw badges or strokes, and fix the y axis so that they stand above the line."""
    low, high = limits
    if shown.empty:
        set_value_axis(ax, low, high)
    elif len(shown) <= MAX_BADGES:
        _badges_above(ax, shown, low=low, high=high)
    else:
        _rug_above(ax, shown, low=low, high=high)


def _badges_above(ax: Axes, shown: pd.DataFrame, *, low: float, high: float) -> None:
    width, height = axes_points(ax)
    left, right = ax.get_xlim()
    diameter = badge_diameter(shown["number"].tolist(), most=20)
    scale = width / (right - left)
    wanted = (numbers(shown, "x") - left) * scale
    placed, lanes = _lanes(wanted, width=width, diameter=diameter)
    step = diameter + 1.5
    slant = float(np.clip(8 + 0.15 * np.abs(placed - wanted).max(), 11, 34))
    room = lanes * step + slant + 3
    top = low + (high - low) * height / max(height - room, 0.3 * height)
    set_value_axis(ax, low, high, top=top)
    per_point = (top - low) / height
    lane = np.arange(len(placed)) % lanes
    y = top - ((lanes - 1 - lane) + 0.5) * step * per_point
    x = left + placed / scale
    base = top - lanes * step * per_point
    fan = base - slant * per_point
    leaders = [
        [(x[i], y[i]), (x[i], base), (at, fan), (at, price)]
        for i, (at, price) in enumerate(zip(shown["x"], shown["y"], strict=True))
    ]
    ax.add_collection(LineCollection(leaders, colors=MID, linewidths=0.5, zorder=2), autolim=False)
    # The white edge keeps the dot apart from a dense line.
    look: Any = {"s": 11, "facecolors": INK, "edgecolors": "white", "linewidths": 0.6}
    ax.scatter(shown["x"], shown["y"], zorder=4, label="session", **look)
    draw_badges(ax, np.column_stack([x, y]), shown, diameter=diameter)


def _lanes(wanted: Float, *, width: float, diameter: float) -> tuple[Float, int]:
    """Place badges in one lane where that keeps them near, else staggered in more.

    Neighbours go to different lanes, so that with k lanes they stand k times closer. Up to two
    lanes no leader runs behind a badge.
    """
    placed = wanted
    for lanes in range(1, 9):
        gap = (diameter + 1.5) / lanes
        placed = spread(wanted, gap=gap, low=diameter / 2, high=width - diameter / 2)
        fits = gap * (len(wanted) - 1) <= width - diameter
        if fits and (lanes >= 2 or np.abs(placed - wanted).max() <= 0.12 * width):
            return placed, lanes
    return placed, 8


def _rug_above(ax: Axes, shown: pd.DataFrame, *, low: float, high: float) -> None:
    """Draw one row of ticks per direction above the line, each named at its end."""
    height = axes_points(ax)[1]
    marks = [direction_mark(value) for value in shown["direction"]]
    rows = [mark for mark in DIRECTION_MARKS.values() if mark in marks]
    step = 11.0
    top = low + (high - low) * height / max(height - len(rows) * step - 6, 0.3 * height)
    set_value_axis(ax, low, high, top=top)
    per_point = (top - low) / height
    x = numbers(shown, "x")
    for row, mark in enumerate(rows):
        upper, lower = (top - (row * step + inset) * per_point for inset in (1.5, step - 1.5))
        at = x[[other is mark for other in marks]]
        ax.vlines(at, lower, upper, colors=mark.color, linewidths=0.7, label=mark.word)
    ends = [
        EndLabel(top - (row + 0.5) * step * per_point, f"{mark.symbol} {mark.word}", mark.color)
        for row, mark in enumerate(rows)
    ]
    low_x, high_x = ax.spines["bottom"].get_bounds() or ax.get_xlim()
    right = axes_points(ax)[0] * (1 - (high_x - ax.get_xlim()[0]) / np.ptp(ax.get_xlim()))
    if end_label_room(ends) > right:
        reserve(ax, low_x, high_x, left=2, right=end_label_room(ends))
    put_end_labels(ax, high_x, ends)


def badge_diameter(values: Sequence[object], *, most: float) -> float:
    """Return the diameter in points that holds the longest number."""
    longest = max(text_width(str(value), SMALL_PT) for value in values)
    return min(max(11.0, longest + 3.5), most)


def draw_badges(ax: Axes, centres: Float, events: pd.DataFrame, *, diameter: float) -> None:
    """Draw round badges: filled when tightening, white with a coloured edge otherwise."""
    marks = [direction_mark(value) for value in events["direction"]]
    filled = [mark.symbol == "▲" for mark in marks]
    ax.scatter(
        centres[:, 0],
        centres[:, 1],
        s=(diameter - 0.8) ** 2,
        c=[mark.color if full else "white" for mark, full in zip(marks, filled, strict=True)],
        edgecolors=[mark.color for mark in marks],
        linewidths=0.8,
        zorder=5,
        clip_on=False,
        label="badge",
    )
    for (x, y), number, full in zip(centres, events["number"], filled, strict=True):
        text = str(number)
        size = min(SMALL_PT, SMALL_PT * (diameter - 2.5) / max(text_width(text, SMALL_PT), 1))
        color = "white" if full else INK
        put_text(
            ax,
            (x, y),
            text,
            role="badge number",
            size=size,
            color=color,
            ha="center",
            va="center_baseline",
        )
