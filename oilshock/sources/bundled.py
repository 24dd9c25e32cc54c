"""The bundled series, as shipped, or with what was published since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from oilshock.errors import ConfigError
from oilshock.price_cache import BrokenEntryError, CacheKey, Entry, read_entry
from oilshock.price_series import PriceSeries, clip
from oilshock.prices import BUNDLED_PRICES, read_bundled
from oilshock.quality import Finding, counted
from oilshock.sources.access import Access
from oilshock.sources.entries import series_of
from oilshock.sources.protocol import Source
from oilshock.sources.refresh import cached
from oilshock.typing import Progress, silent

SHIPPED = {"brent-spot": "DCOILBRENTEU", "usd-broad": "DTWEXBGS"}
"""The bundled series, and the ids under which FRED publishes them."""


@dataclass(frozen=True)
class BundledSource:
    """The bundled series by their names; no network is used.

    Parameters
    ----------
    access : Access
        Whether as shipped, and where the cache is.
    """

    access: Access

    def fetch(self, symbol: str, *, start: date | None, end: date | None) -> PriceSeries:
        """Read a bundled series.

        Parameters
        ----------
        symbol : {"brent-spot", "usd-broad"}
            Which series.
        start, end : date or None
            First and last day wanted.

        Returns
        -------
        PriceSeries
            As shipped, or with what `prices update` added.

        Raises
        ------
        ConfigError
            When there is no such series.
        """
        return clip(read_shipped_or_extended(symbol, access=self.access), start=start, end=end)


def read_shipped_or_extended(symbol: str, *, access: Access) -> PriceSeries:
    """Read a bundled series, with the later prices of the cache if `prices update` put some there.

    Parameters
    ----------
    symbol : {"brent-spot", "usd-broad"}
        Which series.
    access : Access
        Whether as shipped, and where the cache is. No network is used.

    Returns
    -------
    PriceSeries
        Its provenance says the as-of date, and a finding that it was extended.

    Raises
    ------
    ConfigError
        When there is no such series.
    """
    shipped = read_bundled(symbol)
    if access.as_shipped:
        return shipped
    key = _key(symbol, shipped)
    try:
        entry = read_entry(access.cache, key)
    except BrokenEntryError as error:
        message = (
            f"The later prices of {symbol} in the cache are broken ({error}), so the series is "
            "used as shipped; `oilshock prices update` fetches them again."
        )
        return replace(
            shipped, findings=(Finding("broken_cache", 1, message, ()), *shipped.findings)
        )
    if entry is None or entry.prices.index[-1] < shipped.prices.index[-1]:
        return shipped
    return _extended_series(entry, shipped, notes=[])


def extended(
    symbol: str,
    *,
    make: Callable[[CacheKey], Callable[[], Source]],
    access: Access,
    progress: Progress = silent,
) -> PriceSeries:
    """Fetch what was published since the snapshot, check the overlap, and keep both in the cache.

    Parameters
    ----------
    symbol : {"brent-spot", "usd-broad"}
        Which series.
    make : callable
        Gives what makes the source of a key.
    access : Access
        How fresh, and where the cache is.
    progress : callable, optional
        Called with (what is done, how many, of how many).

    Returns
    -------
    PriceSeries
        The snapshot and what came after it.

    Raises
    ------
    SourceError
        When FRED gives nothing.
    ConfigError
        When there is no such series.
    """
    shipped = read_bundled(symbol)
    key = _key(symbol, shipped)
    fred = CacheKey("fred", SHIPPED[symbol], "value")

    class _Renamed:
        """FRED under the bundled name."""

        def fetch(self, name: str, *, start: object, end: object) -> PriceSeries:
            del name
            return make(fred)().fetch(fred.symbol, start=start, end=end)  # type: ignore[arg-type]

    series = cached(_Renamed, key, access=access, base=lambda: shipped, progress=progress)
    return _described(series, shipped)


def _key(symbol: str, shipped: PriceSeries) -> CacheKey:
    """Name the entry after the snapshot too, so that one on another snapshot is not used."""
    if symbol not in BUNDLED_PRICES:
        raise ConfigError.of("bundled prices", f'"{symbol}" is not a bundled series.')
    return CacheKey("bundled", symbol, f"since-{shipped.provenance['sha256'][:8]}")


def _extended_series(entry: Entry, shipped: PriceSeries, *, notes: list[Finding]) -> PriceSeries:
    return _described(series_of(entry, notes=notes), shipped)


def _described(series: PriceSeries, shipped: PriceSeries) -> PriceSeries:
    """Keep what is known of the bundled series; say up to when it was extended."""
    as_of = series.provenance["as_of"]
    n_new = int((series.prices.index > shipped.prices.index[-1]).sum())
    added = counted(n_new, one="later price", many="later prices")
    message = (
        f"The bundled series as of {shipped.provenance['as_of']} was extended by {added} from "
        f"FRED, as of {as_of}; --as-shipped leaves them out."
    )
    facts = shipped.provenance | {
        "as_of": as_of,
        "sha256": series.provenance["sha256"],
        "note": f"{shipped.provenance['note']} {message}",
    }
    kept = tuple(finding for finding in series.findings if finding.kind != "unfinished")
    return PriceSeries(
        shipped.name,
        series.prices.rename(shipped.name),
        shipped.close,
        shipped.timezone,
        (Finding("extended", max(n_new, 1), message, ()), *kept),
        facts,
    )
