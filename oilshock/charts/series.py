"""Several price series of one unit on one Axes, and where two lay furthest apart."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from oilshock.charts.canvas import (
    cut_note,
    name_axes,
    numbers,
    plain_number,
    price_span_of,
    put_text,
    require_columns,
    reserve,
    set_value_axis,
)
from oilshock.charts.dates import date_numbers, set_date_axis
from oilshock.charts.end_labels import EndLabel, end_label_room, put_end_labels
from oilshock.charts.frame import framed
from oilshock.charts.marks import SERIES_MARKS
from oilshock.charts.size import fitted
from oilshock.charts.style import GREY, axes_for, dress

MOST_SERIES = len(SERIES_MARKS)
"""More lines than this are not told apart."""

_COLUMNS = ("series", "session", "price")


def plot_series(
    frame: pd.DataFrame,
    *,
    gap: tuple[str, float, float] | None = None,
    unit: str = "USD/bbl",
    ax: Axes | None = None,
) -> Axes:
    """Draw up to four price series of one unit, and mark where two lay furthest apart.

    Answers whether series that are thought of as one (spot and futures, Brent and WTI)
    moved as one.

    Parameters
    ----------
    frame : DataFrame
        Columns ``series`` (label), ``session``, ``price``; the order of the labels is kept.
    gap : (str, float, float), optional
        Session and the two prices of the gap to mark.
    unit : str, default "USD/bbl"
        The unit of all prices.
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
    ...     "series": ["spot", "spot", "futures", "futures"],
    ...     "session": ["2026-04-02", "2026-04-07"] * 2,
    ...     "price": [127.6, 138.2, 110.0, 111.0],
    ... })
    >>> len(plot_series(frame, ax=Figure().add_subplot()).lines)
    2
    """
    require_columns(frame, _COLUMNS, chart="plot_series")
    with axes_for(ax, height=3.0) as target:
        dress(target, title="The series side by side")
        names = list(dict.fromkeys(frame["series"]))[:MOST_SERIES]
        lines = []
        for name, mark in zip(names, SERIES_MARKS, strict=False):
            rows = frame[frame["series"] == name]
            x, y = date_numbers(pd.DatetimeIndex(rows["session"])), numbers(rows, "price")
            lines.append((x, y, mark, str(name)))
        ends = [EndLabel(float(y[-1]), name, mark.color) for _, y, mark, name in lines]
        low = min(float(x.min()) for x, *_ in lines)
        high = max(float(x.max()) for x, *_ in lines)
        reserve(target, low, high, left=2, right=end_label_room(ends))
        set_value_axis(target, *price_span_of(*(y for _, y, *_ in lines)))
        for x, y, mark, name in lines:
            target.plot(x, y, color=mark.color, linestyle=mark.dash, linewidth=1.1, label=name)
        if gap is not None:
            _mark_gap(target, gap, unit=unit)
        set_date_axis(target, low, high)
        put_end_labels(target, high, ends)
        name_axes(target, y=f"{unit}{cut_note(target)}")
    return target


def _mark_gap(ax: Axes, gap: tuple[str, float, float], *, unit: str) -> None:
    session, one, other = gap
    at = float(date_numbers(pd.DatetimeIndex([session]))[0])
    ax.vlines(at, min(one, other), max(one, other), color=GREY, linewidth=2.5, alpha=0.5, zorder=2)
    left, right = ax.get_xlim()
    is_late = at > left + 0.6 * (right - left)
    shift = 0.01 * (right - left)
    put_text(
        ax,
        (at - shift if is_late else at + shift, max(one, other)),
        f"{plain_number(round(abs(one - other), 2))} {unit}",
        role="gap",
        color=GREY,
        va="bottom",
        ha="right" if is_late else "left",
    )


def series_figure(
    frame: pd.DataFrame,
    *,
    gap: tuple[str, float, float] | None = None,
    unit: str = "USD/bbl",
    source: str = "",
) -> Figure:
    """Compose several series and the source line.

    Parameters
    ----------
    frame, gap, unit : DataFrame, (str, float, float), str
        As in `plot_series`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 by 3.1 inches.

    Raises
    ------
    DataError
        When a column is missing or there is no row.
    """
    with framed(fitted(3.1), source=source) as around:
        plot_series(frame, gap=gap, unit=unit, ax=around.panel())
    return around.figure


__all__ = ["MOST_SERIES", "plot_series", "series_figure"]
