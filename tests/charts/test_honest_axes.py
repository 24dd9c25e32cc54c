"""Honest axes: a price axis that does not start at zero says so; returns have their zero line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from chart_figures import FIGURES
from matplotlib.figure import Figure

from oilshock.charts import plot_price, plot_what_if

NO_EVENTS = pd.DataFrame({"number": [], "title": [], "session": [], "direction": []})


def price_axis(values: list[float]) -> str:
    sessions = pd.bdate_range("2020-04-16", periods=len(values))
    ax = plot_price(pd.Series(values, sessions), NO_EVENTS, ax=Figure().add_subplot())
    low, high = ax.spines["left"].get_bounds()
    assert low < min(values) < max(values) < high
    return str(ax.get_ylabel())


def test_a_cut_price_axis_says_where_it_starts() -> None:
    assert price_axis([70.0, 80.0]) == "USD/bbl (axis from 69.4)"


def test_an_axis_with_zero_says_nothing() -> None:
    assert price_axis([18.3, -36.98, 9.1]) == "USD/bbl"
    assert price_axis([1.0, 90.0]) == "USD/bbl"


def test_an_axis_that_nearly_reaches_zero_starts_there() -> None:
    assert price_axis([9.1, 143.9]) == "USD/bbl"
    assert price_axis([40.0, 143.9]) == "USD/bbl (axis from 33.8)"


def test_the_what_if_chart_says_it_too() -> None:
    frame = pd.DataFrame(
        {
            "relative_day": [-1, 0], "session": ["2024-04-12", "2024-04-15"],
            "price": [93.1, 90.8], "expected_price": [93.1, 93.2],
            "low": [93.1, 89.4], "high": [93.1, 97.2],
        }
    )  # fmt: skip
    ax = plot_what_if(frame, ax=Figure().add_subplot())
    low = ax.spines["left"].get_bounds()[0]
    assert ax.get_ylabel() == f"USD/bbl (axis from {low:.3g})"


RETURNS = [
    ("event_figure", 1),
    ("event_figure", 2),
    ("average_figure", 0),
    ("average_figure", 1),
    ("dynamics_figure", 0),
    ("paths_figure", 0),
    ("parts_figure", 0),
    ("moves_figure", 0),
    ("curve_figure", 0),
]


@pytest.mark.parametrize(("name", "place"), RETURNS)
def test_returns_have_a_zero_line(name: str, place: int) -> None:
    ax = FIGURES[name]().axes[place]
    assert ax.get_ylim()[0] < 0 < ax.get_ylim()[1]
    flat = [
        line for line in ax.lines if len(line.get_ydata()) == 2 and not np.any(line.get_ydata())
    ]
    assert len(flat) == 1
    low, high = ax.spines["bottom"].get_bounds() or ax.get_xlim()
    assert flat[0].get_xdata()[0] <= low
    assert flat[0].get_xdata()[1] >= high


@pytest.mark.parametrize("name", ["forest_figure", "coefficients_figure", "aftermath_figure"])
def test_returns_across_have_a_zero_line(name: str) -> None:
    ax = FIGURES[name]().axes[0]
    lines = [np.asarray(line.get_xdata()) for line in ax.lines]
    lines += [path.vertices[:, 0] for item in ax.collections for path in item.get_paths()]
    assert any(len(x) == 2 and not x.any() for x in lines)
