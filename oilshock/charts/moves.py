"""The unusual sessions of a series, those that an event explains and those that none does."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from oilshock.charts.canvas import (
    name_axes,
    numbers,
    put_text,
    require_columns,
    reserve,
    set_value_axis,
    span_of,
    zero_line,
)
from oilshock.charts.dates import MONTHS, date_numbers, set_date_axis
from oilshock.charts.frame import framed
from oilshock.charts.key import dot, key_height, put_key
from oilshock.charts.labels import axes_points, text_width
from oilshock.charts.size import fitted
from oilshock.charts.style import ABNORMAL, GREY, INK, LIGHT, SMALL_PT, axes_for, dress
from oilshock.charts.units import ReturnUnit, scale_of
from oilshock.typing import Float

USUAL = 2.0
"""The band of usual days: so many mean absolute returns on both sides of zero."""

MOST_LABELS = 14

_COLUMNS = ("session", "return", "explained")


def plot_unusual_moves(
    moves: pd.DataFrame,
    *,
    usual: pd.DataFrame | None = None,
    title: str = "",
    return_name: str = "return",
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw unusual sessions over time, with what was usual at the time behind them.

    Answers which large moves no event on the list explains. The most unusual ones carry their
    dates, as far as there is room.

    Parameters
    ----------
    moves : DataFrame
        Columns ``session``, ``return`` and ``explained`` (bool), the most unusual first.
    usual : DataFrame, optional
        Columns ``session`` and ``size``: from each session on, the mean absolute return. It also
        says how far the time axis reaches.
    title : str, default ""
        The title; by default it says what is shown.
    return_name : str, default "return"
        What the y axis is called, such as "log return".
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
    >>> moves = pd.DataFrame({
    ...     "session": pd.to_datetime(["1991-01-17", "2020-04-21"]),
    ...     "return": [-0.36, -0.64], "explained": [True, False],
    ... })
    >>> usual = pd.DataFrame(
    ...     {"session": pd.to_datetime(["1990-01-02", "2020-12-31"]), "size": [0.02, 0.02]}
    ... )
    >>> ax = plot_unusual_moves(moves, usual=usual, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['17 Jan 1991', '21 Apr 2020']
    """
    require_columns(moves, _COLUMNS, chart="plot_unusual_moves")
    if usual is None:
        usual = pd.DataFrame({"session": moves["session"], "size": np.nan})
    require_columns(usual, ("session", "size"), chart="plot_unusual_moves")
    scale = scale_of(return_unit)
    with axes_for(ax, height=3.4) as target:
        dress(target, title=title or "The most unusual days, with and without an event nearby")
        at, size = date_numbers(moves["session"]), scale * numbers(moves, "return")
        band_at, band = date_numbers(usual["session"]), USUAL * scale * numbers(usual, "size")
        reserve(target, min(band_at.min(), at.min()), max(band_at.max(), at.max()), left=4, right=4)
        low, high = span_of(size, band, -band, [0], pad=0.08)
        key = _key()
        head = key_height(target, [str(handle.get_label()) for handle in key])
        top = high + (high - low) * head / max(axes_points(target)[1] - head, 1)
        set_value_axis(target, low, high, top=top)
        target.fill_between(band_at, -band, band, step="post", color=LIGHT, alpha=0.7, linewidth=0)
        zero_line(target)
        explained = moves["explained"].to_numpy(dtype=bool)
        for chosen, color, face in ((explained, GREY, GREY), (~explained, ABNORMAL, "white")):
            target.vlines(at[chosen], 0, size[chosen], color=color, linewidth=0.7, zorder=2)
            target.scatter(
                at[chosen],
                size[chosen],
                s=13,
                facecolors=face,
                edgecolors=color,
                linewidths=0.9,
                zorder=3,
            )
        set_date_axis(target, float(band_at.min()), float(band_at.max()))
        name_axes(target, y=f"{return_name}, {return_unit}")
        put_key(target, key)
        _date_labels(target, moves["session"], at, size, head=head)
    return target


def _key() -> list[Any]:
    usual = f"usual at the time (± {USUAL:g} mean absolute returns)"
    return [
        dot("no event nearby", face="white", edge=ABNORMAL, size=4),
        dot("an event nearby", face=GREY, size=4),
        Patch(facecolor=LIGHT, alpha=0.7, label=usual),
    ]


def _date_labels(
    ax: Axes, sessions: pd.Series[Any], at: Float, size: Float, *, head: float
) -> None:
    """Write the dates of the most unusual days, each where it covers nothing written before."""
    width, height = axes_points(ax)
    left, right = ax.get_xlim()
    low, high = ax.get_ylim()
    x, y = (at - left) * width / (right - left), (size - low) * height / (high - low)
    taken: list[tuple[float, float, float, float]] = []
    line = 1.25 * SMALL_PT
    dots = list(zip(x.tolist(), y.tolist(), strict=True))
    for place in range(len(at)):
        if len(taken) == MOST_LABELS:
            break
        stamp = pd.Timestamp(sessions.iloc[place])
        text = f"{stamp.day} {MONTHS[stamp.month - 1]} {stamp.year}"
        length = text_width(text, SMALL_PT)
        for start, ha in ((x[place] + 5, "left"), (x[place] - 5 - length, "right")):
            box = (start, y[place] - line / 2, start + length, y[place] + line / 2)
            outside = box[0] < 0 or box[2] > width or box[3] > height - head
            covers = any(_inside(dot, box) for dot in dots)
            if not outside and not covers and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                shift = (5 if ha == "left" else -5) * (right - left) / width
                where = (at[place] + shift, size[place])
                put_text(ax, where, text, role="date", size=SMALL_PT, color=INK, ha=ha)
                break


def _inside(dot: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    return box[0] - 2 < dot[0] < box[2] + 2 and box[1] - 1 < dot[1] < box[3] + 1


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    beside = one[2] + 3 < other[0] or other[2] + 3 < one[0]
    return not (beside or one[3] < other[1] or other[3] < one[1])


def usual_sizes(
    returns: Float, sessions: pd.DatetimeIndex, *, breaks: pd.DataFrame
) -> pd.DataFrame:
    """Compute the mean absolute return between breaks in size, as `plot_unusual_moves` wants it.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns; the first one is missing.
    sessions : DatetimeIndex
        Their sessions.
    breaks : DataFrame
        Columns `kind` and `session`; those of kind `size` count.

    Returns
    -------
    DataFrame
        Columns session and size; the last row is the last session.
    """
    at = breaks.loc[breaks["kind"] == "size", "session"]
    edges = [1, *sessions.searchsorted(pd.DatetimeIndex(at)).tolist(), len(sessions)]
    sizes = [float(np.abs(returns[start:stop]).mean()) for start, stop in pairwise(edges)]
    days = [*sessions[edges[:-1]], sessions[-1]]
    return pd.DataFrame({"session": days, "size": [*sizes, sizes[-1]]})


def moves_figure(
    moves: pd.DataFrame,
    *,
    usual: pd.DataFrame | None = None,
    title: str = "",
    return_name: str = "return",
    return_unit: ReturnUnit = "per cent",
    source: str = "",
) -> Figure:
    """Compose the unusual sessions and the source line.

    Parameters
    ----------
    moves, usual, title, return_name, return_unit : DataFrame, DataFrame, str, str, str
        As in `plot_unusual_moves`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 by 3.7 inches.

    Raises
    ------
    DataError
        When a column is missing or there is no row.
    """
    with framed(fitted(3.7), source=source) as around:
        ax = around.panel(bottom=0.3)
        plot_unusual_moves(
            moves,
            usual=usual,
            title=title,
            return_name=return_name,
            return_unit=return_unit,
            ax=ax,
        )
    return around.figure
