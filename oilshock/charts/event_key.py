"""The key to the numbered badges: number, direction, session and title of each event."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from oilshock.charts.badges import badge_diameter, draw_badges
from oilshock.charts.canvas import put_text, require_columns
from oilshock.charts.labels import axes_points, shorten, text_width
from oilshock.charts.marks import DIRECTION_MARKS, direction_mark
from oilshock.charts.size import measures
from oilshock.charts.style import GREY, SMALL_PT, axes_for

EVENT_COLUMNS = ("number", "title", "session", "direction")

_ROW_PT = 12.0
_KEY_PT = 6.8


def plot_event_key(events: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the key to the numbered badges: number, direction, session and title.

    Up to twelve events (in a report) stand in one column, more in two. Titles are cut to the
    width.

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
    with axes_for(ax, height=key_height(len(events)) + 0.6) as target:
        target.set_axis_off()
        width, height = axes_points(target)
        target.set_xlim(0, width)
        target.set_ylim(height, 0)
        columns = 1 if len(events) <= measures().one_column else 2
        rows = math.ceil(len(events) / columns)
        step = min(_ROW_PT, height / (rows + 1))
        diameter = badge_diameter(events["number"].tolist(), most=step - 1)
        centres = []
        for place, (_, event) in enumerate(events.iterrows()):
            column, row = divmod(place, rows)
            left, y = column * width / columns, (row + 0.5) * step
            centres.append((left + diameter / 2 + 1, y))
            _key_row(target, event, at=(left + diameter + 5, y), right=left + width / columns - 8)
        draw_badges(target, np.asarray(centres), events, diameter=diameter)
        legend = "   ".join(f"{mark.symbol} {mark.word}" for mark in DIRECTION_MARKS.values())
        put_text(
            target,
            (1, (rows + 0.6) * step),
            f"Direction expected beforehand, of supply:  {legend}",
            role="key legend",
            size=SMALL_PT,
            color=GREY,
        )
    return target


def key_height(n_events: int) -> float:
    """Return the height in inches that the key of n events needs."""
    rows = n_events if n_events <= measures().one_column else math.ceil(n_events / 2)
    return (rows + 1.2) * _ROW_PT / 72


def _key_row(ax: Axes, event: pd.Series, *, at: tuple[float, float], right: float) -> None:
    x, y = at
    mark = direction_mark(event["direction"])
    stamp = pd.to_datetime(str(event["session"] or "NaT"))
    date = "no session" if pd.isna(stamp) else stamp.strftime("%Y-%m-%d")
    put_text(ax, (x, y), mark.symbol, role="key direction", size=SMALL_PT, color=mark.color)
    put_text(ax, (x + 10, y), date, role="key date", color=GREY, size=_KEY_PT)
    start = x + 10 + text_width("0000-00-00", _KEY_PT) + 6
    title = shorten(event["title"], size=_KEY_PT, width=right - start)
    put_text(ax, (start, y), title, role="key title", size=_KEY_PT)
