"""Refreshing: fetch only what is missing, report what was revised, never lose what is held."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Market, status

from oilshock.errors import SourceError
from oilshock.price_cache import read_entry
from oilshock.price_series import PriceSeries
from oilshock.sources.access import Access
from oilshock.sources.cached import cache_key
from oilshock.sources.joining import join_prices
from oilshock.sources.load import read_cached

KEY = cache_key("fred", "DCOILBRENTEU")
OFFLINE = Access(offline=True)


def read(access: Access) -> PriceSeries:
    return read_cached("fred", "DCOILBRENTEU", access=access)


def values(series: PriceSeries) -> dict[date, float]:
    return {day.date(): price for day, price in series.prices.items()}


def kinds(series: PriceSeries) -> list[str]:
    return [finding.kind for finding in series.findings]


def cut_off(market: Market, last: str) -> dict[date, float | None]:
    """Take the days after `last` away from the server, and return all."""
    whole = dict(market.fred["DCOILBRENTEU"])
    market.fred["DCOILBRENTEU"] = {d: v for d, v in whole.items() if d.isoformat() <= last}
    return whole


def test_fresh_prices_are_not_asked_for_again(market: Market) -> None:
    first = read(Access())
    again = read(Access(max_age=timedelta(hours=1)))
    assert len(market.seen) == 1
    pd.testing.assert_series_equal(first.prices, again.prices)
    assert (first.findings, first.provenance) == (again.findings, again.provenance)
    assert len(first.provenance["sha256"]) == 64


def test_only_what_is_missing_and_an_overlap_is_fetched(market: Market, access: Access) -> None:
    whole = cut_off(market, "2026-10-30")
    read(access)
    market.fred["DCOILBRENTEU"] = whole
    series = read(access)
    assert values(series) == whole
    assert [query.get("cosd") for _, query, _ in market.seen] == [None, "2026-09-15"]
    assert "revision" not in kinds(series)


def test_a_revision_is_reported_and_the_source_s_word_holds(market: Market, access: Access) -> None:
    read(access)
    day, gone = date(2026, 11, 10), date(2026, 11, 12)
    was = market.fred["DCOILBRENTEU"][day]
    market.fred["DCOILBRENTEU"] |= {day: 99.5, gone: None}
    series = read(access)
    assert values(series)[day] == 99.5
    assert gone not in values(series)
    (said,) = [finding for finding in series.findings if finding.kind == "revision"]
    assert said.dates == ("2026-11-10", "2026-11-12")
    assert f"2026-11-10 {was:g} to 99.5" in said.message
    assert "to none" in said.message
    entry = read_entry(access.cache, KEY)
    assert entry is not None
    assert entry.about["revisions"][0] == {"date": "2026-11-10", "old": was, "new": 99.5}
    assert "revision" in kinds(read(OFFLINE)), "still said when read later"
    assert "revision" not in kinds(read(access)), "said until the next fetch"
    assert len(market.seen) == 3


def test_a_revision_at_the_start_of_the_overlap_fetches_all_of_it(
    market: Market, access: Access
) -> None:
    read(access)
    rebased = {day: 2 * value for day, value in market.fred["DCOILBRENTEU"].items() if value}
    market.fred["DCOILBRENTEU"] = dict(rebased)
    series = read(access)
    assert values(series) == rebased, "no splice of old and new scale"
    assert [query.get("cosd") for _, query, _ in market.seen] == [None, "2026-10-06", None]
    (said,) = [finding for finding in series.findings if finding.kind == "revision"]
    assert said.count == len(rebased)


@pytest.mark.parametrize("last", ["2026-11-13", "2025-01-01"])
def test_an_answer_that_ends_before_what_is_held_is_refused(
    market: Market, access: Access, last: str
) -> None:
    before = read(access)
    cut_off(market, last)
    with pytest.raises(SourceError, match=r"do not continue those held|0 prices found"):
        read(access)
    pd.testing.assert_series_equal(read(OFFLINE).prices, before.prices)


def test_a_failed_refresh_says_what_the_cache_holds(market: Market, access: Access) -> None:
    before = read(access)
    market.faults.extend([status(500)] * 9)
    with pytest.raises(SourceError, match=r"HTTP 500.*cache holds prices to 2026-11-20.*--offline"):
        read(access)
    market.faults.clear()
    seen = len(market.seen)
    pd.testing.assert_series_equal(read(OFFLINE).prices, before.prices)
    assert len(market.seen) == seen, "--offline asks nobody"


def test_a_series_that_has_ended_is_said_to(market: Market) -> None:
    cut_off(market, "2024-06-28")
    (said,) = [f for f in read(Access()).findings if f.kind == "ended"]
    assert "last price is of 2024-06-28" in said.message


def test_offline_without_anything_held(market: Market) -> None:
    words = r"holds nothing of it.*oilshock prices update fred:DCOILBRENTEU.*bundled"
    with pytest.raises(SourceError, match=words):
        read(OFFLINE)
    assert market.seen == []


@pytest.mark.parametrize("offline", [False, True])
def test_a_broken_entry_is_set_aside_said_and_fetched_again(
    market: Market, access: Access, offline: bool
) -> None:
    before = read(access)
    (parquet,) = access.cache.glob("prices/fred/*.parquet")
    parquet.write_bytes(parquet.read_bytes()[:-1] + b"x")
    if offline:
        with pytest.raises(SourceError, match=r"was broken \(its checksum.*; it was set aside in"):
            read(OFFLINE)
        return
    series = read(access)
    pd.testing.assert_series_equal(series.prices, before.prices)
    (said,) = [finding for finding in series.findings if finding.kind == "broken_cache"]
    assert "it was set aside in the cache's folder broken/" in said.message
    (folder,) = (access.cache / "broken").iterdir()
    assert len(list(folder.iterdir())) == 2
    assert len(market.seen) == 2
    assert "broken_cache" not in kinds(read(access))


def test_two_hundred_flipped_bytes_never_give_another_price(market: Market, access: Access) -> None:
    first = read(access)
    held = [path for path in (access.cache / "prices").rglob("*") if path.suffix != ".lock"]
    whole = {path: path.read_bytes() for path in held if path.is_file()}
    rng = random.Random(1)
    for _ in range(200):
        path = rng.choice(sorted(whole))
        data = bytearray(whole[path])
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        with pytest.raises(SourceError, match="was broken"):
            read(OFFLINE)
        for name, content in whole.items():
            name.write_bytes(content)
    path.write_bytes(data)
    assert values(read(access)) == values(first)


def test_a_cache_that_cannot_be_written_is_said(market: Market, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    series = read(Access(folder=tmp_path / "file"))
    assert values(series) == market.fred["DCOILBRENTEU"]
    (said,) = [finding for finding in series.findings if finding.kind == "not_cached"]
    assert "could not be kept in the cache" in said.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_that_can_only_be_read_is_read(market: Market, access: Access) -> None:
    before = read(access)
    folder = access.cache / "prices" / "fred"
    folder.chmod(0o500)
    try:
        pd.testing.assert_series_equal(read(OFFLINE).prices, before.prices)
        assert "not_cached" in kinds(read(access))
    finally:
        folder.chmod(0o700)


def test_an_entry_of_the_future_is_fetched_again(
    market: Market, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oilshock.sources import refresh

    read(access)
    entry = read_entry(access.cache, KEY)
    assert entry is not None
    late = {**entry.about, "fetched_at": (datetime.now(UTC) + timedelta(days=2)).isoformat()}
    for name in ("format", "source", "symbol", "column", "file", "sha256", "rows"):
        late.pop(name)
    refresh.write_entry(access.cache, KEY, entry.prices, about=late)
    read(replace(access, max_age=timedelta(days=30)))
    assert len(market.seen) == 2


PRICES = st.dictionaries(st.integers(0, 60), st.floats(-50, 200), min_size=1)


def as_series(prices: dict[int, float]) -> pd.Series:
    first = pd.Timestamp("2024-01-01")
    days = [first + pd.Timedelta(days=n) for n in sorted(prices)]
    return pd.Series([prices[n] for n in sorted(prices)], pd.DatetimeIndex(days))


@given(PRICES, PRICES)
def test_a_join_loses_nothing_and_hides_nothing(
    old: dict[int, float], new: dict[int, float]
) -> None:
    start = min(new)
    overlap = {n: p for n, p in old.items() if n >= start}
    join: Callable[[], object] = lambda: join_prices(as_series(old), as_series(new))  # noqa: E731
    if max(new) < max(old) or not set(overlap) & set(new):
        with pytest.raises(ValueError, match="do not continue"):
            join()
        return
    merged = join_prices(as_series(old), as_series(new))
    expected = {n: p for n, p in old.items() if n < start} | new
    pd.testing.assert_series_equal(merged.prices, as_series(expected))
    changed = {n for n in set(overlap) | {n for n in new if n <= max(old)} if
               overlap.get(n) != new.get(n)}  # fmt: skip
    first = date(2024, 1, 1)
    said = {(date.fromisoformat(r["date"]) - first).days for r in merged.revisions}
    assert said == changed
