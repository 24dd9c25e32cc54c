"""The report as plain data: the same words, order and numbers for every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from oilshock import __version__
from oilshock.conclusion import answer
from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.market import Factor
from oilshock.narrative import event_sentences, series_label
from oilshock.report.averages import average_table, averages_note
from oilshock.report.calibration import calibration_tables
from oilshock.report.data import citation, data_tables
from oilshock.report.event_levels import event_levels_table
from oilshock.report.event_pages import car_table, event_facts, main_table
from oilshock.report.figures import Charts
from oilshock.report.key_figures import key_figures
from oilshock.report.ledger_tables import ledger_tables
from oilshock.report.level_table import levels_table
from oilshock.report.method import cautions, levels_note, method_paragraphs
from oilshock.report.numbering import Numbering, event_anchor, references, with_cross_references
from oilshock.report.screen import SCREEN, screen_context
from oilshock.report.section import Section
from oilshock.report.series import series_cautions, series_findings, series_table
from oilshock.report.sources import list_sources, source_numbers
from oilshock.typing import Record
from oilshock.words import count, day, window_text

DISCLAIMER = (
    "A research tool. It describes past prices under the stated assumptions; it is no investment "
    "advice, no forecast and no proof of cause."
)


def build_context(
    estimates: StudyEstimates,
    facts: Sequence[EventFacts],
    *,
    charts: Charts,
    factors: Mapping[str, Factor],
    compared: Mapping[str, StudyEstimates] | None = None,
) -> Record:
    """Build everything that a report says.

    Figures and tables are numbered in the order in which this function makes them: the first
    page, the events compared, each event, price levels and further analyses, the appendix. A table
    that has no rows is not shown and has number 0.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.
    facts : sequence of EventFacts
        The kept events.
    charts : Charts
        The drawn charts.
    factors : mapping of str to Factor
        Factors of the model, for their provenance.
    compared : mapping of str to StudyEstimates, optional
        The same study on other series.

    Returns
    -------
    dict
        Strings, numbers, lists and dicts only, as the templates want them.
    """
    others = compared or {}
    numbering = Numbering()
    sources = list_sources(estimates, facts, factors=factors, compared=others)
    main = [section for section in charts.sections if section.part == "analysis"]
    return {
        **_front(estimates, facts, numbering=numbering, charts=charts, compared=others),
        **_compared(estimates, facts, numbering=numbering, charts=charts, compared=others),
        "events": _events(estimates, facts, numbering=numbering, charts=charts, sources=sources),
        "levels": numbering.table(levels_table(estimates)),
        "levels_note": levels_note(estimates) if estimates.config.levels.usd else "",
        "sections": with_cross_references([numbering.section(part) for part in main], main),
        "method": method_paragraphs(estimates),
        "appendix": [numbering.section(part) for part in appendix_sections(estimates, charts)],
        "ledger": [
            {
                "heading": heading,
                "table": numbering.table(table),
                "none": none,
                "n": len(table.rows),
            }
            for heading, table, none in ledger_tables(estimates)
        ],
        "data": data_tables(estimates, factors, others),
        "findings": series_findings(estimates, factors, others)
        + [finding.message for finding in estimates.events.findings],
        "sources": sources,
        SCREEN: screen_context(estimates, facts, charts=charts),
        "cite": citation(estimates),
        "disclaimer": DISCLAIMER,
        "version": __version__,
    }


def _front(
    estimates: StudyEstimates,
    facts: Sequence[EventFacts],
    *,
    numbering: Numbering,
    charts: Charts,
    compared: Mapping[str, StudyEstimates],
) -> Record:
    """Build the first page: the answer, key figures, main chart and main table."""
    price = numbering.figure(charts.price)
    return {
        "title": estimates.config.title,
        "subtitle": _subtitle(estimates, facts),
        "title_block": _title_block(estimates),
        "language": "en",
        "answer": answer(estimates, facts),
        "key_figures": key_figures(estimates, facts),
        "price": {**price, "source": 1},
        "main_table": numbering.table(main_table(estimates, facts)),
        "event_levels": numbering.table(event_levels_table(estimates, facts)),
        "cautions": cautions(estimates) + series_cautions(estimates, compared),
    }


def _subtitle(estimates: StudyEstimates, facts: Sequence[EventFacts]) -> str:
    sessions = [event.session for event in facts]
    first, last = day(min(sessions)), day(max(sessions))
    span = first if first == last else f"{first} to {last}"
    return (
        f"Event study of {series_label(estimates)}: {count(len(facts), 'event')}, {span}. "
        f"Prices to {day(estimates.market.sessions[-1])}."
    )


def _title_block(estimates: StudyEstimates) -> list[list[str]]:
    """List how the study was made, label and text."""
    config, market = estimates.config, estimates.market
    windows = config.windows
    about = market.series.provenance
    unit = about.get("unit", "")
    return [
        ["Series", ", ".join(filter(None, [series_label(estimates), unit]))],
        ["Prices", f"{count(len(market.sessions), 'session')} from {day(market.sessions[0])}"],
        ["Expected return", MODEL_WORDS[config.model.kind]],
        ["Estimation", f"{windows.estimation} returns, gap of {windows.gap}"],
        ["Event window", window_text(*windows.event)],
        ["Made with", f"oilshock {__version__}"],
    ]


MODEL_WORDS = {
    "mean": "constant mean",
    "market-adjusted": "market-adjusted",
    "market": "market model",
    "factors": "factor model",
    "garch": "GARCH(1,1)",
}


def _compared(
    estimates: StudyEstimates,
    facts: Sequence[EventFacts],
    *,
    numbering: Numbering,
    charts: Charts,
    compared: Mapping[str, StudyEstimates],
) -> Record:
    """Build what sets the events side by side, and the series."""
    overview = numbering.figures(charts.forests)
    paths = numbering.figures(charts.averages)
    averages = numbering.table(average_table(estimates))
    figures = numbering.figures(charts.series)
    series = numbering.table(series_table(estimates, compared))
    return {
        "overview": overview,
        "averages": {**averages, "figures": paths, "references": references(paths, [averages])},
        "averages_note": averages_note(facts),
        "series": {**series, "figures": figures, "references": references(figures, [series])},
    }


def _events(
    estimates: StudyEstimates,
    facts: Sequence[EventFacts],
    *,
    numbering: Numbering,
    charts: Charts,
    sources: Sequence[Record],
) -> list[Record]:
    """Build the page of each event; `source` is the number of its source, 0 for none."""
    numbers = source_numbers(sources)
    events = []
    for event, chart in zip(facts, charts.events, strict=True):
        figure = numbering.figure(chart)
        table = numbering.table(car_table(estimates, event))
        events.append(
            {
                "anchor": event_anchor(event.number),
                "number": event.number,
                "title": event.title,
                "is_found": event.day0.verdict.is_found,
                "facts": event_facts(event),
                "sentences": event_sentences(estimates, event, n_events=len(facts)),
                "figure": figure,
                "table": table,
                "references": references([figure], [table]),
                "source": numbers.get(event_anchor(event.number), 0),
            }
        )
    return events


def appendix_sections(estimates: StudyEstimates, charts: Charts) -> list[Section]:
    """Gather the sections of the appendix that stand between the method and the ledger."""
    sections = [section for section in charts.sections if section.part == "appendix"]
    tables = calibration_tables(estimates)
    if tables:
        calibration = Section(
            anchor="calibration",
            heading="What a p value is worth on this series",
            paragraphs=(),
            tables=tuple(tables),
            part="appendix",
        )
        sections.insert(0, calibration)
    windows = Section(
        anchor="windows",
        heading="Sessions used by each event",
        paragraphs=(),
        charts=charts.timelines,
        part="appendix",
    )
    return [*sections, windows]
