"""Every source is asked in the same way, and gives the same kind of thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from loopback import Market

from oilshock.errors import ConfigError, OilshockError
from oilshock.prices import load_prices
from oilshock.sources import Access, Source, fetch_prices
from oilshock.sources.access import CACHE_VARIABLE
from oilshock.sources.bundled import BundledSource
from oilshock.sources.cached import CachedSource, cache_key
from oilshock.sources.file import FileSource
from oilshock.sources.fred import FredSource
from oilshock.sources.yahoo import YahooSource

START, END = date(2025, 3, 3), date(2025, 5, 30)
SOURCES: dict[str, tuple[Callable[[Path], Source], str]] = {
    "bundled": (lambda _: BundledSource(Access()), "brent-spot"),
    "file": (lambda folder: FileSource(folder), "prices.csv"),
    "yahoo": (lambda _: YahooSource(), "BZ=F"),
    "fred": (lambda _: FredSource(), "DCOILBRENTEU"),
    "cached yahoo": (lambda _: CachedSource("yahoo", Access()), "bz=f"),
    "cached fred": (lambda _: CachedSource("fred", Access()), "DCOILBRENTEU"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_span_of_prices_with_their_provenance(market: Market, tmp_path: Path, name: str) -> None:
    load_prices().to_csv(tmp_path / "prices.csv")
    make, symbol = SOURCES[name]
    series = make(tmp_path).fetch(symbol, start=START, end=END)
    first, last = series.prices.index[0].date(), series.prices.index[-1].date()
    assert START <= first <= START + timedelta(days=4)
    assert END - timedelta(days=4) <= last <= END
    assert series.prices.notna().all()
    assert series.prices.index.is_monotonic_increasing
    assert series.provenance["title"]
    assert series.prices.dtype == "float64"


@pytest.mark.parametrize("name", SOURCES)
def test_a_symbol_that_is_not_there_is_an_error_with_its_cure(
    market: Market, tmp_path: Path, name: str
) -> None:
    make, _ = SOURCES[name]
    with pytest.raises(OilshockError) as caught:
        make(tmp_path).fetch("NOPE", start=None, end=None)
    assert caught.value.exit_code in (2, 3)
    assert caught.value.problems[0].fix


@pytest.mark.parametrize(
    ("column", "expected"),
    [(None, "close"), ("Close", "close"), ("Adj Close", "adjusted"), ("adj_close", "adjusted")],
)
def test_the_two_closes_of_yahoo(column: str | None, expected: str) -> None:
    assert cache_key("yahoo", "x", column=column).column == expected
    with pytest.raises(ConfigError, match=r'no price "Adj Closs".*Did you mean "Adj Close"'):
        cache_key("yahoo", "x", column="Adj Closs")


def test_fetch_prices_from_each_source(market: Market, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("date,a,b\n2024-01-02,1,3\n2024-01-03,2,4\n")
    file = fetch_prices(str(tmp_path / "p.csv"), source="file", column="b")
    assert (file.name, file.tolist()) == ("p", [3.0, 4.0])
    yahoo = fetch_prices("BZ=F")
    assert yahoo.attrs["kind"] == "continuous future"
    assert yahoo.attrs["close"] == "19:30"
    again = fetch_prices("BZ=F", offline=True)
    assert again.equals(yahoo)
    assert len(market.seen) == 1


def test_the_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Access(folder=tmp_path / "a").cache == tmp_path / "a"
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "b"))
    assert Access().cache == tmp_path / "b"
    monkeypatch.delenv(CACHE_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    assert Access().cache.name == "oilshock" or "oilshock" in Access().cache.parts
