"""Event time to session: a table of cases, and what holds for any."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oilshock.alignment import Alignment, align_events
from oilshock.errors import ConfigError, EventError

LONDON: dict[str, Any] = {"close": "16:30", "timezone": "Europe/London"}


@lru_cache
def brent() -> pd.DatetimeIndex:
    with (resources.files("oilshock") / "data" / "brent-spot.csv").open(encoding="utf-8") as file:
        rows = pd.read_csv(file, parse_dates=["date"])
    return pd.DatetimeIndex(rows["date"])


def events(*when: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"e{i}" for i in range(len(when))],
            "date": pd.to_datetime([date for date, _ in when]),
            "time": [time for _, time in when],
        }
    )


def session(found: Alignment, sessions: pd.DatetimeIndex) -> str:
    return f"{sessions[found.position[0]]:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("date", "time", "expected", "shift", "reason"),
    [
        # The examples of the project.
        ("2024-04-13", "20:00Z", "2024-04-15", 2, "no session"),
        ("2024-04-01", "", "2024-04-02", 1, "no session"),
        ("2024-04-16", "00:45Z", "2024-04-16", 0, ""),
        ("2025-06-23", "22:00Z", "2025-06-24", 1, "after close"),
        ("2024-04-12", "16:30 Europe/London", "2024-04-15", 3, "after close;no session"),
        # A date alone.
        ("2024-04-16", "", "2024-04-16", 0, ""),
        ("2024-04-13", "", "2024-04-15", 2, "no session"),
        ("2024-04-14", "", "2024-04-15", 1, "no session"),
        # The close, to the minute and second, in summer and winter time.
        ("2024-07-02", "15:29Z", "2024-07-02", 0, ""),
        ("2024-07-02", "15:29:59Z", "2024-07-02", 0, ""),
        ("2024-07-02", "15:30Z", "2024-07-03", 1, "after close"),
        ("2024-01-16", "16:29Z", "2024-01-16", 0, ""),
        ("2024-01-16", "16:30Z", "2024-01-17", 1, "after close"),
        ("2024-07-02", "16:29 Europe/London", "2024-07-02", 0, ""),
        ("2024-07-02", "16:30 Europe/London", "2024-07-03", 1, "after close"),
        ("2024-07-02", "17:29+02:00", "2024-07-02", 0, ""),
        ("2024-07-02", "17:30+02:00", "2024-07-03", 1, "after close"),
        ("2024-07-02", "11:30 America/New_York", "2024-07-03", 1, "after close"),
        # Two weeks of March in which New York is an hour nearer to London.
        ("2024-03-19", "12:29 America/New_York", "2024-03-19", 0, ""),
        ("2024-03-19", "12:30 America/New_York", "2024-03-20", 1, "after close"),
        # Late in the UTC day it is already tomorrow in London, in summer only.
        ("2024-07-02", "23:30Z", "2024-07-03", 0, ""),
        ("2024-01-16", "23:30Z", "2024-01-17", 1, "after close"),
        ("2024-07-05", "23:30Z", "2024-07-08", 2, "no session"),
        # Offsets that change the date.
        ("2024-04-14", "01:00+05:30", "2024-04-15", 2, "no session"),
        ("2024-04-16", "01:00+05:30", "2024-04-16", 1, "after close"),
        ("2024-04-15", "22:00-0500", "2024-04-16", 0, ""),
        ("2024-04-13", "00:29+09:00", "2024-04-12", 0, ""),
        ("2024-04-13", "00:30+09:00", "2024-04-15", 3, "after close;no session"),
        # No session before or after the close: the close is no reason.
        ("2024-04-13", "10:00Z", "2024-04-15", 2, "no session"),
        ("2024-04-01", "10:00Z", "2024-04-02", 1, "no session"),
        ("2024-04-01", "18:00Z", "2024-04-02", 1, "no session"),
        # The long weekend of Easter after the close of Thursday.
        ("2024-03-28", "18:00Z", "2024-04-02", 5, "after close;no session"),
    ],
)
def test_alignment_on_the_bundled_sessions(
    date: str, time: str, expected: str, shift: int, reason: str
) -> None:
    found = align_events(events((date, time)), brent(), **LONDON)
    assert session(found, brent()) == expected
    assert found.shift_days.tolist() == [shift]
    assert found.shift_reason == (reason,)
    assert found.date_only.tolist() == [time == ""]


def test_the_local_date_is_the_markets() -> None:
    found = align_events(events(("2024-04-14", "01:00+05:30")), brent(), **LONDON)
    assert found.local_date.astype(str).tolist() == ["2024-04-13"]


@pytest.mark.parametrize(
    ("date", "time"), [("2026-11-01", ""), ("2026-11-01", "10:00Z"), ("2026-09-29", "20:00Z")]
)
def test_after_the_last_session_there_is_no_shift(date: str, time: str) -> None:
    found = align_events(events((date, time)), brent(), **LONDON)
    assert found.position.tolist() == [len(brent())]
    assert found.shift_days.tolist() == [0]
    assert found.shift_reason == ("",)
    assert found.local_date.astype(str).tolist() == [date]


def test_the_last_session_itself_is_found() -> None:
    found = align_events(events(("2026-09-29", "10:00Z")), brent(), **LONDON)
    assert found.position.tolist() == [len(brent()) - 1]


@pytest.mark.parametrize(
    ("date", "time", "lacking", "expected", "shift", "reason"),
    [
        ("2024-04-16", "", ["2024-04-16"], "2024-04-17", 1, "no common session"),
        ("2024-04-13", "20:00Z", ["2024-04-15"], "2024-04-16", 3, "no session;no common session"),
        (
            "2024-04-12",
            "20:00Z",
            ["2024-04-15", "2024-04-16"],
            "2024-04-17",
            5,
            "after close;no session;no common session",
        ),
        ("2024-04-15", "20:00Z", ["2024-04-16"], "2024-04-17", 2, "after close;no common session"),
        ("2024-04-15", "20:00Z", ["2024-04-15"], "2024-04-16", 1, "after close"),
    ],
)
def test_a_day_that_a_factor_lacks_moves_to_the_next_common_one(
    date: str, time: str, lacking: list[str], expected: str, shift: int, reason: str
) -> None:
    common = brent().drop(pd.to_datetime(lacking))
    found = align_events(events((date, time)), brent(), common=common, **LONDON)
    assert session(found, common) == expected
    assert found.shift_days.tolist() == [shift]
    assert found.shift_reason == (reason,)


@pytest.mark.parametrize("date", ["2026-09-28", "2026-09-27", "2026-11-01"])
def test_after_the_last_common_session(date: str) -> None:
    common = brent()[:-3]
    found = align_events(events((date, "")), brent(), common=common, **LONDON)
    assert found.position.tolist() == [len(common)]
    assert (found.shift_days.tolist(), found.shift_reason) == ([0], ("",))


def test_a_timed_event_needs_close_and_zone() -> None:
    frame = events(("2024-04-16", ""), ("2024-04-16", "10:00Z"), ("2024-04-17", "10:00Z"))
    zone = "Europe/London"
    both = "State prices.close and prices.timezone, such as 16:30 and Europe/London, or drop"
    for close, timezone, unknown, fix in (
        (None, zone, "close of the series", "State prices.close, such as 16:30, or drop"),
        ("16:30", None, "time zone of the close", "State prices.timezone, such as Europe/London,"),
        (None, None, "close of the series", both),
    ):
        with pytest.raises(ConfigError) as caught:
            align_events(frame, brent(), close=close, timezone=timezone, where="my.csv")
        problem = caught.value.problems[0]
        assert problem.where == "my.csv"
        assert "2 events have a time (e1, e2)" in problem.message
        assert f"but the {unknown} is not known." in problem.message
        assert problem.fix.startswith(fix)
    assert problem.field == "prices.close and prices.timezone"


def test_many_ids_are_cut_and_counted() -> None:
    frame = events(*[("2024-04-16", "10:00Z")] * 12)
    with pytest.raises(ConfigError, match=r"e8, e9 and 2 more\)"):
        align_events(frame, brent(), close=None, timezone=None)


def test_dates_alone_need_no_close() -> None:
    found = align_events(events(("2024-04-13", "")), brent(), close=None, timezone=None)
    assert session(found, brent()) == "2024-04-15"


def test_a_wrong_close_zone_or_time_is_named() -> None:
    frame = events(("2024-03-31", "01:30 Europe/London"))
    with pytest.raises(ConfigError, match='"25:00" is not a time'):
        align_events(frame, brent(), close="25:00", timezone="Europe/London")
    with pytest.raises(ConfigError, match=r"my\.csv, timezone"):
        align_events(frame, brent(), close="16:30", timezone="Europe/Londn", where="my.csv")
    with pytest.raises(EventError, match="does not exist on 2024-03-31"):
        align_events(frame, brent(), **LONDON)


def test_unsorted_sessions_are_refused() -> None:
    with pytest.raises(ValueError, match="ascending"):
        align_events(events(("2024-04-16", "")), brent()[::-1], **LONDON)


def test_no_event_and_no_session() -> None:
    assert align_events(events(), brent(), **LONDON).shift_reason == ()
    nothing = pd.DatetimeIndex([])
    assert align_events(events(("2024-04-16", "")), nothing, **LONDON).position.tolist() == [0]


def test_the_result_and_the_input_are_not_changed() -> None:
    frame = events(("2024-04-13", "20:00Z"))
    before = frame.copy()
    found = align_events(frame, brent(), **LONDON)
    pd.testing.assert_frame_equal(frame, before)
    for array in (found.position, found.local_date, found.shift_days, found.date_only):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[0]


START = dt.datetime(2024, 1, 1)
CALENDAR = pd.date_range("2024-01-01", "2024-12-31", freq="B")
moments = st.integers(0, 330 * 24 * 60).map(lambda m: START + dt.timedelta(minutes=m))
calendars = st.lists(st.integers(0, len(CALENDAR) - 5), max_size=60, unique=True).map(
    lambda gone: CALENDAR.delete(gone)
)


def timed(when: list[dt.datetime]) -> pd.DataFrame:
    return events(*[(f"{moment:%Y-%m-%d}", f"{moment:%H:%M}Z") for moment in when])


@given(st.lists(moments, min_size=2, max_size=20), calendars)
def test_later_events_never_get_an_earlier_session(
    when: list[dt.datetime], sessions: pd.DatetimeIndex
) -> None:
    found = align_events(timed(sorted(when)), sessions, **LONDON)
    assert (np.diff(found.position) >= 0).all()


@given(st.lists(moments, min_size=1, max_size=20), calendars, calendars)
def test_no_event_goes_back_in_time(
    when: list[dt.datetime], sessions: pd.DatetimeIndex, others: pd.DatetimeIndex
) -> None:
    common = sessions.intersection(others)
    found = align_events(timed(when), sessions, common=common, **LONDON)
    assert (found.shift_days >= 0).all()
    days = common.to_numpy().astype("datetime64[D]")[found.position]
    assert (days >= found.local_date).all()
    assert ((days - found.local_date).astype(int) == found.shift_days).all()
    moved = np.array([bool(reason) for reason in found.shift_reason])
    assert (moved == (found.shift_days > 0)).all()


@given(calendars)
def test_a_sessions_own_date_stays(sessions: pd.DatetimeIndex) -> None:
    frame = events(*[(f"{day:%Y-%m-%d}", "") for day in sessions])
    found = align_events(frame, sessions, **LONDON)
    assert found.position.tolist() == list(range(len(sessions)))
    assert set(found.shift_reason) == {""}


@given(st.lists(moments, min_size=1, max_size=20), calendars, st.data())
def test_removing_a_session_only_moves_events_later(
    when: list[dt.datetime], sessions: pd.DatetimeIndex, data: st.DataObject
) -> None:
    gone = data.draw(st.integers(0, len(sessions) - 5))
    fewer = sessions.delete(gone)
    before = sessions[align_events(timed(when), sessions, **LONDON).position]
    after = fewer[align_events(timed(when), fewer, **LONDON).position]
    assert (after >= before).all()
    touched = before == sessions[gone]
    assert (after[~touched] == before[~touched]).all()


@given(st.lists(moments, min_size=1, max_size=10), st.data())
def test_the_order_of_events_does_not_matter(when: list[dt.datetime], data: st.DataObject) -> None:
    frame = timed(when)
    order = data.draw(st.permutations(range(len(when))))
    found = align_events(frame, CALENDAR, **LONDON)
    shuffled = align_events(frame.iloc[order], CALENDAR, **LONDON)
    assert shuffled.position.tolist() == found.position[order].tolist()
    assert list(shuffled.shift_reason) == [found.shift_reason[i] for i in order]
