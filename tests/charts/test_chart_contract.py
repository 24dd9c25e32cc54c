"""Every public chart: the `ax` contract, no state left behind, text as written, all inside."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from typing import Any, get_args

import matplotlib
import numpy as np
import pandas as pd
import pytest
from chart_data import (
    aftermath_frame,
    average_frame,
    event_frames,
    forest_frame,
    moves_frame,
    parts_frame,
    path_frame,
    response_frame,
    strip_frame,
)
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from oilshock import charts
from oilshock.charts.size import SIZES
from oilshock.errors import DataError
from oilshock.options import ChartSize

PLOTS = [name for name in charts.__all__ if name.startswith("plot_")]
TITLES = ["$90 & <script> 50%_x $a_b$", "هجوم إيران على إسرائيل", "Long " * 40, "日本 \x07 title"]


@pytest.fixture(scope="module")
def calls(prices: pd.Series, events: pd.DataFrame) -> dict[str, Callable[..., Axes]]:
    """Each chart with real data: odd titles, an event without a CAR, one left out."""
    shown = events[(events["date"] >= "2024-03-01") & (events["date"] < "2024-05-01")].head(8)
    shown = shown.assign(title=(TITLES * 2)[: len(shown)], number=range(1, len(shown) + 1))
    frames = event_frames(prices, int(prices.index.searchsorted(pd.Timestamp("2026-09-23"))))
    forest = forest_frame(prices, shown)
    forest.loc[0, ["car", "ci_low", "ci_high", "p_value"]] = np.nan
    span = prices.loc["2023-08":"2024-06"]
    average = average_frame(prices, {"all": shown, "direction=+": shown.head(3)})
    coefficients = pd.DataFrame(
        {
            "term": ["constant", *(f"title={title}" for title in TITLES)],
            "estimate": [0.01, -0.02, np.nan, 0.3, 0.0],
            "ci_low": [0.0, -0.03, np.nan, 0.1, np.nan],
            "ci_high": [0.02, -0.01, np.nan, 0.5, np.nan],
            "p_value": [0.03, 0.2, np.nan, 0.001, np.nan],
            "n_events": [9, 5, 0, 7, 8],
            "reason": ["", "", "2 events, fewer than 5: left out", "", "alone"],
        }
    )
    data: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
        "plot_price": ((span, shown), {"levels": [90, 90.5]}),
        "plot_event_key": ((shown,), {}),
        "plot_abnormal_returns": ((frames.abnormal,), {}),
        "plot_car": ((frames.car,), {}),
        "plot_what_if": ((frames.what_if,), {"levels": [100]}),
        "plot_car_forest": ((forest,), {}),
        "plot_coefficients": ((coefficients,), {}),
        "plot_aar": ((average,), {}),
        "plot_caar": ((average,), {}),
        "plot_timeline": ((shown,), {}),
        "plot_series": ((series_frame(prices),), {"gap": ("2024-04-15", 90.84, 80.0)}),
        **answers(shown),
        "plot_parts": ((parts_frame(),), {}),
        "plot_response": ((response_frame(),), {}),
        "plot_paths": ((path_frame(shown),), {"lead": 2}),
        "plot_history": (
            (strip_frame(prices), shown.assign(strip="conflict", move=0.02)),
            {"names": {"all": TITLES[0], "conflict": TITLES[2]}},
        ),
        "plot_volatility": ((shown.assign(ratio=[np.nan, *[2.0] * 7], p_calibrated=0.03),), {}),
        "plot_aftermath": ((aftermath_frame(), moves_frame()), {"actual": {1: -0.02}}),
    }

    def bind(name: str) -> Callable[..., Axes]:
        args, options = data[name]
        return lambda **more: getattr(charts, name)(*args, **options, **more)

    return {name: bind(name) for name in data}


def answers(shown: pd.DataFrame) -> dict[str, tuple[tuple[Any, ...], dict[str, Any]]]:
    """Data of the charts of scan, sweep and power."""
    days = pd.to_datetime(["1990-01-02", "2020-04-21", "2026-09-29"])
    moves = pd.DataFrame({"session": days, "return": [0.1, -0.64, 0.2], "explained": [1, 0, 1]})
    usual = pd.DataFrame({"session": days, "size": [0.02, 0.05, 0.05]})
    power = pd.DataFrame({"n_events": 1, "shock": [0.0, 0.1], "power": [0.05, 0.9]})
    least = shown[["number", "title"]].assign(minimum=0.05, minimum_textbook=0.06, car=-0.02)
    grid = pd.DataFrame({"effect": [0.02, 0.01], "p_value": [0.01, 0.2], "gap": [10, 20]})
    return {
        "plot_unusual_moves": ((moves,), {"usual": usual}),
        "plot_power_curves": ((power,), {}),
        "plot_minimum_moves": ((least,), {}),
        "plot_specification_curve": ((grid,), {}),
        "plot_choices": ((grid,), {"dimensions": [("gap", "gap")]}),
    }


def series_frame(prices: pd.Series) -> pd.DataFrame:
    """Brent spot and three made-up series that follow it."""
    part = prices.loc["2024-01":"2024-06"]
    names = {"Brent spot": 1.0, TITLES[0]: 0.97, TITLES[1]: 0.9, "WTI": 0.88}
    frames = [
        pd.DataFrame({"series": name, "session": part.index, "price": by * part.to_numpy()})
        for name, by in names.items()
    ]
    return pd.concat(frames, ignore_index=True)


def new_axes() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6.9, 3.4))
    FigureCanvasAgg(figure)
    return figure, figure.add_axes((0.08, 0.16, 0.9, 0.74))


def test_all_plots_are_tried(calls: dict[str, Callable[..., Axes]]) -> None:
    assert sorted(calls) == sorted(PLOTS)


@pytest.mark.parametrize("name", PLOTS)
def test_signature(name: str) -> None:
    parameters = inspect.signature(getattr(charts, name)).parameters
    assert parameters["ax"].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["ax"].default is None
    positional = [p for p in parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert 1 <= len(positional) <= 2


@pytest.mark.parametrize("name", PLOTS)
def test_draws_on_the_axes_given_only(name: str, calls: dict[str, Callable[..., Axes]]) -> None:
    from matplotlib import pyplot as plt

    figure, ax = new_axes()
    beside = figure.add_axes((0, 0, 0.01, 0.01))
    children = len(beside.get_children())
    before = dict(matplotlib.rcParams)
    assert calls[name](ax=ax) is ax
    assert dict(matplotlib.rcParams) == before
    assert plt.get_fignums() == []
    assert figure.axes == [ax, beside]
    assert len(beside.get_children()) == children


@pytest.mark.parametrize("name", PLOTS)
def test_makes_a_figure_when_none_is_given(
    name: str, calls: dict[str, Callable[..., Axes]]
) -> None:
    from matplotlib import pyplot as plt

    before = dict(matplotlib.rcParams)
    ax = calls[name]()
    try:
        assert plt.get_fignums() == [ax.figure.number]
        assert dict(matplotlib.rcParams) == before
    finally:
        plt.close(ax.figure)


@pytest.mark.parametrize("size", get_args(ChartSize))
@pytest.mark.parametrize("name", PLOTS)
def test_everything_is_inside_the_figure_in_every_size(
    name: str, size: ChartSize, calls: dict[str, Callable[..., Axes]]
) -> None:
    with charts.style(size):
        width, height = SIZES[size].width * SIZES[size].scale, 3.4 * SIZES[size].scale
        figure = Figure(figsize=(width, height))
        FigureCanvasAgg(figure)
        ax = figure.add_axes((0.1, 0.18, 0.88, 0.72))
        assert calls[name](ax=ax) is ax
        box = figure.get_tightbbox()
    assert box.x0 >= 0
    assert box.y0 >= 0
    assert box.x1 <= width
    assert box.y1 <= height


@pytest.mark.parametrize("name", PLOTS)
def test_every_axis_has_its_unit(name: str, calls: dict[str, Callable[..., Axes]]) -> None:
    ax = calls[name](ax=new_axes()[1])
    units = (
        "USD/bbl",
        "per cent",
        "sessions from the event (day 0)",
        "(1: as forecast; log scale)",
    )
    named = [ax.get_xlabel(), ax.get_ylabel()]
    assert all(any(unit in text for unit in units) for text in named if text)
    if name not in ("plot_event_key", "plot_timeline", "plot_choices"):
        assert any(named)


@pytest.mark.parametrize("name", ["plot_event_key", "plot_car_forest", "plot_timeline"])
def test_titles_come_out_as_written(name: str, calls: dict[str, Callable[..., Axes]]) -> None:
    ax = calls[name](ax=new_axes()[1])
    texts = {text.get_text(): text for text in ax.texts}
    for title in TITLES[:2]:
        assert not texts[title].get_parse_math()
    # Beside a row a title has one line, in the key as many as it needs.
    assert any(text.endswith("…") for text in texts) == (name != "plot_event_key")
    assert "□□ □ title" in texts


@pytest.mark.parametrize(
    "name", [name for name in PLOTS if name not in ("plot_price", "plot_event_key")]
)
def test_missing_columns_and_empty_frames_are_refused(name: str) -> None:
    parameters = inspect.signature(getattr(charts, name)).parameters.values()
    n_frames = sum(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters)
    with pytest.raises(DataError, match=f"{name}: needs the columns .*; came: x"):
        getattr(charts, name)(*[pd.DataFrame({"x": [1]})] * n_frames)


def test_empty_series_is_refused(events: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="plot_price: the frame has no row"):
        charts.plot_price(pd.Series([], index=pd.DatetimeIndex([]), dtype=float), events)


def test_names_are_public_and_import_is_light() -> None:
    code = (
        "import sys, matplotlib; before = dict(matplotlib.rcParams); import oilshock.charts as c;"
        "assert 'matplotlib.pyplot' not in sys.modules;"
        "assert dict(matplotlib.rcParams) == before;"
        "assert all(hasattr(c, name) for name in c.__all__)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
