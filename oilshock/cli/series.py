"""What `oilshock prices` prints, as plain data."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from oilshock.config import load_config
from oilshock.config_prices import PricesTable
from oilshock.errors import ConfigError, OutputError, PriceError, Problem, SourceError
from oilshock.inputs import warn_of_rolls
from oilshock.options import SCHEMA_VERSION, ReturnKind
from oilshock.presets import PRESETS
from oilshock.price_cache import (
    BrokenEntryError,
    CacheKey,
    clear_entry,
    entry_keys,
    locked,
    read_entry,
)
from oilshock.price_series import PriceSeries
from oilshock.prices import BUNDLED_PRICES, read_file, refuse_non_positive
from oilshock.quality import Finding, counted, finding_record, iso_dates
from oilshock.sources import Access
from oilshock.sources.entries import series_of
from oilshock.sources.load import NETWORK_SOURCES, read_source, split_name, update
from oilshock.typing import Progress, Record


def known_series(name: str | None) -> list[Record]:
    """Describe the bundled and the cached series, or the one named."""
    access = Access(offline=True)
    if name is not None and ":" not in name:
        return [_described(read_source("bundled", name, access=access), name)]
    held = [key for key in entry_keys(access.cache) if key.source != "bundled"]
    if name is not None:
        source, symbol = split_name(name)
        held = [key for key in held if str(key).lower() == f"{source}:{symbol}".lower()]
        if not held:
            fix = f"Fetch it: oilshock prices update {name}"
            raise ConfigError(Problem("SYMBOL", f'the cache holds no "{name}".', fix=fix))
        return [_cached(key, access) for key in held]
    bundled = [
        _described(read_source("bundled", own, access=access), own) for own in BUNDLED_PRICES
    ]
    return bundled + [_cached(key, access) for key in held]


def _described(series: PriceSeries, name: str) -> Record:
    prices = series.prices
    return {
        "symbol": name,
        **{key: value for key, value in series.provenance.items() if key != "label"},
        "close": f"{series.close} {series.timezone}" if series.close else "",
        "sessions": len(prices),
        "first": f"{prices.index[0]:%Y-%m-%d}",
        "last": f"{prices.index[-1]:%Y-%m-%d}",
        "last_price": float(prices.iloc[-1]),
    }


def _cached(key: CacheKey, access: Access) -> Record:
    """Describe a cached series; a broken one is described as that."""
    try:
        entry = read_entry(access.cache, key)
    except BrokenEntryError as error:
        return {"symbol": str(key), "broken": f"{error}; the next update fetches it again"}
    if entry is None:
        return {"symbol": str(key), "broken": "it was cleared meanwhile"}
    record = _described(series_of(entry, notes=[]), str(key))
    return record | {
        "fetched_at": entry.about["fetched_at"],
        "revised": ", ".join(revision["date"] for revision in entry.about["revisions"]),
    }


def updated_series(
    names: Sequence[str], *, max_age: timedelta, progress: Progress
) -> tuple[list[Record], list[Problem]]:
    """Refresh series by name, all of a config, or the bundled ones.

    Returns what was refreshed, described, and what went wrong with the others.
    """
    access = Access(max_age=max_age)
    wanted: dict[tuple[str, str, str | None], None] = {}
    for name in names or BUNDLED_PRICES:
        if name.endswith(".toml"):
            wanted |= dict.fromkeys(_series_of_config(name))
        else:
            wanted[(*split_name(name), None)] = None
    listing: list[Record] = []
    problems: list[Problem] = []
    for source, symbol, column in wanted:
        try:
            series = update(source, symbol, column=column, access=access, progress=progress)
            listing.append(_updated(series, source))
        except SourceError as error:
            # One series that fails keeps none of the others back.
            problems += error.problems
    return listing, problems


def _series_of_config(path: str) -> list[tuple[str, str, str | None]]:
    config = load_config(path)
    tables: list[PricesTable] = [config.prices, *config.series.values()]
    found: list[tuple[str, str, str | None]] = [
        (table.source, table.symbol, table.price_column)
        for table in tables
        if table.source in NETWORK_SOURCES
    ]
    parts = [part for name in config.model.factors for part in PRESETS.get(name, ())]
    found += [(part.source, part.symbol, None) for part in parts]
    if any(table.source == "bundled" for table in tables):
        found.append(("bundled", "brent-spot", None))
    return found


def _updated(series: PriceSeries, source: str) -> Record:
    kinds = ("broken_cache", "revision", "unfinished", "extended")
    return {
        "name": series.name if source == "bundled" else f"{source}:{series.name}",
        "sessions": len(series.prices),
        "first_session": f"{series.prices.index[0]:%Y-%m-%d}",
        "last_session": f"{series.prices.index[-1]:%Y-%m-%d}",
        "as_of": series.provenance["as_of"],
        "notes": [finding.message for finding in series.findings if finding.kind in kinds],
    }


def checked_prices(path: str | None, columns: Mapping[str, Any], *, returns: ReturnKind) -> Record:
    """Check a price file, a cached series, or the bundled one, for returns of a kind."""
    name = path or "brent-spot"
    series = _series_to_check(path, columns)
    odd = _non_positive(series, returns)
    return {
        "schema_version": SCHEMA_VERSION,
        "name": name,
        "sessions": len(series.prices),
        "first_session": f"{series.prices.index[0]:%Y-%m-%d}",
        "last_session": f"{series.prices.index[-1]:%Y-%m-%d}",
        "findings": [finding_record(finding) for finding in (*odd, *series.findings)],
    }


def _non_positive(series: PriceSeries, returns: ReturnKind) -> tuple[Finding, ...]:
    """Refuse prices of which there are no such returns, or say that differences alone take them."""
    try:
        refuse_non_positive(series, kind=returns)
    except PriceError as error:
        more = "To check it for those: --returns difference."
        raise PriceError(
            *(replace(problem, fix=f"{problem.fix} {more}") for problem in error.problems)
        ) from None
    low = series.prices[series.prices <= 0.0]
    if low.empty:
        return ()
    said = counted(len(low), one="price", many="prices")
    message = f'{said} of zero or less: valid with returns.kind = "difference" only.'
    return (Finding("non_positive", len(low), message, iso_dates(pd.DatetimeIndex(low.index))),)


def _series_to_check(path: str | None, columns: Mapping[str, Any]) -> PriceSeries:
    access = Access(offline=True)
    if path is None or (path in BUNDLED_PRICES and not Path(path).exists()):
        return read_source("bundled", path or "brent-spot", access=access)
    if path.partition(":")[0] in NETWORK_SOURCES:
        source, symbol = split_name(path)
        named = read_source(source, symbol, column=columns["price_column"], access=access)  # type: ignore[arg-type]
        return warn_of_rolls(named)
    return read_file(path, name=Path(path).stem, **columns)


def cleared_series(names: Sequence[str], *, everything: bool) -> list[str]:
    """Delete cached series by name, or all, and name them."""
    if bool(names) == everything:
        message = "give SYMBOLS or --all, not both." if names else "nothing is named."
        fix = "Name series as `oilshock prices show` does, or give --all."
        raise ConfigError(Problem("oilshock prices clear", message, fix=fix))
    access = Access(offline=True)
    wanted = [split_name(name) for name in names]
    asked = {f"{source}:{symbol}".lower() for source, symbol in wanted}
    keys = [key for key in entry_keys(access.cache) if everything or str(key).lower() in asked]
    if everything:
        shutil.rmtree(access.cache / "broken", ignore_errors=True)
    for key in keys:
        try:
            with locked(access.cache, key):
                clear_entry(access.cache, key)
        except OSError as error:
            message = f"cannot be cleared: {error.strerror or error}."
            raise OutputError(Problem(str(access.cache), message)) from error
    return [f"{key} ({key.column})" for key in keys]
