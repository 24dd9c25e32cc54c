"""Abnormal volatility round events: realised over forecast, event by event."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from oilshock.charts.canvas import (
    name_axes,
    numbers,
    plain_number,
    require_columns,
    reserve,
    split_rows,
)
from oilshock.charts.forest import prepare_rows, rows_height
from oilshock.charts.frame import framed
from oilshock.charts.size import measures
from oilshock.charts.style import ABNORMAL, GREY, axes_for, dress
from oilshock.typing import Float

_COLUMNS = ("number", "title", "ratio", "p_calibrated")
_TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
_LOWEST = 0.04


def volatility_pages(frame: pd.DataFrame, *, most: int | None = None) -> list[pd.DataFrame]:
    """Sort the events by their ratio, the largest first, and split them into pages.

    Parameters
    ----------
    frame : DataFrame
        As in `plot_volatility`.
    most : int, optional
        The most rows of a page; default: what the size holds, 45 in a report.

    Returns
    -------
    list of DataFrame
        Pages of nearly equal length.
    """
    return split_rows(
        frame.sort_values("ratio", ascending=False, kind="stable"), most=most or measures().rows
    )


def plot_volatility(
    frame: pd.DataFrame,
    *,
    window: str = "",
    alpha: float = 0.05,
    limits: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how volatile a window was round each event, over what was forecast without it.

    Answers whether prices moved more than usual, whichever way they went.

    Parameters
    ----------
    frame : DataFrame
        Columns number, title, ratio (of variances) and p_calibrated, a row for each event.
    window : str, default ""
        The window, for the title.
    alpha : float, default 0.05
        A filled mark has a calibrated p value below it.
    limits : (float, float), optional
        Ends of the axis, base 10 logs, so that several pages share one scale.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on; its x axis is the ratio of volatilities, on a log scale.

    Raises
    ------
    DataError
        When a column is missing or there is no row.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame(
    ...     {"number": [1], "title": ["Attack"], "ratio": [4.0], "p_calibrated": [0.02]})
    >>> plot_volatility(frame, ax=Figure().add_subplot()).get_xlabel()
    'realised over forecast volatility (1: as forecast; log scale)'
    """
    require_columns(frame, _COLUMNS, chart="plot_volatility")
    with axes_for(ax, height=rows_height(len(frame))) as target:
        title = "Volatility round each event"
        dress(target, title=f"{title}, {window}" if window else title)
        logs = _logs(frame)
        known = np.isfinite(logs)
        low, high = limits or volatility_limits(frame)
        rows = np.arange(len(frame), dtype=np.float64)
        room = prepare_rows(target, frame.assign(faint=~known), key=())
        reserve(target, low, high, left=room, right=6.0)
        target.vlines(0, -0.6, len(frame) - 0.4, color=GREY, linewidth=0.6, zorder=0.8)
        sure = numbers(frame, "p_calibrated") < alpha
        target.hlines(rows[known], 0, logs[known], color=GREY, linewidth=0.8, zorder=1.5)
        for chosen, fill in ((sure, ABNORMAL), (~sure, "white")):
            target.plot(
                logs[known & chosen],
                rows[known & chosen],
                linestyle="none",
                marker="o",
                markersize=4.4,
                color=fill,
                markeredgecolor=ABNORMAL if fill == ABNORMAL else GREY,
                label="p below alpha" if fill == ABNORMAL else "other",
                zorder=3,
            )
        at, words = zip(*volatility_ticks((low, high)), strict=True)
        target.xaxis.set_major_locator(FixedLocator(at))
        target.xaxis.set_minor_locator(NullLocator())
        target.xaxis.set_major_formatter(FixedFormatter(words))
        name_axes(target, x="realised over forecast volatility (1: as forecast; log scale)")
    return target


def volatility_limits(frame: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the axis: base 10 logs of ratios of volatilities.

    Examples
    --------
    >>> low, high = volatility_limits(pd.DataFrame({"ratio": [1.0]}))
    >>> f"{low:.1f} to {high:.1f}"
    '-0.4 to 0.4'
    """
    logs = _logs(frame)
    known = logs[np.isfinite(logs)]
    low = min(float(known.min(initial=0.0)), -0.35) - 0.05
    high = max(float(known.max(initial=0.0)), 0.35) + 0.05
    return low, high


def _logs(frame: pd.DataFrame) -> Float:
    return np.asarray(np.log10(np.maximum(np.sqrt(numbers(frame, "ratio")), _LOWEST)))


def volatility_ticks(limits: tuple[float, float]) -> list[tuple[float, str]]:
    """Return where the axis has numbers, and the ratios that they say.

    Examples
    --------
    >>> [words for _, words in volatility_ticks((-0.4, 0.4))]
    ['0.5', '1', '2']
    """
    low, high = limits
    at = [(float(np.log10(tick)), plain_number(tick)) for tick in _TICKS]
    return [(place, words) for place, words in at if low <= place <= high]


def volatility_figure(
    frame: pd.DataFrame,
    *,
    window: str = "",
    alpha: float = 0.05,
    limits: tuple[float, float] | None = None,
    source: str = "",
) -> Figure:
    """Compose one page of abnormal volatilities and the source line.

    Parameters
    ----------
    frame, window, alpha, limits : DataFrame, str, float, (float, float)
        As in `plot_volatility`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 inches wide; the height follows the number of events.
    """
    key = (
        "Volatility of the window over the volatility forecast on the evening before it. "
        f"Filled: calibrated p below {alpha:g}."
    )
    headline = "Did prices swing more than usual?"
    height = rows_height(len(frame)) + 0.4
    with framed(height, source=source, headline=headline, key=key) as around:
        plot_volatility(
            frame, window=window, alpha=alpha, limits=limits, ax=around.panel(left=0.07)
        )
    return around.figure
