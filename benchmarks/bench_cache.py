"""What it costs to read forty years of daily prices from the cache, verified and checked."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from oilshock.price_cache import CacheKey, read_entry, write_entry
from oilshock.sources import Access, read_cached

ROUNDS = 30
LIMIT_MS = 20.0


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    days = pd.bdate_range("1986-01-02", "2026-01-02", name="date")
    steps = np.random.default_rng(1).normal(scale=0.02, size=len(days))
    prices = pd.Series(np.round(20 * np.exp(np.cumsum(steps) / 8), 2), days, name="BZ=F")
    key = CacheKey("yahoo", "BZ=F", "close")
    (tmp_path / "prices" / "yahoo").mkdir(parents=True)
    about = {
        "fetched_at": datetime.now(UTC).isoformat(),
        "close": "19:30",
        "timezone": "Europe/London",
        "provenance": {"title": "Brent futures"},
        "rows_found": {},
        "unfinished": [],
        "revisions": [],
    }
    write_entry(tmp_path, key, prices, about=about)
    assert read_entry(tmp_path, key) is not None
    return tmp_path


def bench_read(cache: Path) -> None:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        series = read_cached("yahoo", "BZ=F", access=Access(folder=cache))
        times.append(1000 * (time.perf_counter() - start))
    best = min(times)
    print(
        f"\n{len(series.prices):,} prices from the cache: {best:.1f} ms (limit {LIMIT_MS:.0f} ms)"
    )
    assert best < LIMIT_MS
