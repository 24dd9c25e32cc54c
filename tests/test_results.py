"""What a result gives: fresh frames, named errors, charts on the Axes given."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from oilshock import EventStudy, StudyResult, load_events, load_prices
from oilshock.errors import ConfigError, OutputError
from oilshock.output import write_study
from oilshock.tables import EXTRA_TABLES, TABLES, to_csv

ATTACK = "iran-attacks-israel-apr2024"
IDS = ("damascus-consulate-strike-2024", ATTACK)
LATE = {"id": "late", "date": "2027-01-05", "title": "Later"}


@pytest.fixture(scope="module")
def result() -> StudyResult:
    rows = load_events().filter(ids=IDS).to_frame().to_dict("records")
    return EventStudy(load_prices(), [*rows, LATE], levels=[90.0], title="<b>T</b>").fit()


@pytest.mark.parametrize("name", [*TABLES, *EXTRA_TABLES])
def test_a_table_is_a_fresh_copy(result: StudyResult, name: str) -> None:
    before = result.table(name)
    spoilt = result.table(name)
    spoilt.iloc[:, 0] = spoilt.iloc[:, 0].to_numpy()[::-1]
    spoilt["new"] = 1
    pd.testing.assert_frame_equal(result.table(name), before)


@pytest.mark.parametrize(
    "view",
    [
        lambda result: result.abnormal_returns,
        lambda result: result.car(0, 5),
        lambda result: result.to_frame(),
        lambda result: result.what_if(ATTACK).to_frame(),
        lambda result: result.test("t", 0, 5),
        lambda result: result.bhar(0, 5).to_frame(),
    ],
)
def test_a_view_is_a_fresh_copy(result: StudyResult, view: Any) -> None:
    before = view(result)
    spoilt = view(result)
    for name in spoilt.columns:
        spoilt[name] = spoilt[name].to_numpy()[0]
    spoilt["new"] = 1
    pd.testing.assert_frame_equal(view(result), before)


def test_a_result_is_immutable(result: StudyResult) -> None:
    with pytest.raises(FrozenInstanceError):
        result.factors = {}  # type: ignore[misc]


def test_rows_follow_the_events_given(result: StudyResult) -> None:
    assert result.events["event_id"].tolist() == [*IDS, "late"]
    assert result.abnormal_returns.index.tolist() == list(IDS)
    assert result.abnormal_returns.columns.tolist() == list(range(-5, 11))
    assert result.car(0, 0)["event_id"].tolist() == list(IDS)


def test_car_sums_abnormal_returns(result: StudyResult) -> None:
    summed = result.abnormal_returns.loc[:, -2:3].sum(axis=1).to_numpy()
    np.testing.assert_allclose(result.car(-2, 3)["car"], summed, atol=1e-14)


def test_bhar_compounds(result: StudyResult) -> None:
    assert result.bhar(0, 0).index.tolist() == list(IDS)
    assert (result.bhar(0, 5) != result.car(0, 5)["car"].to_numpy()).all()


@pytest.mark.parametrize("view", ["car", "bhar", "plot"])
@pytest.mark.parametrize("window", [(5, 0), (0, 50), (-6, 0), (0.5, 2), ("0", 2)])
def test_a_window_outside_is_refused(result: StudyResult, view: str, window: Any) -> None:
    with pytest.raises(ConfigError, match="is not a window inside the event window"):
        getattr(result, view)(**dict(zip(("start", "end"), window, strict=True)))


def test_test_gives_one_row(result: StudyResult) -> None:
    row = result.test("t", 0, 5, group="direction=+")
    assert len(row) == 1
    assert row["group"].tolist() == ["direction=+"]
    contract = result.table("tests")
    same = contract[
        (contract["group"] == "all") & (contract["start"] == 0) & (contract["end"] == 5)
    ].set_index("test")
    for name in ("t", "patell", "bmp", "rank", "generalized-sign"):
        assert result.test(name, 0, 5)["p_value"].tolist() == [same.loc[name, "p_value"]]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("permutation", 0, 5), '"permutation" does not test across events'),
        (("bpm", 0, 5), '"bpm" does not test across events.*"bmp"'),
        (("t", 0, 50), "is not a window"),
    ],
)
def test_test_refuses_what_is_not_there(result: StudyResult, args: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        result.test(*args)
    with pytest.raises(ConfigError, match=r'"direction=x" is not a group.*"direction=\+"'):
        result.test("t", 0, 5, group="direction=x")
    with pytest.raises(ConfigError, match=r'"more" is not an alternative.*two-sided'):
        result.test("t", 0, 5, alternative="more")  # type: ignore[arg-type]


def test_what_if_has_the_columns_of_its_levels(result: StudyResult) -> None:
    own = result.what_if(ATTACK)
    other = result.what_if(ATTACK, level=92.5)
    assert own.to_frame().columns[-1] == "p_above_90"
    assert other.to_frame().columns[-1] == "p_above_92.5"
    assert other.levels == (92.5,)
    contract = result.table("whatif")
    mine = contract[contract["event_id"] == ATTACK].reset_index(drop=True)
    pd.testing.assert_frame_equal(own.to_frame(), mine)


@pytest.mark.parametrize("level", [0, -1, float("nan"), float("inf"), "90"])
def test_what_if_refuses_a_level(result: StudyResult, level: Any) -> None:
    with pytest.raises(ConfigError, match="is not a number above 0"):
        result.what_if(ATTACK, level=level)


@pytest.mark.parametrize("view", ["what_if", "plot_event"])
def test_an_event_that_is_not_estimated_is_refused_with_the_reason(
    result: StudyResult, view: str
) -> None:
    with pytest.raises(ConfigError, match='"late" was left out: after the last session'):
        getattr(result, view)("late")
    with pytest.raises(ConfigError, match=f'Did you mean "{ATTACK}"'):
        getattr(result, view)(ATTACK.replace("attacks", "attack"))


@pytest.mark.parametrize(
    "draw",
    [
        lambda result, ax: result.plot(ax=ax),
        lambda result, ax: result.plot(start=0, end=5, ax=ax),
        lambda result, ax: result.plot_event(ATTACK, ax=ax),
        lambda result, ax: result.plot_prices(ax=ax),
        lambda result, ax: result.what_if(ATTACK, level=90.0).plot(ax=ax),
    ],
)
def test_charts_draw_on_the_axes_given(result: StudyResult, draw: Any) -> None:
    ax = Figure().subplots()
    assert draw(result, ax) is ax
    assert ax.has_data()


def test_table_refuses_an_unknown_name(result: StudyResult) -> None:
    with pytest.raises(
        ConfigError, match=r'"cra" is not a table\. Did you mean "car"\? Tables: events'
    ):
        result.table("cra")


def test_every_table_that_a_run_writes_can_be_had(result: StudyResult, tmp_path: Path) -> None:
    write_study(result, tmp_path / "run", formats=())
    written = sorted((tmp_path / "run" / "tables").glob("*.csv"))
    assert {"history", "dynamics_events", "surges", "volatility"} < {one.stem for one in written}
    for path in written:
        assert to_csv(result.table(path.stem)) == path.read_text("utf-8"), path.stem


def test_a_table_is_a_fresh_frame(result: StudyResult) -> None:
    changed = result.table("history")
    changed["event_id"] = "changed"
    assert "changed" not in set(result.table("history")["event_id"])


def test_to_frame_is_tidy(result: StudyResult) -> None:
    frame = result.to_frame()
    assert len(frame) == len(result.table("car"))
    assert frame.columns[:5].tolist() == ["event_id", "title", "category", "direction", "session"]


def test_repr_is_one_line_and_html_is_escaped(result: StudyResult) -> None:
    assert repr(result) == "StudyResult(brent-spot, 2 of 3 events)"
    assert "&lt;b&gt;T&lt;/b&gt;" in result._repr_html_()
    assert "<b>T" not in result._repr_html_()
    assert "<table" in result.what_if(ATTACK)._repr_html_()


def test_report_writes_what_the_ending_says(result: StudyResult, tmp_path: Path) -> None:
    html = result.report(tmp_path / "new" / "out.html")
    assert html.read_text(encoding="utf-8").lstrip().startswith("<!")
    pdf = result.report(str(tmp_path / "out.pdf"))
    assert pdf.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["out.docx", "out"])
def test_report_refuses_another_ending(result: StudyResult, tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"neither \.pdf nor \.html"):
        result.report(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_report_to_a_place_that_cannot_be_written(
    result: StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oilshock.report.html_from", lambda *_, **__: "a page")
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        result.report(tmp_path / "file" / "out.html")


def test_the_price_chart_has_the_sessions_asked_for_the_events_and_the_level(
    result: StudyResult,
) -> None:
    ax = result.plot_prices(before=3, after=2, ax=Figure().subplots())
    prices = load_prices()
    line = next(line for line in ax.lines if line.get_label() == "price")
    # The consulate was struck on Easter Monday: day 0 is 2 April, that of the attack 15 April.
    first, last = prices.index.get_indexer(["2024-04-02", "2024-04-15"])
    shown = prices.iloc[first - 3 : last + 3]
    np.testing.assert_allclose(line.get_ydata(), shown.to_numpy())
    texts = [text.get_text() for text in ax.texts]
    assert {"1", "2"} <= set(texts)
    assert any("90" in text for text in texts)


def test_the_price_chart_stops_at_the_ends_of_the_series(result: StudyResult) -> None:
    ax = result.plot_prices(before=10**6, after=10**6, ax=Figure().subplots())
    line = next(line for line in ax.lines if line.get_label() == "price")
    assert len(line.get_ydata()) == len(load_prices())
