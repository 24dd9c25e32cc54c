"""The key to the numbered badges: number, direction, session and title of each event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from oilshock.charts.badges import badge_diameter, draw_badges
from oilshock.charts.canvas import put_text, require_columns
from oilshock.charts.labels import axes_points, text_width, wrap_evenly
from oilshock.charts.marks import DIRECTION_MARKS, direction_mark
from oilshock.charts.size import measures
from oilshock.charts.style import GREY, SMALL_PT, axes_for

EVENT_COLUMNS = ("number", "title", "session", "direction")

KEY_LEFT_IN, KEY_RIGHT_IN = 0.14, 0.07
"""What the key leaves free at the sides of a figure."""

_ROW_PT, _LINE_PT = 12.0, 8.5
_MOST_LINES = 3
_GAP_PT = 12.0


@dataclass(frozen=True)
class _Layout:
    """Where the rows of a key stand, in points.

    Parameters
    ----------
    lines : list of list of str
        The lines of each title.
    left, top : list of float
        Left edge and top of each row.
    bottom : float
        Lower edge of the last row.
    """

    lines: list[list[str]]
    left: list[float]
    top: list[float]
    bottom: float


def plot_event_key(events: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the key to the numbered badges: number, direction, session and title.

    Up to twelve events (in a report) stand in one column, more in two. A long title takes a
    second and a third line; only what is longer still is cut.

    Parameters
    ----------
    events : DataFrame
        Columns ``number``, ``title``, ``session``, ``direction``; drawn in the order given.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on, without a frame.

    Raises
    ------
    DataError
        When a column is missing or there is no event.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> events = pd.DataFrame(
    ...     {"number": [1], "title": ["A"], "session": ["2024-04-03"], "direction": ["+"]}
    ... )
    >>> [text.get_text() for text in plot_event_key(events, ax=Figure().add_subplot()).texts][:4]
    ['▲', '2024-04-03', 'A', '1']
    """
    require_columns(events, EVENT_COLUMNS, chart="plot_event_key")
    with axes_for(ax, height=key_height(events, left=0.55, right=0.1) + 0.6) as target:
        target.set_axis_off()
        width, height = axes_points(target)
        target.set_xlim(0, width)
        target.set_ylim(height, 0)
        layout = _layout(events, width=width)
        squeeze = min(1.0, height / (layout.bottom + _ROW_PT))
        diameter = badge_diameter(events["number"].tolist(), most=_ROW_PT * squeeze - 1)
        centres = []
        for place, (_, event) in enumerate(events.iterrows()):
            left, y = layout.left[place], (layout.top[place] + _ROW_PT / 2) * squeeze
            centres.append((left + diameter / 2 + 1, y))
            _key_row(
                target, event, layout.lines[place], at=(left + diameter + 5, y), squeeze=squeeze
            )
        draw_badges(target, np.asarray(centres), events, diameter=diameter)
        put_text(
            target,
            (1, (layout.bottom + 0.6 * _ROW_PT) * squeeze),
            _legend(events),
            role="key legend",
            size=SMALL_PT,
            color=GREY,
        )
    return target


def key_height(
    events: pd.DataFrame, *, left: float = KEY_LEFT_IN, right: float = KEY_RIGHT_IN
) -> float:
    """Return the height in inches that the key needs, with these distances at its sides."""
    width = 72 * (measures().width - left - right)
    return (_layout(events, width=width).bottom + 1.2 * _ROW_PT) / 72


def _layout(events: pd.DataFrame, *, width: float) -> _Layout:
    """Break the titles into lines, and the rows into columns of about the same height."""
    n_columns = 1 if len(events) <= measures().one_column else 2
    column = (width - (n_columns - 1) * _GAP_PT) / n_columns
    room = column - _title_left(badge_diameter(events["number"].tolist(), most=_ROW_PT - 1))
    lines = [
        wrap_evenly(title, size=SMALL_PT, width=room, most=_MOST_LINES) for title in events["title"]
    ]
    ends = np.cumsum([_ROW_PT + _LINE_PT * (len(each) - 1) for each in lines])
    split = len(lines)
    if n_columns == 2:
        split = 1 + int(np.argmin(np.maximum(ends, ends[-1] - ends)))
    start = float(ends[split - 1]) if n_columns == 2 else 0.0
    tops = [0.0, *ends[:-1].tolist()]
    return _Layout(
        lines=lines,
        left=[0.0 if place < split else column + _GAP_PT for place in range(len(lines))],
        top=[top if place < split else top - start for place, top in enumerate(tops)],
        bottom=max(float(ends[split - 1]), float(ends[-1]) - start),
    )


def _title_left(diameter: float) -> float:
    """Return where titles start, from the left edge of their column."""
    return diameter + 5 + 10 + text_width("0000-00-00", SMALL_PT) + 6


def _legend(events: pd.DataFrame) -> str:
    """Say what the shapes mean that are there."""
    present = {direction_mark(value).word for value in events["direction"]}
    marks = [mark for mark in DIRECTION_MARKS.values() if mark.word in present]
    # Spaces of their own width: in an SVG, several ordinary ones are one.
    words = "\N{EM SPACE}".join(f"{mark.symbol} {mark.word}" for mark in marks)
    return f"Direction expected beforehand, of supply:\N{EN SPACE}{words}"


def _key_row(
    ax: Axes, event: pd.Series, lines: list[str], *, at: tuple[float, float], squeeze: float
) -> None:
    x, y = at
    mark = direction_mark(event["direction"])
    stamp = pd.to_datetime(str(event["session"] or "NaT"))
    date = "no session" if pd.isna(stamp) else stamp.strftime("%Y-%m-%d")
    put_text(ax, (x, y), mark.symbol, role="key direction", size=SMALL_PT, color=mark.color)
    put_text(ax, (x + 10, y), date, role="key date", color=GREY, size=SMALL_PT)
    start = x + 10 + text_width("0000-00-00", SMALL_PT) + 6
    for place, line in enumerate(lines):
        below = y + place * _LINE_PT * squeeze
        role = "key title" if place == 0 else "key title, further line"
        put_text(ax, (start, below), line, role=role, size=SMALL_PT)
