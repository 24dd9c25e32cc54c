"""Whole processes: killed, several at once, on a full disk, without network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import Market, silence, walk

from oilshock.sources import Access, read_cached

HERE = Path(__file__).parent
UPDATE = ["prices", "update", "fred:DCOILBRENTEU"]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and signals")


@pytest.fixture
def expected(market: Market, monkeypatch: pytest.MonkeyPatch) -> Market:
    """Forty years of prices, and their sum for the other processes."""
    prices = walk("1987-05-20", "2026-11-20")
    market.fred["DCOILBRENTEU"] = dict(prices)
    monkeypatch.setenv("EXPECTED", f"{sum(prices.values()):.6f} {len(prices)}")
    return market


def crowd(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(HERE / "crowd.py"), *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def oilshock(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "oilshock", *args]
    own = {**os.environ, **env}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=own)


def stray(cache: Path) -> list[str]:
    """Files that are neither the entry nor its lock."""
    files = [path for path in cache.rglob("*") if path.is_file() and path.suffix != ".lock"]
    return sorted(path.name for path in files)


def test_fifty_updates_killed_at_random_moments(expected: Market, own_cache: Path) -> None:
    done = crowd("kill", "50")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 10, "kills that came after the end prove nothing"
    assert len(stray(own_cache)) == 2, "what the killed left behind is cleared away"


def test_eight_updates_at_once(expected: Market, own_cache: Path) -> None:
    done = crowd("race", "8")
    assert done.returncode == 0, done.stderr
    assert len(stray(own_cache)) == 2


def test_two_processes_share_one_fetch(expected: Market) -> None:
    command = [sys.executable, "-m", "oilshock", *UPDATE]
    pair = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in pair]
    assert [process.returncode for process in pair] == [0, 0]
    assert all(f"{len(expected.fred['DCOILBRENTEU']):,} sessions" in text for text in said)
    assert 1 <= len(expected.seen) <= 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    command = [mount, "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(path: Path) -> None:
    filler = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(filler, bytes(1024))
    finally:
        os.close(filler)


def test_a_full_disk_keeps_what_is_held(expected: Market, small_disk: Path) -> None:
    assert oilshock(*UPDATE, OILSHOCK_CACHE=str(small_disk)).returncode == 0
    before = read_cached("fred", "DCOILBRENTEU", access=Access(offline=True, folder=small_disk))
    with pytest.raises(OSError, match="No space left"):
        fill(small_disk / "filler")
    done = oilshock(*UPDATE, OILSHOCK_CACHE=str(small_disk))
    assert (done.returncode, done.stdout) == (2, "")
    assert "No space left on device" in done.stderr
    assert "Free some space" in done.stderr
    after = read_cached("fred", "DCOILBRENTEU", access=Access(offline=True, folder=small_disk))
    assert after.prices.equals(before.prices)
    (small_disk / "filler").unlink()
    assert oilshock(*UPDATE, OILSHOCK_CACHE=str(small_disk)).returncode == 0


def test_a_quota_is_as_a_full_disk(expected: Market, own_cache: Path) -> None:
    code = (
        "import resource, runpy, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        f"sys.argv = ['oilshock', *{UPDATE!r}]\n"
        "runpy.run_module('oilshock', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "File too large" in done.stderr
    assert stray(own_cache) == []
    assert oilshock(*UPDATE).returncode == 0
    assert len(stray(own_cache)) == 2


def study(folder: Path) -> str:
    path = folder / "s.toml"
    path.write_text(
        '[study]\nname = "s"\n[prices]\nsource = "yahoo"\nsymbol = "BZ=F"\n'
        '[events]\nids = ["iran-attacks-israel-apr2024"]\n[report]\nformats = []\n'
    )
    return str(path)


def test_a_study_on_yahoo_without_network(tmp_path: Path) -> None:
    start = time.monotonic()
    done = oilshock("run", study(tmp_path), "--out", str(tmp_path / "out"))
    assert time.monotonic() - start < 15
    assert (done.returncode, done.stdout) == (3, "")
    assert "no connection" in done.stderr
    assert "--offline" in done.stderr
    assert 'source = "bundled"' in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.long
def test_a_study_on_yahoo_with_a_network_that_swallows_all(market: Market, tmp_path: Path) -> None:
    market.faults.extend([silence(30)] * 9)
    start = time.monotonic()
    done = oilshock("run", study(tmp_path), "--out", str(tmp_path / "out"))
    assert time.monotonic() - start < 15
    assert done.returncode == 3
    assert "no answer within" in done.stderr
