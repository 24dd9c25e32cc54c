"""The bundled series brought up to date, and as shipped."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from loopback import Market, status

from oilshock.config import config_from_dict
from oilshock.errors import ConfigError, SourceError
from oilshock.inputs import read_inputs
from oilshock.price_series import PriceSeries
from oilshock.prices import read_bundled
from oilshock.sources import Access, fetch_prices, read_source
from oilshock.sources.load import update

SHIPPED = read_bundled()
NEW = {date(2026, 9, 30): 101.5, date(2026, 10, 1): 103.25}


@pytest.fixture
def later(market: Market) -> Market:
    """FRED with what the snapshot holds, and two days more."""
    held = {day.date(): price for day, price in SHIPPED.prices["2026-06-01":].items()}
    market.fred["DCOILBRENTEU"] = {**held, **NEW}
    return market


def refresh(access: Access) -> PriceSeries:
    return update("bundled", "brent-spot", column=None, access=access)


def brent(access: Access | None = None) -> PriceSeries:
    return read_source("bundled", "brent-spot", access=access)


def test_as_shipped_until_updated(later: Market) -> None:
    assert brent().provenance == SHIPPED.provenance
    assert brent().findings == SHIPPED.findings
    assert later.seen == []


def test_what_was_published_since_is_added_and_said(later: Market, access: Access) -> None:
    refresh(access)
    series = brent()
    assert {day.date(): price for day, price in series.prices.iloc[-2:].items()} == NEW
    assert series.prices.iloc[:-2].equals(SHIPPED.prices)
    assert series.name == series.prices.name == "brent-spot"
    assert (series.close, series.timezone) == (SHIPPED.close, SHIPPED.timezone)
    said = series.findings[0]
    assert said.kind == "extended"
    assert "as of 2026-10-03 was extended by 2 later prices from FRED, as of 20" in said.message
    assert series.provenance["as_of"] == datetime.now(UTC).date().isoformat()
    assert series.provenance["sha256"] != SHIPPED.provenance["sha256"]
    ((_, query, _),) = later.seen
    assert query == {"id": "DCOILBRENTEU", "cosd": "2026-08-15"}, "what is shipped is not fetched"


def test_as_shipped_leaves_them_out(later: Market, access: Access) -> None:
    refresh(access)
    series = brent(Access(as_shipped=True))
    assert series.prices.equals(SHIPPED.prices)
    assert series.provenance == SHIPPED.provenance


def test_a_revision_of_the_overlap_is_reported(later: Market, access: Access) -> None:
    day = date(2026, 9, 1)
    later.fred["DCOILBRENTEU"][day] = 50.0
    refresh(access)
    series = brent()
    (said,) = [finding for finding in series.findings if finding.kind == "revision"]
    assert said.dates == ("2026-09-01",)
    assert series.prices[f"{day}"] == 50.0
    assert SHIPPED.prices[f"{day}"] != 50.0


def test_further_updates_go_on_from_there(later: Market, access: Access) -> None:
    refresh(access)
    later.fred["DCOILBRENTEU"][date(2026, 10, 2)] = 99.0
    refresh(access)
    assert brent().prices.iloc[-3:].tolist() == [*NEW.values(), 99.0]
    assert "extended by 3 later prices" in brent().findings[0].message


def test_another_snapshot_does_not_use_the_entry(
    later: Market, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from oilshock.sources import bundled

    refresh(access)
    newer = replace(SHIPPED, provenance=SHIPPED.provenance | {"sha256": "f" * 64})
    monkeypatch.setattr(bundled, "read_bundled", lambda _: newer)
    assert brent().prices.equals(SHIPPED.prices)


def test_a_broken_extension_is_said_and_not_used(later: Market, access: Access) -> None:
    refresh(access)
    (parquet,) = access.cache.glob("prices/bundled/*.parquet")
    parquet.write_bytes(b"x")
    series = brent()
    assert series.prices.equals(SHIPPED.prices)
    assert series.findings[0].kind == "broken_cache"
    assert "used as shipped" in series.findings[0].message
    refresh(access)
    assert len(brent().prices) == len(SHIPPED.prices) + 2


def test_no_answer_leaves_the_snapshot(later: Market, access: Access) -> None:
    later.faults.extend([status(404)] * 9)
    with pytest.raises(SourceError, match="no such series"):
        refresh(access)
    assert brent().prices.equals(SHIPPED.prices)


def test_an_unknown_series(access: Access) -> None:
    for ask in (lambda: update("bundled", "brent", column=None, access=access), lambda: brent_of()):
        with pytest.raises(ConfigError, match=r'"brent" is not a bundled series.*brent-spot'):
            ask()


def brent_of() -> PriceSeries:
    return read_source("bundled", "brent")


def test_a_study_and_python_see_the_later_prices(later: Market, access: Access) -> None:
    refresh(access)
    config = config_from_dict(
        {"study": {"name": "s"}, "events": {"ids": ["iran-attacks-israel-apr2024"]}}, where="s"
    )
    assert read_inputs(config, base=Path()).series.prices.iloc[-1] == 103.25
    shipped = read_inputs(config, base=Path(), access=Access(as_shipped=True))
    assert shipped.series.prices.iloc[-1] == SHIPPED.prices.iloc[-1]
    prices = fetch_prices("brent-spot", source="bundled")
    assert prices.iloc[-1] == 103.25
    assert prices.attrs == {
        "close": "16:30",
        "timezone": "Europe/London",
        "label": "Brent spot",
        "kind": "spot",
    }
