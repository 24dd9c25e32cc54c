"""Studies whose events overlap."""

from __future__ import annotations

import pytest
from strategies import catalogue, fit_brent

from oilshock import StudyResult


@pytest.fixture(scope="module")
def april() -> StudyResult:
    """Eight events, of which seven overlap and two share day 0."""
    return fit_brent(catalogue().filter(since="2024-04-01", until="2024-05-30"))


@pytest.fixture(scope="module")
def with_dollar() -> StudyResult:
    events = catalogue().filter(since="2022-02-01", until="2022-06-30")
    return fit_brent(events, model="factors", factors=["dollar"])
