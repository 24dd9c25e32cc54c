"""The paths of single events after day 0, against the band of ordinary paths."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from oilshock.charts.abnormal import percent_words
from oilshock.charts.canvas import (
    day_zero_line,
    name_axes,
    numbers,
    put_text,
    require_columns,
    reserve,
    set_day_axis,
    set_value_axis,
    span_of,
    zero_line,
)
from oilshock.charts.end_labels import EndLabel, end_label_room, put_end_labels
from oilshock.charts.frame import framed
from oilshock.charts.labels import axes_points, clean, text_width
from oilshock.charts.size import fitted
from oilshock.charts.style import (
    ABNORMAL,
    DAY_AXIS,
    GREY,
    MID,
    PALE,
    SMALL_PT,
    axes_for,
    dress,
)
from oilshock.charts.units import ReturnUnit, scale_of
from oilshock.errors import DataError
from oilshock.typing import Float


def plot_paths(
    frame: pd.DataFrame,
    *,
    lead: int | None = None,
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw the CAR of every event from day 0 on; one of them stands out, with its band.

    Answers which moves lasted and which were given back.

    Parameters
    ----------
    frame : DataFrame
        Columns number, title, day, car and half_width; see `Beyond.paths_frame`.
    lead : int, optional
        Number of the event that stands out; default: the first.
    alpha : float, default 0.05
        The band holds a whole ordinary path with 1 - alpha.
    return_unit : {"per cent", "USD/bbl"}, default "per cent"
        The unit of returns.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on.

    Raises
    ------
    DataError
        When a column is missing or there is no row.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({
    ...     "number": 1, "title": "Attack", "day": [0, 1], "car": [0.02, 0.03],
    ...     "half_width": [0.03, 0.04],
    ... })
    >>> [text.get_text() for text in plot_paths(frame, ax=Figure().add_subplot()).texts]
    ['path band (95 %)', '1']
    """
    require_columns(frame, ("number", "title", "day", "car", "half_width"), chart="plot_paths")
    scale = scale_of(return_unit)
    chosen = frame["number"].iloc[0] if lead is None else lead
    own = frame[frame["number"] == chosen]
    if own.empty:
        raise DataError.of("plot_paths", f"no event has the number {lead}.", fix="Choose another.")
    others = [rows for number, rows in frame.groupby("number", sort=False) if number != chosen]
    with axes_for(ax, height=3.0) as target:
        title = f"{chosen}  {clean(own['title'].iloc[0])}"
        dress(target, title=title)
        day, car = numbers(own, "day"), scale * numbers(own, "car")
        last = float(numbers(frame, "day").max())
        half = scale * numbers(own, "half_width")
        labels = [EndLabel(float(car[-1]), str(chosen), ABNORMAL)] if day[-1] == last else []
        if len(others) <= 12:
            labels += [
                EndLabel(scale * float(rows["car"].iloc[-1]), str(rows["number"].iloc[0]), GREY)
                for rows in others
                if rows["day"].iloc[-1] == last
            ]
        reserve(target, 0.0, last, right=end_label_room(labels, size=SMALL_PT))
        set_value_axis(target, *span_of(scale * numbers(frame, "car"), half, -half, [0]))
        target.fill_between(day, -half, half, color=PALE, linewidth=0, label="band", zorder=0.5)
        for side in (-half, half):
            target.plot(day, side, color=GREY, linewidth=0.6, linestyle=(0, (4, 2)), zorder=2.5)
        for rows in others:
            target.plot(
                numbers(rows, "day"), scale * numbers(rows, "car"), color=MID, linewidth=0.7
            )
        target.plot(day, car, color=ABNORMAL, linewidth=1.6, label="lead", zorder=3)
        _name_band(target, frame, day=day, half=half, scale=scale, alpha=alpha)
        day_zero_line(target)
        zero_line(target)
        set_day_axis(target, numbers(frame, "day"))
        put_end_labels(target, last, labels, size=SMALL_PT)
        name_axes(target, x=DAY_AXIS, y=f"CAR, {return_unit}")
    return target


def _name_band(
    ax: Axes, frame: pd.DataFrame, *, day: Float, half: Float, scale: float, alpha: float
) -> None:
    """Write what the grey area is, near its right end, where no path runs."""
    known = np.isfinite(half)
    if not known.any():
        return
    end, edge = float(day[known][-1]), float(half[known][-1])
    text = f"path band ({percent_words(1 - alpha)})"
    left, right = ax.get_xlim()
    low, high = ax.get_ylim()
    width, height = axes_points(ax)
    point, up = (right - left) / width, (high - low) / height
    length = (text_width(text, SMALL_PT) + 8) * point
    last = (ax.spines["bottom"].get_bounds() or (left, right))[1]
    start = min(end + 4 * point, last - length)
    near = frame[frame["day"].between(start - 1, start + length + 1)]
    car = scale * numbers(near, "car")
    # Beside the band at its edges, else beyond all paths near it: the first place that is free.
    line = SMALL_PT * up
    beyond = max(edge, float(np.nanmax(car, initial=0.0))) + line
    behind = min(-edge, float(np.nanmin(car, initial=0.0))) - line
    places = [edge - line, line - edge, edge + line, -edge - line, beyond, behind]
    inside = [at for at in places if low + line < at < high - line] or places
    free = [at for at in inside if not (np.abs(car - at) < line).any()] or inside
    at = free[0]
    side = edge if at > 0 else -edge
    ax.plot([end, start + 2 * point], [side, at], color=GREY, linewidth=0.5, zorder=2)
    where = (start + 3 * point, at)
    put_text(ax, where, text, role="band", size=SMALL_PT, color=GREY)
    # Where every place is taken, the paths behind stop at the words.
    ax.texts[-1].set_bbox({"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 1.0})


def paths_figure(
    frame: pd.DataFrame,
    *,
    lead: int | None = None,
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    source: str = "",
) -> Figure:
    """Compose the CAR paths of all events and the source line.

    Parameters
    ----------
    frame, lead, alpha, return_unit : DataFrame, int, float, str
        As in `plot_paths`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 by 3.6 inches.
    """
    banded = frame.loc[frame["half_width"].notna(), "day"]
    key = "CAR from day 0; other events of the study in grey. "
    if len(banded):
        key += (
            f"Grey area (path band): {percent_words(1 - alpha)} of ordinary paths stay inside to "
            f"session {int(banded.max())}."
        )
    headline = "Did the move last?"
    with framed(fitted(3.6), source=source, headline=headline, key=key) as around:
        plot_paths(frame, lead=lead, alpha=alpha, return_unit=return_unit, ax=around.panel())
    return around.figure
