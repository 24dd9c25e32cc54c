"""Averages over events: AAR by session and CAAR with its band, for up to four groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from oilshock.charts.abnormal import percent_words
from oilshock.charts.canvas import (
    day_zero_line,
    name_axes,
    numbers,
    require_columns,
    reserve,
    set_day_axis,
    set_value_axis,
    span_of,
    zero_line,
)
from oilshock.charts.end_labels import EndLabel, end_label_room, put_end_labels
from oilshock.charts.key import key_height, put_key
from oilshock.charts.labels import axes_points, shorten
from oilshock.charts.marks import GROUP_MARKS, GroupMark, group_marks
from oilshock.charts.style import BODY_PT, DAY_AXIS, axes_for, dress
from oilshock.charts.units import ReturnUnit, scale_of
from oilshock.errors import DataError
from oilshock.typing import Float

MAX_GROUPS = len(GROUP_MARKS)

_COLUMNS = (
    "group", "relative_day", "n_events", "aar", "aar_std_error", "caar", "caar_std_error",
    "ci_low", "ci_high",
)  # fmt: skip


def plot_aar(
    frame: pd.DataFrame,
    *,
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw the average abnormal return by session, with intervals.

    Answers on which sessions the events moved the price on average.

    Parameters
    ----------
    frame : DataFrame
        The columns of ``average.csv``, for one to four groups.
    alpha : float, default 0.05
        The level of the intervals; it is written in the title.
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
        When a column is missing, there is no row, or there are more than four groups.

    Notes
    -----
    The critical value of each row is the one of its CAAR interval,
    (ci_high - caar) / caar_std_error, so that both charts use the same law.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({
    ...     "group": "all", "relative_day": [-1, 0], "n_events": 9, "aar": [0.001, 0.02],
    ...     "aar_std_error": 0.005, "caar": [0.001, 0.021], "caar_std_error": [0.005, 0.007],
    ...     "ci_low": [-0.0105, 0.0049], "ci_high": [0.0125, 0.0371],
    ... })
    >>> ax = plot_aar(frame, ax=Figure().add_subplot())
    >>> ax.get_ylabel()
    'AAR, per cent'
    """
    groups = _groups(frame, chart="plot_aar")
    scale = scale_of(return_unit)
    with axes_for(ax, height=2.6) as target:
        dress(target, title=f"Average abnormal returns (intervals: {percent_words(1 - alpha)})")
        day = numbers(frame, "relative_day")
        looks = group_marks([name for name, _ in groups])
        halves = [scale * _half_width(rows) for _, rows in groups]
        values = [scale * numbers(rows, "aar") for _, rows in groups]
        bounds = [v + s * h for v, h in zip(values, halves, strict=True) for s in (-1, 1)]
        reserve(target, day.min() - 0.6, day.max() + 0.6)
        low, high = span_of(*values, *bounds, [0])
        named = [name for name, _ in groups] if len(groups) > 1 else []
        head = (high - low) * key_height(target, named) / axes_points(target)[1]
        set_value_axis(target, low, high, top=high + head)
        for place, (name, rows) in enumerate(groups):
            at = numbers(rows, "relative_day") + _dodge(place, of=len(groups))
            _intervals(target, at, values[place], halves[place], look=looks[place], label=name)
        day_zero_line(target)
        zero_line(target)
        if len(groups) > 1:
            put_key(target, target.get_legend_handles_labels()[0])
        set_day_axis(target, day)
        name_axes(target, x=DAY_AXIS, y=f"AAR, {return_unit}")
    return target


def plot_caar(
    frame: pd.DataFrame,
    *,
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw the cumulative average abnormal return of each group, with its band.

    Answers whether the average move lasted, and whether groups of events differ.

    Parameters
    ----------
    frame : DataFrame
        The columns of ``average.csv``, for one to four groups.
    alpha : float, default 0.05
        The level of the bands; it is written in the title.
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
        When a column is missing, there is no row, or there are more than four groups.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({
    ...     "group": "all", "relative_day": [-1, 0], "n_events": 9, "aar": [0.001, 0.02],
    ...     "aar_std_error": 0.005, "caar": [0.001, 0.021], "caar_std_error": [0.005, 0.007],
    ...     "ci_low": [-0.0105, 0.0049], "ci_high": [0.0125, 0.0371],
    ... })
    >>> ax = plot_caar(frame, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['all (n = 9)']
    """
    groups = _groups(frame, chart="plot_caar")
    scale = scale_of(return_unit)
    with axes_for(ax, height=2.8) as target:
        dress(target, title=f"Cumulative average abnormal returns (bands: {_band(alpha)})")
        day = numbers(frame, "relative_day")
        shown = {name: scale * numbers(frame, name) for name in ("caar", "ci_low", "ci_high")}
        room = 0.35 * axes_points(target)[0]
        looks = group_marks([name for name, _ in groups])
        ends = [
            _end_label(name, rows, color=look.color, scale=scale, room=room)
            for look, (name, rows) in zip(looks, groups, strict=True)
        ]
        ends_known = [end for end in ends if np.isfinite(end.y)]
        reserve(target, day.min() - 0.6, day.max() + 0.6, right=end_label_room(ends_known))
        set_value_axis(target, *span_of(*shown.values(), [0]))
        for look, (name, rows) in zip(looks, groups, strict=True):
            _band_line(target, rows, look=look, scale=scale, label=name)
        day_zero_line(target)
        zero_line(target)
        set_day_axis(target, day)
        put_end_labels(target, float(day.max()), ends_known)
        name_axes(target, x=DAY_AXIS, y=f"CAAR, {return_unit}")
    return target


def _band(alpha: float) -> str:
    return percent_words(1 - alpha)


def _groups(frame: pd.DataFrame, *, chart: str) -> list[tuple[str, pd.DataFrame]]:
    """Return the groups in the order given."""
    require_columns(frame, _COLUMNS, chart=chart)
    names = list(dict.fromkeys(frame["group"]))
    if len(names) > MAX_GROUPS:
        raise DataError.of(
            chart,
            f"{len(names)} groups came ({', '.join(map(str, names))}); "
            f"at most {MAX_GROUPS} can be told apart.",
            fix="Draw several charts.",
        )
    return [(str(name), frame[frame["group"] == name]) for name in names]


def _half_width(rows: pd.DataFrame) -> Float:
    """Return the half width of the AAR intervals, by the law of the CAAR."""
    error = numbers(rows, "caar_std_error")
    reach = numbers(rows, "ci_high") - numbers(rows, "caar")
    critical = np.divide(reach, error, out=np.full_like(reach, np.nan), where=error > 0)
    return critical * numbers(rows, "aar_std_error")


def _dodge(place: int, *, of: int) -> float:
    return (place - (of - 1) / 2) * 0.7 / of


def _intervals(
    ax: Axes, at: Float, values: Float, halves: Float, *, look: GroupMark, label: str
) -> None:
    known = np.isfinite(values)
    sure = known & np.isfinite(halves)
    ax.vlines(
        at[sure],
        (values - halves)[sure],
        (values + halves)[sure],
        color=look.color,
        linewidth=0.9,
        alpha=0.65,
    )
    ax.plot(
        at[known],
        values[known],
        linestyle="none",
        marker=look.marker,
        color=look.color,
        markersize=3.6,
        label=label,
        zorder=3,
    )


def _band_line(ax: Axes, rows: pd.DataFrame, *, look: GroupMark, scale: float, label: str) -> None:
    day, caar = numbers(rows, "relative_day"), scale * numbers(rows, "caar")
    low, high = scale * numbers(rows, "ci_low"), scale * numbers(rows, "ci_high")
    ax.fill_between(day, low, high, color=look.color, alpha=0.12, linewidth=0)
    ax.plot(
        day,
        caar,
        color=look.color,
        linestyle=look.dash,
        linewidth=1.3,
        marker=look.marker,
        markersize=2.6,
        label=label,
        zorder=3,
    )


def _end_label(name: str, rows: pd.DataFrame, *, color: str, scale: float, room: float) -> EndLabel:
    """Return name and number of events at the last known value of a line."""
    counts = numbers(rows, "n_events")
    fewest, most = int(counts.min()), int(counts.max())
    count = f"n = {most}" if fewest == most else f"n = {fewest} to {most}"
    caar = scale * numbers(rows, "caar")
    known = caar[np.isfinite(caar)]
    text = f"{shorten(name, size=BODY_PT, width=room)} ({count})"
    return EndLabel(float(known[-1]) if known.size else np.nan, text, color)
