"""What the tests of the command line share: a caller, and a folder with a small study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from oilshock.cli import main

ATTACK = "iran-attacks-israel-apr2024"


@dataclass(frozen=True)
class Outcome:
    """What a command left: exit code, stdout and stderr apart."""

    code: int
    out: str
    err: str


Call = Callable[..., Outcome]


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Call:
    """Call the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str | Path) -> Outcome:
        with pytest.raises(SystemExit) as stopped:
            main([str(arg) for arg in args])
        captured = capsys.readouterr()
        code = stopped.value.code
        assert isinstance(code, int)
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def attack(tmp_path: Path) -> Path:
    """Write a config of one event: the attack of 13 April 2024."""
    path = tmp_path / "attack.toml"
    path.write_text(
        f'[study]\nname = "attack"\n[events]\nids = ["{ATTACK}"]\n[levels]\nusd = [90.0, 92.5]\n'
    )
    return path
