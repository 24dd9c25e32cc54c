"""The section on tests across events: which classes of events moved the price."""

from __future__ import annotations

import math

from oilshock.estimates import StudyEstimates
from oilshock.report.artist import Artist
from oilshock.report.groups import group_words, place_of
from oilshock.report.named_tests import short_name_of_test
from oilshock.report.section import Section
from oilshock.report.table import Table
from oilshock.tables import rows_of
from oilshock.typing import Record
from oilshock.words import number, p_number, window_text

FEWEST = 3
"""Smaller groups are in tests.csv alone: two events say little of a group."""

MOST_TESTS = 7
"""More columns than this do not fit a page; the others are in tests.csv."""


def across_section(artist: Artist) -> Section | None:
    """Build the section of a study with three events or more."""
    estimates = artist.estimates
    if len(estimates.kept) < FEWEST:
        return None
    table, left_out = across_table(estimates)
    if not table.rows:
        return None
    return Section(
        anchor="across",
        heading="Tests across events",
        paragraphs=(_explained(estimates, left_out),),
        tables=(table,),
        part="appendix",
        notes=(
            f"Groups of {FEWEST} events or more; every relative day and every group are in "
            "tests.csv. Groups that mix events expected to tighten and to ease (all, and most "
            "categories) say little.",
        ),
    )


def _explained(estimates: StudyEstimates, left_out: int) -> str:
    alternative = estimates.config.inference.alternative
    sided = "two-sided" if alternative == "two-sided" else f"one-sided ({alternative})"
    has_kp = any(name.endswith("-kp") for name in estimates.config.inference.tests)
    kp, counts = ("the KP forms and ", "count") if has_kp else ("", "counts")
    words = (
        "Did the events of a group move the price on average? The columns hold p values. The "
        f"tests are {sided} and ask it under different assumptions. Patell, BMP, rank and sign "
        "tests take events as independent, which events with shared sessions are not; "
        f"{kp}the placebo test {counts} what they share. Quote the placebo test: it holds the mean "
        "CAR against random sets of ordinary sessions, with the same overlaps and the volatility "
        "at each event."
    )
    return f"{words} {left_out} more tests are in tests.csv." if left_out else words


def across_table(estimates: StudyEstimates) -> tuple[Table, int]:
    """Build the table: a row for each group and CAR window, a column for each test.

    Returns
    -------
    Table, int
        The table, and how many tests have no column.
    """
    rows = _grouped(rows_of(estimates.tests), estimates)
    names = list(dict.fromkeys(name for tests in rows.values() for name in tests))
    chosen = [name for name in names if name != "placebo"][: MOST_TESTS - 1]
    chosen += [name for name in names if name == "placebo"]
    cells = [
        [
            group_words(group),
            window_text(start, end),
            str(max(int(row["n_events"]) for row in tests.values())),
            *(_cell(tests.get(name)) for name in chosen),
        ]
        for (group, start, end), tests in rows.items()
    ]
    columns = ("<<Group", "<Window", "Events", *(short_name_of_test(name) for name in chosen))
    table = Table(
        columns, cells, caption="P values of the tests across events, by group and window"
    )
    return table, len(names) - len(chosen)


def _grouped(
    rows: list[Record], estimates: StudyEstimates
) -> dict[tuple[str, int, int], dict[str, Record]]:
    """Gather the rows of each group of three events or more and CAR window, directions first."""
    windows = set(estimates.config.windows.car_windows)
    found: dict[tuple[str, int, int], dict[str, Record]] = {}
    for row in rows:
        if (row["start"], row["end"]) in windows and row["n_events"] >= FEWEST:
            key = (str(row["group"]), int(row["start"]), int(row["end"]))
            found.setdefault(key, {})[str(row["test"])] = row
    order = sorted(found, key=lambda key: place_of(key[0]))
    return {key: found[key] for key in order}


def _cell(row: Record | None) -> str:
    if row is None or math.isnan(row["p_value"]):
        return number(math.nan)
    return p_number(float(row["p_value"]))
