"""Every engine gives the same bytes; a cluster also when it loses a worker."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

CONFIG = """
[study]
name = "engines"
[events]
since = 2018-01-01
[sweep]
estimation = [40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150]
gap = [10, 20]
windows = [[0, 0], [-1, 1], [0, 5]]
permutations = 100
"""
COMMAND = [sys.executable, "-m", "oilshock", "sweep", "engines.toml", "--quiet"]
FILES = ("specifications.csv", "drivers.csv", "levels.csv", "sweep.json", "sweep.png")


def sweep(folder: Path, *options: str) -> dict[str, bytes]:
    run = subprocess.run(
        [*COMMAND, "--out", "out", *options], cwd=folder, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stderr.decode()
    return {name: (folder / "out" / "engines-sweep" / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engines")
    (folder / "engines.toml").write_text(CONFIG)
    return folder


@pytest.fixture(scope="module")
def serial(folder: Path) -> dict[str, bytes]:
    return sweep(folder)


def test_processes_give_the_bytes_of_one_core(folder: Path, serial: dict[str, bytes]) -> None:
    assert sweep(folder, "--jobs", "2") == serial


@contextmanager
def started(*command: str, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program of our own and end it at the end, however it ended."""
    tool = str(Path(sys.executable).with_name("dask"))
    with (cwd / "dask.log").open("ab") as log:
        process = subprocess.Popen([tool, *command], cwd=cwd, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_for(what: Path, *, files: int = 1, seconds: float = 60.0) -> None:
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        if (what.is_file() and what.stat().st_size) or len(list(what.glob("*.part"))) >= files:
            return
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come")


def test_a_cluster_that_loses_a_worker_gives_the_bytes_of_one_core(
    folder: Path, serial: dict[str, bytes]
) -> None:
    scheduler, store = folder / "scheduler.json", folder / "parts"
    local = ("--host", "127.0.0.1", "--no-dashboard")
    with ExitStack() as stack:
        stack.enter_context(
            started(
                "scheduler", *local, "--port", "0", "--scheduler-file", str(scheduler), cwd=folder
            )
        )
        wait_for(scheduler)
        address = json.loads(scheduler.read_text())["address"]
        options = (
            address,
            *local,
            "--no-nanny",
            "--nthreads",
            "1",
            "--local-directory",
            str(folder),
        )
        workers = [stack.enter_context(started("worker", *options, cwd=folder)) for _ in range(2)]
        command = [*COMMAND, "--out", "out", "--scheduler", address, "--store", str(store)]
        client = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            wait_for(store, files=3)
            workers[0].kill()
            workers[0].wait()
            done = len(list(store.glob("*.part")))
            _, errors = client.communicate(timeout=90)
        finally:
            client.kill()
            client.wait()
    assert client.returncode == 0, errors.decode()
    assert done < 24, "the worker was lost before the end"
    found = {name: (folder / "out" / "engines-sweep" / name).read_bytes() for name in FILES}
    assert found == serial


def test_a_scheduler_that_does_not_answer_is_said(folder: Path) -> None:
    run = subprocess.run(
        [*COMMAND, "--scheduler", "tcp://127.0.0.1:9"], cwd=folder, capture_output=True, check=False
    )
    assert run.returncode == 3
    assert b"no scheduler answers" in run.stderr
    assert b"Traceback" not in run.stderr
