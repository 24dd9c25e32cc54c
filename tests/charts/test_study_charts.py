"""Charts of whole studies: the unit follows the kind of returns, in axes and in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from oilshock.config import load_config
from oilshock.options import ReturnKind
from oilshock.report.analyses import analyse
from oilshock.report.figures import Charts, draw_charts
from oilshock.results import StudyResult
from oilshock.study import run_study

CONFIG = Path(__file__).parents[2] / "configs" / "ukraine-2022.toml"


def study(kind: ReturnKind) -> StudyResult:
    config = load_config(CONFIG)
    returns = config.returns.model_copy(update={"kind": kind})
    return run_study(config.model_copy(update={"returns": returns}))


def drawn(result: StudyResult) -> Charts:
    return draw_charts(
        result.estimates, result.facts, analyses=analyse(result.estimates), progress=lambda *_: None
    )


@pytest.fixture(scope="module")
def difference() -> StudyResult:
    return study("difference")


@pytest.fixture(scope="module")
def simple() -> StudyResult:
    return study("simple")


def test_no_per_cent_stands_in_a_study_of_differences(difference: StudyResult) -> None:
    charts = drawn(difference)
    returns = (*charts.forests, *charts.averages, *charts.events)
    assert len(returns) >= 4
    for chart in returns:
        assert ", USD/bbl<" in chart.svg, chart.name
        assert "per cent" not in chart.svg, chart.name
        assert "%" not in chart.alt + chart.caption, chart.name
    low = difference.car(0, 0)["car"].min()
    assert f"from {low:+.2f} USD/bbl to".replace("-", "−") in charts.forests[0].alt
    day0 = difference.abnormal_returns.iloc[0][0]
    assert f"abnormal return {day0:+.2f} USD/bbl;".replace("-", "−") in charts.events[0].alt


def test_simple_returns_are_in_per_cent(simple: StudyResult) -> None:
    charts = drawn(simple)
    for chart in (*charts.forests, *charts.averages, *charts.events):
        assert ", per cent<" in chart.svg, chart.name
    day0 = simple.abnormal_returns.iloc[0][0]
    assert f"abnormal return {100 * day0:+.2f} %;".replace("-", "−") in charts.events[0].alt


@pytest.mark.parametrize(
    ("name", "unit", "scale"), [("difference", "USD/bbl", 1), ("simple", "per cent", 100)]
)
def test_result_plots(name: str, unit: str, scale: float, request: pytest.FixtureRequest) -> None:
    result: StudyResult = request.getfixturevalue(name)
    ax = result.plot(start=0, end=5, ax=Figure().add_subplot())
    assert ax.get_xlabel() == f"CAR, {unit}"
    dots = np.concatenate([item.get_offsets()[:, 0] for item in ax.collections[2:]])
    np.testing.assert_allclose(np.sort(dots), np.sort(scale * result.car(0, 5)["car"]))
    ids = result.estimates.ids
    ax = result.plot_event(ids[1], ax=Figure().add_subplot())
    assert ax.get_ylabel() == f"CAR, {unit}"
    car = next(item for item in ax.lines if item.get_label() == "CAR").get_ydata()
    np.testing.assert_allclose(car, scale * result.abnormal_returns.loc[ids[1]].cumsum())
