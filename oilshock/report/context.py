"""The report as plain data: the same words and figures for every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from oilshock import __version__
from oilshock.conclusion import answer
from oilshock.estimates import StudyEstimates
from oilshock.facts import CarFacts, EventFacts
from oilshock.ledger import LEFT_OUT
from oilshock.market import Factor
from oilshock.narrative import event_sentences, series_label
from oilshock.report.artist import Chart
from oilshock.report.calibration import calibration_tables
from oilshock.report.figures import Charts
from oilshock.report.method import cautions, levels_note, method_paragraphs
from oilshock.report.series import series_cautions, series_findings, side_by_side
from oilshock.report.table import Table
from oilshock.summary import grade
from oilshock.tables import rows_of
from oilshock.typing import Record
from oilshock.words import (
    count,
    day,
    number,
    p_number,
    per_cent,
    relative,
    window_text,
)

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
        Strings, lists and dicts only, as the templates want them.
    """
    return {
        "title": estimates.config.title,
        "subtitle": _subtitle(estimates, facts),
        "language": "en",
        "cautions": cautions(estimates) + series_cautions(estimates, compared or {}),
        "series": {
            **side_by_side(estimates, compared or {}),
            "figures": [chart.to_record() for chart in charts.series],
        },
        "answer": answer(estimates, facts),
        "main_table": main_table(estimates, facts).to_record(),
        "main_note": _main_note(estimates),
        "price": charts.price.to_record(),
        "overview": [
            chart.to_record() for chart in (*charts.forests, *charts.timelines, *charts.averages)
        ],
        "averages": average_table(estimates).to_record(),
        "averages_note": averages_note(facts),
        "events": [
            _event(estimates, event, chart, n_events=len(facts))
            for event, chart in zip(facts, charts.events, strict=True)
        ],
        "levels": levels_table(estimates).to_record(),
        "levels_note": levels_note(estimates) if estimates.config.levels.usd else "",
        "sections": [section.to_record() for section in charts.sections],
        "ledger": ledger_sections(estimates),
        "method": method_paragraphs(estimates),
        "calibration": calibration_tables(estimates),
        "data": data_tables(estimates, factors, compared or {}),
        "findings": series_findings(estimates, factors, compared or {})
        + [finding.message for finding in estimates.events.findings],
        "cite": _citation(estimates),
        "disclaimer": DISCLAIMER,
        "version": __version__,
    }


def _subtitle(estimates: StudyEstimates, facts: Sequence[EventFacts]) -> str:
    sessions = [event.session for event in facts]
    first, last = day(min(sessions)), day(max(sessions))
    span = first if first == last else f"{first} to {last}"
    return (
        f"Event study of {series_label(estimates)}: {count(len(facts), 'event')}, {span}. "
        f"Prices to {day(estimates.market.sessions[-1])}."
    )


def anchor(event: EventFacts) -> str:
    """Name the place of an event in the report."""
    return f"event-{event.number}"


def main_table(estimates: StudyEstimates, facts: Sequence[EventFacts]) -> Table:
    """Build the table of the first page: one row per event."""
    wide = facts[0].cars[-1] if facts else None
    p = p_heading(estimates)
    columns = ["#", "<<Event", "<Day 0", "AR", "USD/bbl", "t", p, "adj. p", "<Evidence"]
    is_day0_only = wide is None or (wide.start, wide.end) == (0, 0)
    if wide is not None and not is_day0_only:
        columns += [f"CAR {window_text(wide.start, wide.end)}", p]
    rows = []
    for event in facts:
        day0, last = event.day0, event.cars[-1]
        row = [
            str(event.number),
            event.title,
            f"{event.session:%Y-%m-%d}",
            _return_cell(estimates, day0.car),
            number(day0.usd, sign="+"),
            number(day0.t_stat),
            p_cell(day0),
            p_number(day0.p_adjusted),
            grade(day0.verdict),
        ]
        if not is_day0_only:
            row += [_return_cell(estimates, last.car), p_cell(last)]
        rows.append(row)
    return Table(tuple(columns), rows, tuple(anchor(event) for event in facts))


def p_heading(estimates: StudyEstimates) -> str:
    """Name the p value that tables quote."""
    return "p" if estimates.placebos is None else "cal. p"


def p_cell(car: CarFacts) -> str:
    """Write the quoted p value; a bound is written as one."""
    return f"<{car.p_quoted:.2g}" if car.is_bounded else p_number(car.p_quoted)


def _return_cell(estimates: StudyEstimates, value: float) -> str:
    if estimates.config.returns.kind == "difference":
        return number(value, sign="+")
    return per_cent(value)


def _main_note(estimates: StudyEstimates) -> str:
    alpha = estimates.config.inference.alpha
    kind = "p: two-sided t test"
    if estimates.placebos is not None:
        n = int(estimates.placebos.n_placebos().max())
        kind = (
            f"cal. p: calibrated, the share of ordinary sessions (up to {n:,}) with as large a "
            "move for their volatility"
        )
    return (
        "AR: abnormal return on day 0, the first session that could react; USD/bbl: the same in "
        f"dollars; {kind}; adj. p: adjusted for all events of the table. Evidence: "
        f"strong p < {min(0.01, alpha):g}, moderate p < {alpha:g}, weak p < 0.1, none above; "
        f"raw p only: p < {alpha:g}, but not once it is adjusted."
    )


def average_table(estimates: StudyEstimates) -> Table:
    """Build the table of groups: directions and the signed average first."""
    whole = window_text(*estimates.abnormal.window)
    columns = ("<<Group", "Events", "AAR day 0", "s.e.", f"CAAR {whole}", "interval")
    if len(estimates.kept) == 1:
        return Table(columns, [])
    average = pd.concat([estimates.average, estimates.signed_average], ignore_index=True)
    order = ["direction=+", "direction=-", "signed"]
    names = [name for name in order if name in set(average["group"])]
    names += [
        name for name in dict.fromkeys(average["group"]) if name not in order and name != "all"
    ]
    rows = []
    for name in [*names, "all"]:
        own = average[average["group"] == name]
        day0 = own[own["relative_day"] == 0].iloc[0]
        last = own.iloc[-1]
        if not day0["n_events"]:
            continue
        rows.append(
            [
                GROUP_WORDS.get(name, name.replace("=", ": ").replace("_", " ")),
                str(int(day0["n_events"])),
                _return_cell(estimates, day0["aar"]),
                _plain(estimates, day0["aar_std_error"]),
                _return_cell(estimates, last["caar"]),
                _interval(estimates, last["ci_low"], last["ci_high"]),
            ]
        )
    return Table(columns, rows)


def averages_note(facts: Sequence[EventFacts]) -> str:
    """Say what the averages are, and when their intervals are too narrow."""
    words = (
        "AAR and CAAR average the AR and the CAR of a group. Groups that mix events expected to "
        "tighten and to ease say little; the signed average turns each event into the direction "
        "expected before the price moved."
    )
    n_same = sum(bool(event.same_session) for event in facts)
    if n_same:
        words += (
            f" Caution: {n_same} of {len(facts)} events share day 0 with another, so the same "
            "return enters more than once."
        )
    if any(event.overlaps for event in facts):
        words += (
            " Standard errors are cross-sectional and take events as independent; where windows "
            "overlap they are too small."
        )
    return words


GROUP_WORDS = {
    "direction=+": "Expected to tighten (+)",
    "direction=-": "Expected to ease (\N{MINUS SIGN})",
    "direction=0": "No direction expected (0)",
    "signed": "All, in the direction expected",
    "all": "All events, whatever their direction",
}


def _plain(estimates: StudyEstimates, value: float) -> str:
    if estimates.config.returns.kind == "difference" or np.isnan(value):
        return number(value)
    return f"{number(100 * value)} %"


def _interval(estimates: StudyEstimates, low: float, high: float) -> str:
    if np.isnan(low):
        return number(low)
    return f"{_return_cell(estimates, low)} to {_return_cell(estimates, high)}"


def _event(estimates: StudyEstimates, event: EventFacts, chart: Chart, *, n_events: int) -> Record:
    return {
        "anchor": anchor(event),
        "number": event.number,
        "title": event.title,
        "facts": _event_facts(event),
        "sentences": event_sentences(estimates, event, n_events=n_events),
        "figure": chart.to_record(),
        "table": car_table(estimates, event).to_record(),
    }


def _event_facts(event: EventFacts) -> list[list[str]]:
    row = event.event
    direction = {"+": "+ (tightening)", "-": "\N{MINUS SIGN} (easing)", "0": "0 (none)"}
    severity = "" if pd.isna(row["severity"]) else f"{int(row['severity'])} of 3"
    read = {"yes": "text of the source read", "no": "source not read"}
    pairs = [
        ("Category", str(row["category"]).replace("_", " ")),
        ("Direction expected", direction.get(str(row["direction"]), "")),
        ("Anticipated", str(row["anticipated"])),
        ("Severity", severity),
        ("Region", str(row["region"])),
        ("Confidence in the date", str(row["confidence"])),
        ("Source", str(row["source"])),
        ("", read.get(str(row["source_read"]), "")),
    ]
    return [[label, text] for label, text in pairs if text]


def car_table(estimates: StudyEstimates, event: EventFacts) -> Table:
    """Build the CAR table of one event: its windows, day 0 first."""
    calibrated = () if estimates.placebos is None else ("cal. p",)
    interval = f"{100 * (1 - estimates.config.inference.alpha):g} % interval"
    columns = ("<<Window", "CAR", interval, "t", "p", *calibrated, "adj. p", "BHAR", "USD/bbl")
    cars = event.cars if event.next_day is None else (*event.cars, event.next_day)
    unique = {(car.start, car.end): car for car in reversed(cars)}
    ordered = [unique[key] for key in sorted(unique, key=lambda key: (key[1] - key[0], key))]
    return Table(columns, [_car_row(estimates, car) for car in ordered])


def _car_row(estimates: StudyEstimates, car: CarFacts) -> list[str]:
    name = "AR, day 0" if car.start == car.end == 0 else f"CAR {window_text(car.start, car.end)}"
    calibrated = [] if estimates.placebos is None else [p_cell(car)]
    if np.isnan(car.car):
        return [f"{name} (not complete)", *["\N{EN DASH}"] * (7 + len(calibrated))]
    return [
        name,
        _return_cell(estimates, car.car),
        _interval(estimates, car.ci_low, car.ci_high),
        number(car.t_stat),
        p_number(car.p_value),
        *calibrated,
        p_number(car.p_adjusted),
        per_cent(car.bhar),
        number(car.usd, sign="+"),
    ]


def levels_table(estimates: StudyEstimates) -> Table:
    """Build the table of episodes above levels that touch the study's span."""
    frame = estimates.levels
    sessions = estimates.market.sessions
    w0, w1 = estimates.abnormal.window
    first = sessions[max(int(estimates.position.min()) + w0, 0)]
    last = sessions[min(int(estimates.position.max()) + w1, len(sessions) - 1)]
    ends = frame["last_session"].fillna(sessions[-1])
    near = frame[(frame["first_session"] <= last) & (ends >= first)]
    columns = (
        "Level",
        "<First",
        "<Last",
        "Sessions",
        "Peak",
        "<Peak on",
        "Run-up",
        "Abnormal",
        "Events",
    )
    rows = [
        [
            f"{row['level']:g}",
            f"{row['first_session']:%Y-%m-%d}",
            "open" if pd.isna(row["last_session"]) else f"{row['last_session']:%Y-%m-%d}",
            str(row["sessions_above"]),
            number(row["peak"]),
            f"{row['peak_session']:%Y-%m-%d}",
            per_cent(row["run_up_return"]),
            _return_cell(estimates, row["abnormal_part"]),
            str(len(row["events"].split(";")) if row["events"] else 0),
        ]
        for row in rows_of(near)
    ]
    return Table(columns, rows)


def ledger_sections(estimates: StudyEstimates) -> list[Record]:
    """List what was left out, moved, or incomplete, each with its reason."""
    ledger = estimates.ledger
    left_out = ledger[ledger["status"] == LEFT_OUT]
    moved = ledger[(ledger["shift_reason"] != "") & (ledger["status"] != LEFT_OUT)]
    short = ledger[(ledger["reason"] != "") & (ledger["status"] != LEFT_OUT)]
    sections = [
        (
            "Left out",
            Table(
                ("<<Event", "<Date", "<Reason"),
                [
                    [row["title"], _date(row["event_date"]), row["reason"]]
                    for row in rows_of(left_out)
                ],
            ),
            "No event was left out.",
        ),
        (
            "Moved to another session",
            Table(
                ("<<Event", "<Date", "<Time", "<Day 0", "Days", "<Reason"),
                [
                    [
                        row["title"],
                        _date(row["event_date"]),
                        row["event_time"],
                        _date(row["session"]),
                        relative(int(row["shift_days"])),
                        row["shift_reason"].replace(";", "; "),
                    ]
                    for row in rows_of(moved)
                ],
            ),
            "No event was moved.",
        ),
        (
            "Windows that are not complete",
            Table(
                ("<<Event", "<Day 0", "<Reason"),
                [[row["title"], _date(row["session"]), row["reason"]] for row in rows_of(short)],
            ),
            "Every event window is complete.",
        ),
    ]
    return [
        {"heading": heading, "table": table.to_record(), "none": none, "n": len(table.rows)}
        for heading, table, none in sections
    ]


def _date(value: pd.Timestamp) -> str:
    return "" if pd.isna(value) else f"{value:%Y-%m-%d}"


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
            [label, str(about.get(key, ""))]
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


def _citation(estimates: StudyEstimates) -> str:
    about = estimates.market.series.provenance
    parts = [about.get("publisher", ""), about.get("title", ""), about.get("series_id", "")]
    named = ", ".join(part for part in parts if part)
    as_of = about.get("as_of", "")
    return (
        f"To cite: oilshock {__version__}, event studies of the oil price; study "
        f"“{estimates.config.title}”. Prices: {named}{', as of ' + as_of if as_of else ''}."
    )
