"""Abnormal returns of one event: bars by session, and their sum with its band."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from oilshock.charts.canvas import (
    day_zero_line,
    name_axes,
    numbers,
    require_columns,
    reserve,
    set_day_axis,
    set_value_axis,
    span_of,
    zero_line,
)
from oilshock.charts.labels import axes_points, text_width
from oilshock.charts.style import ABNORMAL, DAY_AXIS, GREY, LIGHT, PALE, TITLE_PT, axes_for, dress
from oilshock.charts.units import ReturnUnit, scale_of


def percent_words(share: float) -> str:
    """Write a share as per cent, such as ``95 %``."""
    return f"{round(100 * share, 6):g} %"


def plot_abnormal_returns(
    frame: pd.DataFrame,
    *,
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw the abnormal returns of one event as bars, with confidence limits around zero.

    Answers on which sessions the return left the range that chance explains. A bar beyond the
    grey band is significant for that day alone.

    Parameters
    ----------
    frame : DataFrame
        Columns ``relative_day``, ``abnormal_return`` and ``half_width`` (the limits lie at
        ± half_width), as fractions or, for difference returns, in USD/bbl.
    alpha : float, default 0.05
        The level of the limits; it is written in the title.
    return_unit : {"per cent", "USD/bbl"}, default "per cent"
        The unit of returns: dollars for difference returns, which are drawn as they are.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on; its y axis is in `return_unit`.

    Raises
    ------
    DataError
        When a column is missing or there is no row.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame(
    ...     {"relative_day": [-1, 0, 1], "abnormal_return": [0.01, -0.03, 0.0], "half_width": 0.04}
    ... )
    >>> ax = plot_abnormal_returns(frame, ax=Figure().add_subplot())
    >>> [round(float(bar.get_height()), 6) for bar in ax.patches]
    [1.0, -3.0, 0.0]
    """
    columns = ("relative_day", "abnormal_return", "half_width")
    require_columns(frame, columns, chart="plot_abnormal_returns")
    scale = scale_of(return_unit)
    with axes_for(ax, height=2.6) as target:
        dress(target, title=f"Abnormal returns (band: {percent_words(1 - alpha)})")
        day, ar = numbers(frame, "relative_day"), scale * numbers(frame, "abnormal_return")
        limit = scale * numbers(frame, "half_width")
        reserve(target, day.min() - 0.6, day.max() + 0.6)
        set_value_axis(target, *span_of(ar, limit, -limit, [0]))
        edges = np.append(day - 0.5, day[-1] + 0.5)
        target.fill_between(
            np.repeat(edges, 2)[1:-1],
            -np.repeat(limit, 2),
            np.repeat(limit, 2),
            color=PALE,
            linewidth=0,
            zorder=0.5,
            label="limits",
        )
        known = np.isfinite(ar)
        colors = [ABNORMAL if at == 0 else GREY for at in day[known]]
        target.bar(day[known], ar[known], width=0.66, color=colors, zorder=2)
        zero_line(target)
        set_day_axis(target, day)
        name_axes(target, x=DAY_AXIS, y=f"AR, {return_unit}")
    return target


def plot_car(
    frame: pd.DataFrame,
    *,
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw the cumulative abnormal return of one event, from the first day of its window.

    Answers whether a move lasted or was given back.

    Parameters
    ----------
    frame : DataFrame
        Columns ``relative_day``, ``car`` and ``half_width`` (of the band of each day), as
        fractions or, for difference returns, in USD/bbl: row j holds CAR[w0, j]. A column ``band``
        may hold the half width of the band that covers the whole path at once.
    alpha : float, default 0.05
        The level of the bands; it is written in the title.
    return_unit : {"per cent", "USD/bbl"}, default "per cent"
        The unit of returns: dollars for difference returns, which are drawn as they are.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on; its y axis is in `return_unit`.

    Raises
    ------
    DataError
        When a column is missing or there is no row.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({"relative_day": [-1, 0], "car": [0.01, -0.02], "half_width": 0.04})
    >>> ax = plot_car(frame, ax=Figure().add_subplot())
    >>> ax.get_ylabel()
    'CAR, per cent'
    """
    require_columns(frame, ("relative_day", "car", "half_width"), chart="plot_car")
    scale = scale_of(return_unit)
    with axes_for(ax, height=2.6) as target:
        first = int(numbers(frame, "relative_day").min())
        band = f"band: {percent_words(1 - alpha)}"
        if "band" in frame and frame["band"].notna().any():
            band = f"{percent_words(1 - alpha)}; dashed: whole path"
        title = f"CAR from day {first:+d} ({band})".replace("-", "\u2212")
        if text_width(title, TITLE_PT) > axes_points(target)[0]:
            title = f"CAR ({band})"
        dress(target, title=title)
        day, car = numbers(frame, "relative_day"), scale * numbers(frame, "car")
        half = scale * numbers(frame, "half_width")
        whole = scale * numbers(frame, "band") if "band" in frame else np.full(len(day), np.nan)
        widest = np.fmax(half, whole)
        reserve(target, day.min() - 0.6, day.max() + 0.6)
        set_value_axis(target, *span_of(car, car - widest, car + widest, [0]))
        for edge in (car - whole, car + whole):
            target.plot(day, edge, color=GREY, linewidth=0.7, linestyle=(0, (4, 2)), zorder=1)
        target.fill_between(day, car - half, car + half, color=LIGHT, alpha=0.6, linewidth=0)
        target.plot(
            day, car, color=ABNORMAL, linewidth=1.2, marker="o", markersize=2.6, label="CAR"
        )
        at_zero = day == 0
        target.plot(day[at_zero], car[at_zero], "o", color=ABNORMAL, markersize=4.5, zorder=4)
        day_zero_line(target)
        zero_line(target)
        set_day_axis(target, day)
        name_axes(target, x=DAY_AXIS, y=f"CAR, {return_unit}")
    return target
