"""Charts of scan, sweep and power: what stands where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from oilshock.charts import (
    curve_figure,
    minimum_figure,
    moves_figure,
    plot_choices,
    plot_minimum_moves,
    plot_power_curves,
    plot_specification_curve,
    plot_unusual_moves,
    power_figure,
    usual_sizes,
)
from oilshock.charts.curve import thin
from oilshock.charts.style import ABNORMAL

DAYS = pd.to_datetime(["1990-01-02", "2020-04-21", "2026-09-29"])
MOVES = pd.DataFrame({"session": DAYS[1:], "return": [-0.64, 0.10], "explained": [False, True]})
USUAL = pd.DataFrame({"session": DAYS, "size": [0.02, 0.05, 0.05]})
POWER = pd.DataFrame(
    {"n_events": [1, 1, 5, 5], "shock": [0.0, 0.1] * 2, "power": [0.05, 0.9, 0.06, 1.0]}
)
EVENTS = pd.DataFrame(
    {
        "number": [1, 2, 3],
        "title": ["A strike", "Talks", "A leak"],
        "minimum": [0.05, 0.05, np.nan],
        "minimum_textbook": [0.06, 0.06, 0.06],
        "car": [-0.08, 0.01, 0.02],
    }
)
GRID = pd.DataFrame(
    {
        "effect": [0.03, -0.01, 0.01, 0.02],
        "p_value": [0.01, 0.5, 0.2, 0.03],
        "gap": [10, 20, 20, 10],
        "window": ["[0, 0]", "[-1, 1]", "[0, 0]", "[-1, 1]"],
        "test": "t",
    }
)
DIMENSIONS = (("gap", "gap"), ("window", "event window"), ("test", "test"))


def new_axes():
    figure = Figure(figsize=(6.9, 3.4))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.08, 0.16, 0.9, 0.74))


def dots(ax, *, face: str) -> list[float]:
    """Heights of the dots whose inside has a colour."""
    from matplotlib.colors import to_rgba

    return [
        float(at[1])
        for collection in ax.collections
        if len(collection.get_facecolors())
        and tuple(collection.get_facecolors()[0]) == to_rgba(face)
        for at in collection.get_offsets()
    ]


def test_moves_without_an_event_are_hollow() -> None:
    ax = plot_unusual_moves(MOVES, usual=USUAL, ax=new_axes())
    assert dots(ax, face="white") == [pytest.approx(-64.0)]
    assert dots(ax, face="#666666") == [pytest.approx(10.0)]
    assert [text.get_text() for text in ax.texts] == ["21 Apr 2020", "29 Sep 2026"]


def test_labels_of_moves_cover_neither_each_other_nor_a_dot() -> None:
    rng = np.random.default_rng(0)
    days = pd.DatetimeIndex(
        rng.choice(pd.bdate_range("2019-06-01", "2020-12-31"), 60, replace=False)
    )
    moves = pd.DataFrame({"session": days, "return": rng.normal(0, 0.2, 60), "explained": True})
    ax = plot_unusual_moves(moves, usual=USUAL, ax=new_axes())
    boxes = [text.get_window_extent() for text in ax.texts]
    assert len(boxes) >= 3
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:place])
    (width, _) = ax.figure.get_size_inches() * ax.figure.dpi
    assert all(box.x0 >= 0 and box.x1 <= width for box in boxes)


def test_usual_sizes_step_at_the_breaks() -> None:
    sessions = pd.bdate_range("2024-01-01", periods=7)
    returns = np.array([np.nan, 0.01, -0.01, 0.01, 0.04, -0.04, 0.04])
    breaks = pd.DataFrame({"kind": ["mean", "size"], "session": sessions[[2, 4]]})
    table = usual_sizes(returns, sessions, breaks=breaks)
    assert table["session"].tolist() == [sessions[1], sessions[4], sessions[6]]
    np.testing.assert_allclose(table["size"], [0.01, 0.04, 0.04])


def test_power_curves_are_in_per_cent_and_named_in_a_key() -> None:
    ax = plot_power_curves(POWER, ax=new_axes())
    legend = ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["1 event", "5 events"]
    assert [handle.get_marker() for handle in legend.legend_handles] == ["o", "^"]
    curve = next(line for line in ax.lines if line.get_label() == "1 event")
    np.testing.assert_allclose(curve.get_xdata(), [0, 10])
    np.testing.assert_allclose(curve.get_ydata(), [5, 90])


def test_a_move_that_is_large_enough_is_filled() -> None:
    ax = plot_minimum_moves(EVENTS, ax=new_axes())
    filled = [
        at
        for collection in ax.collections
        if len(collection.get_offsets())
        and len(collection.get_facecolors())
        and tuple(collection.get_facecolors()[0][:3]) != (1.0, 1.0, 1.0)
        for at in collection.get_offsets().tolist()
    ]
    assert [8.0, 0.0] in [[round(x, 9), y] for x, y in filled]
    assert [1.0, 1.0] not in filled
    assert len(ax.patches) >= 2


def test_the_curve_is_sorted_and_significance_filled() -> None:
    ax = plot_specification_curve(GRID, own=2, ax=new_axes())
    assert dots(ax, face=ABNORMAL) == [pytest.approx(2.0), pytest.approx(3.0)]
    assert dots(ax, face="white") == [pytest.approx(-1.0), pytest.approx(1.0)]
    assert "median" in [text.get_text() for text in ax.texts]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["p < 0.05", "p ≥ 0.05", "the report's own choice"]


def test_choices_stand_below_their_specification() -> None:
    ax = plot_choices(GRID, dimensions=DIMENSIONS, ax=new_axes())
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["gap", "10", "20", "event window", "[0, 0]", "[−1, +1]"]
    # Sorted by effect: −0.01 (20), 0.01 (20), 0.02 (10), 0.03 (10).
    marks = [segment[0][0] for segment in ax.collections[0].get_segments()]
    assert marks == [2.0, 3.0]


def test_a_long_curve_is_thinned_from_end_to_end() -> None:
    frame = pd.DataFrame({"effect": np.linspace(-1, 1, 5000)[::-1], "p_value": 0.5})
    shown = thin(frame)["effect"]
    assert len(shown) == 300
    assert (shown.iloc[0], shown.iloc[-1]) == (-1.0, 1.0)
    assert shown.is_monotonic_increasing


@pytest.mark.parametrize(
    "figure",
    [
        moves_figure(MOVES, usual=USUAL, source="Source: test."),
        power_figure(POWER, source="Source: test."),
        minimum_figure(EVENTS, source="Source: test."),
        curve_figure(
            GRID,
            dimensions=DIMENSIONS,
            band=(np.full(4, -0.02), np.full(4, 0.02)),
            own=0,
            source="Source: test.",
        ),
        curve_figure(GRID, dimensions=(("test", "test"),), source="Source: test."),
    ],
    ids=["moves", "power", "minimum", "curve", "curve of one choice"],
)
def test_everything_is_inside_the_figure(figure: Figure, tmp_path: Path) -> None:
    FigureCanvasAgg(figure)
    figure.savefig(tmp_path / "x.png")
    box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert box.x0 >= -0.01
    assert box.y0 >= -0.01
    assert box.x1 <= width + 0.01
    assert box.y1 <= height + 0.01
    assert [text.get_text() for text in figure.texts] == ["Source: test."]
