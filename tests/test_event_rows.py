"""Events given as lists and frames, and single cells: what is read, and what is refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oilshock.errors import ConfigError, EventError, Problem
from oilshock.event_files import raise_all, read_csv_rows
from oilshock.event_rows import cell_text, check_rows, parse_date
from oilshock.events import load_events


def item(**cells: object) -> dict[str, object]:
    return {"id": "a", "date": "2024-04-13", "title": "Attack", **cells}


def test_ten_problems_are_all_shown() -> None:
    with pytest.raises(EventError) as caught:
        raise_all([Problem("x", str(i)) for i in range(10)], error=EventError)
    assert [problem.message for problem in caught.value.problems] == [str(i) for i in range(10)]


def test_a_misspelt_key_of_an_item_is_refused() -> None:
    with pytest.raises(ConfigError, match=r'item 1, key "directon".*Name it "direction"'):
        load_events([item(directon="+")])


def test_dates_and_times_of_python_and_pandas_are_read() -> None:
    dates = [dt.date(2024, 4, 13), dt.datetime(2024, 4, 13), pd.Timestamp("2024-04-13")]
    for date in [*dates, np.datetime64("2024-04-13"), "2024-04-13"]:
        frame = load_events([item(date=date, time=dt.time(20, 0))]).to_frame()
        assert frame["date"][0] == pd.Timestamp("2024-04-13")
        assert frame["time"][0] == "20:00Z"
    assert load_events([item(time=dt.time(20, 0))]).findings[0].kind == "bare_time"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"date": pd.Timestamp("2024-04-13 20:00")}, "is more than a date. Give the date alone"),
        ({"date": dt.datetime(2024, 4, 13, tzinfo=dt.UTC)}, "is more than a date"),
        ({"date": np.datetime64("2024-04-13T20:00")}, "is more than a date"),
        ({"date": pd.NaT}, "item 1, date: is missing"),
        ({"date": 20240413}, '"20240413" is not a date'),
        (
            {"time": dt.time(20, 0, tzinfo=dt.UTC)},
            'is a time object with a zone. Give a text: "20:00Z"',
        ),
        ({"time": dt.datetime(2024, 4, 13, 20)}, "holds a date. Give the time alone"),
        ({"time": pd.Timestamp("2024-04-13 20:00", tz="UTC")}, "item 1, time: "),
        ({"time": dt.time(20, 0, 0, 500)}, "is not a time"),
        ({"direction": 1}, 'item 1, direction: "1" is not one of'),
        ({"id": None}, "item 1, id: is missing"),
        ({"title": float("nan")}, "item 1, title: is missing"),
        ({"ID": "b"}, 'events, item 1: names "id" more than once'),
    ],
)
def test_a_bad_item_is_an_error_of_the_config(cells: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_events([item(**cells)])
    assert message in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_list_must_hold_tables() -> None:
    with pytest.raises(ConfigError, match="events: holds no event"):
        load_events([])
    with pytest.raises(ConfigError, match='item 2: "x" is not a table of keys'):
        load_events([item(), "x"])  # type: ignore[list-item]
    with pytest.raises(ConfigError, match="item 1, title: is missing"):
        load_events([{"id": "a", "date": "2024-04-13"}])
    for source in (5, {"id": "a"}, b"x", None):
        with pytest.raises(ConfigError, match="is no source of events"):
            load_events(source)  # type: ignore[arg-type]


def test_a_bad_frame_is_an_error_of_the_data() -> None:
    frame = pd.DataFrame([item(), item(id="b", date="soon")])
    with pytest.raises(EventError, match='events, item 2, date: "soon" is not a date'):
        load_events(frame)
    with pytest.raises(EventError, match='no column "title"; columns found: "id", "date"'):
        load_events(frame.drop(columns="title"))
    with pytest.raises(EventError, match="holds no event"):
        load_events(frame.iloc[:0])


def test_a_frame_is_not_changed_and_its_gaps_are_empty() -> None:
    frame = pd.DataFrame(
        {
            "id": [1, 2],
            "date": pd.to_datetime(["2024-04-13", "2024-04-14"]),
            "title": ["T", "U"],
            "severity": [3.0, np.nan],
            "direction": [0, 0],
            "desk": ["Crude", None],
            "weight": [1.5, 2.0],
            "flag": [True, False],
        }
    )
    before = frame.copy()
    loaded = load_events(frame).to_frame()
    pd.testing.assert_frame_equal(frame, before)
    assert loaded["id"].tolist() == ["1", "2"]
    assert loaded["direction"].tolist() == ["0", "0"]
    assert loaded["severity"].fillna(0).tolist() == [3, 0]
    assert loaded["desk"].tolist() == ["Crude", ""]
    assert loaded["weight"].tolist() == ["1.5", "2"]
    assert loaded["flag"].tolist() == ["yes", "no"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (pd.NA, ""), (np.float64("nan"), ""), (np.float64(2.5), "2.5"), (np.True_, "yes"),
     (7, "7"), ("  x y ", "x y"), (float("inf"), "inf"), ([1, 2], "[1, 2]")],
)  # fmt: skip
def test_a_cell_as_text(value: object, text: str) -> None:
    assert cell_text(value) == text


@given(st.dates(dt.date(1700, 1, 1), dt.date(2200, 12, 31)))
def test_every_iso_date_reads_back(date: dt.date) -> None:
    assert parse_date(date.isoformat()) == parse_date(date) == date


@pytest.mark.parametrize(
    ("category", "hint"),
    [
        ("opec", 'Did you mean "opec_decision"?'),
        ("sanction", 'Did you mean "sanctions"?'),
        ("conflict", ""),
        ("", ""),
        ("storage", ""),
    ],
)
def test_a_category_that_is_nearly_one_of_the_catalogue(category: str, hint: str) -> None:
    events = load_events([item(category=category), item(id="b", title="U", category=category)])
    said = [finding.message for finding in events.findings]
    expected = f'The category "{category}" (a and b) matches no event of the catalogue. {hint}'
    assert said == ([expected] if hint else [])


def test_what_is_wrong_is_told_in_the_order_of_the_rows() -> None:
    rows = [
        "id,date,title",
        "a,2024-03-01,T",
        "a,2024-03-04,T",
        "b,2024-03-04,T,more",
        "c,2024-13-04,T",
        "a,2024-03-05,T",
    ]
    read, _ = read_csv_rows("\n".join(rows).encode(), where="e.csv")
    with pytest.raises(EventError) as caught:
        check_rows(read, where="e.csv", error=EventError)
    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["row 3, id", "row 4", "row 5, date", "row 6, id"]
