"""What followed earlier events of a kind, against ordinary sessions in like volatility."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from oilshock.charts.canvas import (
    name_axes,
    numbers,
    put_text,
    require_columns,
    reserve,
    set_return_axis,
    span_of,
)
from oilshock.charts.frame import framed
from oilshock.charts.labels import axes_points
from oilshock.charts.style import (
    ABNORMAL,
    BODY_PT,
    EXPECTED,
    INK,
    LIGHT,
    MID,
    SMALL_PT,
    axes_for,
    dress,
)
from oilshock.charts.units import ReturnUnit, scale_of

_COLUMNS = ("sessions", "sample", "n", "q05", "q25", "q50", "q75", "q95")
_ROOM = 150.0


def plot_aftermath(
    frame: pd.DataFrame,
    moves: pd.DataFrame,
    *,
    title: str = "What followed earlier events of this kind",
    actual: Mapping[int, float] | None = None,
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw the moves after earlier events of a kind over those of ordinary sessions.

    Answers what to be prepared for in the next sessions.

    Parameters
    ----------
    frame : DataFrame
        Columns sessions, sample (events_scaled and ordinary are drawn), n and quantiles q05 to q95.
    moves : DataFrame
        Columns sessions and move_scaled: one dot for each event.
    title : str
        The title.
    actual : mapping of int to float, optional
        What came, by number of sessions, where that is known.
    return_unit : {"per cent", "USD/bbl"}, default "per cent"
        The unit of moves.
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
    >>> frame = pd.DataFrame({"sessions": [1], "sample": ["ordinary"], "n": [900], "q05": [-0.03],
    ...                       "q25": [-0.01], "q50": [0.0], "q75": [0.01], "q95": [0.03]})
    >>> moves = pd.DataFrame({"sessions": [1], "move_scaled": [0.05]})
    >>> plot_aftermath(frame, moves, ax=Figure().add_subplot()).get_xlabel()
    'move from the close before, per cent'
    """
    require_columns(frame, _COLUMNS, chart="plot_aftermath")
    scale = scale_of(return_unit)
    spans = list(dict.fromkeys(frame["sessions"]))
    with axes_for(ax, height=aftermath_height(len(spans))) as target:
        dress(target, title=title)
        known = [scale * numbers(frame, "q05"), scale * numbers(frame, "q95")]
        seen = scale * np.array(list((actual or {}).values()), dtype=np.float64)
        low, high = span_of(*known, scale * numbers(moves, "move_scaled"), seen, [0.0])
        reserve(target, low, high, left=_ROOM, right=4.0)
        target.set_ylim(len(spans) - 0.4, -0.6)
        target.set_yticks([])
        target.spines["left"].set_visible(False)
        target.plot([0, 0], [-0.6, len(spans) - 0.4], color=LIGHT, linewidth=0.8, zorder=0.5)
        for place, days in enumerate(spans):
            rows = frame[frame["sessions"] == days].to_dict("records")
            own = {row["sample"]: row for row in rows}
            _sample(target, own, "events_scaled", at=place - 0.14, color=ABNORMAL, scale=scale)
            _sample(target, own, "ordinary", at=place + 0.24, color=EXPECTED, scale=scale)
            dots = scale * numbers(moves[moves["sessions"] == days], "move_scaled")
            _dots(target, dots, at=place - 0.14)
            _row_names(target, own, place, days=int(days))
            if actual and days in actual:
                _actual(target, scale * actual[days], place)
        set_return_axis(target, low, high)
        name_axes(target, x=f"move from the close before, {return_unit}")
    return target


def aftermath_height(n_spans: int) -> float:
    """Return the height in inches of a figure with so many numbers of sessions."""
    return 1.0 + 0.72 * n_spans


def _sample(
    ax: Axes, rows: Mapping[str, Any], sample: str, *, at: float, color: str, scale: float
) -> None:
    """Draw a thin line from the 5 % to the 95 % quantile, a thick one over the middle half."""
    if sample not in rows or not rows[sample]["n"]:
        return
    q05, q25, q50, q75, q95 = (scale * rows[sample][name] for name in _COLUMNS[3:])
    ax.hlines(at, q05, q95, color=color, linewidth=1.0, zorder=2)
    ax.hlines(at, q25, q75, color=color, linewidth=5.0, alpha=0.45, zorder=2)
    ax.vlines(q50, at - 0.11, at + 0.11, color=color, linewidth=1.6, zorder=3, label=sample)


def _dots(ax: Axes, values: np.ndarray, *, at: float) -> None:
    known = np.sort(values[np.isfinite(values)])
    offset = 0.06 * ((np.arange(len(known)) % 3) - 1)
    ax.plot(
        known,
        at - 0.02 + offset,
        linestyle="none",
        marker="o",
        markersize=2.6,
        markerfacecolor="none",
        markeredgecolor=MID,
        markeredgewidth=0.7,
        zorder=1.5,
    )


def _actual(ax: Axes, value: float, place: int) -> None:
    ax.plot([value], [place + 0.05], marker="D", markersize=5, color=INK, zorder=4, label="actual")


def _row_names(ax: Axes, rows: Mapping[str, Any], place: int, *, days: int) -> None:
    width = axes_points(ax)[0]
    across = ax.get_yaxis_transform()
    n = {name: int(row["n"]) for name, row in rows.items()}
    texts = (
        (-0.38, f"{days} session{'' if days == 1 else 's'}", INK, BODY_PT),
        (-0.12, f"after such events (n = {n.get('events_scaled', 0):,})", ABNORMAL, SMALL_PT),
        (0.24, f"ordinary sessions (n = {n.get('ordinary', 0):,})", EXPECTED, SMALL_PT),
    )
    for shift, text, color, size in texts:
        put_text(
            ax,
            (2 / width, place + shift),
            text,
            role="row name",
            size=size,
            color=color,
            transform=across,
        )


def aftermath_figure(
    frame: pd.DataFrame,
    moves: pd.DataFrame,
    *,
    title: str = "What followed earlier events of this kind",
    actual: Mapping[int, float] | None = None,
    return_unit: ReturnUnit = "per cent",
    source: str = "",
) -> Figure:
    """Compose the moves after earlier events, what the marks mean, and the source line.

    Parameters
    ----------
    frame, moves, title, actual, return_unit : DataFrame, DataFrame, str, mapping, str
        As in `plot_aftermath`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 inches wide; the height follows the numbers of sessions.
    """
    key = (
        "Thick: middle half. Thin: 5 % to 95 %. Stroke: median. Circle: one event, brought to "
        f"the volatility of the moment.{' Diamond: what came.' if actual else ''}"
    )
    height = aftermath_height(frame["sessions"].nunique()) + 0.35
    with framed(height, source=source, headline=title, key=key) as around:
        ax = around.panel(left=0.07, top=0.05)
        plot_aftermath(frame, moves, title="", actual=actual, return_unit=return_unit, ax=ax)
    return around.figure
