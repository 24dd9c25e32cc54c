"""Small sweeps of the bundled series, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from oilshock.config import Config, config_from_dict
from oilshock.inference.curve import SpecificationCurve
from oilshock.inputs import Inputs, read_inputs
from oilshock.sweep import MAIN, sweep_study

SWEEP: dict[str, Any] = {
    "models": [
        {"kind": "mean"},
        {"kind": "market", "factors": ["dollar"]},
        {"kind": "market-adjusted", "factors": ["dollar"]},
    ],
    "estimation": [60, 120, 250],
    "gap": [5, 20],
    "windows": [[0, 0], [-1, 1], [0, 5], [-5, 10]],
    "returns": ["log", "simple"],
    "tests": ["t", "cross-sectional", "sign"],
    "effect": "average",
    "permutations": 10,
}


def config_of(sweep: dict[str, Any], **tables: Any) -> Config:
    return config_from_dict({"study": {"name": "s"}, **tables, "sweep": sweep}, where="s.toml")


def run(config: Config, **engine: Any) -> SpecificationCurve:
    inputs: Inputs = read_inputs(config, base=Path())
    return sweep_study(
        config,
        series={MAIN: inputs.series, **inputs.compared},
        factors=inputs.factors,
        events=inputs.events,
        **engine,
    )
