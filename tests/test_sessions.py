"""The market's clock: reading event times, zones and closes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oilshock.errors import ConfigError, EventError
from oilshock.sessions import instant, market_local, market_zone, parse_close, parse_event_time

SUMMER, WINTER = dt.date(2024, 7, 1), dt.date(2024, 1, 15)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("20:00Z", "20:00Z"),
        ("20:00z", "20:00Z"),
        ("20:00 Z", "20:00Z"),
        (" 20:00Z ", "20:00Z"),
        ("20:00:00Z", "20:00Z"),
        ("20:00:30Z", "20:00:30Z"),
        ("14:30", "14:30Z"),
        ("16:30+02:00", "16:30+02:00"),
        ("16:30 +0200", "16:30+02:00"),
        ("09:00-0500", "09:00-05:00"),
        ("09:00+00:00", "09:00+00:00"),
        ("01:00:05+05:30", "01:00:05+05:30"),
        ("09:00 Europe/London", "09:00 Europe/London"),
        ("09:00  America/Argentina/Buenos_Aires", "09:00 America/Argentina/Buenos_Aires"),
        ("23:59 UTC", "23:59 UTC"),
    ],
)
def test_a_time_is_written_in_one_way_and_reads_back(text: str, shown: str) -> None:
    time = parse_event_time(text)
    assert time.text == shown
    assert parse_event_time(shown) == parse_event_time(parse_event_time(shown).text)
    assert instant(SUMMER, parse_event_time(shown)) == instant(SUMMER, time)


def test_only_a_bare_time_is_assumed_to_be_utc() -> None:
    assert parse_event_time("14:30").assumed_utc
    assert parse_event_time("14:30").zone is dt.UTC
    for text in ("14:30Z", "14:30+00:00", "14:30 UTC", "14:30 Europe/London"):
        assert not parse_event_time(text).assumed_utc


@pytest.mark.parametrize(
    "text",
    [
        "",
        "noon",
        "9:00Z",
        "24:00Z",
        "12:60Z",
        "12:00:61Z",
        "12:00.5Z",
        "1200Z",
        "12:00+2",
        "12:00+02:75",
        "12:00+15:00",
        "12:00+02:00 Europe/London",
        "12:00Europe/London",
        "12:00 PM GMT",
        "١٢:٠٠",
        "2024-04-13T20:00Z",
    ],
)
def test_what_is_no_time_is_refused_with_a_fix(text: str) -> None:
    with pytest.raises(EventError) as caught:
        parse_event_time(text)
    problem = caught.value.problems[0]
    assert f'"{text}"' in problem.message
    assert problem.fix.startswith("Use ")


def test_an_unknown_zone_offers_the_nearest() -> None:
    with pytest.raises(EventError, match='Did you mean "Europe/London"') as caught:
        parse_event_time("09:00 Europe/Londn")
    assert 'unknown zone, "Europe/Londn"' in str(caught.value)


def test_an_abbreviation_is_not_taken_for_another() -> None:
    with pytest.raises(EventError) as caught:
        parse_event_time("20:00 BST")
    assert "Did you mean" not in str(caught.value)


@pytest.mark.parametrize("name", ["Europe", "../etc/passwd", "Middle/Earth", "x" * 300])
def test_a_folder_or_path_is_no_zone(name: str) -> None:
    with pytest.raises(EventError, match="unknown zone"):
        parse_event_time(f"09:00 {name}")


def test_a_time_that_clocks_skipped_does_not_exist() -> None:
    skipped = parse_event_time("01:30 Europe/London")
    with pytest.raises(EventError, match="does not exist on 2024-03-31"):
        instant(dt.date(2024, 3, 31), skipped)
    assert instant(dt.date(2024, 3, 30), skipped).hour == 1


def test_a_time_that_comes_twice_is_the_first() -> None:
    twice = parse_event_time("01:30 Europe/London")
    assert instant(dt.date(2024, 10, 27), twice) == dt.datetime(2024, 10, 27, 0, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("date", "time", "local"),
    [
        (SUMMER, "15:30Z", (SUMMER, dt.time(16, 30))),
        (WINTER, "16:30Z", (WINTER, dt.time(16, 30))),
        (SUMMER, "23:30Z", (dt.date(2024, 7, 2), dt.time(0, 30))),
        (WINTER, "23:30Z", (WINTER, dt.time(23, 30))),
        (SUMMER, "01:00+05:30", (dt.date(2024, 6, 30), dt.time(20, 30))),
        (SUMMER, "20:00 America/New_York", (dt.date(2024, 7, 2), dt.time(1, 0))),
        (SUMMER, "10:00:30 Europe/London", (SUMMER, dt.time(10, 0, 30))),
    ],
)
def test_date_and_time_on_the_markets_clock(
    date: dt.date, time: str, local: tuple[dt.date, dt.time]
) -> None:
    assert market_local(date, time, timezone="Europe/London") == local


@given(st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)), st.times())
def test_the_market_reads_its_own_clock_unchanged_from_utc(date: dt.date, clock: dt.time) -> None:
    clock = clock.replace(second=0, microsecond=0)
    text = clock.isoformat("minutes")
    assert market_local(date, f"{text}Z", timezone="UTC") == (date, clock)


def test_a_close_is_a_local_time() -> None:
    assert parse_close("16:30") == dt.time(16, 30)


@pytest.mark.parametrize("text", ["", "4:30", "24:00", "16:30Z", "16:30:00", "1630", "16:30\n"])
def test_a_wrong_close_is_a_config_error(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_close(text, where="study.toml")
    problem = caught.value.problems[0]
    assert (problem.where, problem.field) == ("study.toml", "close")
    assert text in problem.message


def test_a_wrong_market_zone_is_a_config_error() -> None:
    assert market_zone("America/New_York").key == "America/New_York"
    with pytest.raises(ConfigError, match='Did you mean "America/New_York"'):
        market_zone("America/New York")
    with pytest.raises(ConfigError, match=r"such as Europe/London"):
        market_zone("")
