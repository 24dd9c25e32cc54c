"""The time of an event in words is the time by which it was aligned."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oilshock import EventStudy, load_prices
from oilshock.clock_words import clock_words
from oilshock.narrative import event_sentences
from oilshock.report.ledger_tables import moved_table

DAY = dt.date(2024, 4, 15)


@pytest.mark.parametrize(
    ("time", "timezone", "words"),
    [
        ("18:30+01:00", "Europe/London", "18:30 (UTC+1), 18:30 London"),
        ("23:30-05:00", "Europe/London", "23:30 (UTC−5), 05:30 London on 16 April 2024"),
        ("00:30+05:30", "Europe/London", "00:30 (UTC+5:30), 20:00 London on 14 April 2024"),
        ("09:00 America/New_York", "Europe/London", "09:00 New York, 14:00 London"),
        ("09:00 Europe/London", "Europe/London", "09:00 London"),
        ("07:00:30Z", "Asia/Singapore", "07:00:30 UTC, 15:00:30 Singapore"),
        ("07:00Z", "UTC", "07:00 UTC"),
        ("07:00+00:00", None, "07:00 UTC"),
        ("", "Europe/London", ""),
    ],
)
def test_times_in_words(time: str, timezone: str | None, words: str) -> None:
    assert clock_words(DAY, time, timezone=timezone) == words


@given(
    date=st.dates(dt.date(1990, 1, 1), dt.date(2026, 9, 1)),
    clock=st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    hours=st.integers(-12, 14),
)
def test_the_market_time_is_that_of_the_clock_in_london(
    date: dt.date, clock: dt.time, hours: int
) -> None:
    offset = dt.timezone(dt.timedelta(hours=hours))
    local = dt.datetime.combine(date, clock, tzinfo=offset).astimezone(ZoneInfo("Europe/London"))
    sign = "-" if hours < 0 else "+"
    words = clock_words(date, f"{clock:%H:%M}{sign}{abs(hours):02d}:00", timezone="Europe/London")
    assert f", {local:%H:%M} London" in words
    assert words.endswith(str(local.year)) == (local.date() != date)


def test_report_brief_and_ledger_say_both_times() -> None:
    event = {"id": "a", "date": "2024-04-15", "time": "18:30+01:00", "title": "A"}
    result = EventStudy(load_prices(), [event]).fit()
    words = "18:30 (UTC+1), 18:30 London"
    (sentence, *_) = event_sentences(result.estimates, result.facts[0], n_events=1)
    assert sentence.startswith(f"Dated Monday 15 April 2024, {words}. Day 0 is Tuesday 16 April")
    assert f" (Monday 15 April 2024, {words}): " in str(result.brief())
    assert moved_table(result.estimates).rows[0][2] == words
    assert result.table("events")["event_time"].tolist() == ["18:30+01:00"], "the file has it as is"
