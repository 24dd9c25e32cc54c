"""What the charts of the further analyses say at a point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from oilshock.charts.dates import date_numbers
from oilshock.charts.units import scale_of
from oilshock.narrative import amount, confidence
from oilshock.report.artist import Artist
from oilshock.report.numbering import event_anchor
from oilshock.report.readings import date_words
from oilshock.report.tips import Reading, Span, around
from oilshock.tables import rows_of
from oilshock.typing import Window
from oilshock.words import count, number, p_number, relative, window_text

_DOT_PT = 5.0


def volatility_readings(page: pd.DataFrame, *, window: Window) -> list[Reading]:
    """Say of each row how realised volatility stands to its forecast."""
    return [
        Reading(
            f"{row['number']} {row['title']} · volatility over {window_text(*window)}: "
            f"{number(float(row['ratio']) ** 0.5)} of its forecast · "
            f"calibrated p {p_number(row['p_calibrated'])}",
            (Span(0, y=(place - 0.5, place + 0.5)),),
            event_anchor(int(row["number"])),
        )
        for place, row in enumerate(rows_of(page))
    ]


def minimum_readings(artist: Artist, page: pd.DataFrame, *, window: Window) -> list[Reading]:
    """Say of each row which move would have been found, and which one came."""
    readings = []
    for place, row in enumerate(rows_of(page)):
        least, textbook = (
            amount(artist.estimates, float(row[name]), sign=False)
            for name in ("minimum", "minimum_textbook")
        )
        parts = [
            f"{row['number']} {row['title']}",
            f"found from {least} (textbook: {textbook})",
            f"CAR {window_text(*window)} {amount(artist.estimates, float(row['car']))}",
        ]
        span = Span(0, y=(place - 0.5, place + 0.5))
        readings.append(Reading(" · ".join(parts), (span,), event_anchor(int(row["number"]))))
    return readings


def response_readings(
    artist: Artist, frame: pd.DataFrame, *, titles: Sequence[str]
) -> list[Reading]:
    """Say the average response of each class at each session; a class has an Axes of its own."""
    level = confidence(artist.estimates)
    readings = []
    for place, (title, (_, rows)) in enumerate(
        zip(titles, frame.groupby("group", sort=False), strict=True)
    ):
        for row in rows_of(rows):
            low, high, response = (
                amount(artist.estimates, float(row[name]))
                for name in ("ci_low", "ci_high", "response")
            )
            parts = [
                title,
                f"day {relative(int(row['horizon']))}",
                f"cumulated response {response}",
                f"{level} interval {low} to {high}",
                count(int(row["n_events"]), "event"),
            ]
            at = int(row["horizon"])
            readings.append(Reading(" · ".join(parts), (Span(place, x=(at - 0.5, at + 0.5)),)))
    return readings


def move_readings(artist: Artist, moves: pd.DataFrame, *, figure: Figure) -> list[Reading]:
    """Say of each unusual session its return, its ranks, and the known events near it."""
    ordered = moves.sort_values("session", kind="stable")
    x = date_numbers(ordered["session"])
    y = scale_of(artist.return_unit) * ordered["return"].to_numpy(dtype=np.float64)
    readings = []
    for row, at, size in zip(rows_of(ordered), x, y, strict=True):
        parts = [
            date_words(row["session"]),
            f"return {amount(artist.estimates, float(row['return']))}",
            f"rank {row['rank_raw']:,} by size, {row['rank_scaled']:,} for its moment",
            f"nearby: {row['titles']}" if row["titles"] else "no known event nearby",
        ]
        spot = around(figure, 0, x=float(at), y=float(size), points=_DOT_PT)
        readings.append(Reading(" · ".join(parts), (spot,)))
    return readings
