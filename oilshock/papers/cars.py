"""Tables for papers on single events: estimates with standard errors, and all p values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from oilshock.estimates import StudyEstimates
from oilshock.facts import CarFacts, EventFacts
from oilshock.narrative import series_label
from oilshock.papers.figures import MISSING, Figures, p_calibrated
from oilshock.papers.notes import data_note, error_note, model_note, p_note, starred_p
from oilshock.papers.table import Column, PaperTable
from oilshock.words import number, p_number, window_text

TITLE = Column("Event", "text", 24)
DAY0 = Column("Day 0", "text")


def p_columns(estimates: StudyEstimates) -> list[tuple[Column, Callable[[CarFacts], str]]]:
    """Return the p values that a study has, and how each is written."""
    columns: list[tuple[Column, Callable[[CarFacts], str]]] = [
        (Column("p"), lambda car: p_number(car.p_value))
    ]
    if estimates.placebos is not None:
        columns.append((Column("cal. p"), p_calibrated))
    if estimates.config.inference.adjust != "none":
        columns.append((Column("adj. p"), lambda car: p_number(car.p_adjusted)))
    return columns


def car_paper(
    estimates: StudyEstimates, facts: Sequence[EventFacts], *, figures: Figures, label: str
) -> PaperTable:
    """Build the main table: AR with its p values, CAR of every window, standard errors below."""
    windows = [window for window in estimates.config.windows.car_windows if window != (0, 0)]
    p_values = p_columns(estimates)
    sizes = sorted({int(event.ledger["n_estimation"]) for event in facts})
    varies = len(sizes) > 1
    columns = (
        TITLE,
        DAY0,
        *([Column("N")] if varies else []),
        Column("AR"),
        *(column for column, _ in p_values),
        *(Column(window_text(*window)) for window in windows),
    )
    blocks = []
    for event in facts:
        cars = [car for car in event.cars if (car.start, car.end) != (0, 0)]
        first = (
            event.title,
            f"{event.session:%Y-%m-%d}",
            *([f"{int(event.ledger['n_estimation'])}"] if varies else []),
            figures.estimate(event.day0.car, p_value=event.day0.p_quoted),
            *(write(event.day0) for _, write in p_values),
            *(figures.estimate(car.car, p_value=car.p_quoted) for car in cars),
        )
        second = (
            *([""] * (3 if varies else 2)),
            figures.std_error(event.day0.std_error),
            *("" for _ in p_values),
            *(figures.std_error(car.std_error) for car in cars),
        )
        blocks.append((first, second))
    n_note = "N: returns of the estimation window. " if varies else f"N = {sizes[0]} returns. "
    notes = (
        f"{data_note(estimates)}{model_note(estimates)}AR and CAR in {figures.unit}; "
        f"columns headed by a window hold its CAR. {n_note}"
        f"{error_note(estimates)}p values are those of AR. "
        f"{p_note(estimates)}{_open(facts)}{figures.legend(starred_p(estimates))}"
    )
    return PaperTable(
        name="car",
        label=label,
        caption=f"Abnormal returns of {series_label(estimates)}, event by event",
        notes=notes.strip(),
        columns=columns,
        blocks=tuple(blocks),
    )


def _open(facts: Sequence[EventFacts]) -> str:
    missing = any(math.isnan(car.car) for event in facts for car in event.cars)
    return f"{MISSING}: the window runs past the last session. " if missing else ""


def p_values_paper(
    estimates: StudyEstimates, facts: Sequence[EventFacts], *, figures: Figures, label: str
) -> PaperTable:
    """Build the table of every event and CAR window: estimate, t, p values, dollars."""
    p_values = p_columns(estimates)
    columns = (
        TITLE,
        Column("Window", "text"),
        Column("CAR"),
        Column("(s.e.)"),
        Column("t"),
        *(column for column, _ in p_values),
        Column("USD/bbl"),
    )
    blocks = [
        tuple(
            (
                event.title if place == 0 else "",
                window_text(car.start, car.end),
                figures.estimate(car.car, p_value=car.p_quoted),
                figures.std_error(car.std_error),
                number(car.t_stat),
                *(write(car) for _, write in p_values),
                number(car.usd),
            )
            for place, car in enumerate(event.cars)
        )
        for event in facts
    ]
    notes = (
        f"{data_note(estimates)}{model_note(estimates)}CAR in {figures.unit}; [0, 0] is the AR of "
        f"day 0. {error_note(estimates)}{p_note(estimates)}USD/bbl: the CAR in dollars. "
        f"{_open(facts)}{figures.legend(starred_p(estimates))}"
    )
    return PaperTable(
        name="p_values",
        label=label,
        caption=f"Cumulative abnormal returns of {series_label(estimates)} and their p values",
        notes=notes.strip(),
        columns=columns,
        blocks=tuple(blocks),
    )
