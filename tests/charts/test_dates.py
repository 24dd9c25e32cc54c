"""Dates on an axis: they read at any span, and are the same in every locale."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from matplotlib.figure import Figure

from oilshock.charts import plot_price, style
from oilshock.charts.dates import date_numbers, date_ticks, date_words, set_date_axis
from oilshock.charts.labels import text_width
from oilshock.charts.style import BODY_PT

NO_EVENTS = pd.DataFrame({"number": [], "title": [], "session": [], "direction": []})


def words(start: str, stop: str, *, most: int = 10) -> list[str]:
    low, high = date_numbers([start, stop])
    return date_words(date_ticks(low, high, most=most))


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        ("2024-04-15", "2024-04-19", ["15 Apr\n2024", "16 Apr", "17 Apr", "18 Apr", "19 Apr"]),
        ("2023-12-28", "2024-01-19", ["1 Jan\n2024", "8 Jan", "15 Jan"]),
        ("2024-09-20", "2025-02-10", ["Oct\n2024", "Nov", "Dec", "Jan\n2025", "Feb"]),
        ("2023-06-30", "2025-01-31", ["Jul\n2023", "Jan\n2024", "Jul", "Jan\n2025"]),
        ("1987-05-20", "2026-09-29", ["1990", "2000", "2010", "2020"]),
    ],
)
def test_words(start: str, stop: str, expected: list[str]) -> None:
    assert words(start, stop, most=max(len(expected), 4)) == expected


@pytest.mark.parametrize("size", ["report", "slide", "web"])
@pytest.mark.parametrize("days", [5, 23, 196, 780, 10_400])
def test_dates_never_touch_and_say_their_year(days: int, size: str) -> None:
    sessions = pd.bdate_range("1986-11-03", periods=days)
    prices = pd.Series(range(60, 60 + days), sessions, dtype=float)
    with style(size):  # type: ignore[arg-type]
        ax = plot_price(prices, NO_EVENTS, ax=Figure(figsize=(6.0, 3.0)).add_subplot())
        labels = [label.get_text() for label in ax.xaxis.get_ticklabels()]
        ticks = ax.xaxis.get_ticklocs()
    left, right = ax.get_xlim()
    scale = {"report": 1.0, "slide": 1.905, "web": 1.3}[size]
    places = [(tick - left) / (right - left) * ax.bbox.width * 0.72 / scale for tick in ticks]
    ends = [
        (place - width / 2, place + width / 2)
        for place, label in zip(places, labels, strict=True)
        for width in [max(text_width(line, BODY_PT) for line in label.split("\n"))]
    ]
    assert all(one[1] + 2 < other[0] for one, other in pairwise(ends))
    assert 2 <= len(labels) <= 10
    assert labels[0][-4:].isdigit()


def test_ticks_are_inside_the_dates_drawn() -> None:
    ax = Figure(figsize=(6.9, 3)).add_subplot()
    low, high = date_numbers(["2024-01-15", "2024-06-14"])
    ax.set_xlim(low, high + 90)
    set_date_axis(ax, low, high)
    assert low <= min(ax.xaxis.get_ticklocs())
    assert max(ax.xaxis.get_ticklocs()) <= high
