"""The page on the terminal shows what the commands print, and names every command's exit code."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from oilshock import errors, run_study
from oilshock.cli import cli
from oilshock.cli.doctor import EXIT_UNWELL
from oilshock.config import load_config

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "terminal.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```text\n(.*?)\n```", PAGE, flags=re.S)
WRITTEN_BY_HAND = "\n".join(
    path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
    if path != ROOT / "docs" / "reference" / "cli.md"  # made from the code
)


def test_the_table_on_the_page_is_the_one_that_is_printed() -> None:
    config = ROOT / "configs" / "april-2024.toml"
    result = run_study(load_config(config), base=config.parent)
    assert BLOCKS[0] in str(result.summary())


def test_doctor_on_the_page_lists_every_runtime_dependency_and_no_place_of_a_machine() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        name, bound = requirement.split(">=")
        assert re.search(rf"✓ {name} +\S+ \(needs >={re.escape(bound)}\)\n", BLOCKS[2]), name
    assert "/tmp" not in PAGE
    assert "/root" not in PAGE
    places = re.findall(r"(?<=\s)/\S+", BLOCKS[2])
    assert len(places) > 2
    assert all(place.startswith("/home/ana/") for place in places)


def test_the_exit_codes_are_those_of_the_errors() -> None:
    told = set(map(int, re.findall(r"^\| (\d+) \|", PAGE, flags=re.M)))
    classes = [errors.OilshockError, errors.ConfigError, errors.DataError, errors.EstimationError]
    codes = {one.exit_code for one in classes}
    assert told == codes | {errors.EXIT_OK, errors.EXIT_INTERRUPTED}
    assert EXIT_UNWELL in told


def names(group: click.Group, *path: str) -> list[str]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += names(command, *path, name)
        else:
            found.append(" ".join([*path, name]))
    return found


@pytest.mark.parametrize("name", names(cli))
def test_every_command_is_in_the_docs(name: str) -> None:
    group, _, own = name.partition(" ")
    listed = rf"`oilshock {group} [^\n]*`{own}`" if own else rf"`{group}`"
    assert re.search(rf"oilshock {re.escape(name)}\b|{listed}", WRITTEN_BY_HAND)
