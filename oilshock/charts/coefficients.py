"""The coefficients of a regression of CARs on event attributes, with their intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from oilshock.charts.abnormal import percent_words
from oilshock.charts.canvas import (
    name_axes,
    numbers,
    put_text,
    require_columns,
    reserve,
    set_return_axis,
    span_of,
)
from oilshock.charts.forest import prepare_rows, rows_height
from oilshock.charts.key import dot, put_key
from oilshock.charts.labels import shorten, text_width
from oilshock.charts.style import ABNORMAL, GREY, MID, SMALL_PT, axes_for, dress
from oilshock.charts.units import ReturnUnit, scale_of
from oilshock.typing import Float
from oilshock.words import MINUS, number, p_text, plain_name

_COLUMNS = ("term", "estimate", "ci_low", "ci_high", "p_value", "n_events", "reason")

MOST_REASON_PT = 250
"""Room for the reason why a row has no figures."""


def term_words(term: str) -> str:
    """Write a term of a regression as a reader wants it.

    Examples
    --------
    >>> term_words("category=opec_decision"), term_words("direction=-"), term_words("severity")
    ('category: OPEC decision', 'direction: − (easing)', 'severity, per unit')
    """
    if term == "constant":
        return "constant: the base levels"
    name, is_level, value = term.partition("=")
    if not is_level:
        return f"{plain_name(name)}, per unit"
    signs = {"+": "+ (tightening)", "-": f"{MINUS} (easing)", "0": "0 (none)"}
    words = signs.get(value, value) if name == "direction" else value
    return plain_name(f"{name}={words}")


def plot_coefficients(
    frame: pd.DataFrame,
    *,
    window: str = "",
    alpha: float = 0.05,
    return_unit: ReturnUnit = "per cent",
    ax: Axes | None = None,
) -> Axes:
    """Draw the coefficients of a regression of CARs on event attributes, with intervals.

    Answers what moves the price more, other attributes being equal. A coefficient of a level is
    its difference to the base level of the same attribute. A filled mark has a p value below
    `alpha`; a row without figures says why.

    Parameters
    ----------
    frame : DataFrame
        Columns ``term``, ``estimate``, ``ci_low``, ``ci_high``, ``p_value``, ``n_events`` and
        ``reason`` of one regression, in the order in which they are drawn; returns as fractions
        or, for difference returns, in USD/bbl.
    window : str
        The window as the title names it, such as ``[0, +5]``.
    alpha : float, default 0.05
        The level below which a mark is filled; the intervals are at 1 - alpha.
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
    ...     "term": ["constant", "direction=-"], "estimate": [0.02, None],
    ...     "ci_low": [0.01, None], "ci_high": [0.03, None], "p_value": [0.001, None],
    ...     "n_events": [9, 2], "reason": ["", "base level"],
    ... })
    >>> ax = plot_coefficients(frame, ax=Figure(figsize=(7, 2)).add_subplot())
    >>> [text.get_text() for text in ax.texts if text.get_label() == "figures"]
    ['+2.00 (p = 0.001)', '']
    """
    require_columns(frame, _COLUMNS, chart="plot_coefficients")
    rows, scale = frame.reset_index(drop=True), scale_of(return_unit)
    value, low, high = (scale * numbers(rows, name) for name in ("estimate", "ci_low", "ci_high"))
    with axes_for(ax, height=rows_height(len(rows))) as target:
        dress(
            target,
            title=f"CAR{window} by attribute: coefficients with "
            f"{percent_words(1 - alpha)} intervals",
        )
        key = [
            dot(f"p < {alpha:g}", face=ABNORMAL),
            dot(f"p ≥ {alpha:g}", face="white", edge=ABNORMAL),
        ]
        titles = prepare_rows(target, _labelled(rows, value), key=key)
        ends = span_of(value, low, high, [0])
        figures = _figures(value, numbers(rows, "p_value"))
        room = max(text_width(text, SMALL_PT) for text in figures) + 8
        reserve(target, *ends, left=titles, right=room)
        set_return_axis(target, *ends)
        target.vlines(0, -0.7, len(rows) - 0.3, color=GREY, linewidth=0.6, zorder=1)
        _marks(target, value, low, high, is_sure=numbers(rows, "p_value") < alpha)
        for row, text in enumerate(figures):
            at = target.get_xlim()[1]
            put_text(target, (at, row), text, role="figures", size=SMALL_PT, ha="right")
        _reasons(target, rows, value, at=ends[0])
        put_key(target, key)
        name_axes(target, x=f"coefficient, {return_unit}")
    return target


def _labelled(rows: pd.DataFrame, value: Float) -> pd.DataFrame:
    counts = [f" ({n:.0f})" if n > 0 else "" for n in numbers(rows, "n_events")]
    titles = [f"{term_words(term)}{n}" for term, n in zip(rows["term"], counts, strict=True)]
    return pd.DataFrame({"number": "", "title": titles, "faint": ~np.isfinite(value)})


def _figures(value: Float, p_value: Float) -> list[str]:
    return [
        f"{number(float(b), sign='+')}{'' if np.isnan(p) else f' (p {p_text(float(p))})'}"
        if np.isfinite(b)
        else ""
        for b, p in zip(value, p_value, strict=True)
    ]


def _marks(ax: Axes, value: Float, low: Float, high: Float, *, is_sure: Any) -> None:
    known = np.isfinite(low) & np.isfinite(high)
    at = np.arange(len(value))
    ax.hlines(at[known], low[known], high[known], color=MID, linewidth=1.1, zorder=2)
    for rows, face in ((is_sure, ABNORMAL), (~is_sure, "white")):
        ax.scatter(
            value[rows],
            at[rows],
            s=20,
            marker="o",
            facecolors=face,
            edgecolors=ABNORMAL,
            linewidths=0.9,
            zorder=3,
        )


def _reasons(ax: Axes, rows: pd.DataFrame, value: Float, *, at: float) -> None:
    for row in np.flatnonzero(~np.isfinite(value)).tolist():
        text = shorten(rows["reason"].iloc[row], size=SMALL_PT, width=MOST_REASON_PT)
        put_text(ax, (at, row), text, role="reason", size=SMALL_PT, color=GREY)
