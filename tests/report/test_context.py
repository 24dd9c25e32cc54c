"""The report as data: order, numbers, captions, key figures and sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from markupsafe import escape

import oilshock as osk
from oilshock.report.averages import average_table
from oilshock.report.event_pages import car_table, main_table
from oilshock.report.html import html_from
from oilshock.report.key_figures import key_figures
from oilshock.report.numbering import Numbering
from oilshock.report.screen import SCREEN
from oilshock.report.sources import list_sources, source_text
from oilshock.report.table import Table, largest_rows
from oilshock.results import StudyResult
from oilshock.typing import Record


def walk(part: Any) -> Iterator[Record]:
    """Give every record of a context, in order, but what only a screen shows."""
    if isinstance(part, dict):
        yield part
        for key, value in part.items():
            if key != SCREEN:
                yield from walk(value)
    elif isinstance(part, list):
        for value in part:
            yield from walk(value)


def figures(context: Record) -> list[Record]:
    return [record for record in walk(context) if "svg" in record]


def tables(context: Record) -> list[Record]:
    return [record for record in walk(context) if "columns" in record and record["rows"]]


@pytest.fixture(scope="module")
def one() -> StudyResult:
    events = [{"id": "a", "date": "2019-09-14", "title": "One", "direction": "+", "source": "X"}]
    return osk.EventStudy(osk.load_prices(), events, title="One").fit()


@pytest.fixture(scope="module")
def many() -> StudyResult:
    events = osk.load_events().filter(categories=["opec_decision"], since="2014-01-01")
    return osk.EventStudy(osk.load_prices(), events, title="Many").fit()


@pytest.mark.parametrize("kind", [figures, tables])
def test_numbers_run_from_one_in_reading_order(april_context: Record, kind: Any) -> None:
    numbers = [record["number"] for record in kind(april_context)]
    assert len(numbers) > 20
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(("kind", "word"), [(figures, "Figure"), (tables, "Table")])
def test_the_page_numbers_as_the_context_does(april_context: Record, kind: Any, word: str) -> None:
    # The PDF is held to the same numbers and captions in test_pdf.py.
    page = html_from(april_context)
    places = [
        page.index(f"<b>{word} {record['number']}</b> {escape(record['caption'])}")
        for record in kind(april_context)
    ]
    assert places == sorted(places)
    assert len(places) == len(re.findall(rf"<b>{word} \d+</b>", page))


def test_everything_numbered_has_a_caption_and_a_place(april_context: Record) -> None:
    numbered = figures(april_context) + tables(april_context)
    assert all(len(record["caption"]) > 15 for record in numbered)
    anchors = [record["anchor"] for record in numbered]
    assert len(set(anchors)) == len(anchors)
    assert len({record["caption"] for record in numbered}) == len(numbered)
    assert all(len(figure["alt"]) > 20 for figure in figures(april_context))


def test_references_lead_to_what_they_name(april_context: Record) -> None:
    numbered = figures(april_context) + tables(april_context)
    anchors = {record["anchor"] for record in numbered}
    named = [text for record in walk(april_context) for text in record.get("references", [])]
    assert len(named) > 30
    for reference in named:
        kind, number = reference["text"].split()
        assert reference["anchor"] == f"{kind.lower()}-{number}"
        assert reference["anchor"] in anchors


def test_a_table_without_rows_takes_no_number() -> None:
    numbering = Numbering()
    records = [numbering.table(Table(("<A",), rows)) for rows in ([], [["1"]], [], [["2"]])]
    assert [record["number"] for record in records] == [0, 1, 0, 2]


def test_tests_across_events_and_sessions_stand_in_the_appendix(april_context: Record) -> None:
    analyses = [part["anchor"] for part in april_context["sections"]]
    appendix = [part["anchor"] for part in april_context["appendix"]]
    assert analyses[0] == "history"
    assert appendix == ["calibration", "across", "overlap", "windows"]
    assert not set(analyses) & set(appendix)


def test_key_figures_of_one_event_are_its_numbers(one: StudyResult) -> None:
    found = {item["label"]: item for item in key_figures(one.estimates, one.facts)}
    row = one.car(0, 0).iloc[0]
    move = found["Event 1: abnormal return, day 0"]
    assert move["value"] == f"{100 * row['car']:+.2f} %"
    assert f"{row['usd']:+.2f} USD/bbl" in move["note"]
    assert found["Calibrated p of day 0"]["value"] == f"{row['p_calibrated']:.3f}"
    # The close of 16 September 2019, and what it was expected to be: the close less the move.
    close = float(osk.load_prices()["2019-09-16"])
    expected = found["Close of day 0, USD/bbl"]
    assert expected["value"] == f"{close:.2f}"
    assert expected["note"].startswith(f"{close - row['usd']:.2f} expected without the event")
    assert "Events kept" not in found
    assert "adjusted" not in found["Calibrated p of day 0"]["note"]


@pytest.mark.parametrize(("level", "side"), [(90.0, "above"), (92.0, "not above")])
def test_key_figures_of_a_level_are_its_chance_and_the_close(level: float, side: str) -> None:
    events = osk.load_events().filter(ids=["iran-attacks-israel-apr2024"])
    result = osk.EventStudy(osk.load_prices(), events, levels=[level]).fit()
    found = {item["label"]: item for item in key_figures(result.estimates, result.facts)}
    path = result.table("whatif").set_index("relative_day")
    chance = found[f"Pr(close above ${level:g}) without it"]
    assert chance["value"] == f"{path.loc[0, f'p_above_{level:g}']:.2f}"
    assert chance["note"] == f"on day 0; the actual close of 90.84 is {side}"
    n_outside = len(result.facts[0].outside)
    assert found["Days outside the one-day band"]["value"] == f"{n_outside} of 11"


def test_key_figures_of_many_events_are_counts(many: StudyResult) -> None:
    found = {item["label"]: item for item in key_figures(many.estimates, many.facts)}
    p_values = many.car(0, 0)["p_calibrated"]
    n_found, n = int((p_values < 0.05).sum()), len(p_values)
    assert 0 < n_found < n
    assert found["Abnormal day 0, p < 0.05"]["value"] == f"{n_found} of {n}"
    assert found["Abnormal day 0, p < 0.05"]["note"] == f"{0.05 * n:.1f} by chance alone"
    survive = int((many.car(0, 0)["p_adjusted"] < 0.05).sum())
    assert found["After adjustment"]["value"] == str(survive)
    sizes = many.car(0, 0)["car"].abs()
    assert found["Median abnormal move, day 0"]["value"] == f"{100 * sizes.median():.2f} %"
    assert found["Events kept"]["value"] == f"{n} of {len(many.estimates.ledger)}"


def test_a_family_of_one_has_no_adjusted_p(one: StudyResult, many: StudyResult) -> None:
    assert not one.estimates.is_adjusted
    assert "adj. p" not in main_table(one.estimates, one.facts).columns
    assert "adj. p" not in car_table(one.estimates, one.facts[0]).columns
    assert "nothing to adjust for" in main_table(one.estimates, one.facts).notes[0]
    assert many.estimates.is_adjusted
    assert "adj. p" in main_table(many.estimates, many.facts).columns
    for result in (one, many):
        for event in result.facts:
            table = car_table(result.estimates, event)
            assert {len(row) for row in table.rows} == {len(table.columns)}


def test_groups_of_fewer_than_three_have_no_row(april: StudyResult) -> None:
    shown = average_table(april.estimates).rows
    sizes = april.estimates.average.groupby("group")["n_events"].max()
    assert (sizes < 3).any()
    assert all(int(row[1]) >= 3 for row in shown)
    # Every group of three or more, and the signed average.
    assert len(shown) == int((sizes >= 3).sum()) + 1


def test_sources_are_numbered_and_lead_to_their_events(april: StudyResult) -> None:
    sources = list_sources(april.estimates, april.facts, factors={}, compared={})
    assert [source["number"] for source in sources] == list(range(1, len(sources) + 1))
    assert sources[0]["text"].startswith("U.S. Energy Information Administration")
    assert [source["target"] for source in sources[1:]] == [f"event-{n}" for n in range(1, 10)]
    assert sources[4]["text"] == source_text(april.facts[3])
    assert "MENAFN 15 Apr 2024" in sources[4]["text"]


def test_an_event_without_a_source_has_no_number(april_context: Record) -> None:
    events = [{"id": "a", "date": "2019-09-14", "title": "One"}]
    bare = osk.EventStudy(osk.load_prices(), events).fit()
    assert len(list_sources(bare.estimates, bare.facts, factors={}, compared={})) == 1
    numbers = [event["source"] for event in april_context["events"]]
    assert numbers == list(range(2, 11))


def test_words_of_the_makers_of_the_catalogue_are_put_plainly(april: StudyResult) -> None:
    notes = [event.confounders for event in april.facts]
    raw = april.estimates.kept_events["confounders"]
    assert raw.str.contains("seed", case=False).any()
    assert not any("seed" in note.casefold() for note in notes)
    assert np.sum([note == str(text) for note, text in zip(notes, raw, strict=True)]) >= 7


def test_a_table_of_many_events_keeps_the_largest_in_their_order() -> None:
    sizes = [float((7 * n) % 101) * (-1) ** n for n in range(100)]
    sizes[5] = np.nan
    table = Table(("#",), [[str(n)] for n in range(100)], notes=("Read on.",))
    short = largest_rows(table, sizes, by="move", file="history.csv")
    shown = [int(row[0]) for row in short.rows]
    assert shown == sorted(shown)
    assert len(shown) == 60
    least = min(abs(sizes[n]) for n in shown)
    assert all(abs(sizes[n]) <= least for n in range(100) if n not in shown and n != 5)
    assert 5 not in shown
    assert short.notes == (
        "The 60 of 100 events with the largest move; all are in history.csv.",
        "Read on.",
    )
    few = Table(("#",), table.rows[:60])
    assert largest_rows(few, sizes[:60], by="move", file="history.csv") is few
