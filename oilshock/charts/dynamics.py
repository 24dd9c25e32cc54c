"""How long moves last: the response of a class of events."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from oilshock.charts.abnormal import percent_words
from oilshock.charts.canvas import (
    name_axes,
    numbers,
    require_columns,
    reserve,
    set_day_axis,
    set_value_axis,
    span_of,
    zero_line,
)
from oilshock.charts.frame import framed
from oilshock.charts.labels import clean, text_width
from oilshock.charts.size import fitted
from oilshock.charts.style import (
    ABNORMAL,
    DAY_AXIS,
    TITLE_PT,
    axes_for,
    dress,
)
from oilshock.charts.units import ReturnUnit, scale_of
from oilshock.errors import DataError

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
        words = title or f"Response with {cover} interval (dark) and band (pale)"
        dress(target, title=words, lines=2)
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
        width = 72 * (step - 0.32)
        is_wide = any(text_width(clean(title), TITLE_PT) > width for title in titles)
        top = 0.42 if is_wide else 0.27  # inches for titles of one line or two
        for place, (group, title) in enumerate(zip(groups, titles, strict=True)):
            right = (len(groups) - 1 - place) * step + 0.2
            ax = around.panel(left=0.52 + place * step, right=right, top=top)
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
