"""The specification curve, and below it the choices behind each specification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from oilshock.charts.canvas import (
    name_axes,
    numbers,
    put_text,
    require_columns,
    reserve,
    set_value_axis,
    span_of,
    zero_line,
)
from oilshock.charts.end_labels import EndLabel, put_end_labels
from oilshock.charts.frame import framed
from oilshock.charts.key import dot, key_height, put_key
from oilshock.charts.labels import axes_points, shorten
from oilshock.charts.size import fitted
from oilshock.charts.style import ABNORMAL, GREY, INK, LIGHT, PALE, SMALL_PT, axes_for, dress
from oilshock.charts.units import ReturnUnit, scale_of
from oilshock.typing import Bool, Float
from oilshock.words import window_words

MOST_DRAWN = 300
"""More specifications than this are thinned evenly along the curve."""

ROOM = 128.0
"""Points left of the curve for the names of the choices."""

_ROW_IN = 0.135
_COLUMNS = ("effect", "p_value")


def thin(frame: pd.DataFrame, *, most: int = MOST_DRAWN) -> pd.DataFrame:
    """Sort specifications by effect and keep at most so many, evenly along the curve.

    Examples
    --------
    >>> thin(pd.DataFrame({"effect": [3.0, 1.0, None, 2.0]}), most=2)["effect"].tolist()
    [1.0, 3.0]
    """
    known = frame[frame["effect"].notna()].sort_values("effect", kind="stable")
    if len(known) <= most:
        return known
    return known.iloc[np.linspace(0, len(known) - 1, most).round().astype(int)]


def plot_specification_curve(
    frame: pd.DataFrame,
    *,
    band: tuple[Float, Float] | None = None,
    own: int = -1,
    alpha: float = 0.05,
    title: str = "",
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw the effect of every specification, sorted.

    Answers whether the result hangs on one choice. A filled dot has a p value below `alpha`. The
    grey band is where the sorted curve lies for events placed at random.

    Parameters
    ----------
    frame : DataFrame
        Columns ``effect`` and ``p_value``; above 300 rows it is thinned.
    band : (ndarray, ndarray), optional
        Lower and upper limit of the sorted curve under chance, as long as the curve.
    own : int, default -1
        Index label of the study's own specification; -1 for none.
    alpha : float, default 0.05
        The level below which a dot is filled.
    title : str, default ""
        The title; by default it says what is shown.
    return_unit : {"per cent", "USD/bbl"}, default "per cent"
        The unit of the effects.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on; its y axis is in `return_unit`.

    Raises
    ------
    DataError
        When a column is missing or there is no row.

    Examples
    --------
    >>> frame = pd.DataFrame({"effect": [0.02, 0.01], "p_value": [0.01, 0.2]})
    >>> ax = plot_specification_curve(frame, ax=Figure().add_subplot())
    >>> ax.get_ylabel()
    'effect, per cent'
    """
    require_columns(frame, _COLUMNS, chart="plot_specification_curve")
    rows, scale = thin(frame), scale_of(return_unit)
    effect = scale * numbers(rows, "effect")
    with axes_for(ax, height=2.8) as target:
        dress(target, title=title or "The effect under every specification, sorted")
        last = max(len(rows) - 1, 1)
        reserve(target, -0.5, last + 0.5, left=ROOM, right=46)
        limits = [] if band is None else [scale * edge for edge in band]
        low, high = span_of(effect, *limits, [0], pad=0.08)
        is_own = rows.index.to_numpy() == own
        key = _key(alpha=alpha, has_band=band is not None, has_own=bool(is_own.any()))
        head = key_height(target, [str(handle.get_label()) for handle in key])
        top = high + (high - low) * head / max(axes_points(target)[1] - head, 1)
        set_value_axis(target, low, high, top=top)
        if band is not None and len(rows):
            place = np.linspace(0, last, len(band[0]))
            target.fill_between(place, limits[0], limits[1], color=LIGHT, alpha=0.7, linewidth=0)
        zero_line(target)
        _dots(target, effect, sure=numbers(rows, "p_value") < alpha, is_own=is_own)
        ends = []
        if len(rows):
            median = scale * float(frame["effect"].median())
            dashed: Any = {"color": INK, "linewidth": 0.7, "linestyle": (0, (4, 2)), "zorder": 2}
            target.plot([-0.5, last + 0.5], [median] * 2, **dashed)
            ends = [EndLabel(median, "median")]
        put_end_labels(target, last + 0.5, ends, size=SMALL_PT)
        target.xaxis.set_visible(False)
        target.spines["bottom"].set_visible(False)
        # The room left of the curve belongs to the names of the choices below.
        target.spines["left"].set_position(("axes", ROOM / axes_points(target)[0] - 0.005))
        name_axes(target, y=f"effect, {return_unit}")
        put_key(target, key)
    return target


def _dots(ax: Axes, effect: Float, *, sure: Bool, is_own: Bool) -> None:
    """Draw a dot for each specification, and a ring round the study's own."""
    at = np.arange(len(effect))
    for chosen, face in ((sure, ABNORMAL), (~sure, "white")):
        look: Any = {"s": 11, "facecolors": face, "edgecolors": ABNORMAL, "linewidths": 0.7}
        ax.scatter(at[chosen], effect[chosen], zorder=3, **look)
    ring: Any = {"s": 46, "facecolors": "none", "edgecolors": INK, "linewidths": 1.1}
    ax.scatter(at[is_own], effect[is_own], zorder=4, **ring)


def _key(*, alpha: float, has_band: bool, has_own: bool) -> list[Any]:
    handles: list[Any] = [
        dot(f"p < {alpha:g}", face=ABNORMAL, size=4),
        dot(f"p ≥ {alpha:g}", face="white", edge=ABNORMAL, size=4),
    ]
    if has_own:
        handles.append(dot("the report's own choice", face="none", edge=INK, size=6.5))
    if has_band:
        handles.append(Patch(facecolor=LIGHT, alpha=0.7, label="events placed at random (90 %)"))
    return handles


def plot_choices(
    frame: pd.DataFrame, *, dimensions: Sequence[tuple[str, str]] = (), ax: Axes | None = None
) -> Axes:
    """Draw which choices each specification makes, in the order of the curve above.

    Answers which choice drives the result: a level whose marks gather at one end does.

    Parameters
    ----------
    frame : DataFrame
        Column ``effect`` and the columns of `dimensions`; above 300 rows it is thinned.
    dimensions : sequence of (str, str), default ()
        Column and name of each choice; one with a single level is left out.
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
    >>> frame = pd.DataFrame({"effect": [0.02, 0.01], "gap": [10, 20]})
    >>> ax = plot_choices(frame, dimensions=[("gap", "gap")], ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['gap', '10', '20']
    """
    require_columns(frame, ["effect", *(name for name, _ in dimensions)], chart="plot_choices")
    levels = choice_rows(frame, dimensions)
    rows = thin(frame)
    with axes_for(ax, height=1.0 + _ROW_IN * len(levels)) as target:
        dress(target)
        last = max(len(rows) - 1, 1)
        reserve(target, -0.5, last + 0.5, left=ROOM, right=46)
        target.set_ylim(max(len(levels), 1) - 0.4, -0.6)
        for side in ("left", "bottom"):
            target.spines[side].set_visible(False)
        target.xaxis.set_visible(False)
        target.yaxis.set_visible(False)
        blended, width = target.get_yaxis_transform(), axes_points(target)[0]
        before, shaded = "", False
        for place, (column, name, level) in enumerate(levels):
            if column != before:
                shaded = not shaded
                put_text(
                    target, (0.0, place), name, role="choice", size=SMALL_PT, transform=blended
                )
            before = column
            if shaded:
                target.axhspan(place - 0.5, place + 0.5, color=PALE, alpha=0.5, linewidth=0)
            words = window_words(str(level))
            text = shorten(words, size=SMALL_PT, width=ROOM - 62)
            put_text(
                target,
                ((ROOM - 6) / width, place),
                text,
                role="level",
                size=SMALL_PT,
                color=GREY,
                ha="right",
                transform=blended,
            )
            at = np.flatnonzero((rows[column] == level).to_numpy())
            target.vlines(at, place - 0.36, place + 0.36, color=INK, linewidth=_line(len(rows)))
    return target


def _line(n_drawn: int) -> float:
    return float(np.clip(220.0 / max(n_drawn, 1), 0.6, 3.0))


def choice_rows(
    frame: pd.DataFrame, dimensions: Sequence[tuple[str, str]]
) -> list[tuple[str, str, Any]]:
    """List column, name and level of each row of the chart of choices.

    Examples
    --------
    >>> choice_rows(pd.DataFrame({"gap": [10, 20], "test": "t"}), [("gap", "gap"), ("test", "t")])
    [('gap', 'gap', 10), ('gap', 'gap', 20)]
    """
    found = []
    for column, name in dimensions:
        levels = list(dict.fromkeys(frame[column].tolist()))
        if len(levels) > 1:
            found += [(column, name, level) for level in levels]
    return found


def curve_figure(
    frame: pd.DataFrame,
    *,
    dimensions: Sequence[tuple[str, str]],
    band: tuple[Float, Float] | None = None,
    own: int = -1,
    alpha: float = 0.05,
    title: str = "",
    return_unit: ReturnUnit = "per cent",
    source: str = "",
) -> Figure:
    """Compose the specification curve, the choices behind it, and the source line.

    Parameters
    ----------
    frame : DataFrame
        As in `plot_specification_curve` and `plot_choices`.
    dimensions : sequence of (str, str)
        As in `plot_choices`.
    band, own, alpha, title, return_unit : tuple, int, float, str, str
        As in `plot_specification_curve`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 inches wide; the height follows the number of choices.

    Raises
    ------
    DataError
        When a column is missing or there is no row.
    """
    n_rows = len(choice_rows(frame, dimensions))
    below = _ROW_IN * n_rows
    height = 2.75 + below + 0.4
    with framed(fitted(height), source=source) as around:
        top = around.panel(left=0.07, bottom=below + 0.24)
        plot_specification_curve(
            frame, band=band, own=own, alpha=alpha, title=title, return_unit=return_unit, ax=top
        )
        if n_rows:
            ax = around.panel(left=0.07, top=around.room - below - 0.1, bottom=0.1)
            plot_choices(frame, dimensions=dimensions, ax=ax)
    return around.figure
