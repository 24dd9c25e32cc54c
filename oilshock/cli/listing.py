"""What `events` prints, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oilshock.documents import records
from oilshock.events import EventCatalogue, load_events
from oilshock.options import SCHEMA_VERSION
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
