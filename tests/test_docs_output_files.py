"""The page on output files names every table and column that a run writes, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from oilshock.config import config_from_dict
from oilshock.output import write_study
from oilshock.study import run_study

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = (DOCS / "reference" / "output-files.md").read_text(encoding="utf-8")

COLUMN_ROWS = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \|", flags=re.M)


def test_the_page_on_output_files_has_every_column(tmp_path: Path) -> None:
    config = {
        "study": {"name": "columns"},
        "prices": {"start": "2021-01-01"},
        "events": {"ids": ["isfahan-strike-2024", "iran-attacks-israel-apr2024"]},
        "levels": {"usd": [90.0]},
        "model": {"joint": True},
        "episodes": {"within": 5},
        "decomposition": {"report": True},
        "dynamics": {"draws": 100},
        "inference": {"draws": 200},
        "report": {"formats": []},
    }
    result = run_study(config_from_dict(config, where="columns"))
    folder = tmp_path / "columns"
    write_study(result, folder, formats=())
    sections = re.split(r"^### ", PAGE, flags=re.M)[1:]
    documented = {
        section.split("\n")[0]: re.findall(r"`(\w+)`", " ".join(COLUMN_ROWS.findall(section)))
        for section in sections
    }
    tables = sorted(path.name for path in (folder / "tables").glob("*.csv"))
    assert sorted(documented) == tables
    for name in tables:
        columns = pd.read_csv(folder / "tables" / name, nrows=0).columns
        assert sorted(documented[name]) == sorted(columns), name
