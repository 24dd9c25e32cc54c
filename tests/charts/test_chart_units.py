"""Returns in per cent or in USD/bbl: the name of the axis and what is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from chart_data import Frames, average_frame, event_frames, forest_frame
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from oilshock import charts
from oilshock.charts.units import ReturnUnit
from oilshock.errors import DataError

UNITS = pytest.mark.parametrize(("unit", "scale"), [("per cent", 100.0), ("USD/bbl", 1.0)])


@pytest.fixture(scope="module")
def frames(prices: pd.Series) -> Frames:
    return event_frames(prices, 9000)


@pytest.fixture(scope="module")
def average(prices: pd.Series, events: pd.DataFrame) -> pd.DataFrame:
    return average_frame(prices, {"tightening": events.head(9), "easing": events.iloc[9:20]})


@pytest.fixture(scope="module")
def forest(prices: pd.Series, events: pd.DataFrame) -> pd.DataFrame:
    return forest_frame(prices, events.head(6))


def new_axes() -> Axes:
    return Figure(figsize=(6.9, 3.4)).add_subplot()


def heights(ax: Axes, label: str) -> np.ndarray:
    return next(item for item in ax.lines if item.get_label() == label).get_ydata()


def band(ax: Axes) -> tuple[float, float]:
    box = ax.collections[0].get_datalim(ax.transData)
    return box.y0, box.y1


def segments(ax: Axes, place: int, axis: int) -> np.ndarray:
    return np.array([path.vertices[:, axis] for path in ax.collections[place].get_paths()])


@UNITS
def test_abnormal_returns(unit: ReturnUnit, scale: float, frames: Frames) -> None:
    ax = charts.plot_abnormal_returns(frames.abnormal, return_unit=unit, ax=new_axes())
    assert ax.get_ylabel() == f"AR, {unit}"
    drawn = [bar.get_height() for bar in ax.patches]
    np.testing.assert_allclose(drawn, scale * frames.abnormal["abnormal_return"])
    limit = scale * frames.abnormal["half_width"].iloc[0]
    assert band(ax) == pytest.approx((-limit, limit))


@UNITS
def test_car(unit: ReturnUnit, scale: float, frames: Frames) -> None:
    ax = charts.plot_car(frames.car, return_unit=unit, ax=new_axes())
    assert ax.get_ylabel() == f"CAR, {unit}"
    car, half = frames.car["car"], frames.car["half_width"]
    np.testing.assert_allclose(heights(ax, "CAR"), scale * car)
    assert band(ax) == pytest.approx((scale * (car - half).min(), scale * (car + half).max()))


@UNITS
def test_forest(unit: ReturnUnit, scale: float, forest: pd.DataFrame) -> None:
    ax = charts.plot_car_forest(forest, return_unit=unit, ax=new_axes())
    assert ax.get_xlabel() == f"CAR, {unit}"
    dots = np.concatenate([item.get_offsets()[:, 0] for item in ax.collections[2:]])
    np.testing.assert_allclose(np.sort(dots), np.sort(scale * forest["car"]))
    ordered = forest.sort_values("car", ascending=False)
    np.testing.assert_allclose(segments(ax, 1, 0), scale * ordered[["ci_low", "ci_high"]])


@UNITS
def test_averages(unit: ReturnUnit, scale: float, average: pd.DataFrame) -> None:
    caar, aar = charts.average_figure(average, return_unit=unit).axes
    rows = average[average["group"] == "easing"]
    assert (caar.get_ylabel(), aar.get_ylabel()) == (f"CAAR, {unit}", f"AAR, {unit}")
    np.testing.assert_allclose(heights(caar, "easing"), scale * rows["caar"])
    np.testing.assert_allclose(heights(aar, "easing"), scale * rows["aar"])
    spans = np.ptp(segments(aar, 1, 1), axis=1)
    np.testing.assert_allclose(spans, scale * 2 * 2.1 * rows["aar_std_error"])
    last = rows.iloc[-1]
    labels = {text.get_text(): text for text in caar.texts}
    assert labels["easing (n = 11)"].get_position()[1] == pytest.approx(
        scale * last["caar"], abs=0.1 * scale * np.ptp(average["caar"])
    )


@UNITS
def test_figures_pass_the_unit_on(
    unit: ReturnUnit, scale: float, frames: Frames, forest: pd.DataFrame
) -> None:
    event = charts.event_figure(
        frames.abnormal, frames.car, frames.what_if,
        title="A", unit="EUR", return_unit=unit,
    )  # fmt: skip
    price, *returns = [ax.get_ylabel() for ax in event.axes]
    assert price.startswith("EUR (axis from ")
    assert returns == [f"AR, {unit}", f"CAR, {unit}"]
    limits = (-0.5 * scale, 0.5 * scale)
    ax = charts.forest_figure(forest, return_unit=unit, limits=limits).axes[0]
    assert ax.get_xlabel() == f"CAR, {unit}"
    assert ax.spines["bottom"].get_bounds() == limits


def test_an_unknown_unit_is_refused(frames: Frames, average: pd.DataFrame) -> None:
    wrong: Any = "percent"
    with pytest.raises(DataError, match='return_unit: "percent" is not a unit of returns'):
        charts.plot_car(frames.car, return_unit=wrong, ax=new_axes())
    with pytest.raises(DataError, match="Use per cent or USD/bbl"):
        charts.plot_aar(average, return_unit=wrong, ax=new_axes())
