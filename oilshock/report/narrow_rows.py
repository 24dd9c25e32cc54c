"""The charts of events in rows, as lists for a telephone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.charts.marks import DIRECTION_MARKS, direction_mark
from oilshock.charts.power import minimum_limits
from oilshock.charts.units import scale_of
from oilshock.charts.volatility import volatility_ticks
from oilshock.narrative import amount
from oilshock.quoted_p import rated_number
from oilshock.report.artist import Artist
from oilshock.report.narrow import NarrowChart, NarrowRow
from oilshock.report.numbering import event_anchor
from oilshock.tables import rows_of
from oilshock.typing import Record
from oilshock.words import number


def forest_rows(artist: Artist, page: pd.DataFrame, *, limits: tuple[float, float]) -> NarrowChart:
    """List the CARs of events with their intervals.

    Parameters
    ----------
    artist : Artist
        Knows the study.
    page : DataFrame
        A page of the forest frame, in its order.
    limits : (float, float)
        Ends of the axis that all pages share.

    Returns
    -------
    NarrowChart
        A row for each event.
    """
    column, name = artist.estimates.forest_p
    scale = scale_of(artist.return_unit)
    words = [mark.word for mark in map(direction_mark, page["direction"])]
    shapes = [
        f"{mark.symbol} {mark.word}" for mark in DIRECTION_MARKS.values() if mark.word in words
    ]
    return NarrowChart(
        key=f"{', '.join(shapes)}; hollow: {name} ≥ {artist.alpha:g}",
        axis=f"CAR, {artist.return_unit}",
        limits=limits,
        zero=0.0,
        rows=tuple(
            NarrowRow(
                **_about(row),
                words=_interval_words(artist, row),
                mark=scale * row["car"],
                span=(scale * row["ci_low"], scale * row["ci_high"]),
                shape=row["direction"] if row["direction"] in DIRECTION_MARKS else "0",
                is_filled=bool(row[column] < artist.alpha),
            )
            for row in rows_of(page)
        ),
    )


def _about(row: Record) -> Record:
    return {
        "name": f"{row['number']} {row['title']}",
        "link": event_anchor(int(row["number"])),
    }


def _interval_words(artist: Artist, row: Record) -> str:
    if np.isnan(row["car"]):
        return "not complete"
    car, low, high = (amount(artist.estimates, row[name]) for name in ("car", "ci_low", "ci_high"))
    return f"{car}, {low} to {high}"


def volatility_rows(
    page: pd.DataFrame, *, alpha: float, limits: tuple[float, float]
) -> NarrowChart:
    """List how realised volatility stood to its forecast, on a log scale.

    Parameters
    ----------
    page : DataFrame
        Columns `number`, `title`, `ratio` (of variances) and `p_calibrated`.
    alpha : float
        The level below which a mark is filled.
    limits : (float, float)
        Ends of the axis that all pages share, base 10 logs.

    Returns
    -------
    NarrowChart
        A row for each event.
    """
    return NarrowChart(
        key=f"filled: calibrated p < {alpha:g}",
        axis="realised over forecast volatility (1: as forecast; log scale)",
        limits=limits,
        zero=0.0,
        ticks=tuple((at, words) for at, words in volatility_ticks(limits)),
        rows=tuple(_volatility_row(row, alpha=alpha) for row in rows_of(page)),
    )


def _volatility_row(row: Record, *, alpha: float) -> NarrowRow:
    if np.isnan(row["ratio"]):
        return NarrowRow(**_about(row), words="not known", mark=np.nan, span=(np.nan, np.nan))
    at = 0.5 * float(np.log10(row["ratio"])) if row["ratio"] > 0 else -np.inf
    p_value = rated_number(row["p_calibrated"], is_bounded=row["bounded"])
    return NarrowRow(
        **_about(row),
        words=f"{number(float(row['ratio']) ** 0.5)}, p {p_value}",
        mark=at,
        span=(min(at, 0.0), max(at, 0.0)),
        is_filled=bool(row["p_calibrated"] < alpha),
    )


def minimum_rows(artist: Artist, page: pd.DataFrame) -> NarrowChart:
    """List the least move of each event that would be found, and the one that came.

    Parameters
    ----------
    artist : Artist
        Knows the study.
    page : DataFrame
        Columns `number`, `title`, `minimum`, `minimum_textbook` and `car`.

    Returns
    -------
    NarrowChart
        A row for each event.
    """
    scale = scale_of(artist.return_unit)
    return NarrowChart(
        key="bar: least move found (calibrated), stroke: the same, textbook; filled dot: the move "
        "was at least as large",
        axis=f"size of the abnormal move, up or down, {artist.return_unit}",
        limits=minimum_limits(page, return_unit=artist.return_unit),
        zero=0.0,
        is_bar=True,
        rows=tuple(_minimum_row(artist, row, scale=scale) for row in rows_of(page)),
    )


def _minimum_row(artist: Artist, row: Record, *, scale: float) -> NarrowRow:
    least, came = (
        amount(artist.estimates, row[name], sign=name == "car") for name in ("minimum", "car")
    )
    size = abs(row["car"])
    needed = row["minimum_textbook"] if np.isnan(row["minimum"]) else row["minimum"]
    return NarrowRow(
        **_about(row),
        words=f"{came}; found from {least}",
        mark=scale * size,
        span=(0.0 if np.isfinite(row["minimum"]) else np.nan, scale * row["minimum"]),
        stroke=scale * row["minimum_textbook"],
        is_filled=bool(size >= needed),
    )
