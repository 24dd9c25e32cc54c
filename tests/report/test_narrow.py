"""Charts of events in rows, as lists for a telephone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oilshock.report.artist import Artist
from oilshock.report.narrow import NarrowChart, NarrowRow
from oilshock.report.narrow_rows import forest_rows, minimum_rows, volatility_rows
from oilshock.results import StudyResult
from oilshock.typing import Record, silent

NOWHERE = (float("nan"), float("nan"))


def chart(*marks: float, limits: tuple[float, float]) -> Record:
    rows = tuple(NarrowRow("1 x", "event-1", "", mark, NOWHERE) for mark in marks)
    return NarrowChart(key="", axis="", limits=limits, zero=0.0, rows=rows).to_record()


@pytest.fixture
def artist(april: StudyResult) -> Artist:
    return Artist(april.estimates, april.facts, progress=silent)


def test_places_are_per_cent_of_the_width() -> None:
    record = chart(-10.0, 0.0, 30.0, limits=(-10.0, 30.0))
    assert [row["mark"] for row in record["rows"]] == [0.0, 25.0, 100.0]
    assert record["zero"] == 25.0
    assert chart(np.nan, limits=(-1.0, 1.0))["rows"][0]["mark"] is None
    assert chart(-np.inf, limits=(-1.0, 1.0))["rows"][0]["mark"] == 0.0


@given(
    low=st.floats(-500, 0, exclude_max=True),
    width=st.floats(0.01, 1000),
    shares=st.lists(st.floats(0, 1), min_size=2, max_size=5),
)
def test_places_keep_the_order_and_ticks_stand_inside(
    low: float, width: float, shares: list[float]
) -> None:
    marks = sorted(low + share * width for share in shares)
    record = chart(*marks, limits=(low, low + width))
    places = [row["mark"] for row in record["rows"]]
    assert places == sorted(places)
    assert all(0 <= at <= 100 for at, _ in record["ticks"])
    assert 1 <= len(record["ticks"]) <= 6


def test_rows_of_a_forest_are_those_of_car_csv(april: StudyResult, artist: Artist) -> None:
    frame = april.estimates.forest_frame((0, 0))
    found = forest_rows(artist, frame, limits=(-10.0, 10.0))
    car = april.table("car").set_index(["event_id", "start", "end"]).xs((0, 0), level=(1, 2))
    for row, values in zip(found.rows, car.itertuples(), strict=True):
        low, high = values.ci_calibrated_low, values.ci_calibrated_high
        assert (row.mark, *row.span) == pytest.approx((100 * values.car, 100 * low, 100 * high))
        assert row.is_filled is bool(values.p_adjusted < 0.05)
    assert [row.link for row in found.rows] == [f"event-{n}" for n in frame["number"]]
    assert found.key == "▲ tightening, ▼ easing, ● no direction; hollow: adj. p ≥ 0.05"
    assert not any(row.is_filled for row in found.rows)


def test_the_adjusted_p_value_fills_a_mark(april: StudyResult, artist: Artist) -> None:
    frame = april.estimates.forest_frame((0, 0)).head(2).assign(p_value=[0.001, 0.9])
    found = forest_rows(artist, frame.assign(p_adjusted=[0.2, 0.01]), limits=(-10.0, 10.0))
    assert [row.is_filled for row in found.rows] == [False, True]


def test_a_window_that_is_not_complete_has_no_mark(artist: Artist) -> None:
    columns = ["car", "ci_low", "ci_high", "p_value", "p_adjusted"]
    frame = pd.DataFrame({"number": [3], "title": ["Talks"], "direction": ["?"]})
    (row,) = forest_rows(
        artist, frame.assign(**dict.fromkeys(columns, np.nan)), limits=(0.0, 1.0)
    ).to_record()["rows"]
    assert (row["mark"], row["low"], row["words"]) == (None, None, "not complete")


def test_volatility_stands_on_a_log_scale() -> None:
    page = pd.DataFrame(
        {
            "number": [1, 2, 3],
            "title": ["a", "b", "c"],
            "ratio": [4.0, 0.25, np.nan],
            "p_calibrated": [0.01, 0.5, np.nan],
            "bounded": [False, False, False],
        }
    )
    found = volatility_rows(page, alpha=0.05, limits=(-0.4, 0.4))
    twice, half, unknown = found.rows
    assert twice.mark == pytest.approx(np.log10(2.0))
    assert half.mark == pytest.approx(-np.log10(2.0))
    assert twice.span[0] == half.span[1] == 0.0
    assert (twice.is_filled, half.is_filled) == (True, False)
    assert np.isnan(unknown.mark)
    assert (twice.words, unknown.words) == ("2.00, p 0.010", "not known")
    assert [words for _, words in found.ticks] == ["0.5", "1", "2"]


def test_a_move_is_filled_where_it_reaches_the_least_that_is_found(artist: Artist) -> None:
    page = pd.DataFrame(
        {
            "number": [1, 2, 3],
            "title": ["a", "b", "c"],
            "minimum": [0.05, 0.05, np.nan],
            "minimum_textbook": [0.04, 0.06, 0.02],
            "car": [-0.05, 0.049, 0.03],
        }
    )
    found = minimum_rows(artist, page)
    assert [row.is_filled for row in found.rows] == [True, False, True]
    assert [row.mark for row in found.rows] == pytest.approx([5.0, 4.9, 3.0])
    assert [row.stroke for row in found.rows] == pytest.approx([4.0, 6.0, 2.0])
    assert np.isnan(found.rows[2].span).all()
    assert found.limits[1] > 6.0
