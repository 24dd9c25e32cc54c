"""The price with its events: numbered badges above the line, and the key to the numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from oilshock.charts.canvas import (
    EndLabel,
    date_numbers,
    end_label_room,
    level_labels,
    level_lines,
    name_axes,
    numbers,
    put_end_labels,
    put_text,
    require_columns,
    reserve,
    set_date_axis,
    set_value_axis,
    span_of,
)
from oilshock.charts.labels import axes_points, shorten, spread, text_width
from oilshock.charts.save import new_figure
from oilshock.charts.style import (
    DIRECTION_MARKS,
    GREY,
    INK,
    MID,
    SMALL_PT,
    WIDTH_IN,
    add_source,
    axes_for,
    direction_mark,
    dress,
    style,
)
from oilshock.typing import Float

MAX_BADGES = 40
"""With more events the numbers would be dust: ticks take their place."""

_COLUMNS = ("number", "title", "session", "direction")
_ROW_PT = 12.0
_ONE_COLUMN = 8
_KEY_PT = 6.8


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
    sessions and never overlap; a thin line leads from each to its session and price. Above 40
    events, ticks coloured by direction take their place. An event without a session, or with
    one outside the series, has no badge: the key and the tables name it.

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
    'price, USD/bbl'
    """
    require_columns(prices.to_frame("price"), ("price",), chart="plot_price")
    if len(events):
        require_columns(events, _COLUMNS, chart="plot_price")
    with axes_for(ax, size=(WIDTH_IN, 3.2)) as target:
        dress(target, title="Price and events")
        x, y = date_numbers(prices.index), np.asarray(prices.to_numpy(), dtype=np.float64)
        low, high = float(x.min()), float(x.max())
        ends = level_labels(levels, unit=unit)
        reserve(target, low, high, left=2, right=max(end_label_room(ends), 8))
        shown = _shown(events, x=x, y=y)
        _draw_events(target, shown, limits=span_of(y, levels))
        level_lines(target, levels, low=low, high=high)
        target.plot(x, y, color=INK, linewidth=1.1, label="price", zorder=3)
        set_date_axis(target, low, high)
        put_end_labels(target, high, ends)
        name_axes(target, y=f"price, {unit}")
    return target


def plot_event_key(events: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the key to the numbered badges: number, direction, session and title.

    Up to eight events stand in one column, more in two. Titles are cut to the width.

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
    require_columns(events, _COLUMNS, chart="plot_event_key")
    with axes_for(ax, size=(WIDTH_IN, key_height(len(events)) + 0.6)) as target:
        target.set_axis_off()
        width, height = axes_points(target)
        target.set_xlim(0, width)
        target.set_ylim(height, 0)
        columns = 1 if len(events) <= _ONE_COLUMN else 2
        rows = math.ceil(len(events) / columns)
        step = min(_ROW_PT, height / (rows + 1))
        diameter = _diameter(events["number"].tolist(), most=step - 1)
        centres = []
        for place, (_, event) in enumerate(events.iterrows()):
            column, row = divmod(place, rows)
            left, y = column * width / columns, (row + 0.5) * step
            centres.append((left + diameter / 2 + 1, y))
            _key_row(target, event, at=(left + diameter + 5, y), right=left + width / columns - 8)
        _draw_badges(target, np.asarray(centres), events, diameter=diameter)
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


def price_figure(
    prices: pd.Series[float],
    events: pd.DataFrame,
    *,
    levels: Sequence[float] = (),
    unit: str = "USD/bbl",
    source: str = "",
) -> Figure:
    """Compose the price chart, the key to its events and the source line.

    The height follows the number of events; above 40 events there is no key.

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
    key = key_height(len(events)) if keyed else 0.0
    chart, foot, head, ticks = 2.75, 0.24, 0.24, 0.38
    height = head + chart + ticks + key + foot
    with style():
        figure = new_figure(WIDTH_IN, height)
        box = (0.075, (foot + key + ticks) / height, 0.915, chart / height)
        plot_price(prices, events, levels=levels, unit=unit, ax=figure.add_axes(box))
        if keyed:
            below = figure.add_axes((0.02, foot / height, 0.97, key / height))
            plot_event_key(events, ax=below)
        add_source(figure, source)
    return figure


def key_height(n_events: int) -> float:
    """Return the height in inches that the key of n events needs."""
    rows = n_events if n_events <= _ONE_COLUMN else math.ceil(n_events / 2)
    return (rows + 1.2) * _ROW_PT / 72


def _shown(events: pd.DataFrame, *, x: Float, y: Float) -> pd.DataFrame:
    """Return the events inside the series, by session, with the place of each on the line."""
    sessions = date_numbers(events["session"].to_numpy()) if len(events) else np.array([])
    inside = (sessions >= x.min()) & (sessions <= x.max())
    placed: pd.DataFrame = events.loc[inside].assign(x=sessions[inside])
    placed["y"] = np.interp(placed["x"], x, y)
    return placed.sort_values("x", kind="stable")


def _draw_events(ax: Axes, shown: pd.DataFrame, *, limits: tuple[float, float]) -> None:
    """Draw badges or ticks, and fix the y axis so that they stand above the line."""
    low, high = limits
    if shown.empty:
        set_value_axis(ax, low, high)
    elif len(shown) <= MAX_BADGES:
        _badges_above(ax, shown, low=low, high=high)
    else:
        _rug_above(ax, shown, low=low, high=high)


def _badges_above(ax: Axes, shown: pd.DataFrame, *, low: float, high: float) -> None:
    width, height = axes_points(ax)
    left, right = ax.get_xlim()
    diameter = _diameter(shown["number"].tolist(), most=20)
    scale = width / (right - left)
    wanted = (numbers(shown, "x") - left) * scale
    placed, lanes = _lanes(wanted, width=width, diameter=diameter)
    step = diameter + 1.5
    slant = float(np.clip(8 + 0.15 * np.abs(placed - wanted).max(), 11, 34))
    room = lanes * step + slant + 3
    top = low + (high - low) * height / max(height - room, 0.3 * height)
    set_value_axis(ax, low, high, top=top)
    per_point = (top - low) / height
    lane = np.arange(len(placed)) % lanes
    y = top - ((lanes - 1 - lane) + 0.5) * step * per_point
    x = left + placed / scale
    base = top - lanes * step * per_point
    fan = base - slant * per_point
    leaders = [
        [(x[i], y[i]), (x[i], base), (at, fan), (at, price)]
        for i, (at, price) in enumerate(zip(shown["x"], shown["y"], strict=True))
    ]
    ax.add_collection(LineCollection(leaders, colors=MID, linewidths=0.5, zorder=2), autolim=False)
    ax.scatter(shown["x"], shown["y"], s=7, color=INK, linewidths=0, zorder=4, label="session")
    _draw_badges(ax, np.column_stack([x, y]), shown, diameter=diameter)


def _lanes(wanted: Float, *, width: float, diameter: float) -> tuple[Float, int]:
    """Place badges in one lane where that keeps them near, else staggered in more.

    Neighbours go to different lanes, so that with k lanes they stand k times closer. Up to two
    lanes no leader runs behind a badge.
    """
    placed = wanted
    for lanes in range(1, 9):
        gap = (diameter + 1.5) / lanes
        placed = spread(wanted, gap=gap, low=diameter / 2, high=width - diameter / 2)
        fits = gap * (len(wanted) - 1) <= width - diameter
        if fits and (lanes >= 2 or np.abs(placed - wanted).max() <= 0.12 * width):
            return placed, lanes
    return placed, 8


def _rug_above(ax: Axes, shown: pd.DataFrame, *, low: float, high: float) -> None:
    """Draw one row of ticks per direction above the line, each named at its end."""
    height = axes_points(ax)[1]
    marks = [direction_mark(value) for value in shown["direction"]]
    rows = [mark for mark in DIRECTION_MARKS.values() if mark in marks]
    step = 11.0
    top = low + (high - low) * height / max(height - len(rows) * step - 6, 0.3 * height)
    set_value_axis(ax, low, high, top=top)
    per_point = (top - low) / height
    x = numbers(shown, "x")
    for row, mark in enumerate(rows):
        upper, lower = (top - (row * step + inset) * per_point for inset in (1.5, step - 1.5))
        at = x[[other is mark for other in marks]]
        ax.vlines(at, lower, upper, colors=mark.color, linewidths=0.7, label=mark.word)
    ends = [
        EndLabel(top - (row + 0.5) * step * per_point, f"{mark.symbol} {mark.word}", mark.color)
        for row, mark in enumerate(rows)
    ]
    low_x, high_x = ax.spines["bottom"].get_bounds() or ax.get_xlim()
    right = axes_points(ax)[0] * (1 - (high_x - ax.get_xlim()[0]) / np.ptp(ax.get_xlim()))
    if end_label_room(ends) > right:
        reserve(ax, low_x, high_x, left=2, right=end_label_room(ends))
    put_end_labels(ax, high_x, ends)


def _diameter(values: Sequence[object], *, most: float) -> float:
    longest = max(text_width(str(value), SMALL_PT) for value in values)
    return min(max(11.0, longest + 3.5), most)


def _draw_badges(ax: Axes, centres: Float, events: pd.DataFrame, *, diameter: float) -> None:
    """Draw round badges: filled when tightening, white with a coloured edge otherwise."""
    marks = [direction_mark(value) for value in events["direction"]]
    filled = [mark.symbol == "▲" for mark in marks]
    ax.scatter(
        centres[:, 0],
        centres[:, 1],
        s=(diameter - 0.8) ** 2,
        c=[mark.color if full else "white" for mark, full in zip(marks, filled, strict=True)],
        edgecolors=[mark.color for mark in marks],
        linewidths=0.8,
        zorder=5,
        clip_on=False,
        label="badge",
    )
    for (x, y), number, full in zip(centres, events["number"], filled, strict=True):
        text = str(number)
        size = min(SMALL_PT, SMALL_PT * (diameter - 2.5) / max(text_width(text, SMALL_PT), 1))
        color = "white" if full else INK
        put_text(
            ax,
            (x, y),
            text,
            role="badge number",
            size=size,
            color=color,
            ha="center",
            va="center_baseline",
        )


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
