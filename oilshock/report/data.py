"""Where every input of a report comes from, and how to cite it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from oilshock import __version__
from oilshock.estimates import StudyEstimates
from oilshock.market import Factor
from oilshock.report.origin import series_title
from oilshock.typing import Record
from oilshock.words import count


def data_tables(
    estimates: StudyEstimates,
    factors: Mapping[str, Factor],
    compared: Mapping[str, StudyEstimates],
) -> list[Record]:
    """List where every input comes from."""
    market = estimates.market
    lost = len(market.lost_sessions)
    inputs = [
        ("Prices", market.series.provenance, _span(market.series.prices.index)),
        *(
            (f"Factor {name}", factor.series.provenance, _span(factor.series.prices.index))
            for name, factor in factors.items()
        ),
        *(
            (
                f"Series {name}",
                other.market.series.provenance,
                _span(other.market.series.prices.index),
            )
            for name, other in compared.items()
        ),
        ("Events", estimates.events.provenance, count(len(estimates.events), "event")),
    ]
    sections: list[tuple[str, list[list[str]]]] = []
    for heading, about, extent in inputs:
        rows = [
            [label, series_title(about) if key == "title" else str(about.get(key, ""))]
            for key, label in (
                ("title", "Title"),
                ("publisher", "Publisher"),
                ("series_id", "Series"),
                ("file", "File"),
                ("unit", "Unit"),
                ("licence", "Licence"),
                ("as_of", "As of"),
                ("sha256", "SHA-256"),
                ("note", "Note"),
            )
            if about.get(key)
        ]
        sections.append((heading, [*rows, ["Extent", extent]]))
    if lost:
        sections[0][1].append(
            ["Sessions lost", f"{count(lost, 'price session')} without a value of every factor"]
        )
    if estimates.events.n_rejected:
        sections[-1][1].append(
            ["Filters", f"{count(estimates.events.n_rejected, 'event')} did not pass the filters"]
        )
    return [{"heading": heading, "rows": rows} for heading, rows in sections]


def _span(index: pd.Index) -> str:
    return f"{count(len(index), 'session')}, {index[0]:%Y-%m-%d} to {index[-1]:%Y-%m-%d}"


def citation(estimates: StudyEstimates) -> str:
    """Write how to cite the study and its prices."""
    about = estimates.market.series.provenance
    parts = [about.get("publisher", ""), series_title(about), about.get("series_id", "")]
    named = ", ".join(part for part in parts if part)
    as_of = about.get("as_of", "")
    return (
        f"To cite: oilshock {__version__}, event studies of the oil price; study "
        f"“{estimates.config.title}”. Prices: {named}{', as of ' + as_of if as_of else ''}."
    )
