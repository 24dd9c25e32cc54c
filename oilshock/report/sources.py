"""The sources of a report, numbered, each with where it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.market import Factor, Market
from oilshock.report.numbering import event_anchor
from oilshock.report.origin import series_title
from oilshock.typing import Record

READ = {
    "yes": "the text of the source was read",
    "no": "the source was not read",
}


@dataclass(frozen=True)
class Source:
    """A source of prices or of an event.

    Parameters
    ----------
    text : str
        Who published what.
    used : str
        What it is the source of.
    anchor : str
        Place in the report that rests on it; empty for a series.
    """

    text: str
    used: str
    anchor: str = ""


def list_sources(
    estimates: StudyEstimates,
    facts: Sequence[EventFacts],
    *,
    factors: Mapping[str, Factor],
    compared: Mapping[str, StudyEstimates],
) -> list[Record]:
    """List the sources: the series first, then those of the events, in their order.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.
    facts : sequence of EventFacts
        The kept events.
    factors : mapping of str to Factor
        Factors of the model.
    compared : mapping of str to StudyEstimates
        The same study on other series.

    Returns
    -------
    list of dict
        Each with `number`, `anchor`, `text`, `used` and `target`, the anchor of the event that
        rests on it; empty for a series.
    """
    found = [Source(_series_text(estimates.market), "all prices of the study")]
    found += [
        Source(_provenance_text(factor.series.provenance, name), f"factor {name}")
        for name, factor in factors.items()
    ]
    found += [
        Source(_series_text(other.market), f"compared series {name}")
        for name, other in compared.items()
    ]
    found += [
        Source(source_text(event), f"event {event.number}", event_anchor(event.number))
        for event in facts
        if source_text(event)
    ]
    return [
        {
            "number": number,
            "anchor": f"source-{number}",
            "text": source.text,
            "used": source.used,
            "target": source.anchor,
        }
        for number, source in enumerate(found, start=1)
    ]


def source_text(event: EventFacts) -> str:
    """Write the source of an event, and whether its text was read; empty where none is given."""
    text = str(event.event["source"]).strip()
    read = READ.get(str(event.event["source_read"]), "")
    return f"{text} ({read})" if text and read else text


def source_numbers(sources: Sequence[Record]) -> dict[str, int]:
    """Return the number of the source of each event, by the event's anchor."""
    return {source["target"]: source["number"] for source in sources if source["target"]}


def _series_text(market: Market) -> str:
    return _provenance_text(market.series.provenance, market.series.name)


def _provenance_text(about: Mapping[str, str], name: str) -> str:
    parts = [about.get("publisher"), series_title(about, name=name), about.get("series_id")]
    text = ", ".join(part for part in parts if part)
    as_of = about.get("as_of")
    return f"{text}, as of {as_of}" if as_of else text
