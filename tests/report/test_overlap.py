"""The section on overlapping events, as data, as HTML and as PDF."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

import oilshock as osk
from oilshock import StudyResult, run_study
from oilshock.config import config_from_dict
from oilshock.report.analyses import analyse
from oilshock.report.artist import Artist
from oilshock.report.context import build_context
from oilshock.report.figures import draw_charts
from oilshock.report.html import html_from
from oilshock.report.overlap import overlap_paragraphs, overlap_section, part_rows, shared_rows
from oilshock.report.pdf import pdf_from
from oilshock.typing import Record, silent

# Day 0: 15 April, and twice 19 April; the last stands alone. [-1, 1] of the twins: 18, 19, 22.
EVENTS = [
    {"id": "x", "date": "2024-04-17", "title": "Strike", "category": "conflict"},
    {"id": "y", "date": "2024-04-19", "title": "Answer", "category": "conflict"},
    {"id": "z", "date": "2024-04-19", "title": "Denial", "category": "diplomacy"},
    {"id": "far", "date": "2024-07-10", "title": "Far away", "category": "diplomacy"},
]


def study(**tables: Any) -> StudyResult:
    data = {
        "study": {"name": "s"},
        "events": {"source": "inline", "items": EVENTS},
        "windows": {"event": [-1, 1], "gap": 5, "car": [[0, 0], [-1, 1]]},
        "inference": {"tests": ["t"], "groups": ["category"]},
        **tables,
    }
    return run_study(config_from_dict(data, where="test"))


def context_of(result: StudyResult) -> Record:
    charts = draw_charts(
        result.estimates, result.facts, analyses=analyse(result.estimates), progress=silent
    )
    return build_context(result.estimates, result.facts, charts=charts, factors={})


@pytest.fixture(scope="module")
def joint() -> StudyResult:
    return study(model={"joint": True})


@pytest.fixture(scope="module")
def context(joint: StudyResult) -> Record:
    return context_of(joint)


def test_the_table_says_which_sessions_are_shared_by_whom(joint: StudyResult) -> None:
    # x: 16, 17, 18 April; y and z: 18, 19, 22 April.
    assert shared_rows(joint.estimates) == [
        ["1, 2, 3", "2024-04-18", "1"],
        ["2, 3", "2024-04-19 to 2024-04-22", "2"],
    ]


def test_the_words_count_episodes_and_shared_sessions(joint: StudyResult) -> None:
    words = " ".join(overlap_paragraphs(joint.estimates))
    assert "4 events in 2 episodes, 1 of them with one event. 3 sessions lie in" in words
    assert "enters once" in words
    assert "[0, 0]: 2, 3; [−1, +1]: 2, 3." in words
    assert "classical" in words


def test_the_parts_repeat_joint_csv(joint: StudyResult) -> None:
    frame = joint.table("joint")
    known = frame[frame["identified"] == "yes"]
    rows = part_rows(joint.estimates)
    assert len(rows) == len(known) < len(frame)
    assert [row[0] for row in rows[:3]] == ["1 Strike", "1 Strike", "4 Far away"]
    assert rows[0][3] == f"{100 * known['estimate'].iloc[0]:+.2f} %".replace("-", "−")
    assert rows[1][2] == "2"
    assert rows[1][7] == "2, 3"


def test_window_dummies_state_their_assumption() -> None:
    result = study(model={"joint": True, "joint_dummies": "window"})
    words = " ".join(overlap_paragraphs(result.estimates))
    assert "only by assuming that an event's effect is the same on each day" in words
    reason = result.table("joint").set_index(["id", "start"])["reason"]
    assert "told apart from y and z only by assuming" in reason["x", -1]


def test_robust_errors_name_their_rule_and_what_is_refused() -> None:
    result = study(model={"joint": True, "joint_covariance": "hac"})
    words = " ".join(overlap_paragraphs(result.estimates))
    assert "lag floor(4 (T/100)^(2/9))" in words
    assert "category=conflict: needs 20 separate episodes, has 1" in words
    assert "events and episodes have classical ones" in words


def test_both_reports_hold_the_section(context: Record) -> None:
    html = html_from(context)
    reader = PdfReader(io.BytesIO(pdf_from(context, timestamp=0)))
    pdf = "\n".join(page.extract_text() for page in reader.pages)
    for text in (html, pdf):
        assert "Overlapping events" in text
        assert "Shares sessions with" in text
        assert "2024-04-19 to 2024-04-22" in text


def test_without_joint_shared_sessions_are_named_and_nothing_is_fitted() -> None:
    result = study()
    section = next(part for part in context_of(result)["appendix"] if part["anchor"] == "overlap")
    assert [table["columns"][1]["label"] for table in section["tables"]] == ["Shared sessions"]
    assert "joint" not in result.estimates.__dict__


def test_a_study_without_overlap_has_no_section() -> None:
    events = osk.load_events().filter(ids=["iraq-invades-kuwait", "russia-invades-ukraine-2022"])
    result = osk.EventStudy(osk.load_prices(), events).fit()
    assert overlap_section(Artist(result.estimates, result.facts, progress=silent)) is None


def test_episodes_alone_have_a_section_without_a_regression() -> None:
    result = study(episodes={"within": 0})
    section = next(part for part in context_of(result)["sections"] if part["anchor"] == "overlap")
    assert len(section["paragraphs"]) == 1
    assert [table["columns"][1]["label"] for table in section["tables"]] == ["Shared sessions"]
    assert result.episodes["episode"].tolist() == ["x", "y +1 more", "far"]
