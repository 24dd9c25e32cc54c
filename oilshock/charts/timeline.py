"""Which sessions each event uses: estimation window, gap, event window, overlaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from oilshock.charts.canvas import put_text, require_columns, reserve, split_rows
from oilshock.charts.dates import date_numbers, set_date_axis
from oilshock.charts.forest import prepare_rows, rows_height
from oilshock.charts.key import dot, put_key
from oilshock.charts.labels import axes_points, shorten
from oilshock.charts.size import measures
from oilshock.charts.style import ABNORMAL, GREY, INK, LIGHT, SMALL_PT, axes_for, dress
from oilshock.typing import Bool, Float, Int

_DATES = (
    "event_date", "session", "estimation_start", "estimation_end", "window_start", "window_end",
)  # fmt: skip
_NARROWEST_PT = 5.0
_HATCH: dict[str, Any] = {
    "facecolor": ABNORMAL,
    "edgecolor": "white",
    "hatch": "//////",
    "linewidth": 0,
}
_COLUMNS = ("number", "title", "status", "reason", *_DATES)


def timeline_pages(frame: pd.DataFrame, *, most: int | None = None) -> list[pd.DataFrame]:
    """Split the events, in the order given, into pages of nearly equal length.

    Parameters
    ----------
    frame : DataFrame
        As in `plot_timeline`.
    most : int, optional
        The most rows of a page; default: what the size holds, 45 in a report.

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
    return split_rows(frame, most=most or measures().rows)


def plot_timeline(
    frame: pd.DataFrame, *, study: pd.DataFrame | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the windows of every event, one row each, in the order given.

    Answers which sessions an estimate rests on, which events were moved to another session,
    and which event windows share sessions. Events that were left out stand in grey with their
    reason.

    Parameters
    ----------
    frame : DataFrame
        The columns of ``events.csv`` and ``number``; at most 45 rows read well, see
        `timeline_pages`.
    study : DataFrame, optional
        All events of the study, where `frame` is one page of them: windows are shared across
        pages too. By default those of `frame`.
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
    with axes_for(ax, height=rows_height(len(rows))) as target:
        dress(target, title="Sessions used by each event")
        at = np.flatnonzero(kept)
        starts, stops = dates["window_start"][kept], dates["window_end"][kept]
        shared = [
            (first, last)
            for first, last in _shared(rows if study is None else study)
            if ((starts < last) & (stops >= first)).any()
        ]
        moved = at[dates["event_date"][at] != dates["session"][at]]
        key = _key(has_moved=bool(moved.size), has_shared=bool(shared))
        titles = prepare_rows(target, rows.assign(faint=~kept), key=key)
        low, high = _range(dates, kept)
        reserve(target, low, high, left=titles, right=12)
        set_date_axis(target, low, high)
        _bars(target, dates, at)
        _hatch(target, dates, at, shared=shared)
        _moves(target, dates, moved)
        _reasons(target, rows, np.flatnonzero(~kept), low=low, high=high)
        put_key(target, key)
    return target


def _shared(events: pd.DataFrame) -> list[tuple[float, float]]:
    kept = events[events["status"] == "ok"]
    starts, stops = (date_numbers(kept[f"window_{end}"].to_numpy()) for end in ("start", "end"))
    return shared_spans(starts, stops)


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


def _points_a_day(ax: Axes) -> float:
    return axes_points(ax)[0] / float(np.ptp(ax.get_xlim()))


def _widened(ax: Axes, start: Float, stop: Float) -> tuple[Float, Float]:
    """Widen bars that would be too narrow to see: over decades a window is half a point."""
    pad = np.maximum(_NARROWEST_PT / _points_a_day(ax) - (stop - start), 0) / 2
    return start - pad, stop + pad


def _bars(ax: Axes, dates: dict[str, Float], rows: Int) -> None:
    """Draw the windows; a window ends with the end of its last day."""
    for kind, color, height in (("estimation", LIGHT, 0.42), ("window", ABNORMAL, 0.5)):
        start, stop = dates[f"{kind}_start"][rows], dates[f"{kind}_end"][rows] + 1
        if kind == "window":
            start, stop = _widened(ax, start, stop)
        ax.barh(rows, stop - start, left=start, height=height, color=color, label=kind, zorder=2)
    if rows.size == 0:
        return
    # Where the event windows are narrow, the tick of day 0 must not hide them.
    points = float(np.nanmedian(stop - start)) * _points_a_day(ax)
    ax.vlines(
        dates["session"][rows] + 0.5,
        rows - 0.42,
        rows + 0.42,
        color=INK,
        zorder=3,
        label="day 0",
        linewidth=float(np.clip(points / 6, 0.4, 1.1)),
    )


def _hatch(
    ax: Axes, dates: dict[str, Float], rows: Int, *, shared: list[tuple[float, float]]
) -> None:
    """Hatch what an event window shares with another one."""
    pieces = [
        (row, max(start, first), min(stop, last))
        for row in rows
        for start, stop in [(dates["window_start"][row], dates["window_end"][row] + 1)]
        for first, last in shared
        if max(start, first) < min(stop, last)
    ]
    if not pieces:
        return
    at, first, last = np.array(pieces, dtype=float).T
    first, last = _widened(ax, first, last)
    ax.barh(at, last - first, left=first, height=0.5, label="shared", zorder=2.5, **_HATCH)


def _moves(ax: Axes, dates: dict[str, Float], moved: Int) -> None:
    """Mark the moved events at their dates.

    Where a day is narrower than the mark, the mark stands beside the window: on the event date
    it would cover window and day 0.
    """
    if moved.size == 0:
        return
    event, per_day = dates["event_date"][moved] + 0.5, _points_a_day(ax)
    if float(np.nanmin(np.abs(event - dates["session"][moved] - 0.5))) * per_day < 3.5:
        start, stop = dates["window_start"][moved], dates["window_end"][moved] + 1
        event = _widened(ax, start, stop)[1] + 5 / per_day
    ax.scatter(
        event,
        moved,
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


def _key(*, has_moved: bool, has_shared: bool) -> list[Patch | Line2D]:
    handles: list[Patch | Line2D] = [
        Patch(color=LIGHT, label="estimation window"),
        Patch(color=ABNORMAL, label="event window"),
        Line2D([], [], linestyle="none", marker="|", color=INK, markersize=6, label="day 0"),
    ]
    if has_moved:
        handles.append(
            dot("moved to a later session", face="white", edge=INK, marker="D", size=3.4)
        )
    if has_shared:
        handles.append(Patch(label="in several windows", **_HATCH))
    return handles
