"""The price beside the price expected without the event."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from oilshock.charts.abnormal import percent_words
from oilshock.charts.canvas import (
    cut_note,
    day_zero_line,
    level_lines,
    name_axes,
    numbers,
    plain_number,
    price_span_of,
    put_text,
    require_columns,
    reserve,
    set_day_axis,
    set_value_axis,
    span_of,
)
from oilshock.charts.dates import day_month
from oilshock.charts.end_labels import EndLabel, end_label_room, level_labels, put_end_labels
from oilshock.charts.labels import axes_points
from oilshock.charts.style import DAY_AXIS, EXPECTED, GREY, INK, PALE, SMALL_PT, axes_for, dress
from oilshock.typing import Float

_COLUMNS = ("relative_day", "session", "price", "expected_price", "low", "high")


def plot_what_if(
    frame: pd.DataFrame,
    *,
    levels: Sequence[float] = (),
    unit: str = "USD/bbl",
    confidence: float = 0.95,
    ax: Axes | None = None,
) -> Axes:
    """Draw the price against the price expected without the event, with its band.

    Answers what the price would have been without the event, and whether a level would have
    been passed. A level that lies further away than half the range of the two paths is not
    drawn, since it would flatten them.

    Parameters
    ----------
    frame : DataFrame
        The rows of one event: ``relative_day``, ``session``, ``price``, ``expected_price``,
        ``low``, ``high``. Days after the last price are empty.
    levels : sequence of float
        Prices to mark with a horizontal line.
    unit : str, default "USD/bbl"
        The unit of the price.
    confidence : float, default 0.95
        What the band covers; it is written in the title.
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
    ...     "relative_day": [-1, 0, 1], "session": ["2024-04-12", "2024-04-15", "2024-04-16"],
    ...     "price": [93.1, 90.8, 90.5], "expected_price": [93.1, 93.2, 93.3],
    ...     "low": [93.1, 89.4, 87.9], "high": [93.1, 97.2, 99.0],
    ... })
    >>> ax = plot_what_if(frame, levels=[90], ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['without the event', 'actual', '90 USD/bbl']
    """
    require_columns(frame, _COLUMNS, chart="plot_what_if")
    with axes_for(ax, height=3.0) as target:
        band = percent_words(confidence)
        dress(target, title=f"Price, and price expected without the event (band: {band})")
        day, price = numbers(frame, "relative_day"), numbers(frame, "price")
        expected, low, high = (numbers(frame, name) for name in ("expected_price", "low", "high"))
        levels = _near(levels, paths=np.concatenate([price, expected, low, high]))
        ends = _end_labels(expected, price, levels=levels, unit=unit)
        reserve(target, day.min() - 0.3, day.max() + 0.3, right=end_label_room(ends))
        set_value_axis(target, *price_span_of(price, expected, low, high, levels))
        level_lines(target, levels, low=float(day.min()), high=float(day.max()))
        after = day >= -1
        target.fill_between(
            day[after], low[after], high[after], color=EXPECTED, alpha=0.13, linewidth=0
        )
        target.plot(day, price, color=INK, linewidth=1.4, label="actual", zorder=4)
        target.plot(
            day[after],
            expected[after],
            color=EXPECTED,
            linewidth=1.4,
            linestyle=(0, (3.5, 1.6)),
            label="without the event",
            zorder=3,
        )
        day_zero_line(target)
        _shade_future(target, day, price, levels=levels)
        _date_ticks(target, frame, day)
        put_end_labels(target, float(day.max()), ends)
        name_axes(target, x=DAY_AXIS, y=f"{unit}{cut_note(target)}")
    return target


def _near(levels: Sequence[float], *, paths: Float) -> list[float]:
    """Return the levels inside the range of the paths, or half of it away at most."""
    low, high = span_of(paths, pad=0.5)
    return [float(level) for level in levels if low <= level <= high]


def _last(values: Float) -> float | None:
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else None


def _end_labels(
    expected: Float, price: Float, *, levels: Sequence[float], unit: str
) -> list[EndLabel]:
    """Return the labels at the right end, each at the last known value of its line."""
    named = (
        (_last(expected), "without the event", EXPECTED),
        (_last(price), "actual", INK),
    )
    lines = [EndLabel(y, text, color) for y, text, color in named if y is not None]
    return [*lines, *level_labels(levels, unit=unit)]


def _shade_future(ax: Axes, day: Float, price: Float, *, levels: Sequence[float]) -> None:
    """Shade the days of the window that have no price yet."""
    known = day[np.isfinite(price)]
    last = float(known.max()) if known.size else float(day.min())
    if last >= day.max():
        return
    ax.axvspan(last, float(day.max()), color=PALE, linewidth=0, zorder=0.3)
    bottom, top = ax.get_ylim()
    places = [bottom + share * (top - bottom) for share in (0.06, 0.94, 0.3, 0.7, 0.5)]
    free = max(places, key=lambda y: min((abs(y - level) for level in levels), default=0.0))
    put_text(
        ax,
        ((last + float(day.max())) / 2, free),
        "no price yet",
        role="future",
        size=SMALL_PT,
        color=GREY,
        ha="center",
    )


def _date_ticks(ax: Axes, frame: pd.DataFrame, day: Float) -> None:
    """Write the session below the relative day, at ticks far enough apart."""
    ticks = set_day_axis(ax, day)
    stamps = pd.to_datetime(frame["session"].replace("", None)).tolist()
    sessions = dict(zip(day.astype(int).tolist(), stamps, strict=True))
    per_day = axes_points(ax)[0] / float(np.ptp(ax.get_xlim()))
    dated = [tick for tick in ticks if (tick % 5 == 0 or len(ticks) <= 4)]
    words: dict[int, str] = {}
    for tick in sorted(dated, key=lambda at: (at != 0, at)):
        if pd.isna(sessions.get(tick)):
            continue
        room = min((abs(tick - other) for other in words), default=np.inf) * per_day
        if room >= 58:
            words[tick] = day_month(sessions[tick], year=tick == 0)
    ax.xaxis.set_major_formatter(
        FuncFormatter(
            lambda value, _: "\n".join(
                filter(None, (plain_number(value), words.get(round(value), "")))
            )
        )
    )
