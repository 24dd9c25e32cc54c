"""Sweeps: the numbers of single runs, the placements, and what cannot be computed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sweep_runs import SWEEP, config_of, run

from oilshock.config import config_from_dict
from oilshock.errors import ConfigError, EstimationError
from oilshock.inference.curve import SpecificationCurve
from oilshock.inputs import read_inputs
from oilshock.study import run_study
from oilshock.sweep.choices import MAIN, with_choices
from oilshock.sweep.grid import build_grid
from oilshock.sweep.part import DRAWS, compute_part, event_sets

# Sums over 191 events in another order than the tables: rounding alone.
TOLERANCE = 1e-12


def single_run(row: pd.Series) -> pd.DataFrame:
    """Run the study of one specification by itself and return its CARs."""
    kind, _, factor = str(row["model"]).partition(" (")
    factors = [factor.rstrip(")")] if factor else []
    hull = [min(0, row["start"]), max(0, row["end"])]
    config = config_from_dict(
        {
            "study": {"name": "s"},
            "model": {"kind": kind, "factors": factors},
            "returns": {"kind": row["returns"]},
            "windows": {
                "estimation": int(row["estimation"]),
                "gap": int(row["gap"]),
                "event": [int(edge) for edge in hull],
                "car": [[int(row["start"]), int(row["end"])]],
            },
            "inference": {"tests": ["t"], "groups": []},
        },
        where="single.toml",
    )
    return run_study(config).car(int(row["start"]), int(row["end"]))


def test_fifty_random_specifications_are_those_of_single_runs(curve: SpecificationCurve) -> None:
    rng = np.random.default_rng(20)
    chosen = curve.frame.iloc[rng.choice(len(curve.frame), 50, replace=False)]
    seen: dict[tuple[Any, ...], pd.DataFrame] = {}
    for _, row in chosen.iterrows():
        key = tuple(row[["model", "estimation", "gap", "start", "end", "returns"]])
        table = seen.setdefault(key, single_run(row))
        car, error = table["car"].dropna(), table["std_error"].dropna()
        assert row["n_events"] == len(car)
        assert row["effect"] == pytest.approx(float(car.mean()), rel=TOLERANCE, abs=TOLERANCE)
        expected = {
            "t": car.sum() / np.sqrt((error**2).sum()),
            "cross-sectional": stats.ttest_1samp(car, 0.0).statistic,
            "sign": ((car > 0).sum() - len(car) / 2) / (np.sqrt(len(car)) / 2),
        }[row["test"]]
        assert row["statistic"] == pytest.approx(float(expected), rel=TOLERANCE)


def test_the_cars_of_each_event_are_those_of_a_single_run() -> None:
    config = config_of({**SWEEP, "models": [{"kind": "mean"}], "windows": [[-5, 10]]})
    inputs = read_inputs(config, base=Path())
    grid = build_grid(config, series={MAIN: inputs.series}, factors={}, events=inputs.events)
    place = next(i for i, label in enumerate(grid.labels) if label["estimation"] == 120)
    (sets,) = event_sets(grid.parts[place])
    row = pd.Series({**grid.labels[place], "start": -5, "end": 10})
    single = single_run(row)
    kept = sets.position[0] >= 0
    np.testing.assert_allclose(sets.car[0, kept], single["car"], rtol=0, atol=TOLERANCE)
    np.testing.assert_allclose(sets.std_error[0, kept], single["std_error"], rtol=TOLERANCE)


def test_the_placements_are_what_the_events_would_give_there() -> None:
    """A placement computed by running sums equals a part whose events lie there."""
    config = config_of({"estimation": [90], "windows": [[0, 0], [-1, 3]], "permutations": 5})
    inputs = read_inputs(config, base=Path())
    grid = build_grid(config, series={MAIN: inputs.series}, factors={}, events=inputs.events)
    (part,) = grid.parts
    result = compute_part(part)
    for number, position in enumerate(part.placed):
        there = compute_part(replace(part, position=position, placed=part.placed[:0]))
        np.testing.assert_allclose(result.placed_effect[number], there.effect, atol=1e-12)
        # A variance rounded the other way may pass one of the 2,000 random sets.
        np.testing.assert_allclose(result.placed_p[number], there.p_value, atol=1.5 / DRAWS)


def test_placements_keep_the_offsets_of_overlapping_events() -> None:
    sweep = {"windows": [[-5, 10]], "permutations": 30}
    config = config_of(sweep, events={"since": "2024-04-01", "until": "2024-04-30"})
    inputs = read_inputs(config, base=Path())
    grid = build_grid(config, series={MAIN: inputs.series}, factors={}, events=inputs.events)
    part = grid.parts[0]
    own = np.diff(np.sort(part.position))
    assert own.max() <= 15, "the events are one episode"
    for placed in part.placed:
        np.testing.assert_array_equal(np.diff(np.sort(placed)), own)
    assert len({int(placed.min()) for placed in part.placed}) > 25


def test_signed_effect_is_the_mean_in_the_direction_expected() -> None:
    events = {"ids": ["iran-attacks-israel-apr2024", "us-sanctions-iran-apr2024"]}
    signed = run(config_of({"windows": [[0, 0]], "tests": ["t"], "permutations": 0}, events=events))
    config = config_of({}, events=events).model_copy(update={"sweep": None})
    result = run_study(config)
    table = result.to_frame()
    table = table[(table["start"] == 0) & (table["end"] == 0)]
    sign = table["direction"].map({"+": 1.0, "-": -1.0})
    expected = float((table["car"] * sign).dropna().mean())
    assert signed.frame["effect"].iloc[0] == pytest.approx(expected, abs=1e-15)
    assert signed.frame["n_events"].iloc[0] == int(sign.notna().sum())


def test_the_test_of_one_event_is_that_of_its_study() -> None:
    events = {"ids": ["abqaiq-khurais-attack-2019"]}
    curve = run(
        config_of(
            {"windows": [[0, 0]], "tests": ["t", "cross-sectional"], "permutations": 0},
            events=events,
        )
    )
    config = config_of({}, events=events).model_copy(update={"sweep": None})
    single = run_study(config).car(0, 0).iloc[0]
    t, crossed = curve.frame.iloc[0], curve.frame.iloc[1]
    assert t["p_value"] == pytest.approx(single["p_value"], rel=1e-12)
    assert np.isnan(crossed["p_value"])
    assert crossed["reason"] == "needs two events"


def test_the_studys_own_specification_is_found(curve: SpecificationCurve) -> None:
    config = config_of({"estimation": [60, 120], "gap": [10, 20], "permutations": 0})
    own = run(config)
    row = own.frame.iloc[own.own]
    assert (row["model"], row["estimation"], row["gap"], row["window"]) == (
        "mean",
        120,
        10,
        "[0, 0]",
    )
    assert curve.own == -1, "its grid has no gap of 10"


def test_events_without_history_are_counted_out(curve: SpecificationCurve) -> None:
    dollar = curve.frame[curve.frame["model"] == "market (dollar)"]["n_events"]
    mean = curve.frame[curve.frame["model"] == "mean"]["n_events"]
    assert dollar.max() < mean.min()


def test_what_cannot_be_swept_is_refused() -> None:
    with pytest.raises(ConfigError, match="is no event of the study"):
        run(config_of({"events": ["abqaiq-2018"]}))
    with pytest.raises(ConfigError, match=r"sweep\.gap: 3 is smaller than the 5 days"):
        run(config_of({"gap": [3], "windows": [[-5, 5]]}))
    with pytest.raises(ConfigError, match="no event of the sweep has a direction"):
        run(
            config_of(
                {},
                events={
                    "source": "inline",
                    "items": [{"id": "x", "date": "2024-04-15", "title": "X"}],
                },
            )
        )
    with pytest.raises(EstimationError, match="no session can be used by every specification"):
        run(config_of({"estimation": [9500], "gap": [600]}))


def test_choices_of_a_call_replace_those_of_the_config() -> None:
    config = config_of({"estimation": [60]})
    assert with_choices(config, {}) is config
    table = with_choices(config, {"estimation": np.array([30, 40])}).sweep
    assert table is not None
    assert table.estimation == (30, 40)
    small = with_choices(config.model_copy(update={"sweep": None}), {}).sweep
    assert small is not None
    assert (small.estimation, small.gap) == ((60, 120, 240), (10, 20))
    with pytest.raises(ConfigError, match="estimaton"):
        with_choices(config, {"estimaton": [60]})


def test_further_series_are_swept_beside_the_first() -> None:
    config = config_of(
        {"series": ["prices", "twin"], "windows": [[0, 0]], "permutations": 5},
        series={"twin": {"source": "bundled", "symbol": "brent-spot", "returns": "simple"}},
        events={"since": "2024-04-01", "until": "2024-04-30"},
    )
    frame = run(config).frame.set_index(["series", "test"])
    assert frame["returns"].to_dict() == {
        ("prices", "t"): "log",
        ("prices", "placebo"): "log",
        ("twin", "t"): "simple",
        ("twin", "placebo"): "simple",
    }
    simple = config_of(
        {"returns": ["simple"], "windows": [[0, 0]], "permutations": 0},
        events={"since": "2024-04-01", "until": "2024-04-30"},
    )
    own = run(simple).frame.set_index("test")
    assert frame.loc[("twin", "t"), "effect"] == own.loc["t", "effect"]


def test_a_result_can_be_swept_with_choices_of_its_own() -> None:
    config = config_of({}, events={"ids": ["iran-attacks-israel-apr2024"]})
    result = run_study(config.model_copy(update={"sweep": None}))
    curve = result.sweep(estimation=[60, 90], windows=[(0, 0)], tests=["t"], permutations=5)
    assert curve.frame["estimation"].tolist() == [60, 90]
    assert curve.placed_effect.shape == (5, 2)
