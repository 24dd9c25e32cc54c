"""What `events` and `prices` print, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oilshock.events import EventCatalogue, load_events
from oilshock.output import SCHEMA_VERSION, finding_record, records
from oilshock.prices import BUNDLED_PRICES, PriceSeries, read_bundled, read_file
from oilshock.typing import Record


def event_list(filters: Mapping[str, Any]) -> Record:
    """List the bundled events that pass the filters."""
    given: Record = {key: value or None for key, value in filters.items()}
    catalogue = load_events().filter(**given, where="bundled catalogue")
    return {
        "schema_version": SCHEMA_VERSION,
        "provenance": catalogue.provenance,
        "n_rejected": catalogue.n_rejected,
        "events": records(catalogue.to_frame()),
    }


def checked_events(path: str) -> Record:
    """Check a file of events."""
    catalogue = load_events(Path(path))
    return {
        "schema_version": SCHEMA_VERSION,
        "n_events": len(catalogue),
        "span": _event_span(catalogue),
        "findings": [
            {"kind": finding.kind, "ids": list(finding.ids), "message": finding.message}
            for finding in catalogue.findings
        ],
    }


def _event_span(catalogue: EventCatalogue) -> str:
    dates = catalogue.to_frame()["date"]
    return f"{dates.min():%Y-%m-%d} to {dates.max():%Y-%m-%d}"


def bundled_series(symbol: str | None) -> list[Record]:
    """Describe one bundled series, or all."""
    names = BUNDLED_PRICES if symbol is None else (symbol,)
    return [_described(read_bundled(name)) for name in names]


def _described(series: PriceSeries) -> Record:
    prices = series.prices
    return {
        "symbol": series.name,
        **{key: value for key, value in series.provenance.items() if key != "label"},
        "close": f"{series.close} {series.timezone}",
        "sessions": len(prices),
        "first": f"{prices.index[0]:%Y-%m-%d}",
        "last": f"{prices.index[-1]:%Y-%m-%d}",
        "last_price": float(prices.iloc[-1]),
    }


def checked_prices(
    path: str | None, *, date_column: str | None, price_column: str | None
) -> Record:
    """Check a price file, or the bundled series."""
    series = (
        read_bundled()
        if path is None
        else read_file(
            path, name=Path(path).stem, date_column=date_column, price_column=price_column
        )
    )
    return {
        "schema_version": SCHEMA_VERSION,
        "name": path or series.name,
        "sessions": len(series.prices),
        "first_session": f"{series.prices.index[0]:%Y-%m-%d}",
        "last_session": f"{series.prices.index[-1]:%Y-%m-%d}",
        "findings": [finding_record(finding) for finding in series.findings],
    }
