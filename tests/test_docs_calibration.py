"""The figures of docs/calibration.md for the whole series are those that its study measures."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
STUDIES = DOCS / "studies"


def cells(table: str) -> list[list[str]]:
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    assert len(rows) > 4
    return rows


def test_the_page_holds_what_the_study_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(STUDIES))
    study = runpy.run_path(str(STUDIES / "calibration.py"))
    laid_out = runpy.run_path(str(STUDIES / "calibration_tables.py"))
    pool = study["pool_of"](study["span_returns"]("1987-2026"))
    found = {"1987-2026": study["measure"](pool, study["in_folds"](pool))}
    page = (DOCS / "calibration.md").read_text(encoding="utf-8")
    tables = {
        "Calibrated p": laid_out["size_table"](found, "placebo", laid_out["MOST"]),
        "Textbook p": laid_out["size_table"](found, "t", laid_out["SOME"]),
        "Share below 5 %, by": laid_out["quartile_table"](found, ("placebo", "t"), "reject_5"),
        "Power": laid_out["power_table"](found),
        "Coverage": laid_out["coverage_table"](found),
    }
    for heading, table in tables.items():
        written = cells(page.split(f"### {heading}")[1].split("### ")[0])
        column = written[0].index("1987-2026")
        assert [[row[0], row[column]] for row in written] == cells(table), heading
