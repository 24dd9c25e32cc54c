"""How big a move is in history: all sessions and all events of a category on strips."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from oilshock.charts.canvas import (
    name_axes,
    numbers,
    put_text,
    require_columns,
    set_return_axis,
    span_of,
)
from oilshock.charts.frame import framed
from oilshock.charts.labels import axes_points, shorten, spread, text_width
from oilshock.charts.style import (
    ABNORMAL,
    BODY_PT,
    GREY,
    INK,
    LIGHT,
    MID,
    SMALL_PT,
    axes_for,
    dress,
)
from oilshock.errors import DataError
from oilshock.typing import Float, Int

MOST_LABELS = 12
"""More numbers than this on one strip cannot be told apart: the largest moves have theirs."""

AXIS_NAMES = {
    "per_cent": "move of one session, per cent",
    "usd": "move of one session, USD/bbl",
    "scaled": "move of one session over the volatility of the day before",
}
_STROKE_PT = 0.5
_SCALES = {"per_cent": 100.0, "usd": 1.0, "scaled": 1.0}


def plot_history(
    frame: pd.DataFrame,
    events: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    measure: str = "per_cent",
    title: str = "One-day moves in history; the events of this study in colour",
    ax: Axes | None = None,
) -> Axes:
    """Draw the one-day moves of a study's events among all sessions and all events of their kind.

    Answers how big a move is in history.

    Parameters
    ----------
    frame : DataFrame
        Columns strip and move; a strip has one tick or dot for each move.
    events : DataFrame
        Columns number, strip and move: the events of the study, on the strip of their category.
    names : mapping of str to str, optional
        What stands beside each strip; default: its name.
    measure : {"per_cent", "usd", "scaled"}, default "per_cent"
        What the moves are.
    title : str
        The title.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on.

    Raises
    ------
    DataError
        When a column is missing, there is no row, or the measure is not known.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({"strip": ["all", "all", "conflict"], "move": [0.01, -0.02, 0.03]})
    >>> events = pd.DataFrame({"number": [1], "strip": ["conflict"], "move": [0.03]})
    >>> ax = plot_history(frame, events, names={"all": "All", "conflict": "Conflict"},
    ...                   ax=Figure().add_subplot())
    >>> ax.get_xlabel()
    'move of one session, per cent'
    """
    require_columns(frame, ("strip", "move"), chart="plot_history")
    if measure not in AXIS_NAMES:
        raise DataError.of(
            "plot_history",
            f'"{measure}" is not a measure.',
            fix=f"Use: {', '.join(AXIS_NAMES)}.",
        )
    scale = _SCALES[measure]
    strips = list(dict.fromkeys(frame["strip"]))
    words = {strip: str(strip) for strip in strips} | dict(names or {})
    with axes_for(ax, height=strips_height(len(strips))) as target:
        dress(target, title=title)
        low, high = span_of(scale * numbers(frame, "move"), pad=0.03)
        room = max(text_width(words[strip], BODY_PT) for strip in strips) + 12
        room = min(room, 0.34 * axes_points(target)[0])
        _reserve_left(target, low, high, room=room)
        target.set_ylim(len(strips) - 0.35, -0.75)
        target.set_yticks([])
        target.spines["left"].set_visible(False)
        target.plot([0, 0], [-0.75, len(strips) - 0.35], color=LIGHT, linewidth=0.8, zorder=0.5)
        for place, strip in enumerate(strips):
            values = scale * numbers(frame[frame["strip"] == strip], "move")
            own = events[events["strip"] == strip] if strip != "all" else events
            if strip == "all":
                _strokes(target, place, values)
                _highlight(target, own, np.full(len(own), float(place)), scale=scale)
            else:
                _category(target, place, values, own, scale=scale)
            label = shorten(words[strip], size=BODY_PT, width=room - 8)
            put_text(
                target,
                (2 / axes_points(target)[0], place),
                label,
                role="strip name",
                transform=target.get_yaxis_transform(),
            )
        set_return_axis(target, low, high)
        name_axes(target, x=AXIS_NAMES[measure])
    return target


def strips_height(n_strips: int) -> float:
    """Return the height in inches of a figure with so many strips."""
    return 1.1 + 0.55 * n_strips


def _reserve_left(ax: Axes, low: float, high: float, *, room: float) -> None:
    width = axes_points(ax)[0]
    scale = (high - low) / max(width - room, 0.3 * width)
    ax.set_xlim(low - room * scale, high)
    ax.spines["bottom"].set_bounds(low, high)


def _category(ax: Axes, place: int, values: Float, events: pd.DataFrame, *, scale: float) -> None:
    """Draw the moves of a category, with the events of the study on their own circles."""
    at = place + _offsets(values)
    _circles(ax, values, at)
    rows = at[_nearest(values, scale * numbers(events, "move"))]
    _highlight(ax, events, rows, scale=scale)
    _numbers(ax, place, events, rows, scale=scale)


def _offsets(values: Float) -> Float:
    """Return how far each circle stands from the middle of its strip: in three lanes by size."""
    offsets = np.empty(len(values))
    offsets[np.argsort(values, kind="stable")] = 0.09 * ((np.arange(len(values)) % 3) - 1)
    return offsets


def _nearest(values: Float, moves: Float) -> Int:
    """Return the circle of each move; any for a move that is missing."""
    return np.array(
        [int(np.nanargmin(np.abs(values - move))) if np.isfinite(move) else 0 for move in moves],
        dtype=np.intp,
    )


def _circles(ax: Axes, values: Float, at: Float) -> None:
    ax.plot(
        values,
        at,
        linestyle="none",
        marker="o",
        markersize=3.4,
        markerfacecolor="white",
        markeredgecolor=MID,
        markeredgewidth=0.8,
    )


def _strokes(ax: Axes, place: int, values: Float) -> None:
    """Draw a stroke where sessions lie, the darker the more of them lie there.

    Sessions less than a stroke apart share one, so that ten thousand cost no more than a few.
    """
    left, right = ax.get_xlim()
    per_stroke = _STROKE_PT * (right - left) / axes_points(ax)[0]
    at, counts = np.unique(np.round(values[np.isfinite(values)] / per_stroke), return_counts=True)
    shades = np.digitize(counts, [2, 4, 8, 16])
    for shade in np.unique(shades):
        x = np.repeat(at[shades == shade] * per_stroke, 3)
        y = np.tile([place - 0.2, place + 0.2, np.nan], len(x) // 3)
        alpha = 0.35 + 0.15 * float(shade)
        ax.plot(x, y, color=GREY, linewidth=_STROKE_PT, alpha=alpha, label="sessions")


def _highlight(ax: Axes, events: pd.DataFrame, rows: Float, *, scale: float) -> None:
    """Mark the events of the study."""
    moves = scale * numbers(events, "move")
    known = np.isfinite(moves)
    ax.plot(
        moves[known],
        rows[known],
        linestyle="none",
        marker="o",
        markersize=5.2,
        markerfacecolor=ABNORMAL,
        markeredgecolor="white",
        markeredgewidth=0.6,
        zorder=4,
        label="events of the study",
    )


def _numbers(ax: Axes, place: int, events: pd.DataFrame, rows: Float, *, scale: float) -> None:
    """Write the numbers of the largest moves above their strip, each led to its mark."""
    moves = scale * numbers(events, "move")
    largest = np.argsort(-np.abs(moves), kind="stable")
    shown = [int(row) for row in largest if np.isfinite(moves[row])][:MOST_LABELS]
    if not shown:
        return
    texts = [str(events["number"].iloc[row]) for row in shown]
    width = axes_points(ax)[0]
    left, right = ax.get_xlim()
    unit = width / (right - left)
    gap = max(text_width(text, SMALL_PT) for text in texts) + 3.0
    x = spread((moves[shown] - left) * unit, gap=gap, low=4.0, high=width - 4.0) / unit + left
    leaders = [
        [(float(at), place - 0.26), (moves[row], rows[row])]
        for row, at in zip(shown, x, strict=True)
    ]
    ax.add_collection(LineCollection(leaders, colors=MID, linewidths=0.5, zorder=3), autolim=False)
    for text, at in zip(texts, x, strict=True):
        where = (float(at), place - 0.36)
        put_text(ax, where, text, role="event number", size=SMALL_PT, color=INK, ha="center")


def history_figure(
    frame: pd.DataFrame,
    events: pd.DataFrame,
    *,
    names: Mapping[str, str],
    measure: str = "per_cent",
    source: str = "",
) -> Figure:
    """Compose the strips and the source line.

    Parameters
    ----------
    frame, events, names, measure : DataFrame, DataFrame, mapping of str to str, str
        As in `plot_history`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 inches wide; the height follows the number of strips.
    """
    key = (
        "Grey strokes: every session. Circles: sessions with a known event of the category. "
        "In colour: this study's events, numbered where largest."
    )
    height = strips_height(frame["strip"].nunique()) + 0.35
    with framed(height, source=source, headline="How big is it in history?", key=key) as around:
        ax = around.panel(left=0.07, top=0.05)
        plot_history(frame, events, names=names, measure=measure, title="", ax=ax)
    return around.figure
