"""The figures in the docs are those of the package."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.mark.parametrize(("page", "study"), [("which-p-value.md", "six_events.py")])
def test_a_page_holds_the_table_that_its_study_prints(page: str, study: str) -> None:
    table = runpy.run_path(str(DOCS / "studies" / study))["markdown"]()
    assert table in (DOCS / page).read_text(encoding="utf-8")
