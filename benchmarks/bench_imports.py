"""What it costs to start: ratios to a bare interpreter, so that they hold on any machine."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

ROUNDS = 15


def seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def fastest(*commands: tuple[str, ...]) -> list[float]:
    """The best time of each command, taken in turns so that a busy moment hits all alike."""
    rounds = [[seconds(*command) for command in commands] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


@pytest.mark.parametrize(
    ("ours", "yardstick", "limit"),
    [
        (("-c", "import oilshock"), ("-c", "pass"), 3.0),
        (("-m", "oilshock", "--help"), ("-c", "import click"), 2.5),
    ],
    ids=["import", "help"],
)
def bench_start(ours: tuple[str, ...], yardstick: tuple[str, ...], limit: float) -> None:
    mine, bare = fastest(ours, yardstick)
    print(f"\n{' '.join(ours)}: {mine / bare:.2f} times {' '.join(yardstick)} (limit {limit})")
    assert mine < limit * bare
