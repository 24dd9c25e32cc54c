"""`scan`, `sweep` and `power`: text, JSON, and the folder they write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

SMALL = """
[power]
draws = 100
events = [1, 5]
[scan]
top = 10
[sweep]
estimation = [60, 120]
windows = [[0, 0], [0, 5]]
permutations = 20
"""
FILES = {
    "scan": {"moves.csv", "breaks.csv", "quiet_events.csv", "scan.png", "scan.json"},
    "power": {"minimum.csv", "curves.csv", "power.png", "power_curves.png", "power.json"},
    "sweep": {"specifications.csv", "drivers.csv", "levels.csv", "sweep.png", "sweep.json"},
}
WORDS = {
    "scan": "moves stand out",
    "power": "A single event must bring an abnormal log return over",
    "sweep": "8 specifications give the CAR in the direction expected beforehand",
}


@pytest.fixture
def config(attack: Path) -> Path:
    attack.write_text(attack.read_text() + SMALL)
    return attack


@pytest.mark.parametrize("name", FILES)
def test_an_answer_is_printed_and_nothing_written(call: Any, config: Path, name: str) -> None:
    done = call(name, config)
    assert (done.code, done.err) == (0, "")
    assert WORDS[name] in " ".join(done.out.split())
    assert all(len(line) <= 80 for line in done.out.splitlines())
    assert [path.name for path in config.parent.iterdir()] == ["attack.toml"]


@pytest.mark.parametrize("name", FILES)
def test_json_is_one_document_without_nan(call: Any, config: Path, name: str) -> None:
    done = call(name, config, "--format", "json")
    document = json.loads(done.out, parse_constant=lambda word: pytest.fail(word))
    assert (done.code, document["schema_version"], document["study"]) == (0, 1, "attack")
    assert isinstance(document[name], dict)
    assert document["files"] == []
    tables = {path.removesuffix(".csv") for path in FILES[name] if path.endswith(".csv")}
    assert tables <= set(document)


@pytest.mark.parametrize("name", FILES)
def test_out_writes_a_folder_of_our_own_twice_with_equal_bytes(
    call: Any, config: Path, name: str
) -> None:
    folder = config.parent / "out" / f"attack-{name}"
    document = json.loads(call(name, config, "--out", "out", "--format", "json").out)
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(first) == FILES[name] | {"manifest.json"}
    assert {Path(path).name for path in document["files"]} == FILES[name]
    done = call(name, config, "--out", "out")
    assert f"out/attack-{name}/{name}.json" in done.out
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
    for table in (path for path in FILES[name] if path.endswith(".csv")):
        rows = pd.read_csv(folder / table)
        assert len(rows) == len(document[table.removesuffix(".csv")])


@pytest.mark.parametrize("name", FILES)
def test_a_foreign_folder_is_refused(call: Any, config: Path, name: str) -> None:
    folder = config.parent / "out" / f"attack-{name}"
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("keep")
    done = call(name, config, "--out", "out")
    assert done.code == 2
    assert "is not replaced" in done.err
    assert (folder / "mine.txt").read_text() == "keep"


def test_a_sweep_without_a_table_varies_window_and_gap(call: Any, attack: Path) -> None:
    document = json.loads(call("sweep", attack, "--format", "json").out)
    varied = {row["dimension"] for row in document["levels"]}
    assert varied == {"estimation", "gap", "window", "test"}
    own = document["specifications"][document["sweep"]["own_specification"] - 1]
    assert (own["estimation"], own["gap"], own["window"]) == (120, 10, "[0, 0]")


def test_a_sweep_keeps_its_parts_where_it_is_told(call: Any, config: Path) -> None:
    first = call("sweep", config, "--store", "parts")
    parts = {path.name: path.stat().st_mtime_ns for path in Path("parts").iterdir()}
    assert len(parts) == 2
    again = call("sweep", config, "--store", "parts")
    assert again.out == first.out
    assert {path.name: path.stat().st_mtime_ns for path in Path("parts").iterdir()} == parts


def test_a_wrong_grid_is_a_config_error(call: Any, attack: Path) -> None:
    attack.write_text(attack.read_text() + '[sweep]\nseries = ["futures"]\nestimaton = [60]\n')
    done = call("sweep", attack)
    assert done.code == 2
    assert "estimaton" in done.err
