"""What p values are worth on the series at hand: sentences and tables of the method section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from oilshock.calibration_sets import SETS
from oilshock.estimates import StudyEstimates
from oilshock.inference.placebo import ENOUGH, FEWEST
from oilshock.report.named_tests import name_of_test
from oilshock.report.table import Table
from oilshock.tables import rows_of
from oilshock.typing import Record, Window
from oilshock.words import count, listed, number, window_text

KEYS = ("start", "end", "test")
GUARDED_WORDS = (
    "no calibrated p value is smaller than the t test's, since the placebo law alone finds effects "
    "too often on this series"
)
QUARTILES = tuple(f"{kind} quartile {q}" for kind in ("ewma", "estimation") for q in range(1, 5))


def share(value: float) -> str:
    """Write a rejection rate in per cent."""
    return f"{number(100 * value, digits=1)} %"


def size_sentences(estimates: StudyEstimates) -> list[str]:
    """Say how often tests reject on ordinary sessions of this series."""
    size = estimates.calibration.size
    if size.empty:
        return []
    (start, end, _), t = next(iter(_grouped(size, KEYS, key="sessions").items()))
    every, restless = t["all"], t["ewma quartile 4"]
    words = (
        f"What a p value is worth here: over all {count(int(every['n_sessions']), 'session')} of "
        f"this series for which the design can be estimated, most of them without any event, the "
        f"textbook t test of {window_text(start, end)} finds an effect at the 5 % level on "
        f"{share(every['reject_5'])} and at the 1 % level on {share(every['reject_1'])}; in the "
        f"quarter of sessions with the highest recent volatility on "
        f"{share(restless['reject_5'])} at 5 %."
    )
    own = _grouped(size, KEYS, key="sessions").get((start, end, "placebo"))
    if own is None or not own["all"]["n_sessions"]:
        return [words]
    row = own["all"]
    return [
        f"{words} The calibrated p value, judged on sessions that it did not learn from, does so "
        f"on {share(row['reject_5'])} and {share(row['reject_1'])} (standard errors "
        f"{share(row['error_5'])} and {share(row['error_1'])}, which count that windows overlap)."
        f"{_worst_of_the_others(size, first=(start, end))}"
    ]


def _worst_of_the_others(size: pd.DataFrame, *, first: Window) -> str:
    """Quote the CAR window besides the first where the calibrated p value rejects most often."""
    rows = [
        row
        for row in rows_of(size[(size["test"] == "placebo") & (size["sessions"] == "all")])
        if (row["start"], row["end"]) != first
    ]
    if not rows:
        return ""
    worst = max(rows, key=lambda row: float(row["reject_5"]))
    return (
        f" Of the other CAR windows it does so most often over {_window(worst)}: on "
        f"{share(worst['reject_5'])} and {share(worst['reject_1'])} (standard errors "
        f"{share(worst['error_5'])} and {share(worst['error_1'])})."
    )


def size_notes(estimates: StudyEstimates) -> list[str]:
    """Tell of CAR windows whose placebo law finds effects on too many ordinary sessions."""
    guarded, left = rows_of(estimates.guarded), rows_of(estimates.oversized)
    notes = []
    if guarded:
        notes.append(
            "On this series the placebo law finds an effect too often: at the 5 % level "
            f"{_found(guarded)}. There no calibrated p value is smaller than the t test's."
        )
    if left:
        who = "Even so it" if guarded else "On this series the calibrated p value"
        notes.append(
            f"{who} finds an effect too often: at the 5 % level {_found(left)}. Read it as larger "
            "than it looks there."
        )
    return notes


def _found(rows: list[Record]) -> str:
    worst = f"on {share(rows[0]['share'])} of ordinary sessions over {_window(rows[0])}"
    return listed([worst, *(f"on {share(row['share'])} over {_window(row)}" for row in rows[1:])])


def size_caption(estimates: StudyEstimates, window: Window) -> str:
    """Warn in the caption of one CAR window, with a space before; empty where all is well."""
    for row in rows_of(estimates.oversized):
        if (row["start"], row["end"]) == window:
            return (
                f" On this series calibrated p values over {_window(row)} are too small: they are "
                f"below 0.05 on {share(row['share'])} of ordinary sessions."
            )
    return "".join(f" {note}" for note in guarded_notes(estimates, [window]))


def placebo_sentences(estimates: StudyEstimates) -> list[str]:
    """Say how the calibrated p value is made."""
    if estimates.placebos is None:
        return []
    table = estimates.config.placebo
    who = {
        "none": "also those of other events, which are part of what is usual",
        "study": "without those whose windows touch an event of the study",
        "severity3": "without those whose windows touch a catalogue event of severity 3",
    }[table.exclude]
    past = " that end before the event" if table.past_only else ""
    return [
        "The calibrated p value is the share of ordinary sessions of this series (placebos)"
        f"{past} whose CAR over the same window is as large for the volatility of its moment: "
        f"{who}. Sessions whose windows touch those of the event are always left out. The expected "
        "size of a CAR follows the variance of the estimation window and the variance of the last "
        "weeks (EWMA, decay 0.94), with weights fitted to the series, and is compared among "
        "sessions of similar volatility. Below 10 / (n + 1) the share comes from a generalised "
        "Pareto tail fitted to the largest 7.5 %. Calibrated intervals and bands hold the CARs "
        "that this test would not reject."
    ]


def placebo_notes(estimates: StudyEstimates) -> list[str]:
    """Warn where calibrated p values rest on few sessions, or cannot be had."""
    if estimates.placebos is None:
        return []
    n = estimates.placebos.n_placebos()
    few, none = int((n < ENOUGH).sum()), int((n < FEWEST).sum())
    notes = []
    of_all = f"of {count(len(n), 'event')}"
    if none:
        notes.append(
            f"No calibrated p value for {none} {of_all}: fewer than {FEWEST} ordinary sessions to "
            "be rated among. The t test's is quoted."
        )
    if few > none:
        notes.append(
            f"Rough calibrated p values for {few - none} {of_all}: fewer than {ENOUGH:,} ordinary "
            f"sessions to be rated among (the fewest: {int(n[n >= FEWEST].min())})."
        )
    return notes


def calibration_tables(estimates: StudyEstimates) -> list[Table]:
    """Build the tables of what p values are worth: size, size by volatility, power."""
    size, power = estimates.calibration.size, estimates.calibration.power
    alpha = estimates.config.inference.alpha
    tables = [
        replace(
            size_table(size[size["sessions"] == "all"]),
            caption=f"Per cent of {_sessions(size)} of this series on which a p value is below the "
            "level (in brackets: standard error)",
            notes=(
                "A test that rejects as often as its level says shows the level itself.",
                *_rated_notes(size),
                *guarded_notes(estimates, estimates.config.windows.car_windows),
            ),
        ),
        replace(
            size_table(size[_is_set(size)]),
            caption=f"The tests across events: per cent of {SETS} random {_sets(size)} ordinary "
            "sessions on which a p value is below the level",
            notes=("The sets have the overlaps of the events of this study.",),
        ),
        replace(
            quartile_table(size[~_is_set(size)]),
            caption="The tests of one event at the 5 % level, by quartile of volatility from low "
            "to high",
            notes=(
                "EWMA: volatility of the last weeks before the window opens; est.: that of the "
                "estimation window.",
            ),
        ),
        replace(
            power_table(power),
            caption=f"Power at the {100 * alpha:g} % level: on how many per cent of these "
            "sessions a shock of so many standard deviations, added once, is found (in brackets: "
            "standard error)",
            notes=(
                "Standard deviations of the estimation window. The t test is first corrected to "
                "the same size. Standard errors count that windows overlap; figures that differ "
                "by less than about two of them cannot be told apart.",
            ),
        ),
    ]
    return [table for table in tables if table.rows]


def _rated_notes(size: pd.DataFrame) -> list[str]:
    """Say on how many sessions the placebo test could be tried, where not on all."""
    own = size[(size["sessions"] == "all") & (size["test"] == "placebo")]["n_sessions"]
    if own.empty or int(own.min()) == int(size["n_sessions"].max()):
        return []
    tried = f"{int(own.min()):,} of them, which have {FEWEST} others to learn from"
    return [f"The calibrated test could be tried on {tried}."]


def guarded_notes(estimates: StudyEstimates, windows: Sequence[Window]) -> tuple[str, ...]:
    """Say over which windows of a table the placebo law alone would find effects too often."""
    names = [window_text(*window) for window in windows if estimates.is_guarded(window)]
    return (f"Over {listed(names)} {GUARDED_WORDS}.",) if names else ()


def _is_set(size: pd.DataFrame) -> pd.Series[bool]:
    return size["sessions"].astype("string").str.startswith("sets of ").fillna(value=False)


def _sets(size: pd.DataFrame) -> str:
    names = size.loc[_is_set(size), "sessions"]
    return "sets" if names.empty else str(names.iloc[0])


def _sessions(size: pd.DataFrame) -> str:
    n = size["n_sessions"].max()
    return "ordinary sessions" if pd.isna(n) else f"{int(n):,} ordinary sessions"


def size_table(size: pd.DataFrame) -> Table:
    """Build the table of realised sizes over all sessions."""
    levels = ("10", "5", "1", "0_1")
    rows = [
        [
            _window(row),
            name_of_test(str(row["test"])),
            *(
                f"{number(100 * row[f'reject_{level}'], digits=digits)} "
                f"({number(100 * row[f'error_{level}'], digits=digits)})"
                for level, digits in zip(levels, (1, 1, 1, 2), strict=True)
            ),
        ]
        for row in rows_of(size)
    ]
    columns = ("<Window", "<<Test", "p < 0.10", "p < 0.05", "p < 0.01", "p < 0.001")
    return Table(columns, rows)


def quartile_table(size: pd.DataFrame) -> Table:
    """Build the table of realised sizes by quartile of volatility."""
    rows = [
        [
            _window(own[QUARTILES[0]]),
            name_of_test(str(test)),
            *(number(100 * own[name]["reject_5"], digits=1) for name in QUARTILES),
        ]
        for (_, _, test), own in _grouped(size, KEYS, key="sessions").items()
    ]
    return Table(("<Window", "<<Test", "EWMA 1", "2", "3", "4", "est. 1", "2", "3", "4"), rows)


def power_table(power: pd.DataFrame) -> Table:
    """Build the table of power."""
    rows = [
        [
            _window(next(iter(own.values()))),
            name_of_test(str(test)),
            *(_with_error(own[shock]) for shock in sorted(own)),
        ]
        for (_, _, test), own in _grouped(
            power, ("start", "end", "test"), key="shock_sigma"
        ).items()
    ]
    return Table(("<Window", "<<Test", "1 sigma", "2 sigma", "3 sigma"), rows)


def _with_error(row: Record) -> str:
    """Write a power with its standard error, both in per cent."""
    return f"{number(100 * row['power'], digits=1)} ({number(100 * row['std_error'], digits=1)})"


def _grouped(
    frame: pd.DataFrame, names: tuple[str, ...], *, key: str
) -> dict[tuple[Any, ...], dict[Any, Record]]:
    """Gather rows by some columns, in order; within a group by `key`."""
    groups: dict[tuple[Any, ...], dict[Any, Record]] = {}
    for row in rows_of(frame):
        groups.setdefault(tuple(row[name] for name in names), {})[row[key]] = row
    return groups


def _window(row: Record) -> str:
    return window_text(int(row["start"]), int(row["end"]))
