"""All events side by side: sorted CARs with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from oilshock.charts.abnormal import percent_words
from oilshock.charts.canvas import (
    name_axes,
    name_rows,
    numbers,
    put_text,
    require_columns,
    reserve,
    set_return_axis,
    span_of,
    split_rows,
)
from oilshock.charts.key import LINE_PT, dot, key_height, put_key
from oilshock.charts.labels import axes_points, text_width
from oilshock.charts.marks import DIRECTION_MARKS, DirectionMark, direction_mark
from oilshock.charts.size import measures
from oilshock.charts.style import ABNORMAL, BODY_PT, GREY, INK, MID, PALE, SMALL_PT, axes_for, dress
from oilshock.charts.units import ReturnUnit, scale_of

_COLUMNS = ("number", "title", "car", "ci_low", "ci_high", "p_value", "direction")


MOST_TITLE_SHARE = 0.6
"""Share of the width that titles of rows may take from the data."""


def rows_height(n_rows: int) -> float:
    """Return the height in inches of a figure with one row per event."""
    return 0.95 + 0.168 * n_rows + (measures().key_lines - 1) * LINE_PT / 72


def forest_pages(frame: pd.DataFrame, *, most: int | None = None) -> list[pd.DataFrame]:
    """Sort the events by CAR and split them into pages of nearly equal length.

    Parameters
    ----------
    frame : DataFrame
        As in `plot_car_forest`.
    most : int, optional
        The most rows of a page; default: what the size holds, 45 in a report.

    Returns
    -------
    list of DataFrame
        The pages, the highest CAR first; events without a CAR at the very end.

    Examples
    --------
    >>> import pandas as pd
    >>> pages = forest_pages(pd.DataFrame({"car": [0.1, None, 0.3]}), most=2)
    >>> [page["car"].tolist() for page in pages]
    [[0.3, 0.1], [nan]]
    """
    return split_rows(_sorted(frame), most=most or measures().rows)


def forest_limits(
    frame: pd.DataFrame, *, return_unit: ReturnUnit = "per cent"
) -> tuple[float, float]:
    """Return the ends of an x axis that holds every interval, for all pages of a study.

    Examples
    --------
    >>> forest_limits(pd.DataFrame({"car": [0.5], "ci_low": [0.0], "ci_high": [1.0]}))
    (-6.0, 106.0)
    """
    scale = scale_of(return_unit)
    return span_of(*(scale * numbers(frame, name) for name in ("car", "ci_low", "ci_high")), [0])


def plot_car_forest(
    frame: pd.DataFrame,
    *,
    window: str = "",
    alpha: float = 0.05,
    p: tuple[str, str] = ("p_value", "p"),
    limits: tuple[float, float] | None = None,
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw the CAR of every event for one window, sorted, with confidence intervals.

    Answers how the events compare. The shape tells the direction expected beforehand;
    a filled mark has a p value below `alpha`, and the key says which. Events without a CAR stand at
    the bottom.

    Parameters
    ----------
    frame : DataFrame
        Columns ``number``, ``title``, ``car``, ``ci_low``, ``ci_high``, ``p_value`` and
        ``direction``, returns as fractions or, for difference returns, in USD/bbl; any order; at
        most 45 rows read well, see `forest_pages`.
    window : str
        The window as the title names it, such as ``[0, +5]``.
    alpha : float, default 0.05
        The level below which a mark is filled; the intervals are at 1 - alpha.
    p : (str, str), default ("p_value", "p")
        The column of the p values that fill a mark, and what the key calls them, such as
        ``("p_adjusted", "adj. p")``. The intervals belong to ``p_value``.
    limits : (float, float), optional
        The ends of the x axis in `return_unit`, so that several pages share one scale.
    return_unit : {"per cent", "USD/bbl"}, default "per cent"
        The unit of returns: dollars for difference returns, which are drawn as they are.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on; its x axis is in `return_unit`.

    Raises
    ------
    DataError
        When a column is missing or there is no row.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({
    ...     "number": [1, 2], "title": ["Strike", "Talks"], "car": [0.02, None],
    ...     "ci_low": [-0.01, None], "ci_high": [0.05, None], "p_value": [0.2, None],
    ...     "direction": ["+", "-"],
    ... })
    >>> ax = plot_car_forest(frame, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['1', 'Strike', '2', 'Talks', 'not complete']
    """
    column, name = p
    require_columns(frame, (*_COLUMNS, column), chart="plot_car_forest")
    rows, scale = _sorted(frame).reset_index(drop=True), scale_of(return_unit)
    car, low, high = (scale * numbers(rows, name) for name in ("car", "ci_low", "ci_high"))
    with axes_for(ax, height=rows_height(len(rows))) as target:
        dress(target, title=f"CAR{window} by event, with {percent_words(1 - alpha)} intervals")
        key = _key(rows, hollow=f"{name} ≥ {alpha:g}")
        titles = prepare_rows(target, rows.assign(faint=~np.isfinite(car)), key=key)
        ends = limits or forest_limits(rows, return_unit=return_unit)
        reserve(target, *ends, left=titles, right=4)
        set_return_axis(target, *ends)
        target.vlines(0, -0.7, len(rows) - 0.3, color=GREY, linewidth=0.6, zorder=1)
        known = np.flatnonzero(np.isfinite(car))
        target.hlines(known, low[known], high[known], color=MID, linewidth=1.1, zorder=2)
        _dots(target, rows, car, sure=numbers(rows, column) < alpha)
        for row in np.flatnonzero(~np.isfinite(car)).tolist():
            put_text(
                target,
                (ends[0], row),
                "not complete",
                role="not complete",
                size=SMALL_PT,
                color=GREY,
            )
        put_key(target, key)
        name_axes(target, x=f"CAR, {return_unit}")
    return target


def prepare_rows(ax: Axes, rows: pd.DataFrame, *, key: Sequence[Any]) -> float:
    """Set up one row per event, with number and title; return the width of that column.

    Room for the key stays free above the first row.
    """
    count, (width, height) = len(rows), axes_points(ax)
    top = key_height(ax, [str(handle.get_label()) for handle in key])
    head = top * count / max(height - top, 1)
    ax.set_ylim(count - 0.4, -0.6 - head)
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    size = float(np.clip(0.8 * (height - top) / (count + 0.2), 4.5, BODY_PT))
    most = MOST_TITLE_SHARE * width
    # Smaller before shorter: where a title does not fit, all become as small as the key.
    wanted = _titles_room(rows, size=size)
    if wanted > most and size > SMALL_PT:
        size = SMALL_PT
        wanted = _titles_room(rows, size=size)
    room = min(wanted, most)
    for row in range(0, count, 2):
        ax.axhspan(row - 0.5, row + 0.5, color=PALE, alpha=0.45, linewidth=0, zorder=0)
    name_rows(ax, rows, size=size, width=room)
    return room


def _titles_room(rows: pd.DataFrame, *, size: float) -> float:
    """Return the points that numbers and titles need in front of the data."""
    digits = max(text_width(str(number), size) for number in rows["number"])
    return digits + max(text_width(str(title), size) for title in rows["title"]) + 14


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values("car", ascending=False, kind="stable", na_position="last")


def _dots(ax: Axes, rows: pd.DataFrame, car: Any, *, sure: Any) -> None:
    """Draw the marks, one call for each look."""
    marks = [direction_mark(value) for value in rows["direction"]]
    for mark in DIRECTION_MARKS.values():
        for filled in (True, False):
            at = [
                row
                for row in range(len(rows))
                if marks[row] is mark and sure[row] == filled and np.isfinite(car[row])
            ]
            ax.scatter(car[at], at, s=20, label=mark.word, **_look(mark, filled=filled), zorder=3)


def _look(mark: DirectionMark, *, filled: bool) -> dict[str, Any]:
    return {
        "marker": mark.marker,
        "facecolors": ABNORMAL if filled else "white",
        "edgecolors": ABNORMAL,
        "linewidths": 0.9,
    }


def _key(rows: pd.DataFrame, *, hollow: str) -> list[Any]:
    present = {direction_mark(value).word for value in rows["direction"]}
    shapes = [
        dot(mark.word, face=ABNORMAL, marker=mark.marker)
        for mark in DIRECTION_MARKS.values()
        if mark.word in present
    ]
    return [*shapes, dot(f"hollow: {hollow}", face="white", edge=INK)]
