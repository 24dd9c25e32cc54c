"""Prices out of the cache, refreshed from their source when they are too old."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd

from oilshock.errors import Problem, SourceError
from oilshock.price_cache import (
    BrokenEntryError,
    CacheKey,
    Entry,
    locked,
    read_entry,
    set_aside,
    write_entry,
)
from oilshock.price_series import PriceSeries
from oilshock.quality import Finding
from oilshock.sources.access import Access
from oilshock.sources.entries import ROW_KINDS, series_of
from oilshock.sources.joining import Merged, join_prices
from oilshock.sources.protocol import Source
from oilshock.typing import Progress, Record, silent

OVERLAP = timedelta(days=45)
"""Days before the last price held that are fetched again, to see what was revised."""


def cached(
    source: Callable[[], Source],
    key: CacheKey,
    *,
    access: Access,
    base: Callable[[], PriceSeries] | None = None,
    progress: Progress = silent,
    now: datetime | None = None,
) -> PriceSeries:
    """Return a series from the cache, fetched first when it is missing or too old.

    Parameters
    ----------
    source : callable
        Makes the source; called only when it is asked, so that network libraries load then.
    key : CacheKey
        Source, symbol and kind of price.
    access : Access
        Offline or not, how fresh, where the cache is.
    base : callable, optional
        Gives prices to start from instead of the whole history.
    progress : callable, optional
        Called with (what is done, how many, of how many).
    now : datetime, optional
        The time; default: the clock.

    Returns
    -------
    PriceSeries
        With findings on revisions, and on a broken entry if there was one.

    Raises
    ------
    SourceError
        When the source gives nothing, or nothing is held and no network may be used.
    """
    moment = now or datetime.now(UTC)
    notes: list[Finding] = []
    entry = _whole_entry(key, access=access, notes=notes)
    if access.offline:
        return _offline(entry, key, notes=notes)
    if entry is not None and _is_fresh(entry, access=access, now=moment):
        return series_of(entry, notes=notes)
    progress(f"fetching {key.symbol} from {key.source}", 0, 0)
    try:
        with locked(access.cache, key):
            entry = _whole_entry(key, access=access, notes=notes, guard=nullcontext)
            if entry is not None and _is_newer(entry, moment):
                # Another process fetched it while this one waited for the lock.
                return series_of(entry, notes=notes)
            fetched, about = _fetch(source, key, entry=entry, base=base)
            return _stored(fetched, key, about=about, access=access, notes=notes)
    except OSError as error:
        # A folder that cannot be locked cannot be written either: go on without it.
        fetched, about = _fetch(source, key, entry=entry, base=base)
        return _not_kept(fetched, about, error=error, notes=notes)
    except SourceError as error:
        raise _with_cure(error, entry) from error


def _whole_entry(
    key: CacheKey,
    *,
    access: Access,
    notes: list[Finding],
    guard: Callable[[], AbstractContextManager[None]] | None = None,
) -> Entry | None:
    """Read an entry; set a broken one aside, under its lock, and say so."""
    try:
        return read_entry(access.cache, key)
    except BrokenEntryError as error:
        where = "it could not be moved away"
        try:
            with guard() if guard else locked(access.cache, key):
                # Another process may have mended it meanwhile.
                try:
                    return read_entry(access.cache, key)
                except BrokenEntryError:
                    set_aside(access.cache, key)
                    where = "it was set aside in the cache's folder broken/"
        except OSError:
            pass
        message = f"The cache's entry of {key} was broken ({error}); {where}."
        notes.append(Finding("broken_cache", 1, message, ()))
        return None


def _is_fresh(entry: Entry, *, access: Access, now: datetime) -> bool:
    age = now - datetime.fromisoformat(entry.about["fetched_at"])
    return timedelta(0) <= age <= access.max_age


def _is_newer(entry: Entry, moment: datetime) -> bool:
    return moment <= datetime.fromisoformat(entry.about["fetched_at"]) <= datetime.now(UTC)


def _offline(entry: Entry | None, key: CacheKey, *, notes: list[Finding]) -> PriceSeries:
    if entry is None:
        said = "the cache holds nothing of it, and --offline forbids the network."
        raise SourceError(
            Problem(
                f'{key.source} "{key.symbol}"',
                " ".join([said, *(note.message for note in notes)]),
                fix=f"Run `oilshock prices update {key}` with a network once, give a file, or use "
                'source = "bundled".',
            )
        )
    return series_of(entry, notes=notes)


def _fetch(
    source: Callable[[], Source],
    key: CacheKey,
    *,
    entry: Entry | None,
    base: Callable[[], PriceSeries] | None,
) -> tuple[PriceSeries, Record]:
    """Fetch what is missing with an overlap, and all of it when the overlap says that is needed."""
    maker = source()
    held, rows = _held(entry, base)
    start = None if held is None else (held.index[-1] - OVERLAP).date()
    fetched = maker.fetch(key.symbol, start=start, end=None)
    merged = Merged(fetched.prices, ())
    if held is not None:
        merged = _joined(held, fetched.prices, key)
        reaches_back = any(
            revision["date"] == f"{held.index[held.index >= fetched.prices.index[0]][0]:%Y-%m-%d}"
            for revision in merged.revisions
        )
        if reaches_back and base is None:
            # The oldest day asked for was revised, so days before it may have been too.
            start = None
            fetched = maker.fetch(key.symbol, start=None, end=None)
            merged = _joined(held, fetched.prices, key)
    about = _about(fetched, merged, start=start, rows=rows)
    return replace(fetched, prices=merged.prices.rename(key.symbol)), about


def _held(
    entry: Entry | None, base: Callable[[], PriceSeries] | None
) -> tuple[pd.Series | None, dict[str, list[str]]]:
    """Return the prices to go on from, and the dates of their odd rows."""
    if entry is not None:
        return entry.prices, entry.about["rows_found"]
    if base is None:
        return None, {}
    series = base()
    found = {f.kind: list(f.dates) for f in series.findings if f.kind in ROW_KINDS}
    return series.prices, found


def _joined(held: pd.Series, fetched: pd.Series, key: CacheKey) -> Merged:
    try:
        return join_prices(held, fetched)
    except ValueError as error:
        fix = (
            f"Try again later. If it stays so, `oilshock prices clear {key}` drops what is held, "
            "and the next run fetches all of it."
        )
        raise SourceError(Problem(f'{key.source} "{key.symbol}"', f"{error}.", fix=fix)) from error


def _about(
    fetched: PriceSeries,
    merged: Merged,
    *,
    start: date | None,
    rows: dict[str, list[str]],
) -> Record:
    found = {finding.kind: list(finding.dates) for finding in fetched.findings}
    kept = {
        kind: sorted({*rows.get(kind, ()), *found.get(kind, ())})
        for kind in ROW_KINDS
        if rows.get(kind) or found.get(kind)
    }
    unfinished = [f.message for f in fetched.findings if f.kind == "unfinished"]
    return {
        "fetched_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "fetched_from": None if start is None else start.isoformat(),
        "fetched_to": f"{fetched.prices.index[-1]:%Y-%m-%d}",
        "close": fetched.close,
        "timezone": fetched.timezone,
        "provenance": fetched.provenance,
        "rows_found": kept,
        "unfinished": unfinished,
        "revisions": list(merged.revisions),
    }


def _stored(
    fetched: PriceSeries, key: CacheKey, *, about: Record, access: Access, notes: list[Finding]
) -> PriceSeries:
    try:
        entry = write_entry(access.cache, key, fetched.prices, about=about)
    except OSError as error:
        return _not_kept(fetched, about, error=error, notes=notes)
    return series_of(entry, notes=notes)


def _not_kept(
    fetched: PriceSeries, about: Record, *, error: OSError, notes: list[Finding]
) -> PriceSeries:
    message = f"The prices could not be kept in the cache: {error.strerror or error}."
    notes.append(Finding("not_cached", 1, message, ()))
    key = CacheKey("", fetched.name, "")
    sha256 = {"sha256": "", "last": f"{fetched.prices.index[-1]:%Y-%m-%d}"}
    return series_of(Entry(key, fetched.prices, {**about, **sha256}), notes=notes)


def _with_cure(error: SourceError, entry: Entry | None) -> SourceError:
    """Say what the cache could give instead."""
    if entry is None:
        return error
    held = (
        f"The cache holds prices to {entry.about['last']}, fetched on "
        f"{entry.about['fetched_at'][:10]}: --offline uses them."
    )
    *others, last = error.problems
    return SourceError(*others, replace(last, fix=f"{last.fix} {held}".strip()))
