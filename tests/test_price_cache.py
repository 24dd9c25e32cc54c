"""The cache: what is written is what is read, or the entry is broken; never anything else."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from oilshock import price_cache
from oilshock.errors import SourceError
from oilshock.price_cache import (
    BrokenEntryError,
    CacheKey,
    clear_entry,
    entry_keys,
    locked,
    read_entry,
    set_aside,
    write_entry,
)

KEY = CacheKey("yahoo", "BZ=F", "close")


def series(n: int = 300, *, seed: int = 0) -> pd.Series:
    days = pd.DatetimeIndex(list(pd.bdate_range("2024-01-01", periods=n)), name="date").as_unit(
        "ns"
    )
    return pd.Series(np.random.default_rng(seed).normal(80, 5, n), days, name="BZ=F")


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def held(folder: Path, key: CacheKey = KEY) -> pd.Series:
    entry = read_entry(folder, key)
    assert entry is not None
    return entry.prices


def test_what_is_written_is_read(tmp_path: Path) -> None:
    prices = series()
    prices.iloc[3] = -36.98
    written = write_entry(tmp_path, KEY, prices, about={"note": "ö"})
    entry = read_entry(tmp_path, KEY)
    assert entry is not None
    pd.testing.assert_series_equal(entry.prices, prices)
    pd.testing.assert_series_equal(written.prices, prices)
    assert entry.about == written.about
    assert (entry.about["rows"], entry.about["first"], entry.about["note"]) == (
        300,
        "2024-01-01",
        "ö",
    )


def test_a_new_entry_replaces_the_old_and_leaves_two_files(tmp_path: Path) -> None:
    write_entry(tmp_path, KEY, series(), about={})
    other = CacheKey("yahoo", "BZ=F", "adjusted")
    write_entry(tmp_path, other, series(seed=5), about={})
    write_entry(tmp_path, KEY, series(seed=1), about={})
    pd.testing.assert_series_equal(held(tmp_path), series(seed=1))
    pd.testing.assert_series_equal(held(tmp_path, other), series(seed=5))
    assert len(files(tmp_path)) == 4
    assert entry_keys(tmp_path) == (other, KEY)


def test_no_entry(tmp_path: Path) -> None:
    assert read_entry(tmp_path, KEY) is None
    assert entry_keys(tmp_path) == ()


def test_a_cleared_entry_is_gone(tmp_path: Path) -> None:
    write_entry(tmp_path, KEY, series(), about={})
    clear_entry(tmp_path, KEY)
    assert read_entry(tmp_path, KEY) is None
    assert files(tmp_path) == []


def make(folder: Path) -> Path:
    (folder / "prices" / "yahoo").mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    """`locked` makes the folder; these tests mostly write without it."""
    make(tmp_path)


def test_two_hundred_random_bytes(tmp_path: Path) -> None:
    prices = series()
    write_entry(tmp_path, KEY, prices, about={"provenance": {"label": "Brent"}, "close": "19:30"})
    whole = {path: path.read_bytes() for path in files(tmp_path)}
    rng = random.Random(5)
    for _ in range(200):
        path = rng.choice(sorted(whole))
        data = bytearray(whole[path])
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        with pytest.raises(BrokenEntryError):
            read_entry(tmp_path, KEY)
        path.write_bytes(whole[path])
    pd.testing.assert_series_equal(held(tmp_path), prices)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
@pytest.mark.parametrize("suffix", [".json", ".parquet"])
def test_a_truncated_file(tmp_path: Path, suffix: str, share: float) -> None:
    write_entry(tmp_path, KEY, series(), about={})
    (path,) = [path for path in files(tmp_path) if path.suffix == suffix]
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(BrokenEntryError):
        read_entry(tmp_path, KEY)


def test_files_that_are_not_ours(tmp_path: Path) -> None:
    write_entry(tmp_path, KEY, series(), about={})
    parquet, sidecar = files(tmp_path)
    if parquet.suffix == ".json":
        parquet, sidecar = sidecar, parquet
    other = tmp_path / "other"
    write_entry(make(other), CacheKey("yahoo", "CL=F", "close"), series(seed=2), about={})
    foreign = next(path for path in files(other) if path.suffix == ".json")
    mine = sidecar.read_bytes()
    shutil.copy(foreign, sidecar)
    with pytest.raises(BrokenEntryError, match="not what was written"):
        read_entry(tmp_path, KEY)
    for content in ("[]", "null", '{"checksum": 1}', "{", json.dumps({"checksum": "x"})):
        sidecar.write_text(content)
        with pytest.raises(BrokenEntryError):
            read_entry(tmp_path, KEY)
    sidecar.write_bytes(mine)
    parquet.unlink()
    with pytest.raises(BrokenEntryError, match="missing"):
        read_entry(tmp_path, KEY)


def test_another_format_is_no_entry_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_entry(tmp_path, KEY, series(), about={})
    monkeypatch.setattr(price_cache, "FORMAT", 2)
    with pytest.raises(BrokenEntryError, match="another version"):
        read_entry(tmp_path, KEY)


def test_a_broken_entry_is_set_aside_whole(tmp_path: Path) -> None:
    write_entry(tmp_path, KEY, series(), about={})
    names = {path.name for path in files(tmp_path)}
    into = set_aside(tmp_path, KEY)
    assert {path.name for path in into.iterdir()} == names
    assert read_entry(tmp_path, KEY) is None
    assert into.parent == tmp_path / "broken"


@pytest.mark.parametrize("step", [1, 2])
def test_a_disk_that_refuses_leaves_the_entry_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    write_entry(tmp_path, KEY, series(), about={})
    before = {path: path.read_bytes() for path in files(tmp_path)}
    calls = []

    def full(_: int) -> None:
        calls.append(1)
        if len(calls) == step:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(price_cache.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_entry(tmp_path, KEY, series(seed=1), about={})
    pd.testing.assert_series_equal(held(tmp_path), series())
    assert before.items() <= {path: path.read_bytes() for path in files(tmp_path)}.items()
    assert not [path for path in files(tmp_path) if path.suffix == ".tmp"]
    monkeypatch.undo()
    write_entry(tmp_path, KEY, series(seed=1), about={})
    assert len(files(tmp_path)) == 2


def test_symbols_become_file_names_and_back(tmp_path: Path) -> None:
    keys = [CacheKey("yahoo", symbol, "close") for symbol in ("^GSPC", "DX-Y.NYB", "A/../B", "A.B")]
    for number, key in enumerate(keys):
        write_entry(tmp_path, key, series(seed=number), about={})
    for number, key in enumerate(keys):
        pd.testing.assert_series_equal(held(tmp_path, key), series(seed=number).rename(key.symbol))
    assert set(entry_keys(tmp_path)) == set(keys)
    assert {path.parent for path in files(tmp_path)} == {tmp_path / "prices" / "yahoo"}


def test_a_name_that_starts_alike_is_another_entry(tmp_path: Path) -> None:
    one, other = CacheKey("yahoo", "A", "close"), CacheKey("yahoo", "A.close", "json")
    write_entry(tmp_path, one, series(), about={})
    write_entry(tmp_path, other, series(seed=1), about={})
    clear_entry(tmp_path, one)
    assert read_entry(tmp_path, one) is None
    pd.testing.assert_series_equal(held(tmp_path, other), series(seed=1).rename("A.close"))


def test_a_lock_held_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_cache, "LOCK_LIMIT", 0.05)
    with (
        locked(tmp_path, KEY),
        pytest.raises(SourceError, match="another process has been refreshing it"),
        locked(tmp_path, KEY),
    ):
        pass
    with locked(tmp_path, KEY):
        pass
