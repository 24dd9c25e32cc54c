"""What the charts of a report say at a point: the figures of the tables, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from oilshock.charts.dates import date_numbers
from oilshock.estimates import StudyEstimates
from oilshock.facts import CarFacts, EventFacts
from oilshock.narrative import amount, confidence
from oilshock.quoted_p import p_words
from oilshock.report.numbering import event_anchor
from oilshock.report.table import Table
from oilshock.report.tips import Reading, Span, around, column_spans, columns_of, row_span
from oilshock.tables import rows_of
from oilshock.typing import Record, Window
from oilshock.words import count, number, p_number, relative, window_text

_BADGE_PT = 7.0


def event_readings(estimates: StudyEstimates, facts: EventFacts) -> list[Reading]:
    """Say, for each day of an event: session, price with and without the event, AR, p and CAR."""
    first = relative(estimates.abnormal.window[0])
    readings = []
    for row in _day_rows(estimates, facts):
        tau = int(row["relative_day"])
        day = relative(tau)
        calibrated = f", {p_words(facts.day0)}" if tau == 0 and _is_rated(facts.day0) else ""
        parts = [
            f"Day {day}",
            date_words(row["session"]),
            f"price {number(row['price'])} ({number(row['expected_price'])} expected)",
            f"AR {amount(estimates, row['abnormal_return'])}",
            f"t test p {p_number(row['p_value'])}{calibrated}",
            f"CAR [{first}, {day}] {amount(estimates, row['car'])}",
        ]
        readings.append(Reading(" · ".join(parts), column_spans(tau, 0, 1, 2)))
    return readings


def day_table(estimates: StudyEstimates, facts: EventFacts) -> Table:
    """Build the table behind the chart of an event: a row for each session of its window."""
    columns = ("Day", "<Session", "AR", "CAR", "t", "p (t test)", "Price", "Expected")
    rows = [
        [
            relative(int(row["relative_day"])),
            date_words(row["session"]),
            amount(estimates, row["abnormal_return"]),
            amount(estimates, row["car"]),
            number(row["t_stat"]),
            p_number(row["p_value"]),
            number(row["price"]),
            number(row["expected_price"]),
        ]
        for row in _day_rows(estimates, facts)
    ]
    return Table(columns, rows)


def _day_rows(estimates: StudyEstimates, facts: EventFacts) -> list[Record]:
    """Join what `abnormal_returns.csv`, `whatif.csv` and the CAR path say of an event's days."""
    event_id = str(facts.event["id"])
    own = estimates.abnormal_returns
    own = own[own["event_id"] == event_id].drop(columns=["price"])
    path = estimates.whatif[estimates.whatif["event_id"] == event_id]
    columns = ["relative_day", "price", "expected_price"]
    joined = own.merge(path[columns], on="relative_day", how="left")
    car = estimates.car_path_frame(facts.row)[["relative_day", "car"]]
    return rows_of(joined.merge(car, on="relative_day", how="left"))


def price_readings(
    estimates: StudyEstimates,
    facts: Sequence[EventFacts],
    *,
    prices: pd.Series[float],
    figure: Figure,
) -> list[Reading]:
    """Say the price of each session, or of each few, and the events of it; then every badge."""
    by_session: dict[pd.Timestamp, list[EventFacts]] = {}
    for event in facts:
        by_session.setdefault(event.session, []).append(event)
    readings = []
    for block, column in columns_of(date_numbers(prices.index)):
        part = prices.iloc[block]
        events = [event for session in part.index for event in by_session.get(session, [])]
        named = [
            event_words(estimates, event) if len(events) <= 3 else f"{event.number} {event.title}"
            for event in events[:6]
        ]
        if len(events) > 6:
            named.append(f"and {count(len(events) - 6, 'event')} more")
        link = event_anchor(events[0].number) if events else ""
        text = " · ".join([*_price_words(part), *named])
        readings.append(Reading(text, (Span(0, x=column),), link))
    return readings + _badge_readings(estimates, facts, figure)


def _price_words(part: pd.Series[float]) -> list[str]:
    return [_sessions(part.index), f"price {_range_words(part)}"]


def _sessions(sessions: pd.Index) -> str:
    """Name a session, or the first and the last of some."""
    ends = dict.fromkeys(date_words(sessions[end]) for end in (0, -1))
    return " to ".join(ends)


def _range_words(part: pd.Series[float]) -> str:
    """Write a price, or from where to where some go; a dash where there is none."""
    return " to ".join(dict.fromkeys(number(float(end)) for end in (part.min(), part.max())))


def series_readings(frame: pd.DataFrame, *, unit: str) -> list[Reading]:
    """Say the price of each series at each session, or at each few, and how far two lie apart."""
    wide = frame.pivot_table(
        index="session", columns="series", values="price", aggfunc="first", sort=False
    ).sort_index()
    readings = []
    for block, column in columns_of(date_numbers(wide.index)):
        part = wide.iloc[block]
        parts = [_sessions(part.index)]
        parts += [f"{name} {_range_words(part[name])}" for name in wide.columns]
        if len(wide.columns) == 2 and len(part) == 1 and part.notna().all(axis=None):
            one, other = part.to_numpy(dtype=np.float64)[0]
            parts.append(f"gap {number(one - other, sign='+')} {unit}")
        readings.append(Reading(" · ".join(parts), (Span(0, x=column),)))
    return readings


def _badge_readings(
    estimates: StudyEstimates, facts: Sequence[EventFacts], figure: Figure
) -> list[Reading]:
    """Say of each badge what its event is; badges are known by the role of their text."""
    by_number = {str(event.number): event for event in facts}
    readings = []
    for place, ax in enumerate(figure.axes):
        for text in ax.texts:
            event = by_number.get(text.get_text())
            if text.get_label() != "badge number" or event is None:
                continue
            x, y = (float(at) for at in text.get_position())
            readings.append(
                Reading(
                    event_words(estimates, event),
                    (around(figure, place, x=x, y=y, points=_BADGE_PT),),
                    event_anchor(event.number),
                )
            )
    return readings


def forest_readings(
    estimates: StudyEstimates,
    facts: Sequence[EventFacts],
    *,
    page: pd.DataFrame,
    window: Window,
) -> list[Reading]:
    """Say CAR, interval and p of each row of a forest, and lead to its event."""
    events = {event.number: event for event in facts}
    level = confidence(estimates)
    readings = []
    for row, values in enumerate(rows_of(page)):
        event_number = int(values["number"])
        parts = [
            f"{event_number} {values['title']}",
            f"day 0 {date_words(events[event_number].session)}",
        ]
        if np.isnan(values["car"]):
            parts.append(f"CAR {window_text(*window)} not complete")
        else:
            low, high = (amount(estimates, values[name]) for name in ("ci_low", "ci_high"))
            parts += [
                f"CAR {window_text(*window)} {amount(estimates, values['car'])}",
                f"{level} interval {low} to {high}",
                p_words(_car(events[event_number], window)),
                *([f"adj. p {p_number(values['p_adjusted'])}"] if estimates.is_adjusted else []),
            ]
        readings.append(Reading(" · ".join(parts), (row_span(row),), event_anchor(event_number)))
    return readings


def average_readings(
    estimates: StudyEstimates, frame: pd.DataFrame, *, names: dict[str, str]
) -> list[Reading]:
    """Say, for each day, AAR and CAAR of every group and how many events they rest on."""
    readings = []
    for _, rows in frame.groupby("relative_day"):
        day = int(rows["relative_day"].iloc[0])
        parts = [f"Day {relative(day)}"]
        for values in rows_of(rows):
            parts.append(
                f"{names[values['group']]}: CAAR {amount(estimates, values['caar'])}, "
                f"AAR {amount(estimates, values['aar'])}, "
                f"{count(int(values['n_events']), 'event')}"
            )
        readings.append(Reading(" · ".join(parts), column_spans(day, 0, 1)))
    return readings


def timeline_readings(page: pd.DataFrame) -> list[Reading]:
    """Say the windows of each event, or why it was left out, and lead to those that were kept."""
    readings = []
    for row, values in enumerate(rows_of(page)):
        parts = [f"{values['number']} {values['title']}"]
        is_kept = values["status"] == "ok"
        if is_kept:
            parts += [
                f"day 0 {date_words(values['session'])}",
                f"estimation {_dates(values, 'estimation_start', 'estimation_end')}",
                f"event window {_dates(values, 'window_start', 'window_end')}",
            ]
        if values["reason"]:
            parts.append(str(values["reason"]))
        link = event_anchor(int(values["number"])) if is_kept else ""
        readings.append(Reading(" · ".join(parts), (row_span(row),), link))
    return readings


def event_words(estimates: StudyEstimates, event: EventFacts) -> str:
    """Say what an event is and did: title, day 0, AR, CAR and p."""
    parts = [
        f"{event.number} {event.title}",
        f"day 0 {date_words(event.session)}",
        f"AR {amount(estimates, event.day0.car)}, {p_words(event.day0)}",
    ]
    last = event.cars[-1]
    if (last.start, last.end) != (0, 0) and not np.isnan(last.car):
        name = window_text(last.start, last.end)
        parts.append(f"CAR {name} {amount(estimates, last.car)}, {p_words(last)}")
    return " · ".join(parts)


def _car(event: EventFacts, window: Window) -> CarFacts:
    return next(car for car in (event.day0, *event.cars) if (car.start, car.end) == window)


def _is_rated(car: CarFacts) -> bool:
    return not np.isnan(car.p_calibrated)


def date_words(session: pd.Timestamp) -> str:
    """Write a session short: ``Mon 15 Apr 2024``."""
    return f"{session:%a} {session.day} {session:%b %Y}"


def _dates(values: Record, first: str, last: str) -> str:
    return f"{values[first]:%Y-%m-%d} to {values[last]:%Y-%m-%d}"
