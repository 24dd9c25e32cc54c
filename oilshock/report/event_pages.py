"""What a report says of each event: the main table, and a page for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from oilshock.estimates import StudyEstimates
from oilshock.facts import STRONG, WEAK, CarFacts, EventFacts
from oilshock.ledger import LEFT_OUT
from oilshock.narrative import confidence
from oilshock.quoted_p import p_cell
from oilshock.report.calibration import guarded_notes
from oilshock.report.cells import interval_cell, p_heading, return_cell
from oilshock.report.numbering import event_anchor
from oilshock.report.table import Table
from oilshock.verdicts import grade
from oilshock.words import listed, number, p_number, per_cent, plain_name, window_text


def main_table(estimates: StudyEstimates, facts: Sequence[EventFacts]) -> Table:
    """Build the table of the first page: one row per event."""
    wide = facts[0].cars[-1]
    p, adjusted = p_heading(estimates), ("adj. p",) if estimates.is_adjusted else ()
    columns = ["#", "<<Event", "<Day 0", "AR", "USD/bbl", "t", p, *adjusted, "<Evidence"]
    is_day0_only = (wide.start, wide.end) == (0, 0)
    if not is_day0_only:
        columns += [f"CAR {window_text(wide.start, wide.end)}", p]
    rows = []
    for event in facts:
        day0, last = event.day0, event.cars[-1]
        row = [
            str(event.number),
            event.title,
            f"{event.session:%Y-%m-%d}",
            return_cell(estimates, day0.car),
            number(day0.usd, sign="+"),
            number(day0.t_stat),
            p_cell(day0),
            *(p_number(day0.p_adjusted) for _ in adjusted),
            grade(day0.verdict),
        ]
        if not is_day0_only:
            row += [return_cell(estimates, last.car), p_cell(last)]
        rows.append(row)
    return Table(
        tuple(columns),
        rows,
        tuple(event_anchor(event.number) for event in facts),
        caption="The events: abnormal return on day 0 and CAR over the event window",
        notes=(_main_note(estimates), *guarded_notes(estimates, [(wide.start, wide.end)])),
    )


def _main_note(estimates: StudyEstimates) -> str:
    """Explain the columns of the main table."""
    alpha = estimates.config.inference.alpha
    kind = "p: two-sided t test"
    if estimates.placebos is not None:
        n = int(estimates.placebos.n_placebos().max())
        kind = (
            f"cal. p: calibrated, the share of ordinary sessions (up to {n:,}) with as large a "
            "move for their volatility"
        )
    strong, weak = f"{min(STRONG, alpha):g}", f"{max(WEAK, alpha):g}"
    adjusted = "adj. p: adjusted for all events of the table"
    grades = (
        f"strong p < {strong} and moderate p < {alpha:g}, both with adj. p < {alpha:g}; raw p "
        f"only p < {weak} with adj. p of {alpha:g} or more (in the text: does not survive the "
        f"adjustment); none p of {weak} or more"
    )
    if not estimates.is_adjusted:
        n = len(estimates.kept)
        adjusted = "p values are not adjusted for their number"
        if n == 1:
            adjusted = "with one event there is nothing to adjust for"
        grades = f"strong p < {strong}, moderate p < {alpha:g}, weak p < {weak}, none above"
    return (
        "AR: abnormal return on day 0, the first session that could react; USD/bbl: the same in "
        f"dollars; {kind}; {adjusted}. CAR: cumulative abnormal return, the sum of the abnormal "
        f"returns of a window. Evidence: {grades}.{_left_out(estimates)}"
    )


def _left_out(estimates: StudyEstimates) -> str:
    """Say which numbers the table lacks, with a space before; nothing where it has all."""
    ledger = estimates.ledger
    numbers = np.arange(1, len(ledger) + 1)[(ledger["status"] == LEFT_OUT).to_numpy()]
    if not len(numbers):
        return ""
    return f" Left out (see “Left out, moved, incomplete”): {listed([str(n) for n in numbers])}."


def event_facts(event: EventFacts) -> list[list[str]]:
    """List what the event's own row says, label and text; the source stands apart."""
    row = event.event
    direction = {"+": "+ (tightening)", "-": "\N{MINUS SIGN} (easing)", "0": "0 (none)"}
    severity = "" if pd.isna(row["severity"]) else f"{int(row['severity'])} of 3"
    pairs = [
        ("Category", plain_name(str(row["category"]))),
        ("Direction expected", direction.get(str(row["direction"]), "")),
        ("Anticipated", str(row["anticipated"])),
        ("Severity", severity),
        ("Region", str(row["region"])),
        ("Confidence in the date", str(row["confidence"])),
    ]
    return [[label, text] for label, text in pairs if text]


def car_table(estimates: StudyEstimates, event: EventFacts) -> Table:
    """Build the CAR table of one event: its windows, day 0 first."""
    calibrated = () if estimates.placebos is None else ("cal. p",)
    adjusted = ("adj. p",) if estimates.is_adjusted else ()
    interval = f"{confidence(estimates)} interval"
    columns = ("<<Window", "CAR", interval, "t", "p", *calibrated, *adjusted, "BHAR", "USD/bbl")
    cars = event.cars if event.next_day is None else (*event.cars, event.next_day)
    unique = {(car.start, car.end): car for car in reversed(cars)}
    ordered = [unique[key] for key in sorted(unique, key=lambda key: (key[1] - key[0], key))]
    return Table(
        columns,
        [_car_row(estimates, car, adjusted=adjusted) for car in ordered],
        caption=f"Event {event.number}: abnormal returns by window",
        notes=guarded_notes(estimates, [(car.start, car.end) for car in ordered]),
    )


def _car_row(estimates: StudyEstimates, car: CarFacts, *, adjusted: tuple[str, ...]) -> list[str]:
    name = "AR, day 0" if car.start == car.end == 0 else f"CAR {window_text(car.start, car.end)}"
    calibrated = [] if estimates.placebos is None else [p_cell(car)]
    if np.isnan(car.car):
        empty = ["\N{EN DASH}"] * (6 + len(calibrated) + len(adjusted))
        return [f"{name} (not complete)", *empty]
    return [
        name,
        return_cell(estimates, car.car),
        interval_cell(estimates, car.ci_low, car.ci_high),
        number(car.t_stat),
        p_number(car.p_value),
        *calibrated,
        *(p_number(car.p_adjusted) for _ in adjusted),
        per_cent(car.bhar),
        number(car.usd, sign="+"),
    ]
