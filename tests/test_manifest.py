"""The manifest: what was read, and no path of this machine."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd

from oilshock import StudyResult, run_study
from oilshock.config import config_from_dict
from oilshock.documents import to_document, to_json
from oilshock.manifest import config_record, input_record, manifest


def own_files(folder: Path) -> StudyResult:
    """Run a study whose files are given by absolute paths."""
    days = pd.bdate_range("2023-06-01", periods=250)
    rows = [f"{day:%Y-%m-%d},{80 + i * 7919 % 97 / 50}" for i, day in enumerate(days)]
    (folder / "p.csv").write_text("\n".join(["date,price", *rows, ""]))
    (folder / "e.csv").write_text("id,date,title\nx,2024-03-05,T\n")
    data: dict[str, Any] = {
        "study": {"name": "s"},
        "prices": {"source": "file", "symbol": str(folder / "p.csv")},
        "events": {"source": str(folder / "e.csv")},
    }
    return run_study(config_from_dict(data, where="test"), base=folder)


def test_no_absolute_path_is_written(tmp_path: Path) -> None:
    about = manifest(own_files(tmp_path))
    assert str(tmp_path) not in to_json(about)
    assert about["config"]["prices"]["symbol"] == "p.csv"
    assert about["config"]["events"]["source"] == "e.csv"
    sums = {entry["input"]: entry["sha256"] for entry in about["inputs"]}
    assert sums == {
        "prices": hashlib.sha256((tmp_path / "p.csv").read_bytes()).hexdigest(),
        "events": hashlib.sha256((tmp_path / "e.csv").read_bytes()).hexdigest(),
    }


def test_the_document_holds_no_absolute_path(tmp_path: Path) -> None:
    assert str(tmp_path) not in to_json(to_document(own_files(tmp_path)))


def test_an_event_without_a_price_names_no_folder_either(tmp_path: Path) -> None:
    prices, events = str(tmp_path / "p.csv"), str(tmp_path / "e.csv")
    data: dict[str, Any] = {
        "study": {"name": "s"},
        "prices": {"source": "file", "symbol": prices},
        "events": {"source": events},
    }
    record = config_record(config_from_dict(data, where="test"))
    assert (record["prices"]["symbol"], record["events"]["source"]) == ("p.csv", "e.csv")
    about = {"file": prices, "note": "of no use", "title": "Own prices"}
    assert input_record("prices", about) == {
        "input": "prices",
        "title": "Own prices",
        "file": "p.csv",
    }
