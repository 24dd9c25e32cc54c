"""The command line as its own process: warnings, Ctrl-C, and the same bytes each time."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-W", "error", "-m", "oilshock"]


def environment(**changes: str) -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    kept = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    return {**kept, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", **changes}


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def start(
    config: Path, out: Path, *, cwd: Path, command: Sequence[str] = COMMAND, **changes: str
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*command, "run", str(config), "--out", str(out)],
        cwd=cwd,
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def test_the_same_config_gives_the_same_bytes(tmp_path: Path, attack: Path) -> None:
    places = [tmp_path / "here", tmp_path / "there" / "deep"]
    for place in places:
        place.mkdir(parents=True)
    runs = [
        start(attack, places[0] / "o", cwd=places[0], PYTHONHASHSEED="1", TZ="Asia/Tokyo"),
        start(
            Path("..") / ".." / attack.name,
            places[1] / "other name",
            cwd=places[1],
            PYTHONHASHSEED="2",
            TZ="America/New_York",
            SOURCE_DATE_EPOCH="1000000000",
        ),
    ]
    for run in runs:
        out, err = run.communicate(timeout=120)
        assert (run.returncode, err) == (0, "")
        assert out.startswith("attack\n")
        assert all(len(line) <= 80 for line in out.split("Moved:")[0].splitlines())
    first, second = contents(places[0] / "o" / "attack"), contents(places[1] / "other name/attack")
    assert {"report.pdf", "report.html", "manifest.json", "figures/price.png"} <= set(first)
    assert set(first) == set(second)
    different = [name for name in first if first[name] != second[name]]
    # Only the time stamp of the PDF follows SOURCE_DATE_EPOCH.
    assert different == ["report.pdf"]
    assert b"20010909" in second["report.pdf"].replace(b"-", b"").replace(b"D:", b"")

    again = start(attack, tmp_path / "again", cwd=tmp_path, PYTHONHASHSEED="3", TZ="UTC")
    _, err = again.communicate(timeout=120)
    assert (again.returncode, err) == (0, "")
    assert contents(tmp_path / "again" / "attack") == first


STOPS_HALF_WAY = """
import sys, time
import oilshock.output
from oilshock.cli import main

def never_done(result):
    print("half written", flush=True)
    while True:
        time.sleep(0.01)

oilshock.output.to_document = never_done
main(sys.argv[1:])
"""
"""The command line, but it says when half of a run is written, and waits there for good."""


def test_ctrl_c_during_a_run(tmp_path: Path, attack: Path) -> None:
    out = tmp_path / "o"
    code = [sys.executable, "-W", "error", "-c", STOPS_HALF_WAY]
    process = start(attack, out, cwd=tmp_path, command=code)
    assert process.stdout is not None
    assert process.stdout.readline() == "half written\n"
    assert list(out.glob(".attack-*/tables/car.csv"))
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (130, "")
    assert stderr.strip() == "Interrupted. Nothing was written."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["attack.toml"]


def test_a_pipe_that_lacks_a_character_is_no_bug(tmp_path: Path, attack: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "run", str(attack), "--reports", "none"],
        cwd=tmp_path,
        env=environment(PYTHONIOENCODING="ascii"),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"-2.45 %" in done.stdout


def in_a_terminal(config: Path, *, cwd: Path, **changes: str) -> str:
    """Run in a pseudo-terminal and return what it shows."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "run", str(config), "--reports", "none", "--quiet"],
        cwd=cwd,
        env=environment(TERM="xterm-256color", PYTHONIOENCODING="utf-8", **changes),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    parts = []
    with contextlib.suppress(OSError):  # the end of a pseudo-terminal on Linux
        while part := os.read(ours, 4096):
            parts.append(part)
    os.close(ours)
    assert process.communicate(timeout=60)[1] == b""
    assert process.returncode == 0
    return b"".join(parts).decode().replace("\r\n", "\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_a_terminal_has_colour_and_its_own_width(tmp_path: Path, attack: Path) -> None:
    shown = in_a_terminal(attack, cwd=tmp_path, COLUMNS="60", NO_COLOR="")
    assert "\x1b[1m#  Event" in shown
    lines = re.sub(r"\x1b\[[\d;]*m", "", shown).splitlines()
    assert "cal. p" not in next(line for line in lines if line.startswith("#"))
    assert 50 < max(map(len, lines[: lines.index("Written:")])) <= 60


def test_json_on_stdout_and_errors_on_stderr(tmp_path: Path, attack: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "run", str(attack), "--reports", "none", "--format", "json"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["schema_version"] == 1
