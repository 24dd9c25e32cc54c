"""Studies that several tests of tables for papers read."""

from __future__ import annotations

import pytest
from strategies import CLOSE, brent, catalogue

from oilshock.results import StudyResult
from oilshock.study import EventStudy

NASTY = 'R&D_costs 5 % of $90 #1 ~ x^2 \\ {braces} [a] * | < > " −2 – “q”'


@pytest.fixture(params=["april", "nasty"])
def study(request: pytest.FixtureRequest) -> StudyResult:
    """Each of the two studies in turn."""
    result: StudyResult = request.getfixturevalue(request.param)
    return result


@pytest.fixture(scope="session")
def april() -> StudyResult:
    """Nine events of April 2024 and one that is too early, with levels."""
    events = catalogue().filter(since="2024-02-20", until="2024-04-20")
    items = [
        *events.to_frame()[["id", "date", "time", "title", "direction"]].to_dict("records"),
        {"id": "early", "date": "1987-06-01", "time": "", "title": "Too early", "direction": "0"},
    ]
    return EventStudy(brent().prices, items, **CLOSE, levels=[90.0]).fit()


@pytest.fixture(scope="session")
def nasty() -> StudyResult:
    """Two events whose titles hold what LaTeX, Markdown and Excel take for commands."""
    items = [
        {"id": "a", "date": "2024-04-15", "title": NASTY, "direction": "+", "category": "a_b"},
        {"id": "b", "date": "2026-09-28", "title": "=1+1", "direction": "-", "category": "a_b"},
    ]
    return EventStudy(brent().prices, items, **CLOSE, title="100 % & more").fit()
