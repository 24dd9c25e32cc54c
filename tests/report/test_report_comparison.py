"""The section "What moves more?": when it stands, and what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from report_pages import page_of

from oilshock.config import Config, load_config
from oilshock.report.comparison import (
    COLUMNS,
    comparison_cells,
    comparison_paragraphs,
    is_shown,
)
from oilshock.results import StudyResult
from oilshock.study import run_study

CONFIG = "configs/april-2024.toml"


def changed(config: Config, **comparison: object) -> Config:
    table = config.comparison.model_copy(update=comparison)
    return config.model_copy(update={"comparison": table})


@pytest.fixture(scope="module")
def asked() -> StudyResult:
    config = load_config(CONFIG)
    return run_study(
        changed(
            config,
            attributes=("direction",),
            contrasts=(("direction=+", "direction=0"), ("category=policy", "category=unrest")),
        )
    )


@pytest.fixture(scope="module")
def war() -> StudyResult:
    return run_study(load_config("configs/iran-war-2026.toml"))


def test_shown_where_asked_or_with_twelve_directions(
    april: StudyResult, asked: StudyResult, war: StudyResult
) -> None:
    assert not is_shown(april.estimates)
    assert is_shown(asked.estimates)
    assert is_shown(war.estimates)


def test_cells_fit_their_headings(asked: StudyResult) -> None:
    cells = comparison_cells(asked.estimates)
    assert {len(row) for row in cells} == {len(COLUMNS)}
    labels = [row[0] for row in cells]
    # Six comparisons, each of the first and the last CAR window.
    assert len(labels) == 12
    assert labels[0] == "Mean CAR in the direction expected"
    assert "category: policy less category: unrest (groups of 0 and 0 separate" in labels[-1]
    assert [row[1] for row in cells[:2]] == ["[0, 0]", "[−5, +10]"]
    assert labels[2] == "The same, against random sets of ordinary sessions"
    assert cells[4][2].endswith(" %")
    assert cells[4][4] == ""


def test_paragraphs_say_the_figures_of_the_table(asked: StudyResult) -> None:
    finding, reading = comparison_paragraphs(asked.estimates)
    frame = asked.table("comparison")
    day0 = (frame["start"] == 0) & (frame["end"] == 0) & (frame["term"] != "placebo")
    first = frame[day0].set_index("kind")
    share = first.loc["share-as-expected"]
    assert f"{share['statistic']:.0f} of {share['n_events']} moved as expected" in finding
    assert f"{100 * first.loc['signed-average', 'estimate']:+.2f} %".replace("-", "−") in finding
    assert "policy" not in finding  # no figure, so no sentence
    assert "HC3" in reading
    assert "10,000 random splits" in reading


def test_direction_of_the_asymmetry_is_in_words(war: StudyResult) -> None:
    # In the war, tightening moved the price by less on day 0 than easing did.
    cars = war.car(0, 0)["car"].groupby(war.estimates.kept_events["direction"]).mean()
    assert 0 < cars["+"] < -cars["-"]
    finding = comparison_paragraphs(war.estimates)[0]
    assert "less than easing" in finding
    assert "only 13 episodes: the error is unsure)" in finding


def test_html_has_the_section_with_its_chart(asked: StudyResult, april_page: Path) -> None:
    html = page_of(asked)
    assert "<h2>What moves more?</h2>" in html
    assert html.count("regressed on direction") == 2
    frame = asked.estimates.comparison
    # The section shows the first and the last window.
    rows = frame[(frame["kind"] == "regression") & frame["end"].isin([0, 10])]
    told = len(re.findall("<title>(?:constant: the base levels|direction: [+−0] )", html))
    assert told == len(rows) == 2 * 4
    assert '<a href="#comparison">' in html
    assert "What moves more?" not in april_page.read_text(encoding="utf-8")


def test_events_say_which_assumptions_fail(april: StudyResult) -> None:
    from oilshock.narrative import event_sentences

    starts = ("Estimation window:", "The window's most unusual")
    failing = [
        any(text.startswith(starts) for text in event_sentences(april.estimates, facts, n_events=9))
        for facts in april.facts
    ]
    frame = april.diagnostics
    p_values = frame[
        ["arch_lm_p_value", "jarque_bera_p_value", "ljung_box_p_value", "outlier_p_value"]
    ]
    assert failing == (p_values < 0.05).any(axis=1).tolist()
    assert any(failing)
    assert not all(failing)
