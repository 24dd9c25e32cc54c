"""How long moves last: the response of a class of events, and the paths of single events."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from oilshock.charts.abnormal import percent_words
from oilshock.charts.canvas import (
    day_zero_line,
    name_axes,
    numbers,
    put_text,
    require_columns,
    reserve,
    set_day_axis,
    set_value_axis,
    span_of,
    zero_line,
)
from oilshock.charts.end_labels import EndLabel, end_label_room, put_end_labels
from oilshock.charts.frame import framed
from oilshock.charts.labels import axes_points, clean, text_width
from oilshock.charts.size import fitted
from oilshock.charts.style import (
    ABNORMAL,
    DAY_AXIS,
    GREY,
    MID,
    PALE,
    SMALL_PT,
    axes_for,
    dress,
)
from oilshock.charts.units import ReturnUnit, scale_of
from oilshock.errors import DataError
from oilshock.typing import Float

MOST_PANELS = 3
"""More panels than this do not fit the width of a page."""

_COLUMNS = ("horizon", "n_events", "response", "ci_low", "ci_high", "band_low", "band_high")


def plot_response(
    frame: pd.DataFrame,
    *,
    title: str = "",
    alpha: float = 0.05,
    limits: tuple[float, float] | None = None,
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw the response of one class of events, session by session, with interval and band.

    Answers how a move builds up and fades on average.

    Parameters
    ----------
    frame : DataFrame
        Rows of ``dynamics.csv`` of one group.
    title : str, default ""
        The title; empty: what the bands cover.
    alpha : float, default 0.05
        The dark interval holds at each session with 1 - alpha, the pale band at all of them.
    limits : tuple of float, optional
        Range of the y axis, in `return_unit`; default: that of the band.
    return_unit : {"per cent", "USD/bbl"}, default "per cent"
        The unit of returns.
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
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({
    ...     "horizon": [0, 1], "n_events": 40, "response": [0.02, 0.03], "ci_low": [0.01, 0.01],
    ...     "ci_high": [0.03, 0.05], "band_low": [0.0, 0.0], "band_high": [0.04, 0.06],
    ... })
    >>> plot_response(frame, ax=Figure().add_subplot()).get_ylabel()
    'cumulated response, per cent'
    """
    require_columns(frame, _COLUMNS, chart="plot_response")
    scale = scale_of(return_unit)
    with axes_for(ax, height=2.8) as target:
        cover = percent_words(1 - alpha)
        dress(target, title=title or f"Response with {cover} interval (dark) and band (pale)")
        day = numbers(frame, "horizon")
        shown = {name: scale * numbers(frame, name) for name in _COLUMNS[2:]}
        reserve(target, 0.0, float(day.max()))
        low, high = limits or span_of(*shown.values(), [0])
        set_value_axis(target, low, high)
        for kind, shade in (("band", 0.13), ("ci", 0.28)):
            target.fill_between(
                day,
                np.clip(shown[f"{kind}_low"], low, high),
                np.clip(shown[f"{kind}_high"], low, high),
                color=ABNORMAL,
                alpha=shade,
                linewidth=0,
                label=kind,
            )
        target.plot(day, shown["response"], color=ABNORMAL, linewidth=1.5, label="response")
        zero_line(target)
        set_day_axis(target, day)
        name_axes(target, x=DAY_AXIS, y=f"cumulated response, {return_unit}")
    return target


def plot_paths(
    frame: pd.DataFrame,
    *,
    lead: int | None = None,
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw the CAR of every event from day 0 on; one of them stands out, with its band.

    Answers which moves lasted and which were given back.

    Parameters
    ----------
    frame : DataFrame
        Columns number, title, day, car and half_width; see `Beyond.paths_frame`.
    lead : int, optional
        Number of the event that stands out; default: the first.
    alpha : float, default 0.05
        The band holds a whole ordinary path with 1 - alpha.
    return_unit : {"per cent", "USD/bbl"}, default "per cent"
        The unit of returns.
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
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({
    ...     "number": 1, "title": "Attack", "day": [0, 1], "car": [0.02, 0.03],
    ...     "half_width": [0.03, 0.04],
    ... })
    >>> [text.get_text() for text in plot_paths(frame, ax=Figure().add_subplot()).texts]
    ['path band (95 %)', '1']
    """
    require_columns(frame, ("number", "title", "day", "car", "half_width"), chart="plot_paths")
    scale = scale_of(return_unit)
    chosen = frame["number"].iloc[0] if lead is None else lead
    own = frame[frame["number"] == chosen]
    if own.empty:
        raise DataError.of("plot_paths", f"no event has the number {lead}.", fix="Choose another.")
    others = [rows for number, rows in frame.groupby("number", sort=False) if number != chosen]
    with axes_for(ax, height=3.0) as target:
        title = f"{chosen}  {clean(own['title'].iloc[0])}"
        dress(target, title=title)
        day, car = numbers(own, "day"), scale * numbers(own, "car")
        last = float(numbers(frame, "day").max())
        half = scale * numbers(own, "half_width")
        labels = [EndLabel(float(car[-1]), str(chosen), ABNORMAL)] if day[-1] == last else []
        if len(others) <= 12:
            labels += [
                EndLabel(scale * float(rows["car"].iloc[-1]), str(rows["number"].iloc[0]), GREY)
                for rows in others
                if rows["day"].iloc[-1] == last
            ]
        reserve(target, 0.0, last, right=end_label_room(labels, size=SMALL_PT))
        set_value_axis(target, *span_of(scale * numbers(frame, "car"), half, -half, [0]))
        target.fill_between(day, -half, half, color=PALE, linewidth=0, label="band", zorder=0.5)
        for side in (-half, half):
            target.plot(day, side, color=GREY, linewidth=0.6, linestyle=(0, (4, 2)), zorder=2.5)
        for rows in others:
            target.plot(
                numbers(rows, "day"), scale * numbers(rows, "car"), color=MID, linewidth=0.7
            )
        target.plot(day, car, color=ABNORMAL, linewidth=1.6, label="lead", zorder=3)
        _name_band(target, frame, day=day, half=half, scale=scale, alpha=alpha)
        day_zero_line(target)
        zero_line(target)
        set_day_axis(target, numbers(frame, "day"))
        put_end_labels(target, last, labels, size=SMALL_PT)
        name_axes(target, x=DAY_AXIS, y=f"CAR, {return_unit}")
    return target


def _name_band(
    ax: Axes, frame: pd.DataFrame, *, day: Float, half: Float, scale: float, alpha: float
) -> None:
    """Write what the grey area is, near its right end, where no path runs."""
    known = np.isfinite(half)
    if not known.any():
        return
    end, edge = float(day[known][-1]), float(half[known][-1])
    text = f"path band ({percent_words(1 - alpha)})"
    left, right = ax.get_xlim()
    low, high = ax.get_ylim()
    width, height = axes_points(ax)
    point, up = (right - left) / width, (high - low) / height
    length = (text_width(text, SMALL_PT) + 8) * point
    last = (ax.spines["bottom"].get_bounds() or (left, right))[1]
    start = min(end + 4 * point, last - length)
    near = frame[frame["day"].between(start - 1, start + length + 1)]
    car = scale * numbers(near, "car")
    # Outside of the band and of all paths near it, on the side where that is nearer to the band.
    above = max(edge, float(np.nanmax(car, initial=0.0))) + SMALL_PT * up
    below = min(-edge, float(np.nanmin(car, initial=0.0))) - SMALL_PT * up
    is_above = above - edge <= -edge - below and above < high - SMALL_PT * up
    at, side = (above, edge) if is_above else (below, -edge)
    ax.plot([end, start + 2 * point], [side, at], color=GREY, linewidth=0.5, zorder=2)
    where = (start + 3 * point, at)
    put_text(ax, where, text, role="band", size=SMALL_PT, color=GREY)


def dynamics_figure(
    frame: pd.DataFrame,
    *,
    titles: Sequence[str],
    headline: str = "How long moves last",
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    source: str = "",
) -> Figure:
    """Compose the responses of up to three classes side by side, on one scale.

    Parameters
    ----------
    frame : DataFrame
        Rows of ``dynamics.csv`` of one to three groups.
    titles : sequence of str
        A title for each group, in their order.
    headline : str, default "How long moves last"
        The headline.
    alpha, return_unit : float, str
        As in `plot_response`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 by 3.3 inches.

    Raises
    ------
    DataError
        When a column is missing, there is no row, or there are more than three groups.
    """
    require_columns(frame, ("group", *_COLUMNS), chart="dynamics_figure")
    groups = list(dict.fromkeys(frame["group"]))
    if len(groups) > MOST_PANELS or len(titles) != len(groups):
        raise DataError.of(
            "dynamics_figure",
            f"{len(groups)} groups and {len(titles)} titles came; at most {MOST_PANELS} fit.",
            fix="Choose fewer groups, with a title each.",
        )
    scale = scale_of(return_unit)
    # A band may run far beyond the responses; the axis follows the intervals.
    limits = span_of(*(scale * numbers(frame, name) for name in ("ci_low", "ci_high")), [0])
    key = (
        f"Line: average cumulated response. Dark: {percent_words(1 - alpha)} interval at each "
        "session. Pale: band for all sessions at once"
    )
    bands = scale * np.concatenate([numbers(frame, "band_low"), numbers(frame, "band_high")])
    if np.nanmin(bands) < limits[0] or np.nanmax(bands) > limits[1]:
        key += ", cut at the ends of the axis"
    with framed(fitted(3.3), source=source, headline=headline, key=f"{key}.") as around:
        step = (around.width - 0.4) / len(groups)
        for place, (group, title) in enumerate(zip(groups, titles, strict=True)):
            right = (len(groups) - 1 - place) * step + 0.2
            ax = around.panel(left=0.52 + place * step, right=right)
            plot_response(
                frame[frame["group"] == group],
                title=title,
                alpha=alpha,
                limits=limits,
                return_unit=return_unit,
                ax=ax,
            )
            if len(groups) == MOST_PANELS and place != 1:
                ax.set_xlabel("")
            if place:
                ax.set_ylabel("")
                ax.tick_params(labelleft=False)
    return around.figure


def paths_figure(
    frame: pd.DataFrame,
    *,
    lead: int | None = None,
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    source: str = "",
) -> Figure:
    """Compose the CAR paths of all events and the source line.

    Parameters
    ----------
    frame, lead, alpha, return_unit : DataFrame, int, float, str
        As in `plot_paths`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 by 3.6 inches.
    """
    banded = frame.loc[frame["half_width"].notna(), "day"]
    key = "CAR from day 0; other events of the study in grey. "
    if len(banded):
        key += (
            f"Grey area (path band): {percent_words(1 - alpha)} of ordinary paths stay inside to "
            f"session {int(banded.max())}."
        )
    headline = "Did the move last?"
    with framed(fitted(3.6), source=source, headline=headline, key=key) as around:
        plot_paths(frame, lead=lead, alpha=alpha, return_unit=return_unit, ax=around.panel())
    return around.figure
