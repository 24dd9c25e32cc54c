"""The key figures of the first page: a handful of numbers that answer the question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from oilshock.conclusion import FEW_EVENTS
from oilshock.estimates import StudyEstimates
from oilshock.facts import CarFacts, EventFacts, LevelFacts
from oilshock.lead import clearest_event, lead_event
from oilshock.ledger import LEFT_OUT
from oilshock.level_words import nearest_level
from oilshock.narrative import amount, confidence
from oilshock.quoted_p import p_cell, p_words
from oilshock.typing import Record
from oilshock.words import count, day, dollars, number, p_number, probability, relative


def key_figures(estimates: StudyEstimates, facts: Sequence[EventFacts]) -> list[Record]:
    """Pick the key figures: of the event that opens the report, or of all where they are many.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.
    facts : sequence of EventFacts
        The kept events.

    Returns
    -------
    list of dict
        Each with `label`, `value` and `note`.
    """
    own = _of_all(estimates, facts) if len(facts) > FEW_EVENTS else _of_lead(estimates, facts)
    return [{"label": label, "value": value, "note": note} for label, value, note in own]


Figure = tuple[str, str, str]


def _of_lead(estimates: StudyEstimates, facts: Sequence[EventFacts]) -> list[Figure]:
    lead = lead_event(tuple(facts))
    figures = [_move(estimates, lead), _p_value(estimates, lead.day0, n_events=len(facts))]
    figures.append(_window(estimates, lead, n_events=len(facts)))
    figures += _prices(lead)
    level = nearest_level(lead)
    figures += [] if level is None else [_chance(lead, level)]
    figures.append(_outside(estimates, lead))
    return [*figures, _events(estimates) if len(estimates.ledger) > 1 else _near(lead)]


def _move(estimates: StudyEstimates, lead: EventFacts) -> Figure:
    ar = lead.day0
    usd = f"{number(ar.usd, sign='+')} USD/bbl"
    value = amount(estimates, ar.car)
    band = "" if np.isnan(ar.ci_low) else f"{confidence(estimates)} interval {_span(estimates, ar)}"
    parts = [band] if value == usd else [usd, band]
    return (f"Event {lead.number}: abnormal return, day 0", value, "; ".join(filter(None, parts)))


def _span(estimates: StudyEstimates, car: CarFacts) -> str:
    return f"{amount(estimates, car.ci_low)} to {amount(estimates, car.ci_high)}"


def _p_value(estimates: StudyEstimates, car: CarFacts, *, n_events: int) -> Figure:
    label = "p value of day 0, t test" if np.isnan(car.p_calibrated) else "Calibrated p of day 0"
    return (label, p_cell(car), _worth(estimates, car, n_events=n_events))


def _worth(estimates: StudyEstimates, car: CarFacts, *, n_events: int) -> str:
    """Write what a p value is worth, and once it is adjusted."""
    notes = [car.verdict.strength + ONCE_ADJUSTED[car.verdict.survives]]
    if estimates.is_adjusted and not np.isnan(car.p_adjusted):
        notes.append(f"adjusted for {count(n_events, 'event')}: {p_number(car.p_adjusted)}")
    return "; ".join(notes)


ONCE_ADJUSTED = {None: "", True: ", survives", False: ", does not survive"}


def _window(estimates: StudyEstimates, lead: EventFacts, *, n_events: int) -> Figure:
    car = lead.cars[-1]
    label = f"CAR, day {relative(car.start)} to {relative(car.end)}"
    if np.isnan(car.car):
        return (label, number(car.car), "the window is not complete")
    note = f"{p_words(car)}; {_worth(estimates, car, n_events=n_events)}"
    return (label, amount(estimates, car.car), note)


def _prices(lead: EventFacts) -> list[Figure]:
    end = lead.end
    without = lead.price - lead.day0.usd
    figures = [
        (
            "Close of day 0, USD/bbl",
            number(lead.price),
            f"{number(without)} expected without the event; {day(lead.session)}",
        )
    ]
    if int(end["relative_day"]) > 0:
        figures.append(
            (
                f"Close of day {relative(int(end['relative_day']))}, USD/bbl",
                number(end["price"]),
                f"{number(end['expected_price'])} expected without it; band {number(end['low'])} "
                f"to {number(end['high'])}",
            )
        )
    return figures


def _chance(lead: EventFacts, level: LevelFacts) -> Figure:
    side = "above" if lead.price > level.level else "not above"
    return (
        f"Pr(close above {dollars(level.level)}) without it",
        probability(level.p_above),
        f"on day 0; the actual close of {number(lead.price)} is {side}",
    )


def _outside(estimates: StudyEstimates, lead: EventFacts) -> Figure:
    return (
        "Days outside the one-day band",
        f"{len(lead.outside)} of {lead.last_day + 1}",
        f"CAR from day 0, {confidence(estimates)} for one day at a time",
    )


def _near(lead: EventFacts) -> Figure:
    return (
        "Other known events in the window",
        str(len(lead.neighbours)),
        "of the catalogue; they may have moved the price too",
    )


def _of_all(estimates: StudyEstimates, facts: Sequence[EventFacts]) -> list[Figure]:
    alpha = estimates.config.inference.alpha
    rated = [event for event in facts if not np.isnan(event.day0.p_quoted)]
    found = [event for event in rated if event.day0.verdict.is_found]
    figures = [
        (
            f"Abnormal day 0, p < {alpha:g}",
            f"{len(found)} of {len(rated)}",
            f"{alpha * len(rated):.1f} by chance alone",
        )
    ]
    if estimates.is_adjusted:
        survive = sum(bool(event.day0.verdict.survives) for event in rated)
        figures.append(("After adjustment", str(survive), "of these, for the number of events"))
    figures += [_size(estimates, facts), *_signed(estimates)]
    if rated:
        figures.append(_clearest(estimates, rated))
    shared = sum(bool(event.overlaps) for event in facts)
    figures.append(
        ("Windows that overlap", f"{shared} of {len(facts)}", "share sessions with another event")
    )
    return [*figures, _events(estimates)]


def _size(estimates: StudyEstimates, facts: Sequence[EventFacts]) -> Figure:
    sizes = pd.Series([abs(event.day0.car) for event in facts]).dropna()
    return (
        "Median abnormal move, day 0",
        amount(estimates, float(sizes.median()), sign=False),
        f"largest {amount(estimates, float(sizes.max()), sign=False)}",
    )


def _signed(estimates: StudyEstimates) -> list[Figure]:
    frame = estimates.signed_average
    row = frame[frame["relative_day"] == 0].iloc[0]
    n = int(row["n_events"])
    if n < 2:
        return []
    error = amount(estimates, float(row["aar_std_error"]), sign=False)
    return [
        (
            "Mean abnormal move, day 0",
            amount(estimates, float(row["aar"])),
            f"{n} events in the direction expected; s.e. {error}",
        )
    ]


def _clearest(estimates: StudyEstimates, rated: Sequence[EventFacts]) -> Figure:
    clearest = clearest_event(rated)
    return (
        f"Clearest day 0: event {clearest.number}",
        amount(estimates, clearest.day0.car),
        f"{day(clearest.session)}; {p_words(clearest.day0)}",
    )


def _events(estimates: StudyEstimates) -> Figure:
    ledger = estimates.ledger
    is_out = ledger["status"] == LEFT_OUT
    moved = int(((ledger["shift_reason"] != "") & ~is_out).sum())
    return (
        "Events kept",
        f"{int((~is_out).sum())} of {len(ledger)}",
        f"{int(is_out.sum())} left out; {moved} moved to a later session",
    )
