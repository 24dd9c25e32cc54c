"""One event on one figure: what-if path, abnormal returns, and their sum."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from oilshock.charts.abnormal import plot_abnormal_returns, plot_car
from oilshock.charts.frame import framed
from oilshock.charts.size import fitted
from oilshock.charts.units import ReturnUnit
from oilshock.charts.whatif import plot_what_if

_HEIGHT_IN = 3.75


def event_figure(
    abnormal: pd.DataFrame,
    car: pd.DataFrame,
    what_if: pd.DataFrame,
    *,
    title: str,
    levels: Sequence[float] = (),
    unit: str = "USD/bbl",
    return_unit: ReturnUnit = "per cent",
    confidence: float = 0.95,
    source: str = "",
) -> Figure:
    """Compose the charts of one event: the what-if path on top, AR and CAR below.

    Parameters
    ----------
    abnormal : DataFrame
        As in `plot_abnormal_returns`.
    car : DataFrame
        As in `plot_car`.
    what_if : DataFrame
        As in `plot_what_if`.
    title : str
        The title of the event; cut where it is wider than the figure.
    levels : sequence of float
        Prices to mark in the what-if chart.
    unit : str, default "USD/bbl"
        The unit of the price.
    return_unit : {"per cent", "USD/bbl"}, default "per cent"
        The unit of returns: dollars for difference returns, which are drawn as they are.
    confidence : float, default 0.95
        What limits and bands cover.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 by 3.75 inches.

    Raises
    ------
    DataError
        When a column is missing or a frame has no row.

    Examples
    --------
    >>> import pandas as pd
    >>> day = pd.DataFrame({"relative_day": [-1, 0], "half_width": 0.04})
    >>> figure = event_figure(
    ...     day.assign(abnormal_return=[0.01, -0.02]),
    ...     day.assign(car=[0.01, -0.01]),
    ...     day.assign(
    ...         session=["2024-04-12", "2024-04-15"], price=[93.1, 90.8],
    ...         expected_price=[93.1, 93.2], low=[93.1, 89.4], high=[93.1, 97.2],
    ...     ),
    ...     title="Strike",
    ... )
    >>> len(figure.axes)
    3
    """
    alpha = 1 - confidence
    with framed(fitted(_HEIGHT_IN), source=source, headline=title) as around:
        below = 0.3 * around.room
        middle = around.width / 2
        top = around.panel(top=0.17, bottom=below + 1.06)
        left = around.panel(top=around.room - below - 0.38, right=middle + 0.07)
        right = around.panel(top=around.room - below - 0.38, left=middle + 0.48)
        plot_what_if(what_if, levels=levels, unit=unit, confidence=confidence, ax=top)
        plot_abnormal_returns(abnormal, alpha=alpha, return_unit=return_unit, ax=left)
        plot_car(car, alpha=alpha, return_unit=return_unit, ax=right)
    return around.figure
