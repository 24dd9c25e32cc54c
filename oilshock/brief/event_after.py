"""What a brief says of the days after an event, and of what else happened in them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.brief.desk import Desk
from oilshock.brief.event import quoted, worth_of
from oilshock.brief.record import Phrase, joined, say
from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.inference.placebo import ENOUGH
from oilshock.narrative import has_own_events
from oilshock.words import day, relative

INSIDE = "chance alone can bring such a gap"
OUTSIDE = "chance alone rarely brings such a gap"


class EventAfterBrief:
    """The phrases on the days after an event of a study, and on the other events in them."""

    def __init__(self, estimates: StudyEstimates, facts: EventFacts, *, desk: Desk) -> None:
        self.estimates, self.facts, self.desk = estimates, facts, desk
        self.is_difference = estimates.config.returns.kind == "difference"
        self.own = f"event_id == {str(facts.event['id'])!r}"

    def at_the_end(self) -> Phrase:
        """Compare the last price of the event window with the one expected without the event."""
        end = self.facts.end
        last = int(end["relative_day"])
        if last < 1:
            return Phrase("That cannot be said: there is no later price in the event window.")
        row = f"{self.own} and relative_day == {last}"
        is_inside = end["low"] <= end["price"] <= end["high"]
        sentence = say(
            "{n} {noun} later ({date}): {price} USD/bbl, {expected} expected without "
            "it (band: {low} to {high}); {verdict}.",
            n=self.desk.whole("whatif", row, "relative_day"),
            noun="session" if last == 1 else "sessions",
            date=day(pd.Timestamp(end["session"])),
            price=self.desk.price("whatif", row, "price"),
            expected=self.desk.price("whatif", row, "expected_price"),
            low=self.desk.price("whatif", row, "low"),
            high=self.desk.price("whatif", row, "high"),
            verdict=INSIDE if is_inside else OUTSIDE,
        )
        return joined(sentence, self._given_back(), self._cut_off())

    def first_days(self, n_events: Phrase) -> Phrase | None:
        """Give the CAR of the first window from day 0 on that is complete."""
        cars = [
            car
            for car in self.facts.cars
            if car.start == 0 and car.end > 0 and not np.isnan(car.p_quoted)
        ]
        if not cars:
            return None
        car = min(cars, key=lambda own: own.end)
        row = f"{self.own} and start == 0 and end == {car.end}"
        is_calibrated = not np.isnan(car.p_calibrated)
        column = "p_calibrated" if is_calibrated else "p_value"
        write = self.desk.usd if self.is_difference else self.desk.per_cent
        return say(
            "Cumulative abnormal return (CAR), days 0 to {end}: {car}{unit} ({kind} {p}), {worth}.",
            end=relative(car.end),
            car=write("car", row, "car"),
            unit=" USD/bbl" if self.is_difference else "",
            kind="calibrated p" if is_calibrated else "p",
            p=self.desk.p_value("car", row, column, is_bounded=car.is_bounded),
            worth=worth_of(car, self.desk, own=self.own, n_events=n_events),
        )

    def _given_back(self) -> Phrase | None:
        if not self.facts.day0.verdict.is_found:
            return None
        # In dollars, as the gap just told: sums of simple returns stray from it.
        share = 1.0 - float(self.facts.end["usd"]) / self.facts.day0.usd
        if share <= 0:
            return Phrase("None of the move of the first day had been given back.")
        if share > 1:
            return Phrase("The move of the first day had been given back in full.")
        part = "Most" if share > 0.5 else "A part"
        return Phrase(f"{part} of the move of the first day had been given back.")

    def _cut_off(self) -> Phrase | None:
        if not str(self.facts.ledger["reason"]):
            return None
        return Phrase("The series ends inside the event window.")

    def rough(self) -> Phrase | None:
        """Warn where calibrated p values rest on few sessions."""
        row = f"{self.own} and n_placebos < {ENOUGH}"
        if np.isnan(self.facts.day0.p_calibrated) or not len(self.desk.rows("placebo", row)):
            return None
        return say(
            "Calibrated p values are rough: only {n} ordinary sessions to be rated among.",
            n=self.desk.whole("placebo", row, "n_placebos"),
        )

    def clock(self) -> Phrase | None:
        """Say that the time of day is not known, where that matters."""
        if self.facts.next_day is None or str(self.facts.ledger["shift_reason"]):
            return None
        return Phrase("Only the date is known, so the news may have come after the close.")

    def others(self) -> Phrase | None:
        """Count the events of the study that share sessions with this one."""
        if not self.facts.overlaps:
            return None
        return say(
            "{n} other {noun} of the study {fall} into its event window{same}; effects over "
            "several days cannot be told apart.",
            n=self.desk.items("events", self.own, "overlaps"),
            noun="event" if len(self.facts.overlaps) == 1 else "events",
            fall="reaches" if len(self.facts.overlaps) == 1 else "reach",
            same=self._same_session(),
        )

    def _same_session(self) -> str:
        if not self.facts.same_session:
            return ""
        some = "" if len(self.facts.overlaps) == 1 else " at least one of them"
        return f",{some} with the same first session"

    def outside(self) -> Phrase | None:
        """Count the other events of the catalogue in the event window."""
        near = self.facts.neighbours
        if near.empty:
            return None
        nearest = near.iloc[int(near["relative_day"].abs().to_numpy().argmin())]
        is_own = has_own_events(self.estimates)
        maybe = " (perhaps this very event)" if is_own and nearest["relative_day"] == 0 else ""
        return say(
            "The catalogue has {n} more {noun} in the event window, {such}{title}{maybe}; {they} "
            "may have moved the price too.",
            n=self.desk.count("confounders", self.own),
            noun="event" if len(near) == 1 else "events",
            such="" if len(near) == 1 else "such as ",
            title=quoted(str(nearest["other_title"])),
            maybe=maybe,
            they="it" if len(near) == 1 else "they",
        )
