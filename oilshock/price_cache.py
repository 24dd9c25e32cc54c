"""Prices kept on disk: Parquet with a sidecar, written whole, verified by checksum on each read.

An entry is two files. The Parquet file carries its own checksum in its name; the sidecar, which
names it, is replaced last and by rename. So a reader sees the old entry or the new one, and a
process that is killed, or a disk that is full, leaves the old one as it was.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from oilshock.errors import Problem, SourceError
from oilshock.typing import Record

FORMAT = 1
LOCK_LIMIT = 60.0
"""Seconds to wait for another process that refreshes the same series."""


@dataclass(frozen=True)
class CacheKey:
    """What an entry holds: source, symbol and kind of price.

    Examples
    --------
    >>> CacheKey("yahoo", "BZ=F", "close").stem
    'BZ%3DF.close'
    """

    source: str
    symbol: str
    column: str

    @property
    def stem(self) -> str:
        """The name of its files, without what differs between them."""
        return f"{quote(self.symbol, safe='')}.{self.column}"

    def __str__(self) -> str:
        return f"{self.source}:{self.symbol}"


@dataclass(frozen=True, eq=False)
class Entry:
    """What the cache holds of one series.

    Parameters
    ----------
    key : CacheKey
        Source, symbol and kind of price.
    prices : Series
        Float64 without NaN, on an ascending unique DatetimeIndex.
    about : dict
        The sidecar: fetched_at, fetched_from, sha256, revisions, and what is known of the series.
    """

    key: CacheKey
    prices: pd.Series
    about: Record


class BrokenEntryError(Exception):
    """An entry that is not what was written; its text says why."""


def read_entry(folder: Path, key: CacheKey) -> Entry | None:
    """Read and verify an entry.

    Parameters
    ----------
    folder : Path
        The cache folder.
    key : CacheKey
        Which entry.

    Returns
    -------
    Entry or None
        None when there is none.

    Raises
    ------
    BrokenEntryError
        When a byte of it is not as it was written.
    """
    for last_try in (False, True):
        about = _read_sidecar(folder, key)
        if about is None:
            return None
        try:
            data = (_place(folder, key) / about["file"]).read_bytes()
        except FileNotFoundError:
            # Another process put a new entry in its place between the two reads.
            if last_try:
                raise BrokenEntryError("its Parquet file is missing") from None
            continue
        except OSError as error:
            raise BrokenEntryError(f"it cannot be read ({error.strerror})") from error
        if hashlib.sha256(data).hexdigest() != about["sha256"]:
            raise BrokenEntryError("its checksum differs")
        return Entry(key, _from_parquet(data, name=key.symbol), about)
    raise AssertionError("the second try returns or raises")


def _read_sidecar(folder: Path, key: CacheKey) -> Record | None:
    path = _place(folder, key) / f"{key.stem}.json"
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BrokenEntryError(f"it cannot be read ({error.strerror})") from error
    try:
        about: Record = json.loads(text)
        told = about.pop("checksum")
        same = told == _checksum(about)
        same = same and [about["source"], about["symbol"], about["column"]] == [
            key.source,
            key.symbol,
            key.column,
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenEntryError("its sidecar is not what was written") from error
    if not same:
        raise BrokenEntryError("its sidecar is not what was written")
    if about["format"] != FORMAT:
        raise BrokenEntryError("another version of oilshock wrote it")
    return about


def _checksum(about: Record) -> str:
    text = json.dumps(about, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def write_entry(folder: Path, key: CacheKey, prices: pd.Series, *, about: Record) -> Entry:
    """Write an entry in place of the one before; the caller holds the lock.

    Parameters
    ----------
    folder : Path
        The cache folder.
    key : CacheKey
        Which entry.
    prices : Series
        Float64 on a DatetimeIndex.
    about : dict
        What the sidecar says beside checksum, rows and span.

    Returns
    -------
    Entry
        As `read_entry` would return it.

    Raises
    ------
    OSError
        When the disk refuses; the entry before is as it was.
    """
    place = _place(folder, key)
    data = _to_parquet(prices)
    sha256 = hashlib.sha256(data).hexdigest()
    days = prices.index
    full = {
        "format": FORMAT,
        "source": key.source,
        "symbol": key.symbol,
        "column": key.column,
        "file": f"{key.stem}.{sha256[:16]}.parquet",
        "sha256": sha256,
        "rows": len(prices),
        "first": f"{days[0]:%Y-%m-%d}",
        "last": f"{days[-1]:%Y-%m-%d}",
        **about,
    }
    sidecar = json.dumps({**full, "checksum": _checksum(full)}, indent=1, ensure_ascii=True)
    _replace(place / full["file"], data)
    _replace(place / f"{key.stem}.json", sidecar.encode("ascii"))
    _tidy(place, key, keep=full["file"])
    return Entry(key, prices.rename(key.symbol), full)


def set_aside(folder: Path, key: CacheKey) -> Path:
    """Move a broken entry out of the way; the caller holds the lock.

    Returns
    -------
    Path
        The folder that it was moved to.
    """
    place = _place(folder, key)
    target = folder / "broken"
    target.mkdir(parents=True, exist_ok=True)
    into = Path(tempfile.mkdtemp(prefix=f"{key.source}-{key.stem}-", dir=target))
    for path in _files_of(place, key):
        with suppress(FileNotFoundError):
            path.rename(into / path.name)
    return into


def clear_entry(folder: Path, key: CacheKey) -> None:
    """Delete an entry; the caller holds the lock."""
    # The sidecar first: without it the rest is no entry.
    for path in sorted(_files_of(_place(folder, key), key), key=lambda path: path.suffix):
        path.unlink(missing_ok=True)


def entry_keys(folder: Path) -> tuple[CacheKey, ...]:
    """List what the cache holds, verified or not, in order of source and symbol."""
    from urllib.parse import unquote

    keys = []
    for path in sorted((folder / "prices").glob("*/*.json")):
        stem, _, column = path.stem.rpartition(".")
        keys.append(CacheKey(path.parent.name, unquote(stem), column))
    return tuple(keys)


@contextmanager
def locked(folder: Path, key: CacheKey) -> Iterator[None]:
    """Hold the lock of an entry; a process that dies loses it.

    Raises
    ------
    SourceError
        When another process holds it for longer than the limit.
    OSError
        When the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    place = _place(folder, key)
    place.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(place / f"{key.stem}.lock", timeout=LOCK_LIMIT):
            yield
    except Timeout as error:
        message = f"another process has been refreshing it for {LOCK_LIMIT:.0f} s."
        fix = "Wait for it, or end it, and try again."
        raise SourceError(Problem(f'cache "{key}"', message, fix=fix)) from error


def _place(folder: Path, key: CacheKey) -> Path:
    return folder / "prices" / key.source


def _files_of(place: Path, key: CacheKey) -> Sequence[Path]:
    """Return the files of an entry, temporary ones too, the lock not."""
    if not place.is_dir():
        return ()
    own = (f"{key.stem}.", f".{key.stem}.")
    return [
        path
        for path in place.iterdir()
        if path.name.startswith(own) and path.suffix != ".lock" and _is_of(path, key)
    ]


def _is_of(path: Path, key: CacheKey) -> bool:
    """Say whether a file is of this entry, and not of one whose name starts alike."""
    rest = path.name.lstrip(".").removeprefix(f"{key.stem}.").split(".")
    own = 1 if rest[0] == "json" else 2 if len(rest[0]) == 16 and rest[1:2] == ["parquet"] else 0
    return own > 0 and (len(rest) == own or (len(rest) == own + 2 and rest[-1] == "tmp"))


def _tidy(place: Path, key: CacheKey, *, keep: str) -> None:
    """Delete what writers before left behind."""
    for path in _files_of(place, key):
        if path.name not in (keep, f"{key.stem}.json"):
            with suppress(OSError):
                path.unlink()


def _replace(path: Path, data: bytes) -> None:
    """Write a file by a temporary file, a flush to disk and a rename."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _to_parquet(prices: pd.Series) -> bytes:
    days = pd.DatetimeIndex(prices.index).to_numpy().astype("datetime64[D]")
    values: Any = prices.to_numpy(dtype=np.float64)
    table = pa.table({"date": pa.array(days), "price": pa.array(values)})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="snappy")
    return buffer.getvalue()


def _from_parquet(data: bytes, *, name: str) -> pd.Series:
    try:
        table = pq.read_table(pa.BufferReader(data))
        days = table.column("date").to_numpy().astype("datetime64[ns]")
        values = table.column("price").to_numpy()
    except (pa.ArrowException, KeyError) as error:
        raise BrokenEntryError("its Parquet file cannot be read") from error
    return pd.Series(values, index=pd.DatetimeIndex(days, name="date"), name=name, dtype=np.float64)
