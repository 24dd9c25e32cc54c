"""Each event against each level, held against the closes themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from strategies import brent, dated, fit_brent

from oilshock.level_words import crossed_before, level_lines, nearest_level
from oilshock.report.event_levels import event_levels_table
from oilshock.results import StudyResult
from oilshock.study import EventStudy

DATES = ("2024-02-21", "2024-04-03", "2024-04-15")
LEVELS = (85.0, 90.0)


@pytest.fixture(scope="module")
def result() -> StudyResult:
    return fit_brent(dated(*DATES), levels=list(LEVELS))


def test_the_table_says_what_the_closes_say(result: StudyResult) -> None:
    prices = brent().prices
    rows = event_levels_table(result.estimates, result.facts).rows
    assert len(rows) == len(DATES) * len(LEVELS)
    pairs = [(date, level) for date in DATES for level in LEVELS]
    for (date, level), row in zip(pairs, rows, strict=True):
        day0 = prices.index.get_loc(date)
        window = prices.iloc[day0 : day0 + 11]
        above = window[window > level]
        assert row[3] == f"{prices.iloc[day0 - 1]:.2f}"
        assert row[4] == ("yes" if prices.iloc[day0 - 1] > level else "no")
        assert row[6] == f"{prices.iloc[day0]:.2f}"
        first = f"{above.index[0]:%Y-%m-%d}" if len(above) else "none to day +10"
        was_above = row[4] == "yes" and first == date
        assert row[7].endswith("already above" if was_above else first)


def test_each_level_has_a_line_that_places_every_event(result: StudyResult) -> None:
    low, high = level_lines(result.facts)
    # Closes of 20 to 22 February: 84.78, 84.77, 85.84; of 2 and 3 April: 88.90, 90.33; of 12 and
    # 15 April: 93.12, 90.84.
    assert low == "Closed above $85: the day before events 2 and 3; first on day +1 of event 1."
    assert high.startswith("Closed above $90: the day before event 3; first on day 0 of event 2 (")
    assert high.endswith("; never in the window of event 1.")


def test_one_event_has_no_table_of_levels() -> None:
    alone = fit_brent(dated(DATES[0]), levels=list(LEVELS))
    assert not event_levels_table(alone.estimates, alone.facts).rows
    assert level_lines(alone.facts) == []


def test_without_levels_there_is_nothing_to_say() -> None:
    plain = fit_brent(dated(*DATES))
    assert level_lines(plain.facts) == []
    assert nearest_level(plain.facts[0]) is None


def test_a_close_at_the_level_is_not_above_it() -> None:
    prices = brent().prices.copy()
    day0 = prices.index.get_loc("2024-04-15")
    prices.iloc[day0 - 1 : day0 + 2] = [90.0, 90.0, 90.01]
    event = {"id": "x", "date": "2024-04-15", "title": "T"}
    (facts,) = EventStudy(prices, [event], levels=[90.0]).fit().facts
    (level,) = facts.levels
    assert not level.was_above
    assert level.first_above == 1


def test_of_many_rows_the_nearest_to_the_close_stay_in_their_order(
    result: StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closes of 84.77, 90.33 and 90.84: 0.23 from 85, 0.33 and 0.84 from 90."""
    monkeypatch.setattr("oilshock.report.event_levels.MOST_ROWS", 2)
    table = event_levels_table(result.estimates, result.facts)
    assert [(row[0], row[2]) for row in table.rows] == [("1", "$85"), ("2", "$90")]
    assert table.notes[0] == "The 2 of 6 rows with a level nearest to the close of day 0."


def test_the_level_told_is_the_nearest_to_the_close(result: StudyResult) -> None:
    told = [nearest_level(facts) for facts in result.facts]
    assert [None if level is None else level.level for level in told] == [85.0, 90.0, 90.0]


@pytest.mark.parametrize(("sessions", "is_told"), [(20, True), (21, False)])
def test_only_a_crossing_of_the_last_20_sessions_is_told(
    result: StudyResult, sessions: int, is_told: bool
) -> None:
    facts = result.facts[2]
    level = facts.levels[1]
    assert level.before is not None
    later = replace(facts, position=level.before.session + sessions)
    told = crossed_before(result.estimates, later, level)
    expected = "rose above $90 on 3 April 2024, 20 sessions before day 0"
    assert told == (expected if is_told else None)
    assert crossed_before(result.estimates, later, replace(level, before=None)) is None
