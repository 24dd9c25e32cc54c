"""Errors that only the data show name the config, or the option."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oilshock.cli.located import OPTIONS, TABLES, keys_of, options_of
from oilshock.config import Config
from oilshock.errors import ConfigError, EventError, Problem

STUDY = '[study]\nname = "s"\n[events]\nids = ["iran-attacks-israel-apr2024"]\n'


def test_all_tables_are_known() -> None:
    assert set(TABLES) == set(Config.model_fields)


def test_every_option_stands_for_a_key() -> None:
    for key in OPTIONS:
        table, _, name = key.partition(".")
        assert name in Config.model_fields[table].annotation.model_fields  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[dynamics]\ngroups = ["cat"]\n', 's.toml, dynamics.groups: "cat" is no column'),
        ('[episodes]\ncolumn = "cluster"\n', 's.toml, episodes.column: "cluster" is no column'),
        ("[windows]\nestimation = 99999\n", "s.toml, windows.estimation: 99999 returns"),
    ],
)
def test_the_config_is_named(call: Any, tmp_path: Path, more: str, said: str) -> None:
    (tmp_path / "s.toml").write_text(STUDY + more, encoding="utf-8")
    done = call("check", "s.toml")
    assert done.code == 2
    assert done.err.startswith(f"Error: {said}")


def test_a_file_keeps_its_own_name() -> None:
    with pytest.raises(EventError, match=r"^events\.csv, row 2: bad\.$"), keys_of("s.toml"):
        raise EventError(Problem("events.csv", "bad.", "row 2"))


def test_values_are_written_as_one_types_them() -> None:
    fix = 'Set windows.event = [-5, 10] or close = "19:30".'
    with pytest.raises(ConfigError) as caught, options_of("oilshock event"):
        raise ConfigError(Problem("x", "gap = 3 is small.", "windows.gap", fix))
    assert str(caught.value) == (
        "oilshock event, --gap: --gap 3 is small. Give --window -5 10 or --close 19:30."
    )
