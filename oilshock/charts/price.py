"""The price with its events: numbered badges above the line, and the key to the numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from oilshock.charts.badges import MAX_BADGES, draw_events
from oilshock.charts.canvas import (
    cut_note,
    level_lines,
    name_axes,
    price_span_of,
    require_columns,
    reserve,
)
from oilshock.charts.dates import date_numbers, set_date_axis
from oilshock.charts.end_labels import end_label_room, level_labels, put_end_labels
from oilshock.charts.event_key import (
    EVENT_COLUMNS,
    KEY_LEFT_IN,
    KEY_RIGHT_IN,
    key_height,
    plot_event_key,
)
from oilshock.charts.frame import framed
from oilshock.charts.size import fitted
from oilshock.charts.style import INK, axes_for, dress
from oilshock.typing import Float

_CHART_IN = 3.3
"""Height of the figure without the key to its events."""

_LEAST_IN = 2.2

_MANY_SESSIONS = 1000
"""With more, a thick line would fill the days between."""

_ABOVE_KEY_IN = 0.08
"""Between the dates of the axis and the key."""


def plot_price(
    prices: pd.Series[float],
    events: pd.DataFrame,
    *,
    levels: Sequence[float] = (),
    unit: str = "USD/bbl",
    ax: Axes | None = None,
) -> Axes:
    """Draw the price, its levels, and every event as a numbered badge.

    Answers when the events came and where the price stood. Badges keep the order of the
    sessions and never overlap; a thin line leads from each to its session and price. Above 60
    events, a row of strokes for each direction takes their place. An event without a session, or
    with one outside the series, has no badge: the key and the tables name it.

    Parameters
    ----------
    prices : Series
        Prices by session (DatetimeIndex), in `unit`.
    events : DataFrame
        Columns ``number``, ``title``, ``session``, ``direction``.
    levels : sequence of float
        Prices to mark with a horizontal line.
    unit : str, default "USD/bbl"
        The unit of the price.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on.

    Raises
    ------
    DataError
        When a column is missing or the series is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> sessions = pd.bdate_range("2024-04-01", periods=5)
    >>> events = pd.DataFrame(
    ...     {"number": [1], "title": ["A"], "session": ["2024-04-03"], "direction": ["+"]}
    ... )
    >>> ax = plot_price(
    ...     pd.Series([86.0, 87, 90, 91, 92], sessions), events, ax=Figure().add_subplot()
    ... )
    >>> ax.get_ylabel()
    'USD/bbl (axis from 85.6)'
    """
    require_columns(prices.to_frame("price"), ("price",), chart="plot_price")
    if len(events):
        require_columns(events, EVENT_COLUMNS, chart="plot_price")
    with axes_for(ax, height=3.2) as target:
        dress(target, title="Price and events")
        x, y = date_numbers(prices.index), np.asarray(prices.to_numpy(), dtype=np.float64)
        low, high = float(x.min()), float(x.max())
        ends = level_labels(levels, unit=unit)
        reserve(target, low, high, left=2, right=max(end_label_room(ends), 8))
        shown = _shown(events, x=x, y=y)
        draw_events(target, shown, limits=price_span_of(y, levels))
        level_lines(target, levels, low=low, high=high)
        width = 1.1 if len(x) <= _MANY_SESSIONS else 0.8
        target.plot(x, y, color=INK, linewidth=width, label="price", zorder=3)
        set_date_axis(target, low, high)
        put_end_labels(target, high, ends)
        name_axes(target, y=f"{unit}{cut_note(target)}")
    return target


def price_figure(
    prices: pd.Series[float],
    events: pd.DataFrame,
    *,
    levels: Sequence[float] = (),
    unit: str = "USD/bbl",
    source: str = "",
) -> Figure:
    """Compose the price chart, the key to its events and the source line.

    The height follows the number of events; above 60 events there is no key.

    Parameters
    ----------
    prices, events, levels, unit : Series, DataFrame, sequence of float, str
        As in `plot_price`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 inches wide.

    Raises
    ------
    DataError
        When a column is missing or the series is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> sessions = pd.bdate_range("2024-04-01", periods=5)
    >>> events = pd.DataFrame(
    ...     {"number": [1], "title": ["A"], "session": ["2024-04-03"], "direction": ["+"]}
    ... )
    >>> figure = price_figure(pd.Series([86.0, 87, 90, 91, 92], sessions), events, source="EIA.")
    >>> len(figure.axes)
    2
    """
    keyed = 0 < len(events) <= MAX_BADGES
    key = key_height(events) + _ABOVE_KEY_IN if keyed else 0.0
    height = max(fitted(_CHART_IN + key), _LEAST_IN + key)
    with framed(height, source=source) as around:
        above = around.panel(bottom=0.3 + key)
        plot_price(prices, events, levels=levels, unit=unit, ax=above)
        if keyed:
            below = around.panel(
                left=KEY_LEFT_IN,
                right=KEY_RIGHT_IN,
                top=around.room - key + _ABOVE_KEY_IN,
                bottom=0.0,
            )
            plot_event_key(events, ax=below)
    return around.figure


def _shown(events: pd.DataFrame, *, x: Float, y: Float) -> pd.DataFrame:
    """Return the events inside the series, by session, with the place of each on the line."""
    sessions = date_numbers(events["session"].to_numpy()) if len(events) else np.array([])
    inside = (sessions >= x.min()) & (sessions <= x.max())
    placed: pd.DataFrame = events.loc[inside].assign(x=sessions[inside])
    placed["y"] = np.interp(placed["x"], x, y)
    return placed.sort_values("x", kind="stable")
