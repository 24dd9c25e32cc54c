"""Tables for papers on groups of events: averages, and tests across events."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from oilshock.abnormal import average
from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.narrative import series_label
from oilshock.papers.figures import MISSING, Figures, p_square
from oilshock.papers.notes import data_note, model_note
from oilshock.papers.table import Column, PaperTable
from oilshock.report.groups import directions_first, group_words
from oilshock.report.named_tests import name_of_test
from oilshock.tables import rows_of
from oilshock.typing import Bool, Float, Window
from oilshock.words import window_text

FEWEST = 2
"""A standard error across events, and a test across events, needs two."""


def group_heading(group: str) -> str:
    """Name a group.

    Examples
    --------
    >>> group_heading("category=attack_on_supply"), group_heading("all")
    ('Category: attack on supply', 'All events')
    """
    return "All events" if group == "all" else group_words(group)


def _windows(estimates: StudyEstimates) -> list[Window]:
    return list(dict.fromkeys([(0, 0), *estimates.config.windows.car_windows]))


def _members(estimates: StudyEstimates) -> dict[str, tuple[Bool, Float]]:
    """Return who is in each group of two events or more, and the sign each AR is taken with."""
    ones = np.ones(len(estimates.kept))
    sign = estimates.kept_events["direction"].map({"+": 1.0, "-": -1.0}).to_numpy(np.float64)
    groups = {name: (rows, ones) for name, rows in estimates.groups.items()}
    groups["signed"] = (~np.isnan(sign), np.nan_to_num(sign))
    ordered = {name: groups[name] for name in directions_first(groups)}
    return {name: group for name, group in ordered.items() if group[0].sum() >= FEWEST}


def average_paper(
    estimates: StudyEstimates, facts: Sequence[EventFacts], *, figures: Figures, label: str
) -> PaperTable:
    """Build the table of averages: AAR and CAAR of each group and window, standard errors below."""
    windows = _windows(estimates)
    columns = (
        Column("Group", "text", 40),
        Column("n"),
        *(Column("AAR" if w == (0, 0) else window_text(*w)) for w in windows),
    )
    w0 = estimates.abnormal.window[0]
    blocks = []
    for name, (rows, sign) in _members(estimates).items():
        ar = estimates.abnormal.ar[rows] * sign[rows, np.newaxis]
        values = [average(ar[:, start - w0 : end - w0 + 1]) for start, end in windows]
        complete = [
            int((~np.isnan(ar[:, a - w0 : b - w0 + 1])).all(axis=1).sum()) for a, b in windows
        ]
        blocks.append(
            (
                (
                    group_heading(name),
                    _fewest_to_most(complete),
                    *(figures.estimate(float(value.caar[-1])) for value in values),
                ),
                ("", "", *(figures.std_error(float(value.caar_std_error[-1])) for value in values)),
            )
        )
    notes = (
        f"{data_note(estimates)}{model_note(estimates)}AAR and CAAR: averages of the AR of day 0 "
        f"and of the CAR over the events of a group with a complete window, in {figures.unit}; "
        "columns headed by a window hold its CAAR; n is the number of events, fewest and most "
        "where windows differ. Standard errors in brackets are "
        "cross-sectional and take events as independent. In the direction expected: ARs times the "
        "direction (+1 tightening, \N{MINUS SIGN}1 easing) judged before the price moved. "
        f"{_overlap(facts)}"
    )
    return PaperTable(
        name="average",
        label=label,
        caption=f"Average abnormal returns of {series_label(estimates)} by group of events",
        notes=notes.strip(),
        columns=columns,
        blocks=tuple(blocks),
    )


def _fewest_to_most(counts: Sequence[int]) -> str:
    return "\N{EN DASH}".join(map(str, sorted({min(counts), max(counts)})))


def _overlap(facts: Sequence[EventFacts]) -> str:
    n = sum(bool(event.overlaps) for event in facts)
    if not n:
        return ""
    return f"{n} of {len(facts)} event windows share sessions with another. "


def tests_paper(
    estimates: StudyEstimates, facts: Sequence[EventFacts], *, figures: Figures, label: str
) -> PaperTable:
    """Build the table of tests across events: the statistic of each window, its p value below."""
    windows = _windows(estimates)
    columns = (
        Column("Group", "text", 30),
        Column("Test", "text"),
        Column("n"),
        *(Column(window_text(*window)) for window in windows),
    )
    table = estimates.tests
    blocks = []
    for group in directions_first(estimates.groups):
        own = table[table["group"] == group]
        if own["n_events"].max() < FEWEST:
            continue
        for place, test in enumerate(dict.fromkeys(own["test"])):
            rows = _by_window(own[own["test"] == test])
            first = (
                group_heading(group) if place == 0 else "",
                _capital(name_of_test(test)),
                _fewest_to_most([int(rows[w]["n_events"]) for w in windows]),
                *(
                    figures.statistic(rows[w]["statistic"], p_value=rows[w]["p_value"])
                    for w in windows
                ),
            )
            second = ("", "", "", *(p_square(rows[w]["p_value"]) for w in windows))
            blocks.append((first, second))
    alternative = estimates.config.inference.alternative
    sided = "two-sided" if alternative == "two-sided" else f"one-sided ({alternative})"
    notes = (
        f"{data_note(estimates)}{model_note(estimates)}Columns are windows of sessions relative to "
        f"day 0. Test statistics, with {sided} p values in square brackets, not adjusted for the "
        "number of tests. The null hypothesis: the window is like any other. n: events with a "
        "complete window, fewest and most where windows differ. All but the KP forms and the "
        f"placebo test take events as independent. {_overlap(facts)}{_empty(table)}"
        f"{figures.legend('p')}"
    )
    return PaperTable(
        name="tests",
        label=label,
        caption=f"Tests across events, abnormal returns of {series_label(estimates)}",
        notes=notes.strip(),
        columns=columns,
        blocks=tuple(blocks),
    )


def _capital(name: str) -> str:
    """Begin with a capital; the t of the t test is a small letter."""
    return name if name == "t" else f"{name[:1].upper()}{name[1:]}"


def _by_window(frame: pd.DataFrame) -> dict[Window, dict[str, float]]:
    return {(row["start"], row["end"]): row for row in rows_of(frame)}


def _empty(table: pd.DataFrame) -> str:
    missing = any(math.isnan(value) for value in table["statistic"])
    return f"{MISSING}: not defined. " if missing else ""
