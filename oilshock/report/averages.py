"""The table of averages over groups of events, and how to read it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.narrative import confidence
from oilshock.report.cells import interval_cell, plain_cell, return_cell
from oilshock.report.groups import directions_first, group_words
from oilshock.report.table import Table
from oilshock.words import window_text

FEWEST = 3
"""Groups of fewer events are not shown: one event is no average, and two have no spread."""


def average_table(estimates: StudyEstimates) -> Table:
    """Build the table of groups of three events or more, directions first."""
    whole = window_text(*estimates.abnormal.window)
    interval = f"{confidence(estimates)} interval"
    columns = ("<<Group", "Events", "AAR day 0", "s.e.", f"CAAR {whole}", interval)
    average = pd.concat([estimates.average, estimates.signed_average], ignore_index=True)
    rows = []
    for name in _ordered(average):
        own = average[average["group"] == name]
        day0, last = own[own["relative_day"] == 0].iloc[0], own.iloc[-1]
        if day0["n_events"] < FEWEST:
            continue
        rows.append(
            [
                group_words(name),
                str(int(day0["n_events"])),
                return_cell(estimates, day0["aar"]),
                plain_cell(estimates, day0["aar_std_error"]),
                return_cell(estimates, last["caar"]),
                interval_cell(estimates, last["ci_low"], last["ci_high"]),
            ]
        )
    return Table(
        columns,
        rows,
        caption=f"Average abnormal returns of groups of {FEWEST} events or more",
        notes=(
            "AAR: mean AR of day 0; s.e.: its cross-sectional standard error; CAAR: mean CAR, with "
            "its interval. Smaller groups are in average.csv.",
        ),
    )


def _ordered(average: pd.DataFrame) -> list[str]:
    present = dict.fromkeys(average["group"].astype(str))
    return [*directions_first(name for name in present if name != "all"), "all"]


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
