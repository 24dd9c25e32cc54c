"""What the charts of the further analyses say at a point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from oilshock.charts.coefficients import term_words
from oilshock.charts.curve import choice_rows, thin
from oilshock.charts.dates import date_numbers
from oilshock.charts.units import scale_of
from oilshock.narrative import amount, confidence
from oilshock.quoted_p import rated_number
from oilshock.report.artist import Artist
from oilshock.report.numbering import event_anchor
from oilshock.report.readings import date_words
from oilshock.report.tips import Reading, Span, around, column_spans, columns_of, row_span
from oilshock.tables import rows_of
from oilshock.typing import Record, Window
from oilshock.words import count, cut, number, p_number, relative, window_text, window_words

MOST_NAMED = 8
"""More paths or parts than this are told together."""

_TITLE = 32
_DOT_PT = 5.0


def volatility_readings(page: pd.DataFrame, *, window: Window) -> list[Reading]:
    """Say of each row how realised volatility stands to its forecast."""
    return [
        Reading(
            f"{row['number']} {row['title']} · volatility over {window_text(*window)}: "
            f"{number(float(row['ratio']) ** 0.5)} of its forecast · "
            f"calibrated p {rated_number(row['p_calibrated'], is_bounded=row['bounded'])}",
            (row_span(place),),
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
        link = event_anchor(int(row["number"]))
        readings.append(Reading(" · ".join(parts), (row_span(place),), link))
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
            readings.append(Reading(" · ".join(parts), column_spans(int(row["horizon"]), place)))
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
            f"rank {row['rank_raw']:,} by size, {row['rank_scaled']:,} for its GARCH volatility",
            f"nearby: {row['titles']}" if row["titles"] else "no known event nearby",
        ]
        spot = around(figure, 0, x=float(at), y=float(size), points=_DOT_PT)
        readings.append(Reading(" · ".join(parts), (spot,)))
    return readings


def path_readings(artist: Artist, frame: pd.DataFrame, *, lead: int) -> list[Reading]:
    """Say for each day the CAR of the leading event, what ordinary paths do, and the others."""
    level = confidence(artist.estimates)
    readings = []
    for day, rows in _grouped(frame, "day").items():
        parts = [f"Day {relative(day)}"]
        others = [row for row in rows if row["number"] != lead]
        for row in rows:
            if row["number"] == lead:
                car = amount(artist.estimates, row["car"])
                parts.append(f"{lead} {row['title']}: CAR {window_text(0, day)} {car}")
                if not np.isnan(row["half_width"]):
                    half = amount(artist.estimates, row["half_width"], sign=False)
                    parts.append(f"{level} band of ordinary paths ±{half}")
        if len(others) <= MOST_NAMED:
            parts += [
                f"{row['number']} {cut(row['title'], _TITLE)}: "
                f"{amount(artist.estimates, row['car'])}"
                for row in others
            ]
        else:
            cars = [row["car"] for row in others]
            middle = amount(artist.estimates, float(np.median(cars)))
            parts.append(
                f"{count(len(others), 'other event')}: {artist.amounts(cars)}, median {middle}"
            )
        readings.append(Reading(" · ".join(parts), column_spans(day, 0)))
    return readings


def _grouped(frame: pd.DataFrame, name: str) -> dict[Any, list[Record]]:
    """Gather the rows of a frame by one column, in order."""
    groups: dict[Any, list[Record]] = {}
    for row in rows_of(frame):
        groups.setdefault(row[name], []).append(row)
    return groups


def power_readings(artist: Artist, frame: pd.DataFrame) -> list[Reading]:
    """Say for each size of a move how often so many events find it."""
    sizes = np.unique(frame["shock"].to_numpy(dtype=np.float64))
    readings = []
    for (_, column), size in zip(
        columns_of(scale_of(artist.return_unit) * sizes), sizes, strict=True
    ):
        parts = [f"A move of {amount(artist.estimates, float(size), sign=False)}"]
        parts += [
            f"{count(int(row['n_events']), 'event')}: found by {_percent(row['power'])} of studies "
            f"(standard error {number(100 * row['std_error'], digits=1)})"
            for row in rows_of(frame[frame["shock"] == size])
        ]
        readings.append(Reading(" · ".join(parts), (Span(0, x=column),)))
    return readings


def _percent(share: float) -> str:
    return f"{number(100 * share, digits=1)} %"


def coefficient_readings(artist: Artist, frame: pd.DataFrame, *, window: Window) -> list[Reading]:
    """Say of each attribute its coefficient, interval and p, or why it has none."""
    level = confidence(artist.estimates)
    readings = []
    for place, row in enumerate(rows_of(frame)):
        parts = [term_words(str(row["term"]))]
        if np.isnan(row["estimate"]):
            parts.append(str(row["reason"]))
        else:
            value, low, high = (
                amount(artist.estimates, row[name]) for name in ("estimate", "ci_low", "ci_high")
            )
            parts.append(f"coefficient for CAR {window_text(*window)} {value}")
            if not np.isnan(row["p_value"]):
                parts += [f"{level} interval {low} to {high}", f"p {p_number(row['p_value'])}"]
        if row["n_events"] > 0:
            parts.append(count(int(row["n_events"]), "event"))
        readings.append(Reading(" · ".join(parts), (row_span(place),)))
    return readings


def curve_readings(
    artist: Artist, frame: pd.DataFrame, *, names: dict[str, str], own: int
) -> list[Reading]:
    """Say of each specification its effect, its p, and the choices that it makes."""
    varied = dict.fromkeys(column for column, _, _ in choice_rows(frame, tuple(names.items())))
    rows = thin(frame)
    panels = (0, 1) if varied else (0,)
    readings = []
    for place, (label, row) in enumerate(zip(rows.index, rows_of(rows), strict=True)):
        parts = [
            f"Effect {amount(artist.estimates, row['effect'])}",
            f"p {p_number(row['p_value'])}",
            *(["the report's own choice"] if label == own else []),
            *(f"{names[column]}: {window_words(str(row[column]))}" for column in varied),
            count(int(row["n_events"]), "event"),
        ]
        readings.append(Reading(" · ".join(parts), column_spans(place, *panels)))
    return readings


def part_readings(frame: pd.DataFrame) -> list[Reading]:
    """Say for each session of an episode its price, and in dollars what it is made of."""
    readings = []
    for place, (session, rows) in enumerate(_grouped(frame, "session").items()):
        price, base = (
            next(row[name] for row in rows if row["kind"] == "base") for name in ("price", "usd")
        )
        moved = [row for row in rows if row["kind"] != "base" and abs(row["usd"]) >= 0.005]
        sizes = sorted((abs(row["usd"]) for row in moved), reverse=True)
        least = sizes[MOST_NAMED - 1] if len(sizes) > MOST_NAMED else 0.0
        rest = [row["usd"] for row in moved if abs(row["usd"]) < least]
        parts = [
            date_words(session),
            f"price {number(price)}, {number(price - base, sign='+')} USD/bbl from {number(base)}",
            *(
                f"{cut(row['part'], _TITLE)}: {number(row['usd'], sign='+')} USD/bbl"
                for row in moved
                if abs(row["usd"]) >= least
            ),
        ]
        if rest:
            parts.append(f"{count(len(rest), 'other part')}: {number(sum(rest), sign='+')} USD/bbl")
        readings.append(Reading(" · ".join(parts), column_spans(place, 0)))
    return readings
