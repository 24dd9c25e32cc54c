"""An entry of the cache as a price series, with what its sidecar tells."""

from __future__ import annotations

from datetime import datetime, timedelta

from oilshock.price_cache import Entry
from oilshock.price_series import PROVENANCE, PriceSeries
from oilshock.quality import Finding, counted, find_in_rows, find_in_series, listed
from oilshock.typing import Record

LATE = timedelta(days=21)
"""A series that ends longer than this before it was fetched is said to have ended."""

ROW_KINDS = ("no_price", "holiday_row")
"""Findings on rows that an entry keeps."""


def series_of(entry: Entry, *, notes: list[Finding]) -> PriceSeries:
    """Turn an entry into a price series, with what is odd about it.

    Parameters
    ----------
    entry : Entry
        What the cache holds.
    notes : list of Finding
        What happened on the way.

    Returns
    -------
    PriceSeries
        With the checksum of its Parquet file.
    """
    about = entry.about
    rows = find_in_rows(**{kind: about["rows_found"].get(kind, ()) for kind in ROW_KINDS})
    findings = (*notes, *_said(about), *rows, *find_in_series(entry.prices))
    facts = {key: str(about["provenance"].get(key, "")) for key in PROVENANCE}
    facts["sha256"] = about["sha256"]
    return PriceSeries(
        entry.key.symbol, entry.prices, about["close"], about["timezone"], findings, facts
    )


def _said(about: Record) -> list[Finding]:
    findings = [Finding("unfinished", 1, message, ()) for message in about["unfinished"]]
    fetched = datetime.fromisoformat(about["fetched_at"]).replace(tzinfo=None)
    if fetched - datetime.fromisoformat(about["last"]) > LATE:
        message = (
            f"The source's last price is of {about['last']}, though it was asked on "
            f"{fetched:%Y-%m-%d}: the series may have ended."
        )
        findings.append(Finding("ended", 1, message, (about["last"],)))
    revisions = about["revisions"]
    if revisions:
        dates = tuple(revision["date"] for revision in revisions)
        words = [
            f"{revision['date']} {_price(revision['old'])} to {_price(revision['new'])}"
            for revision in revisions
        ]
        said = counted(len(words), one="price was", many="prices were")
        message = (
            f"{said} revised by the source since the fetch before "
            f"(on {about['fetched_at'][:10]}): {listed(words)}."
        )
        findings.append(Finding("revision", len(words), message, dates))
    return findings


def _price(value: float | None) -> str:
    return "none" if value is None else f"{value:.10g}"
