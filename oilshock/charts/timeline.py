"""Which sessions each event uses: estimation window, gap, event window, overlaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from oilshock.charts.canvas import (
    date_numbers,
    put_text,
    require_columns,
    reserve,
    set_date_axis,
    split_rows,
)
from oilshock.charts.forest import MAX_ROWS, legend_on_top, prepare_rows, rows_height
from oilshock.charts.labels import axes_points, shorten
from oilshock.charts.style import (
    ABNORMAL,
    GREY,
    INK,
    LIGHT,
    MID,
    SMALL_PT,
    WIDTH_IN,
    axes_for,
    dress,
)
from oilshock.typing import Bool, Float, Int

_DATES = (
    "event_date", "session", "estimation_start", "estimation_end", "window_start", "window_end",
)  # fmt: skip
_COLUMNS = ("number", "title", "status", "reason", *_DATES)


def timeline_pages(frame: pd.DataFrame, *, most: int = MAX_ROWS) -> list[pd.DataFrame]:
    """Split the events, in the order given, into pages of nearly equal length.

    Parameters
    ----------
    frame : DataFrame
        As in `plot_timeline`.
    most : int, default 45
        The most rows of a page.

    Returns
    -------
    list of DataFrame
        The pages.

    Examples
    --------
    >>> import pandas as pd
    >>> [len(page) for page in timeline_pages(pd.DataFrame({"number": range(191)}))]
    [38, 38, 39, 38, 38]
    """
    return split_rows(frame, most=most)


def plot_timeline(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the windows of every event, one row each, in the order given.

    Answers which sessions an estimate rests on, which events were moved to another session,
    and which event windows share sessions. Events that were left out stand in grey with their
    reason.

    Parameters
    ----------
    frame : DataFrame
        The columns of ``events.csv`` and ``number``; at most 45 rows read well, see
        `timeline_pages`.
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
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({
    ...     "number": [1], "title": ["Strike"], "status": "ok", "reason": "",
    ...     "event_date": "2024-04-13", "session": "2024-04-15",
    ...     "estimation_start": "2023-10-05", "estimation_end": "2024-03-28",
    ...     "window_start": "2024-04-08", "window_end": "2024-04-29",
    ... })
    >>> ax = plot_timeline(frame, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['1', 'Strike']
    """
    require_columns(frame, _COLUMNS, chart="plot_timeline")
    rows = frame.reset_index(drop=True)
    kept = (rows["status"] == "ok").to_numpy()
    dates = {name: date_numbers(rows[name].to_numpy()) for name in _DATES}
    with axes_for(ax, size=(WIDTH_IN, rows_height(len(rows)))) as target:
        dress(target, title="Sessions used by each event")
        titles = prepare_rows(target, rows.assign(faint=~kept))
        low, high = _range(dates, kept)
        reserve(target, low, high, left=titles, right=4)
        set_date_axis(target, low, high)
        shared = shared_spans(dates["window_start"][kept], dates["window_end"][kept])
        for start, stop in shared:
            target.axvspan(
                start,
                stop,
                ymax=_rows_share(target),
                facecolor="none",
                edgecolor=MID,
                hatch="/////",
                linewidth=0,
                zorder=0.5,
                label="shared",
            )
        _bars(target, dates, np.flatnonzero(kept))
        _reasons(target, rows, np.flatnonzero(~kept), low=low, high=high)
        _legend(target, moved=bool(_moved(dates, kept).size), shared=bool(shared))
    return target


def shared_spans(starts: Float, stops: Float) -> list[tuple[float, float]]:
    """Return the spans of days that lie in two or more closed windows, as [from, to + 1).

    Examples
    --------
    >>> import numpy as np
    >>> shared_spans(np.array([0.0, 5.0, 20.0]), np.array([8.0, 9.0, 25.0]))
    [(5.0, 9.0)]
    """
    known = np.isfinite(starts) & np.isfinite(stops)
    edges = sorted(
        [(float(day), 1) for day in starts[known]] + [(float(day) + 1, -1) for day in stops[known]]
    )
    spans: list[tuple[float, float]] = []
    depth = 0
    for day, step in edges:
        if depth >= 2 and depth + step < 2:
            spans[-1] = (spans[-1][0], day)
        elif depth < 2 <= depth + step:
            spans.append((day, day))
        depth += step
    return spans


def _range(dates: dict[str, Float], kept: Bool) -> tuple[float, float]:
    """Return the dates that the kept events span, or, with none kept, all event dates."""
    known = np.concatenate([values[kept] for values in dates.values()])
    known = known[np.isfinite(known)]
    if known.size == 0:
        known = dates["event_date"][np.isfinite(dates["event_date"])]
    if known.size == 0:
        return 0.0, 30.0
    return float(known.min()), max(float(known.max()), float(known.min()) + 30) + 1


def _rows_share(ax: Axes) -> float:
    """Return the share of the height that the rows take, without the legend above them."""
    bottom, top = ax.get_ylim()
    return (bottom + 0.5) / (bottom - top)


def _moved(dates: dict[str, Float], kept: Bool) -> Float:
    return np.flatnonzero(kept & (dates["event_date"] != dates["session"])).astype(float)


def _bars(ax: Axes, dates: dict[str, Float], rows: Int) -> None:
    """Draw the windows; a window ends with the end of its last day."""
    for kind, color, height in (("estimation", LIGHT, 0.42), ("window", ABNORMAL, 0.5)):
        start = dates[f"{kind}_start"][rows]
        stop = dates["estimation_end" if kind == "estimation" else "window_end"][rows] + 1
        ax.barh(rows, stop - start, left=start, height=height, color=color, label=kind, zorder=2)
    if rows.size == 0:
        return
    session, event = dates["session"][rows] + 0.5, dates["event_date"][rows] + 0.5
    # Over decades the event windows are narrow: the tick of day 0 must not hide them.
    window = (dates["window_end"] - dates["window_start"])[rows] + 1
    points = np.nanmedian(window) * axes_points(ax)[0] / float(np.ptp(ax.get_xlim()))
    ax.vlines(
        session,
        rows - 0.42,
        rows + 0.42,
        color=INK,
        zorder=3,
        label="day 0",
        linewidth=float(np.clip(points / 6, 0.4, 1.1)),
    )
    moved = session != event
    ax.scatter(
        event[moved],
        rows[moved],
        s=11,
        marker="D",
        facecolors="white",
        edgecolors=INK,
        linewidths=0.7,
        zorder=4,
        label="moved",
    )


def _reasons(
    ax: Axes,
    frame: pd.DataFrame,
    rows: Int,
    *,
    low: float,
    high: float,
) -> None:
    width = axes_points(ax)[0] * (high - low) / float(np.ptp(ax.get_xlim()))
    for row in rows:
        text = f"left out: {frame['reason'].iloc[row]}"
        put_text(
            ax,
            (low, row),
            shorten(text, size=SMALL_PT, width=width),
            role="left out",
            size=SMALL_PT,
            color=GREY,
        )


def _legend(ax: Axes, *, moved: bool, shared: bool) -> None:
    handles: list[Patch | Line2D] = [
        Patch(color=LIGHT, label="estimation window"),
        Patch(color=ABNORMAL, label="event window"),
        Line2D([], [], linestyle="none", marker="|", color=INK, markersize=6, label="day 0"),
    ]
    if moved:
        handles.append(
            Line2D(
                [],
                [],
                linestyle="none",
                marker="D",
                markersize=3.4,
                markerfacecolor="white",
                markeredgecolor=INK,
                markeredgewidth=0.7,
                label="event date, where moved",
            )
        )
    if shared:
        handles.append(
            Patch(
                facecolor="none",
                edgecolor=MID,
                hatch="/////",
                linewidth=0,
                label="in several windows",
            )
        )
    legend_on_top(ax, handles)
