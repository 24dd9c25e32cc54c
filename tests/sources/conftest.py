"""A server on loopback, a cache of its own for each test, and no long waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import Chart, Market, serving, walk

from oilshock.sources import web
from oilshock.sources.access import Access

LAST = "2026-11-20"


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch) -> Iterator[Market]:
    """A server that knows BZ=F, ^GSPC and three series of FRED."""
    data = Market()
    data.charts["BZ=F"] = Chart(dict(walk("2024-01-01", LAST)))
    data.charts["HG=F"] = Chart(dict(walk("2024-01-01", LAST, seed=2, start=4.0)))
    about = {"instrumentType": "INDEX", "shortName": "S&P 500"}
    data.charts["^GSPC"] = Chart(dict(walk("2024-01-01", LAST, seed=3)), hour=9, meta=about)
    data.fred["DCOILBRENTEU"] = dict(walk("2024-01-01", LAST, seed=4))
    data.fred["DTWEXBGS"] = dict(walk("2024-01-01", LAST, seed=5))
    data.fred["DGS10"] = dict(walk("2024-01-01", LAST, seed=6, start=4.0))
    with serving(data):
        monkeypatch.setenv("OILSHOCK_YAHOO_URL", data.url)
        monkeypatch.setenv("OILSHOCK_FRED_URL", data.url)
        yield data


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of the test."""
    monkeypatch.setenv("OILSHOCK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry at once, and give up after a second or two."""
    monkeypatch.setattr(web, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(web, "TIME_LIMIT", 2.0)
    monkeypatch.setattr(web, "TRY_LIMIT", 0.6)


@pytest.fixture
def access(own_cache: Path) -> Access:
    """The cache of the test, which is asked for fresh prices each time."""
    del own_cache
    from datetime import timedelta

    return Access(max_age=timedelta(0))
