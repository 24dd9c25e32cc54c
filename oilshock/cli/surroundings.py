"""What `oilshock doctor` looks at round oilshock: folders and the terminal."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from oilshock.cli.console import can_show, stdout
from oilshock.cli.health import Check
from oilshock.sparkline import BLOCKS


def folder_checks() -> Iterator[Check]:
    """Look at the cache and at the folder that runs are written to."""
    from oilshock.sources.access import CACHE_VARIABLE, Access

    cache = Access().cache
    yield _writable("cache", cache, fix=f"Name another one: {CACHE_VARIABLE}=FOLDER")
    yield from _cached(cache)
    yield _writable("outputs", Path("outputs"), fix="Give another folder: --out FOLDER")


def _writable(name: str, folder: Path, *, fix: str) -> Check:
    """Try to write, and leave nothing behind; a folder that is not there yet is not made."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place.resolve()):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        return Check("Folders", name, "wrong", f"{folder}: cannot be written ({reason})", fix)
    there = "" if place == folder else ", not there yet"
    return Check("Folders", name, "ok", f"{folder}: can be written{there}")


def _cached(cache: Path) -> Iterator[Check]:
    """Count what the cache holds, and verify each entry."""
    if not cache.is_dir():
        return
    from oilshock.price_cache import BrokenEntryError, entry_keys, read_entry

    keys = entry_keys(cache)
    broken = []
    for key in keys:
        try:
            read_entry(cache, key)
        except BrokenEntryError as error:
            broken.append(f"{key} ({error})")
    size = sum(path.stat().st_size for path in cache.rglob("*") if path.is_file())
    held = "1 series" if len(keys) == 1 else f"{len(keys)} series"
    yield Check("Folders", "cached", "ok", f"{held}, {size / 1e6:.1f} MB, checksums right")
    for text in broken:
        yield Check("Folders", "cached", "note", f"broken: {text}", "oilshock prices update")


def terminal_checks() -> Iterator[Check]:
    """Tell what the terminal can show."""
    console = stdout()
    where = "" if console.is_terminal else ", not a terminal"
    yield Check("Terminal", "width", "ok", f"{console.width} columns{where}")
    is_off = bool(os.environ.get("NO_COLOR"))
    colours = "off: NO_COLOR is set" if is_off else console.color_system or "none"
    yield Check("Terminal", "colours", "ok", colours)
    encoding = sys.stdout.encoding or "not known"
    if can_show(BLOCKS):
        yield Check("Terminal", "signs", "ok", f"{encoding}, {BLOCKS}")
    else:
        value = f"{encoding} has no block characters: no sparklines, plain signs"
        yield Check("Terminal", "signs", "note", value, "Set PYTHONUTF8=1.")
