"""What a sweep costs: a million CARs, and the permutation test of a curve."""

from __future__ import annotations

import resource
import time
from pathlib import Path
from typing import Any

from oilshock.config import config_from_dict
from oilshock.inputs import read_inputs
from oilshock.sweep import MAIN, sweep_study

MODELS = [{"kind": "mean"}, {"kind": "market", "factors": ["dollar"]}]
TESTS = ["t", "cross-sectional", "sign", "placebo"]
WINDOWS = [[a, b] for a in (-5, -3, -1, 0) for b in (0, 1, 2, 3, 5, 10)] + [[1, 5]]
MEGABYTE_KB = 1024


def swept(jobs: int, **sweep: Any) -> tuple[int, float]:
    """Sweep the whole catalogue; return the number of specifications and the seconds."""
    config = config_from_dict(
        {"study": {"name": "bench"}, "sweep": {"models": MODELS, "tests": TESTS, **sweep}},
        where="bench",
    )
    inputs = read_inputs(config, base=Path())
    start = time.perf_counter()
    curve = sweep_study(
        config,
        series={MAIN: inputs.series},
        factors=inputs.factors,
        events=inputs.events,
        jobs=jobs,
    )
    return len(curve.frame), time.perf_counter() - start


def report(what: str, seconds: float, limit: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE_KB
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MEGABYTE_KB
    print(f"\n{what}: {seconds:.1f} s (limit {limit:g}), {peak:.0f} + {children:.0f} MB")
    assert seconds < limit
    assert peak + 2 * children < 1024


def bench_five_thousand_specifications() -> None:
    n, seconds = swept(
        2,
        estimation=[60, 90, 120, 180, 250],
        gap=[10, 15, 20, 25, 30],
        windows=WINDOWS,
        permutations=0,
    )
    assert n == 5000
    report("5,000 specifications of the whole catalogue on 2 cores", seconds, 20.0)


def bench_permutation_test_of_five_hundred() -> None:
    n, seconds = swept(
        2,
        estimation=[60, 90, 120, 180, 250],
        gap=[10, 15, 20, 25, 30],
        windows=[[0, 0], [-1, 1], [0, 1], [0, 5], [-5, 10]],
        tests=["t", "placebo"],
        permutations=200,
    )
    assert n == 500
    report("200 permutations of 500 specifications on 2 cores", seconds, 60.0)
