"""Run by the tests in a process of its own: forks that update the cache, killed or at once.

usage: crowd.py kill N | crowd.py race N. The parent imports everything once and starts no thread,
so that a fork costs nothing; each fork is a whole `oilshock prices update`.
"""

from __future__ import annotations

import importlib
import os
import random
import signal
import sys
import time

from oilshock.cli import main
from oilshock.sources import Access, read_cached

for module in ("curl_cffi.requests", "pyarrow.parquet", "filelock", "rich.console", "stamina"):
    importlib.import_module(module)
for module in ("cli.series", "cli.console", "sources.fred"):
    importlib.import_module(f"oilshock.{module}")

UPDATE = ["prices", "update", "fred:DCOILBRENTEU", "--quiet"]


def fork_update() -> int:
    """Start an update; return its process id."""
    pid = os.fork()
    if pid == 0:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 1)
        try:
            main(UPDATE)
        except SystemExit as stop:
            os._exit(int(stop.code or 0))
        os._exit(99)
    return pid


def held_is_right() -> bool:
    """Say, in a fork, whether the cache gives the prices of the server, without network."""
    pid = os.fork()
    if pid == 0:
        try:
            series = read_cached("fred", "DCOILBRENTEU", access=Access(offline=True))
            total = f"{series.prices.sum():.6f} {len(series.prices)}"
            notes = [
                f.kind for f in series.findings if f.kind not in ("stale_cache", "ended", "spike")
            ]
            os._exit(0 if total == os.environ["EXPECTED"] and not notes else 1)
        except BaseException as error:
            print(error, file=sys.stderr)
            os._exit(2)
    return exit_code(pid) == 0


def exit_code(pid: int) -> int:
    """Wait for a process."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def kill(times: int) -> None:
    """Kill updates at random moments; what is held stays right after each."""
    start = time.monotonic()
    assert exit_code(fork_update()) == 0
    usual = time.monotonic() - start
    rng = random.Random(3)
    killed = 0
    for _ in range(times):
        pid = fork_update()
        time.sleep(rng.uniform(0, usual))
        os.kill(pid, signal.SIGKILL)
        killed += exit_code(pid) == -signal.SIGKILL
        assert held_is_right()
    assert exit_code(fork_update()) == 0
    assert held_is_right()
    print(killed)


def race(times: int) -> None:
    """Update in several processes at once."""
    for _ in range(3):
        pids = [fork_update() for _ in range(times)]
        assert [exit_code(pid) for pid in pids] == [0] * times
        assert held_is_right()
    print(times)


if __name__ == "__main__":
    {"kill": kill, "race": race}[sys.argv[1]](int(sys.argv[2]))
