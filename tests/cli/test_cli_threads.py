"""The number of threads does not change the last digits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_one_thread_or_two_give_the_same_bytes() -> None:
    command = [sys.executable, "-m", "oilshock", "dynamics", "configs/april-2024.toml"]
    found = {
        subprocess.run(
            [*command, "--format", "json", "--quiet"],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(found) == 1
    assert found.pop().startswith(b"{")
