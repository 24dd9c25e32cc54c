"""The sections on other choices, power and unexplained moves: words against figures."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import oilshock as osk
from oilshock.inference.curve import SpecificationCurve, summarise_curve
from oilshock.report.analyses import analyse
from oilshock.report.artist import Artist
from oilshock.report.numbering import Numbering, with_cross_references
from oilshock.report.power import minimum_of, power_paragraphs, power_section
from oilshock.report.scan import own_moves, scan_paragraphs, scan_section
from oilshock.report.sections import build_sections
from oilshock.report.sweep import driver_sentence, placed_band, sweep_paragraphs, sweep_section
from oilshock.results import StudyResult
from oilshock.typing import Record, silent


def artist_of(result: StudyResult) -> Artist:
    return Artist(result.estimates, result.facts, progress=silent)


def test_april_has_all_three_sections(april: StudyResult) -> None:
    sections = build_sections(artist_of(april), analyse(april.estimates))
    assert {"sweep", "power", "scan"} <= {section.anchor for section in sections}
    for section in sections:
        assert section.paragraphs
        assert all(chart.svg.startswith("<?xml") for chart in section.charts)
        assert all(len(row) == len(table.columns) for table in section.tables for row in table.rows)


def test_a_study_without_a_grid_has_no_section_on_it(april: StudyResult) -> None:
    without = replace(april, estimates=replace(april.estimates, curve=None))
    assert sweep_section(artist_of(without)) is None


def test_the_words_on_a_curve_are_its_figures(april: StudyResult) -> None:
    curve = april.estimates.curve
    assert curve is not None
    summary = summarise_curve(curve)
    text = " ".join(sweep_paragraphs(april.estimates, curve, summary))
    assert "120 specifications give the CAR in the direction expected beforehand of 1 event" in text
    median = f"median {100 * summary.median_effect:+.2f} %".replace("-", "−")
    assert median in text
    assert "chance alone gives such a curve often enough" in text
    assert "The event window drives the size of the effect" in text
    assert re.search(r"at \[[0−+0-9]+, \+\d+\]", text)
    assert not re.search(r"\[-|, \d*[1-9]\]", text)


def test_windows_of_a_sweep_are_written_as_elsewhere(april: StudyResult) -> None:
    curve = april.estimates.curve
    assert curve is not None
    section = sweep_section(artist_of(april))
    assert section is not None
    rows = section.tables[1].rows
    windows = [row[1] for row in rows if row[0] == "event window"]
    assert windows == ["[0, 0]", "[−1, +1]", "[0, +1]", "[0, +5]", "[−5, +10]"]
    assert "[−1, +1]" in section.charts[0].svg
    # The tables for programs keep what they had.
    assert "[-1, 1]" in set(curve.frame["window"])


def curve_of(
    effect: list[float], placed: list[float], **columns: list[object]
) -> SpecificationCurve:
    n = len(effect)
    same = {name: ["x"] * n for name in ("model", "returns", "series", "test", "window", "reason")}
    frame = pd.DataFrame(
        {**same, "estimation": 1, "gap": 1, "n_events": 3, "effect": effect, "p_value": 0.01}
        | columns
    )
    matrix = np.repeat(np.array(placed)[:, np.newaxis], n, axis=1)
    return SpecificationCurve(frame, matrix, np.full(matrix.shape, 0.5), 0.05, "average", -1)


def test_a_curve_beyond_chance_is_said_to_be(april: StudyResult) -> None:
    curve = curve_of([0.05] * 4, np.linspace(-0.01, 0.01, 99).tolist())
    text = " ".join(sweep_paragraphs(april.estimates, curve, summarise_curve(curve)))
    assert "the curve as a whole is not what chance gives" in text
    assert "p = 0.010" in text
    assert "no choice was varied" in text


@pytest.mark.parametrize(
    ("gap", "window", "words"),
    [
        (0.04, 0.0, "The gap drives the size of the effect: 100 %"),
        (0.0, 0.0, "No choice changes the size of the effect."),
    ],
)
def test_what_drives_a_curve_is_said_in_words(
    april: StudyResult, gap: float, window: float, words: str
) -> None:
    effect = [0.0, window, gap, gap + window]
    curve = curve_of(effect, [0.0], gap=[10, 10, 20, 20], window=["a", "b"] * 2)
    assert driver_sentence(april.estimates, curve).startswith(words)


def test_no_driver_when_three_choices_share(april: StudyResult) -> None:
    levels = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    columns = dict(
        zip(("gap", "estimation", "model"), map(list, zip(*levels, strict=True)), strict=True)
    )
    curve = curve_of([0.01 * sum(level) for level in levels], [0.0], **columns)
    assert driver_sentence(april.estimates, curve).startswith("No single choice drives")


def test_nothing_computed_is_said(april: StudyResult) -> None:
    curve = curve_of([np.nan], [np.nan])
    assert sweep_paragraphs(april.estimates, curve, summarise_curve(curve)) == [
        "No specification could be computed: see the reasons in “oilshock sweep”."
    ]
    assert placed_band(curve) is None


def test_the_words_on_power_are_its_figures(april: StudyResult) -> None:
    power = april.power()
    rows = minimum_of(power, (0, 0))
    first = power_paragraphs(april.estimates, power, window=(0, 0))[0]
    events = rows[rows["event_id"] != ""]
    assert (
        f"{100 * events['minimum'].min():.2f} % to {100 * events['minimum'].max():.2f} %" in first
    )
    assert "None of 9 events did. Where it did not, no effect found does not mean" in first
    section = power_section(artist_of(april), analyse(april.estimates).power)
    assert section is not None
    assert [chart.name for chart in section.charts] == ["power", "power_curves"]


def test_a_found_move_is_counted(april: StudyResult) -> None:
    power = april.power()
    frame = power.minimum.assign(car=0.5)
    text = power_paragraphs(april.estimates, replace(power, minimum=frame), window=(0, 0))[0]
    assert text.endswith("9 of 9 events did.")


def test_the_words_on_a_scan_are_its_figures(april: StudyResult) -> None:
    scan = april.scan()
    own = own_moves(april.estimates, scan)
    text = scan_paragraphs(april.estimates, scan, own=own)
    about = scan.coverage
    assert f"{about.n_moves} moves stand out" in text[0]
    assert f"{about.n_explained} have an event" in text[0]
    assert f"({100 * about.recall:.0f} %;" in text[0]
    assert text[1].startswith("None has a q value below 0.05")
    assert text[2] == "No session in the time of this study stands out."
    found = scan_paragraphs(april.estimates, replace(scan, n_below_q=3), own=scan.moves.head(1))
    assert found[1].startswith("3 sessions have a q value below 0.05")
    assert "1 session stands out: 9 March 2020 (−25.52 %; rank 6 by size, 1 for its" in found[2]
    single = scan_paragraphs(april.estimates, replace(scan, n_below_q=1), own=own)
    assert single[1].startswith("1 session has a q value below 0.05: one is larger than")
    bare = scan_paragraphs(april.estimates, replace(scan, reason="it is short"), own=own)
    assert bare[1] == "No model of the tail: it is short. Moves are ranked by size alone."


def test_a_short_series_has_no_section_on_its_moves() -> None:
    prices = osk.load_prices().loc["2024-01-02":"2024-10-01"]
    events = osk.load_events().filter(ids=["us-sanctions-iran-apr2024"])
    short = osk.EventStudy(prices, events, estimation=40, window=(-1, 2)).fit()
    analyses = analyse(short.estimates)
    assert analyses.scan is None
    assert scan_section(artist_of(short), analyses.scan) is None


def test_moves_without_an_event_stand_in_the_order_of_their_rank(april: StudyResult) -> None:
    section = scan_section(artist_of(april), april.scan())
    assert section is not None
    table = section.tables[0]
    assert table.caption.endswith("in the order of their size")
    place = table.columns.index("Rank")
    ranks = [int(row[place].replace(",", "")) for row in table.rows]
    assert ranks == sorted(ranks)
    unexplained = april.scan().unexplained
    best = np.minimum(unexplained["rank_raw"], unexplained["rank_scaled"]).nsmallest(len(ranks))
    assert set(ranks) == set(unexplained.loc[best.index, "rank_raw"])


def test_two_ranks_of_one_day_say_their_scale_and_name_each_other(april_context: Record) -> None:
    found = {part["anchor"]: part for part in april_context["sections"]}
    history, scan = found["history"], found["scan"]
    for own, other, scale, foreign in (
        (history, scan, "EWMA", "GARCH(1,1)-t"),
        (scan, history, "GARCH", "EWMA"),
    ):
        labels = [column["label"] for column in own["tables"][0]["columns"]]
        assert f"Scaled ({scale})" in labels
        place = f"Table {other['tables'][0]['number']}"
        (note,) = [note for note in own["notes"] if note.startswith("The same day")]
        assert f"another rank in {place}: " in note
        assert foreign in note
    assert "EWMA volatility of the day before" in " ".join(history["paragraphs"])


def test_no_table_is_named_that_is_not_there() -> None:
    """A short series has no section on unusual moves."""
    prices = osk.load_prices().loc["2022-06-01":"2024-06-01"]
    result = osk.EventStudy(prices, [{"id": "a", "date": "2024-02-06", "title": "A"}]).fit()
    sections = build_sections(artist_of(result), replace(analyse(result.estimates), scan=None))
    numbering = Numbering()
    records = with_cross_references([numbering.section(part) for part in sections], sections)
    (history,) = [record for record in records if record["anchor"] == "history"]
    assert not [note for note in history["notes"] if "{" in note or "another rank" in note]
