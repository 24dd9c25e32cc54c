"""Tables of a report: columns in which no row has anything are left out."""

from __future__ import annotations

import pytest

import oilshock as osk
from oilshock.report.artist import Artist
from oilshock.report.dynamics_tables import event_table
from oilshock.report.history import history_section
from oilshock.report.ledger_tables import moved_table
from oilshock.report.table import Table, without_empty_columns
from oilshock.results import StudyResult
from oilshock.typing import silent

DASH = "\N{EN DASH}"


def test_columns_without_a_figure_are_left_out_and_others_stay() -> None:
    table = Table(
        ("#", "<<Event", "A", "B", "C"), [["1", "x", DASH, "", "2"], ["2", "", "", "", DASH]]
    )
    shorter = without_empty_columns(table)
    assert shorter.columns == ("#", "<<Event", "C")
    assert shorter.rows == [["1", "x", "2"], ["2", "", DASH]]
    nothing = Table(("A", "B"), [])
    assert without_empty_columns(nothing) is nothing


@pytest.fixture(scope="module")
def own() -> StudyResult:
    """Events without categories, times or moves that left their band."""
    days = ("2023-11-04", "2023-12-19", "2024-01-13")
    events = [{"id": day, "date": day, "title": f"Of {day}"} for day in days]
    return osk.EventStudy(osk.load_prices(), events).fit()


def artist_of(result: StudyResult) -> Artist:
    return Artist(result.estimates, result.facts, progress=silent)


def test_without_categories_no_event_is_larger_than_others_of_its_kind(
    own: StudyResult, april: StudyResult
) -> None:
    section = history_section(artist_of(own))
    assert section is not None
    assert "Larger than" not in section.tables[0].columns
    assert "Larger than" not in section.notes[0]
    with_categories = history_section(artist_of(april))
    assert with_categories is not None
    assert "Larger than" in with_categories.tables[0].columns
    assert "Larger than: share" in with_categories.notes[0]


def test_half_lives_that_no_event_has_take_no_column(own: StudyResult) -> None:
    table = event_table(artist_of(own))
    assert not own.dynamics_events()["half_life"].notna().any()
    assert "Half-life" not in table.columns
    assert not [c for c in zip(*table.rows, strict=True) if set(c) == {DASH}]
    (note,) = table.notes
    assert note.startswith("Of no event defined, so without a column: half-life")
    assert "(events 1, 2 and 3)" in note


def test_without_a_time_the_moved_have_no_column_of_times(
    own: StudyResult, april: StudyResult
) -> None:
    assert "<Time" not in moved_table(own.estimates).columns
    assert "<Time" in moved_table(april.estimates).columns
