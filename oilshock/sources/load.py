"""A series by its source and symbol: the one door to all sources."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pandas as pd

from oilshock.errors import ConfigError, OutputError, Problem, nearest
from oilshock.options import Source as SourceName
from oilshock.price_series import PriceSeries
from oilshock.prices import read_file
from oilshock.sources.access import MAX_AGE, Access
from oilshock.sources.bundled import SHIPPED, BundledSource, extended
from oilshock.sources.cached import CachedSource, cache_key, source_for
from oilshock.sources.refresh import cached
from oilshock.typing import Progress, silent

NETWORK_SOURCES = ("yahoo", "fred")


def read_cached(
    source: str,
    symbol: str,
    *,
    column: str | None = None,
    access: Access | None = None,
    progress: Progress = silent,
) -> PriceSeries:
    """Read a series of Yahoo or FRED, from the cache where that is fresh enough.

    Parameters
    ----------
    source : {"yahoo", "fred"}
        Where it comes from.
    symbol : str
        Ticker or series id.
    column : str or None, default None
        Yahoo: Close (default) or Adj Close.
    access : Access, optional
        Offline or not, how fresh, where the cache is.
    progress : callable, optional
        Called with (what is done, how many, of how many).

    Returns
    -------
    PriceSeries
        With provenance and findings.

    Raises
    ------
    SourceError
        When there are no prices to be had.
    """
    behind = CachedSource(source, access or Access(), column, progress)
    return behind.fetch(symbol, start=None, end=None)


def read_source(
    source: SourceName,
    symbol: str,
    *,
    column: str | None = None,
    access: Access | None = None,
    progress: Progress = silent,
) -> PriceSeries:
    """Read a series of any source that is not a file.

    Parameters
    ----------
    source : {"bundled", "yahoo", "fred"}
        Where it comes from.
    symbol : str
        Name, ticker or series id.
    column : str or None, default None
        Yahoo: Close (default) or Adj Close.
    access : Access, optional
        Offline or not, how fresh, as shipped or not, where the cache is.
    progress : callable, optional
        Called with (what is done, how many, of how many).

    Returns
    -------
    PriceSeries
        With provenance and findings.

    Raises
    ------
    SourceError
        When there are no prices to be had.
    ConfigError
        When there is no such bundled series.

    Examples
    --------
    >>> read_source("bundled", "usd-broad", access=Access(as_shipped=True))
    PriceSeries('usd-broad', 5,188 sessions, 2006-01-02 to 2026-09-11)
    """
    if source == "bundled":
        return BundledSource(access or Access()).fetch(symbol, start=None, end=None)
    return read_cached(source, symbol, column=column, access=access, progress=progress)


def fetch_prices(
    symbol: str,
    *,
    source: SourceName = "yahoo",
    column: str | None = None,
    offline: bool = False,
    max_age: timedelta = MAX_AGE,
) -> pd.Series:
    """Fetch a series as a pandas Series, through the cache.

    Parameters
    ----------
    symbol : str
        Ticker of Yahoo, id of FRED, name of a bundled series, or path of a file.
    source : {"yahoo", "fred", "bundled", "file"}, default "yahoo"
        Where it comes from; `bundled` holds what `oilshock prices update` added.
    column : str or None, default None
        Yahoo: Close (default) or Adj Close; file: the price column.
    offline : bool, default False
        Use the cache only.
    max_age : timedelta, default 12 hours
        Prices of the cache that are younger are used without asking the source.

    Returns
    -------
    Series
        Its `attrs` hold close, timezone and label if known.

    Raises
    ------
    SourceError
        When there are no prices to be had.

    Examples
    --------
    >>> fetch_prices("brent-spot", source="bundled").attrs["close"]
    '16:30'
    """
    access = Access(offline=offline, max_age=max_age)
    if source == "file":
        series = read_file(symbol, name=Path(symbol).stem, price_column=column)
    else:
        series = read_source(source, symbol, column=column, access=access)
    known = {
        "close": series.close,
        "timezone": series.timezone,
        "label": series.provenance["label"] or None,
        "kind": series.provenance["kind"] or None,
    }
    prices = series.prices.copy()
    prices.attrs = {key: value for key, value in known.items() if value is not None}
    return prices


def update(
    source: str, symbol: str, *, column: str | None, access: Access, progress: Progress = silent
) -> PriceSeries:
    """Refresh what the cache holds of a series.

    Parameters
    ----------
    source : {"bundled", "yahoo", "fred"}
        Where it comes from.
    symbol : str
        Name, ticker or series id.
    column : str or None
        Yahoo: Close or Adj Close.
    access : Access
        How fresh it must be, and where the cache is.
    progress : callable, optional
        Called with (what is done, how many, of how many).

    Returns
    -------
    PriceSeries
        As it now is in the cache.

    Raises
    ------
    SourceError
        When the source gives nothing.
    OutputError
        When the cache cannot be written.
    """
    if source == "bundled":
        series = extended(symbol, make=source_for, access=access, progress=progress)
    else:
        key = cache_key(source, symbol, column=column)
        series = cached(source_for(key), key, access=access, progress=progress)
    lost = [finding.message for finding in series.findings if finding.kind == "not_cached"]
    if lost:
        fix = "Free some space, or name another folder in OILSHOCK_CACHE."
        raise OutputError(Problem(str(access.cache), lost[0], fix=fix))
    return series


def split_name(text: str) -> tuple[str, str]:
    """Split SOURCE:SYMBOL; a bundled series is given by its name alone.

    Raises
    ------
    ConfigError
        When the source is missing or not known.

    Examples
    --------
    >>> split_name("yahoo:BZ=F"), split_name("brent-spot")
    (('yahoo', 'BZ=F'), ('bundled', 'brent-spot'))
    """
    if text in SHIPPED:
        return "bundled", text
    source, colon, symbol = text.partition(":")
    if colon and source in NETWORK_SOURCES and symbol:
        return source, symbol
    if colon and source == "bundled" and symbol in SHIPPED:
        return source, symbol
    names = ", ".join(SHIPPED)
    fix = (
        f"Write yahoo:{text}, fred:{text} or one of {names}."
        if not colon
        else nearest(source, NETWORK_SOURCES)
    )
    message = f'"{text}" does not say where the series comes from.'
    raise ConfigError(Problem("SYMBOL", message, fix=fix or "Sources: yahoo, fred."))
