"""What the charts have in common: limits, ticks, text columns, checks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from matplotlib.transforms import Transform

from oilshock.charts.labels import FONT, axes_points, clean, shorten, text_width
from oilshock.charts.size import enlarged
from oilshock.charts.style import BODY_PT, GREY, INK, LIGHT
from oilshock.errors import DataError
from oilshock.typing import Float


def require_columns(frame: pd.DataFrame, columns: Sequence[str], *, chart: str) -> None:
    """Refuse a frame that lacks a column or has no row."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        have = ", ".join(map(str, frame.columns))
        raise DataError.of(
            chart, f"needs the columns {', '.join(missing)}; came: {have}.", fix="Add them."
        )
    if frame.empty:
        raise DataError.of(chart, "the frame has no row.", fix="Pass at least one row.")


def numbers(frame: pd.DataFrame, column: str) -> Float:
    """Return a column as floats; what is empty becomes NaN."""
    return np.asarray(pd.to_numeric(frame[column]), dtype=float)


NEAR_ZERO = 0.1
"""A price axis that would start below this share of its top starts at zero."""


def plain_number(value: float) -> str:
    """Write a tick label without an offset or an exponent, with a true minus sign."""
    return f"{round(value, 10):.10g}".replace("-", "\N{MINUS SIGN}")


def span_of(*arrays: Float | Sequence[float], pad: float = 0.06) -> tuple[float, float]:
    """Return the range of all finite values, widened; never empty."""
    values = np.concatenate([np.asarray(array, dtype=float).ravel() for array in arrays])
    values = values[np.isfinite(values)]
    if values.size == 0:
        return -1.0, 1.0
    low, high = float(values.min()), float(values.max())
    margin = pad * (high - low) or max(abs(high) * 0.05, 0.01)
    return low - margin, high + margin


def price_span_of(*arrays: Float | Sequence[float]) -> tuple[float, float]:
    """Return the range for an axis of prices: from zero where it comes near to it.

    Examples
    --------
    >>> price_span_of([9.0, 144.0])[0]
    0.0
    >>> price_span_of([80.0, 90.0])
    (79.4, 90.6)
    """
    low, high = span_of(*arrays)
    least = min(
        (float(np.fmin.reduce(np.ravel(array))) for array in arrays if len(array)), default=low
    )
    return (0.0 if least >= 0 and low < NEAR_ZERO * high else low), high


def set_value_axis(ax: Axes, low: float, high: float, *, top: float | None = None) -> None:
    """Fix the y axis; with `top`, room without ticks is kept above `high`."""
    ax.set_ylim(low, high if top is None else top)
    bins = int(np.clip(axes_points(ax)[1] / 17, 4, 8))
    ticks = MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    ax.yaxis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: plain_number(value)))
    ax.spines["left"].set_bounds(low, high)


def cut_note(ax: Axes) -> str:
    """Say where a y axis of prices starts, when that is not at zero; empty when it is."""
    low, high = ax.spines["left"].get_bounds() or ax.get_ylim()
    return "" if low <= 0 <= high else f" (axis from {plain_number(float(f'{low:.3g}'))})"


def set_return_axis(ax: Axes, low: float, high: float) -> None:
    """Put plain ticks on an x axis of values, inside low..high only."""
    room = axes_points(ax)[0] * (high - low) / float(np.ptp(ax.get_xlim()))
    ticks = MaxNLocator(nbins=int(np.clip(room / 32, 2, 10)), steps=[1, 2, 2.5, 5, 10])
    shown = [tick for tick in ticks.tick_values(low, high) if low <= tick <= high]
    ax.xaxis.set_major_locator(FixedLocator(shown))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain_number(value)))


def reserve(
    ax: Axes, low: float, high: float, *, left: float = 0.0, right: float = 0.0
) -> tuple[float, float]:
    """Fix the x axis to low..high and keep points free for text at its sides."""
    width = axes_points(ax)[0]
    room = max(width - left - right, 0.2 * width)
    scale = (high - low) / room
    ax.set_xlim(low - left * scale, high + right * scale)
    ax.spines["bottom"].set_bounds(low, high)
    return low, high


def set_day_axis(ax: Axes, days: Float) -> list[int]:
    """Put relative-day ticks on the x axis and return them; day 0 is always one of them."""
    low, high = int(days.min()), int(days.max())
    room = axes_points(ax)[0] * (high - low) / float(np.ptp(ax.get_xlim()))
    most = max(room / 17, 2)
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100, 200) if (high - low) / s <= most), 500)
    ticks = list(range(math.ceil(low / step) * step, high + 1, step))
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain_number(value)))
    return ticks


def name_axes(ax: Axes, *, x: str = "", y: str = "") -> None:
    """Name what the axes show and in which unit."""
    for text, put in ((x, ax.set_xlabel), (y, ax.set_ylabel)):
        if text:
            put(
                clean(text),
                fontsize=enlarged(BODY_PT),
                fontfamily=FONT,
                color=INK,
                parse_math=False,
                labelpad=enlarged(2),
            )
    # Text columns beside the data are part of the Axes: the names belong to the data.
    for side, axis, limits in (
        ("bottom", ax.xaxis, ax.get_xlim()),
        ("left", ax.yaxis, ax.get_ylim()),
    ):
        low, high = ax.spines[side].get_bounds() or limits
        middle = ((low + high) / 2 - limits[0]) / (limits[1] - limits[0])
        if side == "bottom":
            # A name longer than its data moves inwards, not out of the figure.
            half = text_width(x, BODY_PT) / axes_points(ax)[0] / 2
            middle = min(max(middle, half), max(1 - half, 0.5))
        axis.label.set(**{"x" if side == "bottom" else "y": middle})


def day_zero_line(ax: Axes) -> None:
    """Mark day 0 with a thin vertical line behind the data."""
    ax.axvline(0, color=LIGHT, linewidth=0.8, zorder=0.6)


def zero_line(ax: Axes, *, zorder: float = 1.5) -> None:
    """Mark zero with a thin horizontal line, by default behind the data."""
    low, high = ax.spines["bottom"].get_bounds() or ax.get_xlim()
    ax.plot([low, high], [0, 0], color=GREY, linewidth=0.6, zorder=zorder)


def put_text(
    ax: Axes,
    xy: tuple[float, float],
    text: str,
    *,
    role: str,
    size: float = BODY_PT,
    color: str = INK,
    ha: str = "left",
    va: str = "center",
    transform: Transform | None = None,
) -> None:
    """Write text as it stands, in the font of the charts; `role` labels the artist."""
    ax.text(
        *xy,
        text,
        fontsize=size,
        fontfamily=FONT,
        color=color,
        ha=ha,
        va=va,
        transform=transform or ax.transData,
        label=role,
        parse_math=False,
        zorder=6,
    )


def level_lines(ax: Axes, levels: Sequence[float], *, low: float, high: float) -> None:
    """Draw horizontal level lines from low to high."""
    for level in levels:
        ax.plot([low, high], [level, level], color=GREY, linewidth=0.7, linestyle=(0, (4, 2)))


def name_rows(ax: Axes, frame: pd.DataFrame, *, size: float, width: float) -> None:
    """Write number and title of each row, row 0 on top, left of the data inside the Axes.

    Two texts, because a title that runs from right to left would take its number along.
    """
    points = axes_points(ax)[0]
    digits = max(text_width(str(number), size) for number in frame["number"])
    blended = ax.get_yaxis_transform()
    faint = frame["faint"].tolist()
    for row, (number, title) in enumerate(zip(frame["number"], frame["title"], strict=True)):
        color = GREY if faint[row] else INK
        put_text(
            ax,
            (digits / points, row),
            str(number),
            role="row number",
            size=size,
            color=color,
            ha="right",
            transform=blended,
        )
        put_text(
            ax,
            ((digits + 5) / points, row),
            shorten(title, size=size, width=width - digits - 10),
            role="row title",
            size=size,
            color=color,
            transform=blended,
        )


def split_rows(frame: pd.DataFrame, *, most: int) -> list[pd.DataFrame]:
    """Split a frame, in its order, into the fewest pages of nearly equal length."""
    pages = max(1, math.ceil(len(frame) / most))
    bounds = np.linspace(0, len(frame), pages + 1).round().astype(int)
    return [frame.iloc[start:stop] for start, stop in pairwise(bounds)]
