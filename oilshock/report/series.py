"""What the report says of the series themselves: warnings, and several of them side by side."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from oilshock.estimates import StudyEstimates
from oilshock.market import Factor
from oilshock.narrative import series_label
from oilshock.quality import DOUBTED_DATES
from oilshock.report.cells import return_cell
from oilshock.report.gaps import Gap, gaps
from oilshock.report.table import Table
from oilshock.rolls import JOINED
from oilshock.tables import rows_of
from oilshock.words import number, p_number, window_text

WARNED = (
    *("continuous", "roll_suspect", "roll", "revision", "broken_cache", "ended"),
    *DOUBTED_DATES,
)
"""Kinds of findings that belong on the first page."""


def series_cautions(estimates: StudyEstimates, compared: Mapping[str, StudyEstimates]) -> list[str]:
    """Say on the first page what may mislead: rolls, revisions, old prices, gaps between series.

    Parameters
    ----------
    estimates : StudyEstimates
        The study on its main series.
    compared : mapping of str to StudyEstimates
        The same study on other series.

    Returns
    -------
    list of str
        Sentences.
    """
    said = []
    for one in (estimates, *compared.values()):
        series = one.market.series
        name = series_label(one)
        for finding in series.findings:
            if finding.kind in WARNED:
                is_named = finding.message.startswith(name)
                said.append(finding.message if is_named else f"{name}: {finding.message}")
            if finding.kind == "roll_suspect":
                said += _in_windows(one, finding.dates)
        if series.provenance.get("kind") == JOINED:
            said.append(
                f"{name}: amounts in USD/bbl and price levels before the last roll are of scaled "
                "prices; returns are exact."
            )
    return said + [gap.sentence() for gap in gaps(estimates, compared)]


def series_findings(
    estimates: StudyEstimates,
    factors: Mapping[str, Factor],
    compared: Mapping[str, StudyEstimates],
) -> list[str]:
    """List what is odd about every series, those of factors and compared ones by their names.

    Parameters
    ----------
    estimates : StudyEstimates
        The study on its main series.
    factors : mapping of str to Factor
        Factors of the model.
    compared : mapping of str to StudyEstimates
        The same study on other series.

    Returns
    -------
    list of str
        Sentences.
    """
    others = {name: factor.series for name, factor in factors.items()}
    others |= {name: other.market.series for name, other in compared.items()}
    return [finding.message for finding in estimates.market.series.findings] + [
        f"{name}: {finding.message}"
        for name, series in others.items()
        for finding in series.findings
    ]


def _in_windows(estimates: StudyEstimates, dates: tuple[str, ...]) -> list[str]:
    """Name the suspicious sessions that lie in the window of an event."""
    sessions = estimates.market.sessions
    w0, w1 = estimates.abnormal.window
    inside: list[str] = []
    for text in dates:
        at = int(sessions.searchsorted(pd.Timestamp(text)))
        touched = (estimates.position + w0 <= at) & (at <= estimates.position + w1)
        ids = [name for name, hit in zip(estimates.ids, touched, strict=True) if hit]
        inside += [f"{text} ({', '.join(ids)})"] if ids else []
    return [f"Of these in the window of an event: {'; '.join(inside)}."] if inside else []


def series_table(estimates: StudyEstimates, compared: Mapping[str, StudyEstimates]) -> Table:
    """Build the table that sets several series side by side, event by event.

    Parameters
    ----------
    estimates : StudyEstimates
        The study on its main series.
    compared : mapping of str to StudyEstimates
        The same study on other series.

    Returns
    -------
    Table
        Without rows when there is one series alone.
    """
    columns = (
        "<<Event",
        "<Series",
        "<Day 0",
        "Before",
        "Day 0",
        "Move",
        "AR",
        "t",
        "p",
        f"CAR {window_text(*estimates.abnormal.window)}",
    )
    studies = [estimates, *compared.values()] if compared else []
    frames = [_rows_of_study(one) for one in studies]
    titles = estimates.events.to_frame()[["id", "title"]]
    rows = []
    for event in rows_of(titles):
        known = [frame for frame in frames if event["id"] in frame]
        for number_, frame in enumerate(known):
            rows.append([event["title"] if number_ == 0 else "", *frame[event["id"]]])
    return Table(
        columns,
        rows,
        caption="The events on each series",
        notes=tuple(_notes(studies, gaps(estimates, compared))),
    )


def _rows_of_study(estimates: StudyEstimates) -> dict[str, list[str]]:
    """Give each event its row on one series; of one left out, the reason."""
    label = series_label(estimates)
    daily = estimates.abnormal_returns
    day0 = {row["event_id"]: row for row in rows_of(daily[daily["relative_day"] == 0])}
    whole = estimates.car_of(estimates.abnormal.window).set_index("event_id")["car"]
    prices = estimates.market.prices
    rows = {}
    for event in rows_of(estimates.ledger):
        name = event["event_id"]
        if name not in day0:
            rows[name] = [label, f"left out: {event['reason']}", *["\N{EN DASH}"] * 7]
            continue
        row = day0[name]
        at = int(estimates.market.sessions.searchsorted(row["session"]))
        before, price = float(prices[at - 1]), float(prices[at])
        rows[name] = [
            label,
            f"{row['session']:%Y-%m-%d}",
            number(before),
            number(price),
            number(price - before, sign="+"),
            return_cell(estimates, row["abnormal_return"]),
            number(row["t_stat"]),
            p_number(row["p_value"]),
            return_cell(estimates, whole[name]),
        ]
    return rows


def _notes(studies: list[StudyEstimates], found: list[Gap]) -> list[str]:
    if not studies:
        return []
    units = [
        f"{series_label(one)} {one.market.series.provenance.get('unit') or 'of a unit not stated'}"
        for one in studies
    ]
    notes = [
        "Each series has its own sessions, close and estimation windows, so day 0 can differ. "
        "Before and Day 0 are prices, Move is their difference; p is the t test's. "
        f"Units: {'; '.join(units)}."
    ]
    if len(found) < len(studies) - 1:
        notes.append(
            'A gap is shown for series of the same known unit alone; unit = "USD/bbl" in the '
            "config states that of a file."
        )
    return [*notes, *(gap.sentence() for gap in found)]
