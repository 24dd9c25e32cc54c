"""What the shell offers after Tab: the protocol of click, in a process of its own."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TERMINAL_PAGE = (ROOT / "docs" / "terminal.md").read_text(encoding="utf-8")
HEAVY = ("numpy", "pandas", "pydantic", "rich", "matplotlib", "scipy")


def run_in(folder: Path, command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command that finds this oilshock, with further variables of the environment."""
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8", **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def complete(words: str, *, cwd: Path) -> list[str]:
    """Ask as bash does: what may the last word become."""
    done = run_in(
        cwd,
        [sys.executable, "-W", "error", "-m", "oilshock"],
        _OILSHOCK_COMPLETE="bash_complete",
        COMP_WORDS=f"oilshock {words}",
        COMP_CWORD=str(len(words.split(" "))),
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ru", ["run"]),
        ("events s", ["show"]),
        ("run --f", ["--format"]),
        ("run --format ", ["text", "json"]),
        ("view --report ", ["html", "pdf"]),
        ("events show abqaiq-k", ["abqaiq-khurais-attack-2019"]),
        ("events list --category attack", ["attack_on_supply"]),
        ("event 2024-04-13 --factor h", ["hamilton"]),
        ("prices show b", ["brent-spot"]),
        ("prices update y", ["yahoo:"]),
    ],
)
def test_words_are_completed(tmp_path: Path, words: str, found: list[str]) -> None:
    assert complete(words, cwd=tmp_path) == found


@pytest.mark.parametrize("command", ["run", "check", "calibrate", "dynamics", "scan", "sweep"])
def test_configs_are_found_here_and_one_folder_below(tmp_path: Path, command: str) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("mine.toml", "notes.txt", "configs/april.toml", ".hidden/no.toml"):
        (tmp_path / name).write_text("")
    assert complete(f"{command} ", cwd=tmp_path) == ["mine.toml", "configs/april.toml"]
    assert complete(f"{command} configs/a", cwd=tmp_path) == ["configs/april.toml"]


def test_where_no_config_is_the_shell_completes_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    # The shell has the word "file" for that, and fills in the names itself.
    assert complete("run no", cwd=tmp_path) == ["no"]
    assert complete("run nowhere/x", cwd=tmp_path) == ["nowhere/x"]
    (tmp_path / "my study.toml").write_text("")
    assert complete("run m", cwd=tmp_path) == ["m"]


def test_runs_are_completed_by_name(tmp_path: Path) -> None:
    for name, generator in [("april", "oilshock"), ("august", "other")]:
        folder = tmp_path / "outputs" / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps({"generator": generator}))
    assert complete("view a", cwd=tmp_path) == ["april"]
    assert complete("view --out outputs a", cwd=tmp_path) == ["april"]


def test_completing_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom oilshock.cli import main\ntry:\n    main()\n"
        "except SystemExit:\n    print(sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    done = run_in(
        tmp_path,
        [sys.executable, "-c", code],
        _OILSHOCK_COMPLETE="zsh_complete",
        COMP_WORDS="oilshock events show a",
        COMP_CWORD="3",
    )
    assert "abqaiq-khurais-attack-2019\nDrones and missiles hit Abqaiq" in done.stdout
    assert not [name for name in HEAVY if f"'{name}'" in done.stdout]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_lines_of_the_docs_give_a_script(tmp_path: Path, shell: str) -> None:
    pattern = rf"_OILSHOCK_COMPLETE={shell}_source oilshock"
    assert re.search(pattern, TERMINAL_PAGE), f"docs/terminal.md lacks {pattern}"
    code = "from oilshock.cli import main; main([])"
    done = run_in(tmp_path, [sys.executable, "-c", code], _OILSHOCK_COMPLETE=f"{shell}_source")
    assert "oilshock" in done.stdout
    assert f"_OILSHOCK_COMPLETE={shell}_complete" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_with_the_script(tmp_path: Path) -> None:
    """The whole way in bash: source the script, complete, read what bash would offer."""
    (tmp_path / "oilshock").write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m oilshock "$@"\n'
    )
    (tmp_path / "oilshock").chmod(0o755)
    script = (
        'eval "$(_OILSHOCK_COMPLETE=bash_source oilshock)"\n'
        "COMP_WORDS=(oilshock events show abqaiq-k); COMP_CWORD=3\n"
        "_oilshock_completion oilshock abqaiq-k show\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    paths = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    bash = run_in(tmp_path, ["bash", "-c", script], PATH=paths)
    assert bash.stdout == "abqaiq-khurais-attack-2019\n", bash.stderr
