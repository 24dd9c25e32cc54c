"""Whole figures of one or two charts, in the width of the report and with a source line."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from oilshock.charts.average import plot_aar, plot_caar
from oilshock.charts.canvas import name_axes
from oilshock.charts.coefficients import plot_coefficients
from oilshock.charts.forest import plot_car_forest, rows_height
from oilshock.charts.frame import framed
from oilshock.charts.size import fitted
from oilshock.charts.style import DAY_AXIS
from oilshock.charts.timeline import plot_timeline
from oilshock.charts.units import ReturnUnit


def forest_figure(
    frame: pd.DataFrame,
    *,
    window: str = "",
    alpha: float = 0.05,
    p: tuple[str, str] = ("p_value", "p"),
    limits: tuple[float, float] | None = None,
    return_unit: ReturnUnit = "per cent",
    source: str = "",
) -> Figure:
    """Compose the sorted CARs of one page of events and the source line.

    Parameters
    ----------
    frame, window, alpha, p, limits, return_unit : DataFrame, str, float, (str, str), ...
        As in `plot_car_forest`; at most 45 rows, see `forest_pages`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 inches wide; the height follows the number of events.

    Raises
    ------
    DataError
        When a column is missing or there is no row.
    """
    with framed(rows_height(len(frame)) + 0.2, source=source) as around:
        plot_car_forest(
            frame,
            window=window,
            alpha=alpha,
            p=p,
            limits=limits,
            return_unit=return_unit,
            ax=around.panel(left=0.07),
        )
    return around.figure


def coefficients_figure(
    frame: pd.DataFrame,
    *,
    window: str = "",
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    source: str = "",
) -> Figure:
    """Compose the coefficients of one regression and the source line.

    Parameters
    ----------
    frame, window, alpha, return_unit : DataFrame, str, float, str
        As in `plot_coefficients`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 inches wide; the height follows the number of terms.

    Raises
    ------
    DataError
        When a column is missing or there is no row.
    """
    with framed(rows_height(len(frame)) + 0.2, source=source) as around:
        plot_coefficients(
            frame,
            window=window,
            alpha=alpha,
            return_unit=return_unit,
            ax=around.panel(left=0.07),
        )
    return around.figure


def timeline_figure(
    frame: pd.DataFrame, *, study: pd.DataFrame | None = None, source: str = ""
) -> Figure:
    """Compose the timeline of one page of events and the source line.

    Parameters
    ----------
    frame : DataFrame
        As in `plot_timeline`; at most 45 rows, see `timeline_pages`.
    study : DataFrame, optional
        As in `plot_timeline`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 inches wide; the height follows the number of events.

    Raises
    ------
    DataError
        When a column is missing or there is no row.
    """
    with framed(rows_height(len(frame)) + 0.2, source=source) as around:
        plot_timeline(frame, study=study, ax=around.panel(left=0.07))
    return around.figure


def average_figure(
    frame: pd.DataFrame,
    *,
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    source: str = "",
) -> Figure:
    """Compose CAAR (above) and AAR (below) of one to four groups and the source line.

    Parameters
    ----------
    frame, alpha, return_unit : DataFrame, float, str
        As in `plot_caar`.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 by 4.6 inches.

    Raises
    ------
    DataError
        When a column is missing, there is no row, or there are more than four groups.
    """
    with framed(fitted(4.6), source=source) as around:
        lower = 0.31 * around.room
        top = around.panel(bottom=lower + 1.06)
        below = around.panel(top=around.room - lower - 0.38)
        plot_caar(frame, alpha=alpha, return_unit=return_unit, ax=top)
        plot_aar(frame, alpha=alpha, return_unit=return_unit, ax=below)
        # A day stands below itself; the name of the axis moves along.
        below.set_xlim(top.get_xlim())
        name_axes(below, x=DAY_AXIS)
    return around.figure
