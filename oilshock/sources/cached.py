"""Yahoo and FRED behind the cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from oilshock.errors import ConfigError, Problem, nearest
from oilshock.price_cache import CacheKey
from oilshock.price_series import PriceSeries, clip
from oilshock.sources.access import Access
from oilshock.sources.protocol import Source
from oilshock.sources.refresh import cached
from oilshock.typing import Progress, silent

YAHOO_COLUMNS = {"close": "close", "adjclose": "adjusted", "adjusted": "adjusted"}


def cache_key(source: str, symbol: str, *, column: str | None = None) -> CacheKey:
    """Return the key of a series of Yahoo or FRED.

    Parameters
    ----------
    source : {"yahoo", "fred"}
        Where it comes from.
    symbol : str
        Ticker or series id; capitals are made of it, as both write them so.
    column : str or None, default None
        Yahoo: Close (default) or Adj Close.

    Returns
    -------
    CacheKey
        Of the entry in the cache.

    Raises
    ------
    ConfigError
        When there is no such price.

    Examples
    --------
    >>> cache_key("yahoo", "bz=f")
    CacheKey(source='yahoo', symbol='BZ=F', column='close')
    """
    if source == "fred":
        return CacheKey("fred", symbol.upper(), "value")
    folded = "".join((column or "close").split()).lower().replace("_", "")
    if folded not in YAHOO_COLUMNS:
        message = f'Yahoo has no price "{column}"; there are Close and Adj Close.'
        fix = nearest(column or "", ("Close", "Adj Close")) or 'Use "Close" or "Adj Close".'
        raise ConfigError(Problem("prices", message, "price_column", fix))
    return CacheKey("yahoo", symbol.upper(), YAHOO_COLUMNS[folded])


def source_for(key: CacheKey) -> Callable[[], Source]:
    """Return what makes the source of a key; its network library loads when it is called."""

    def make() -> Source:
        if key.source == "fred":
            from oilshock.sources.fred import FredSource

            return FredSource()
        from oilshock.sources.yahoo import YahooSource

        return YahooSource(column=key.column)

    return make


@dataclass(frozen=True)
class CachedSource:
    """A network source behind the cache.

    Parameters
    ----------
    source : {"yahoo", "fred"}
        Where prices come from.
    access : Access
        Offline or not, how fresh, where the cache is.
    column : str or None, default None
        Yahoo: Close (default) or Adj Close.
    progress : callable
        Called with (what is done, how many, of how many).
    """

    source: str
    access: Access
    column: str | None = None
    progress: Progress = silent

    def fetch(self, symbol: str, *, start: date | None, end: date | None) -> PriceSeries:
        """Read a series from the cache, refreshed where it is too old.

        Parameters
        ----------
        symbol : str
            Ticker or series id.
        start, end : date or None
            First and last day wanted; the cache holds all of the series.

        Returns
        -------
        PriceSeries
            With provenance and findings.

        Raises
        ------
        SourceError
            When there are no prices to be had.
        """
        key = cache_key(self.source, symbol, column=self.column)
        series = cached(source_for(key), key, access=self.access, progress=self.progress)
        return clip(series, start=start, end=end)
