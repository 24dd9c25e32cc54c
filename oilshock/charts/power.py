"""How large a move must be to be seen: power curves, and each event against its minimum."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from oilshock.charts.abnormal import percent_words
from oilshock.charts.canvas import (
    name_axes,
    numbers,
    put_text,
    require_columns,
    reserve,
    set_return_axis,
    set_value_axis,
)
from oilshock.charts.forest import prepare_rows, rows_height
from oilshock.charts.frame import framed
from oilshock.charts.key import dot, key_height, put_key
from oilshock.charts.labels import axes_points
from oilshock.charts.size import fitted
from oilshock.charts.style import ABNORMAL, GREY, INK, LIGHT, SMALL_PT, axes_for, dress
from oilshock.charts.units import ReturnUnit, scale_of
from oilshock.words import count

_CURVE = ("n_events", "shock", "power")
_EVENT = ("number", "title", "minimum", "minimum_textbook", "car")
_SHADES = (ABNORMAL, INK, GREY, INK)
_DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (3, 1.5)), (0, (1, 1.2)))
_MARKS = ("o", "^", "s", "D")


def plot_power_curves(
    frame: pd.DataFrame,
    *,
    target: float = 0.8,
    title: str = "",
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw how often a move of a given size is found, for several numbers of events.

    Answers how large a move must be to be seen. The dashed line is the power one would like to
    have; left of where a curve crosses it, a move is more likely missed than wished.

    Parameters
    ----------
    frame : DataFrame
        Columns ``n_events``, ``shock`` and ``power`` of one test and one window.
    target : float, default 0.8
        The power to mark.
    title : str, default ""
        The title; by default it says what is shown.
    return_unit : {"per cent", "USD/bbl"}, default "per cent"
        The unit of the shocks.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on; both axes are in per cent, or the x axis in USD/bbl.

    Raises
    ------
    DataError
        When a column is missing or there is no row.

    Examples
    --------
    >>> frame = pd.DataFrame({"n_events": 1, "shock": [0.0, 0.05], "power": [0.05, 0.7]})
    >>> ax = plot_power_curves(frame, ax=Figure().add_subplot())
    >>> ax.get_xlabel()
    'size of the move, per cent'
    """
    require_columns(frame, _CURVE, chart="plot_power_curves")
    scale = scale_of(return_unit)
    with axes_for(ax, height=3.0) as axes:
        dress(axes, title=title or "How often a move of a given size is found")
        groups = list(frame.groupby("n_events", sort=True))
        names = [count(int(group["n_events"].iloc[0]), "event") for _, group in groups]
        last = scale * float(numbers(frame, "shock").max())
        reserve(axes, 0.0, last, left=6, right=6)
        # The curves meet at 100: a key tells them apart, no labels at their ends.
        head = key_height(axes, names)
        top = 104.0 * (1 + head / max(axes_points(axes)[1] - head, 1.0))
        set_value_axis(axes, 0.0, 100.0, top=top)
        axes.plot([0, last], [100 * target] * 2, color=GREY, linewidth=0.7, linestyle=(0, (4, 2)))
        curves = [
            axes.plot(
                scale * numbers(group, "shock"),
                100 * numbers(group, "power"),
                color=_SHADES[place % len(_SHADES)],
                linestyle=_DASHES[place % len(_DASHES)],
                marker=_MARKS[place % len(_MARKS)],
                markersize=3,
                linewidth=1.2,
                label=names[place],
                zorder=3,
            )[0]
            for place, (_, group) in enumerate(groups)
        ]
        set_return_axis(axes, 0.0, last)
        name_axes(axes, x=f"size of the move, {return_unit}", y="found, per cent of studies")
        put_key(axes, curves)
        put_text(
            axes,
            (last, 100 * target - 3.0),
            f"{percent_words(target)} power",
            role="target",
            size=SMALL_PT,
            color=GREY,
            ha="right",
            va="top",
        )
    return axes


def plot_minimum_moves(
    frame: pd.DataFrame,
    *,
    window: str = "",
    target: float = 0.8,
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw each event's move against the smallest that could have been seen at its moment.

    Answers whether "no effect found" means much. A dot inside its bar is a move that the test
    misses more often than wished, whether it is there or not.

    Parameters
    ----------
    frame : DataFrame
        Columns ``number``, ``title``, ``minimum``, ``minimum_textbook`` and ``car``, returns as
        fractions or, for difference returns, in USD/bbl; at most 45 rows read well.
    window : str
        The window as the title names it.
    target : float, default 0.8
        Power at which the minimum is read.
    return_unit : {"per cent", "USD/bbl"}, default "per cent"
        The unit of returns.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on; its x axis is in `return_unit`.

    Raises
    ------
    DataError
        When a column is missing or there is no row.

    Examples
    --------
    >>> frame = pd.DataFrame({
    ...     "number": [1], "title": ["Strike"], "minimum": [0.05], "minimum_textbook": [0.06],
    ...     "car": [-0.02],
    ... })
    >>> ax = plot_minimum_moves(frame, ax=Figure().add_subplot())
    >>> ax.get_xlabel()
    'size of the abnormal move, up or down, per cent'
    """
    require_columns(frame, _EVENT, chart="plot_minimum_moves")
    rows, scale = frame.reset_index(drop=True), scale_of(return_unit)
    minimum, textbook = (scale * numbers(rows, name) for name in ("minimum", "minimum_textbook"))
    size = scale * np.abs(numbers(rows, "car"))
    with axes_for(ax, height=rows_height(len(rows))) as axes:
        words = f"Move{' over ' + window if window else ''} by event"
        dress(
            axes,
            title=f"{words}, and the least that is found {percent_words(target)} of the time",
        )
        known = np.isfinite(minimum)
        titles = prepare_rows(axes, rows.assign(faint=~known), key=_key())
        ends = minimum_limits(rows, return_unit=return_unit)
        reserve(axes, *ends, left=titles, right=4)
        set_return_axis(axes, *ends)
        at = np.arange(len(rows))
        axes.barh(at[known], minimum[known], height=0.62, color=LIGHT, zorder=1.5)
        axes.vlines(textbook, at - 0.36, at + 0.36, color=INK, linewidth=1.2, zorder=2)
        seen = size >= np.where(known, minimum, textbook)
        for chosen, face in ((seen, ABNORMAL), (~seen, "white")):
            axes.scatter(
                size[chosen],
                at[chosen],
                s=20,
                facecolors=face,
                edgecolors=ABNORMAL,
                linewidths=0.9,
                zorder=3,
            )
        put_key(axes, _key())
        name_axes(axes, x=f"size of the abnormal move, up or down, {return_unit}")
    return axes


def minimum_limits(
    frame: pd.DataFrame, *, return_unit: ReturnUnit = "per cent"
) -> tuple[float, float]:
    """Return the ends of the axis of `plot_minimum_moves`.

    Examples
    --------
    >>> minimum_limits(
    ...     pd.DataFrame({"minimum": [0.05], "minimum_textbook": [0.04], "car": [-0.10]})
    ... )
    (0.0, 10.4)
    """
    columns = ("minimum", "minimum_textbook", "car")
    values = np.abs(np.concatenate([numbers(frame, name) for name in columns]))
    known = values[np.isfinite(values)]
    return 0.0, 1.04 * scale_of(return_unit) * float(known.max()) if known.size else 1.0


def _key() -> list[Any]:
    return [
        dot("actual move, smaller than that", face="white", edge=ABNORMAL),
        dot("at least as large", face=ABNORMAL),
        Patch(facecolor=LIGHT, label="least move found (calibrated)"),
        Line2D([], [], color=INK, linewidth=1.2, label="the same, textbook"),
    ]


def power_figure(
    frame: pd.DataFrame,
    *,
    target: float = 0.8,
    title: str = "",
    return_unit: ReturnUnit = "per cent",
    source: str = "",
) -> Figure:
    """Compose power curves and the source line.

    Parameters
    ----------
    frame, target, title, return_unit : DataFrame, float, str, str
        As in `plot_power_curves`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 by 3.3 inches.

    Raises
    ------
    DataError
        When a column is missing or there is no row.
    """
    with framed(fitted(3.3), source=source) as around:
        plot_power_curves(
            frame, target=target, title=title, return_unit=return_unit, ax=around.panel()
        )
    return around.figure


def minimum_figure(
    frame: pd.DataFrame,
    *,
    window: str = "",
    target: float = 0.8,
    return_unit: ReturnUnit = "per cent",
    source: str = "",
) -> Figure:
    """Compose the events against their minimum and the source line.

    Parameters
    ----------
    frame, window, target, return_unit : DataFrame, str, float, str
        As in `plot_minimum_moves`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 inches wide; the height follows the number of events.

    Raises
    ------
    DataError
        When a column is missing or there is no row.
    """
    with framed(rows_height(len(frame)) + 0.2, source=source) as around:
        plot_minimum_moves(
            frame,
            window=window,
            target=target,
            return_unit=return_unit,
            ax=around.panel(left=0.07),
        )
    return around.figure
