"""Dates that are likely wrong are said on stderr by every command that takes prices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from oilshock import load_prices

CONFIG = """
[study]
name = "s"
[prices]
source = "file"
symbol = "p.csv"
[events]
source = "inline"
items = [{ id = "x", date = 2024-04-12, title = "X" }]
[inference]
tests = ["t"]
[report]
formats = []
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Write a study on a file in which a row of August 2023 has its day and month swapped."""
    prices = load_prices()["2023-01-01":"2024-07-31"]  # type: ignore[misc]
    lines = [f"{day:%Y-%m-%d},{price}" for day, price in prices.items()]
    place = next(i for i, line in enumerate(lines) if line.startswith("2023-08-04"))
    lines[place] = lines[place].replace("2023-08-04", "2023-04-08")
    (tmp_path / "p.csv").write_text("\n".join(["date,price", *lines]), encoding="utf-8")
    path = tmp_path / "s.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def warned(err: str) -> str:
    (line,) = [line for line in err.splitlines() if line.startswith("Warning: ")]
    return line


def assert_names_the_row(line: str, folder: Path) -> None:
    lines = (folder / "p.csv").read_text("utf-8").splitlines()
    row = next(number for number, text in enumerate(lines, 1) if text.startswith("2023-04-08"))
    assert line == (
        f"Warning: p.csv: 1 date does not fit the rows around: row {row} has 2023-04-08, a "
        "Saturday, between 2023-08-03 and 2023-08-07; perhaps day and month are swapped "
        "(2023-08-04 fits). Put the dates right in the file, or take the rows out."
    )


@pytest.mark.parametrize("command", ["run", "scan", "power", "calibrate", "dynamics"])
def test_each_command_warns_once(call: Any, config: Path, command: str) -> None:
    done = call(command, config)
    assert done.code == 0
    assert_names_the_row(warned(done.err), config.parent)
    assert "do not fit" not in done.out
    assert "does not fit" not in done.out


@pytest.mark.parametrize("more", [["--brief"], ["--quiet"], ["--format", "json"]])
def test_it_is_said_whatever_is_printed(call: Any, config: Path, more: list[str]) -> None:
    done = call("run", config, *more)
    assert_names_the_row(warned(done.err), config.parent)
    if "json" in more:
        kinds = [one["kind"] for one in json.loads(done.out)["diagnostics"]["price_findings"]]
        assert "misplaced" in kinds


def test_an_event_without_a_price_yet_too(call: Any, config: Path) -> None:
    when = ["2024-09-01", "--prices", config.parent / "p.csv", "--reports", "none"]
    done = call("event", *when)
    assert done.code == 0
    assert "has 2023-04-08, a Saturday" in warned(done.err)


def test_a_file_in_order_brings_no_warning(call: Any, config: Path) -> None:
    path = config.parent / "p.csv"
    path.write_text(path.read_text("utf-8").replace("2023-04-08", "2023-08-04"), encoding="utf-8")
    assert call("run", config).err == ""
