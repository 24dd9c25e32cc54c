"""Resuming: finished parts are read, damaged or foreign ones are computed again."""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sweep_runs import config_of

from oilshock.errors import ConfigError
from oilshock.inputs import read_inputs
from oilshock.sweep import engines
from oilshock.sweep.choices import MAIN
from oilshock.sweep.engines import compute_parts
from oilshock.sweep.grid import build_grid
from oilshock.sweep.part import Part, PartResult, compute_part
from oilshock.sweep.store import load_part, part_key, save_part


@pytest.fixture(scope="module")
def parts() -> tuple[Part, ...]:
    config = config_of(
        {"estimation": [60, 90, 120], "windows": [[0, 0]], "permutations": 3},
        events={"since": "2020-01-01", "until": "2020-12-31"},
    )
    inputs = read_inputs(config, base=Path())
    return build_grid(config, series={MAIN: inputs.series}, factors={}, events=inputs.events).parts


def equal(one: PartResult, other: PartResult) -> bool:
    pairs = [(getattr(one, f.name), getattr(other, f.name)) for f in fields(one)]
    return all(a.dtype == b.dtype and np.array_equal(a, b, equal_nan=True) for a, b in pairs)


def test_a_part_comes_back_as_it_was(parts: tuple[Part, ...], tmp_path: Path) -> None:
    result = compute_part(parts[0])
    assert load_part(tmp_path, parts[0]) is None
    save_part(tmp_path, parts[0], result)
    found = load_part(tmp_path, parts[0])
    assert found is not None
    assert equal(found, result)
    assert load_part(tmp_path, parts[1]) is None


@pytest.mark.parametrize("damage", ["flip", "cut", "empty"])
def test_a_damaged_part_is_computed_again(
    damage: str, parts: tuple[Part, ...], tmp_path: Path
) -> None:
    whole = compute_parts(parts, store=tmp_path)
    path = tmp_path / f"{part_key(parts[1])}.part"
    data = bytearray(path.read_bytes())
    if damage == "flip":
        data[-10] ^= 1
    path.write_bytes(bytes({"flip": data, "cut": data[:100], "empty": b""}[damage]))
    assert load_part(tmp_path, parts[1]) is None
    again = compute_parts(parts, store=tmp_path)
    assert all(equal(a, b) for a, b in zip(whole, again, strict=True))
    assert load_part(tmp_path, parts[1]) is not None


def test_a_killed_run_goes_on_where_it_stopped(
    parts: tuple[Part, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[int] = []

    def counted(part: Part) -> PartResult:
        if len(computed) == 2:
            raise KeyboardInterrupt
        computed.append(part.length)
        return compute_part(part)

    monkeypatch.setattr(engines, "compute_part", counted)
    with pytest.raises(KeyboardInterrupt):
        compute_parts(parts, store=tmp_path)
    computed.clear()
    results = compute_parts(parts, store=tmp_path)
    assert computed == [120], "the first two were on disk"
    monkeypatch.undo()
    assert all(equal(a, b) for a, b in zip(results, compute_parts(parts), strict=True))


@pytest.mark.parametrize("change", [{"seed": 1}, {"gap": 11}, {"tests": ("t",)}])
def test_another_part_has_another_name(change: dict[str, Any], parts: tuple[Part, ...]) -> None:
    assert part_key(replace(parts[0], **change)) != part_key(parts[0])
    moved = replace(parts[0], position=parts[0].position + 1)
    assert part_key(moved) != part_key(parts[0])


def test_progress_counts_parts_found_and_computed(parts: tuple[Part, ...], tmp_path: Path) -> None:
    compute_parts(parts[:1], store=tmp_path)
    seen: list[tuple[int, int]] = []
    compute_parts(parts, store=tmp_path, progress=lambda _, done, total: seen.append((done, total)))
    assert seen == [(2, 3), (3, 3)]


def test_a_missing_extra_names_its_install_line(
    parts: tuple[Part, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r'pip install "oilshock\[dask\]"'):
        compute_parts(parts, scheduler="tcp://127.0.0.1:8786")
