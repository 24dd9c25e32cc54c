"""What a brief says of the first session that could react to an event."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.brief.desk import Desk
from oilshock.brief.record import Phrase, joined, say
from oilshock.clock_words import clock_words
from oilshock.estimates import StudyEstimates
from oilshock.facts import CarFacts, EventFacts, LevelFacts
from oilshock.level_words import RECENT, SIDES, nearest_level
from oilshock.narrative import moved, return_noun, verdict_words
from oilshock.tables import level_column
from oilshock.words import cut, day, dollars, listed, weekday

ALPHA = "inference.alpha"
MOST_TITLE = 70
"""Longer titles are cut."""

CONSTANT = "returns were normal with a constant variance"
LAWS = {"garch": "returns followed the GARCH model of the study"}

NEAR = 0.25
"""A level more than a quarter away from the price is no question of the day."""


def quoted(title: str) -> str:
    """Write a title in quotation marks; a long one is cut."""
    return f"“{cut(title, MOST_TITLE)}”"


def worth_of(car: CarFacts, desk: Desk, *, own: str, n_events: Phrase) -> Phrase:
    """Write the verdict on a CAR of an event, with the adjusted p value where that decides."""
    n = int(n_events.figures[0].value)
    words = verdict_words(car.verdict, n_events=n)
    if car.verdict.survives is None:
        return Phrase(words)
    row = f"{own} and start == {car.start} and end == {car.end}"
    told = Phrase(words, n_events.figures if n > 1 else ())
    # Day 0 has a verdict also where it is no window of the study, but then no cell.
    if not desk.holds("car", row, "p_adjusted"):
        return told
    return say("{words} (adjusted p {p})", words=told, p=desk.p_value("car", row, "p_adjusted"))


class EventBrief:
    """The phrases on day 0 of an event of a study."""

    def __init__(self, estimates: StudyEstimates, facts: EventFacts, *, desk: Desk) -> None:
        self.estimates, self.facts, self.desk = estimates, facts, desk
        self.is_difference = estimates.config.returns.kind == "difference"
        self.own = f"event_id == {str(facts.event['id'])!r}"
        self.day0 = f"{self.own} and relative_day == 0"
        self.window0 = f"{self.own} and start == 0 and end == 0"
        self.is_listed = (0, 0) in estimates.config.windows.car_windows

    def move(self) -> Phrase:
        """Say what the price did on day 0, as a verb phrase."""
        for measure in ("usd",) if self.is_difference else ("per_cent", "usd"):
            row = f"{self.own} and measure == {measure!r}"
            if not self.desk.holds("history", row, "move"):
                continue
            value = self.desk.value("history", row, "move")
            if value == 0:
                break
            if measure == "per_cent":
                by = self.desk.per_cent_size("history", row, "move")
                return say("{verb} {by}", verb=moved(value), by=by)
            by = self.desk.usd_size("history", row, "move")
            return say("{verb} {by} USD/bbl", verb=moved(value), by=by)
        return Phrase("did not change")

    def verdict(self, n_events: Phrase) -> Phrase:
        """Say what the p value of day 0 allows one to say, in the words of the report."""
        return worth_of(self.facts.day0, self.desk, own=self.own, n_events=n_events)

    def dated(self) -> str:
        """Write the date and time of the event as given, in brackets."""
        date = pd.Timestamp(self.facts.ledger["event_date"])
        time = clock_words(
            date.date(),
            str(self.facts.ledger["event_time"]),
            timezone=self.estimates.market.series.timezone,
        )
        written = [] if date == self.facts.session else [weekday(date)]
        parts = ", ".join([*written, *([time] if time else [])])
        return f" ({parts})" if parts else ""

    def prices(self) -> Phrase:
        """Say from where to where the price went."""
        before = f"{self.own} and relative_day == -1"
        close = self.desk.price("abnormal_returns", self.day0, "price")
        if not self.desk.holds("abnormal_returns", before, "price"):
            return say("The close was {close} USD/bbl.", close=close)
        return say(
            "From {old} to {close} USD/bbl, close to close.",
            old=self.desk.price("abnormal_returns", before, "price"),
            close=close,
        )

    def abnormal(self) -> Phrase:
        """Give the abnormal return, and say what it is."""
        usd = ("abnormal_returns", self.day0, "abnormal_return")
        noun = Phrase("the abnormal return")
        if not self.is_difference:
            ar = self.desk.per_cent("abnormal_returns", self.day0, "abnormal_return")
            noun = say("{noun}: {ar}", noun=return_noun(self.estimates), ar=ar)
            usd = ("car", self.window0, "usd")
        return say(
            "{beyond}: {usd} ({noun}).",
            beyond=self._beyond(),
            usd=say("{usd} USD/bbl", usd=self.desk.usd(*usd))
            if self.desk.holds(*usd)
            else "a move",
            noun=noun,
        )

    def _beyond(self) -> Phrase:
        """Say what the expected return rests on."""
        factors = listed([f"“{name}”" for name in self.estimates.market.factor_names])
        if self.estimates.config.model.kind == "market-adjusted":
            return Phrase(f"Beyond the move of {factors} that session")
        return say(
            "Beyond what {factors}{n} earlier sessions led one to expect",
            factors=f"{factors} and " if factors else "",
            n=self.desk.whole("events", self.own, "n_estimation"),
        )

    def chance(self) -> Phrase:
        """Say in plain words what the p value means."""
        row = f"{self.window0} and test == 'placebo'"
        if self.desk.holds("event_tests", row, "p_value"):
            bounded = self.facts.day0.is_bounded
            p = self.desk.p_value("event_tests", row, "p_value", is_bounded=bounded)
            return say(
                "{share} of ordinary sessions had as large a move for the volatility of their "
                "moment (calibrated p {p}).",
                share=_capital(self.desk.share("event_tests", row, "p_value", is_bounded=bounded)),
                p=p,
            )
        if not self.desk.holds("abnormal_returns", self.day0, "p_value"):
            return Phrase("It cannot be said: there is no p value.")
        return say(
            "If {law}, {share} of sessions would bring as large a move by chance (t test, p {p}); "
            "with oil prices that is a rough guide.",
            law=LAWS.get(self.estimates.config.model.kind, CONSTANT),
            share=self.desk.share("abnormal_returns", self.day0, "p_value"),
            p=self.desk.p_value("abnormal_returns", self.day0, "p_value"),
        )

    def interval(self) -> Phrase | None:
        """Give the interval of the abnormal return."""
        kind = "calibrated_" if not np.isnan(self.facts.day0.p_calibrated) else ""
        low, high = f"ci_{kind}low", f"ci_{kind}high"
        if not (self.is_listed and self.desk.holds("car", self.window0, low)):
            return None
        write = self.desk.usd if self.is_difference else self.desk.per_cent
        holds = (
            self.desk.value("car", self.window0, low)
            <= 0
            <= self.desk.value("car", self.window0, high)
        )
        unit = " USD/bbl" if self.is_difference else ""
        return say(
            "{level} interval of the abnormal return: {low} to {high}{unit}, zero {in_or_out}.",
            level=self.desk.confidence(ALPHA),
            low=write("car", self.window0, low),
            high=write("car", self.window0, high),
            unit=unit,
            in_or_out="included" if holds else "excluded",
        )

    def expected(self) -> Phrase:
        """Say what the close of day 0 would have been."""
        return say(
            "Expected close: {price} USD/bbl ({level} band: {low} to {high}).",
            price=self.desk.price("whatif", self.day0, "expected_price"),
            level=self.desk.confidence(ALPHA),
            low=self.desk.price("whatif", self.day0, "low"),
            high=self.desk.price("whatif", self.day0, "high"),
        )

    def level(self) -> Phrase | None:
        """Say whether the event took the price above the level nearest to it."""
        level = self._nearest_level()
        return None if level is None else joined(self._chance(level), self._when(level))

    def _nearest_level(self) -> LevelFacts | None:
        """Return the level nearest to the close of day 0; None where none is near."""
        level, price = nearest_level(self.facts), self.facts.price
        if level is None or price <= 0 or abs(level.level / price - 1) >= NEAR:
            return None
        return level

    def _chance(self, level: LevelFacts) -> Phrase:
        return say(
            "Probability of a close above {level}: {p}; actual close: {close}.",
            level=dollars(level.level),
            p=self.desk.probability("whatif", self.day0, level_column(level.level)),
            close=self.desk.price("whatif", self.day0, "price"),
        )

    def _when(self, level: LevelFacts) -> Phrase | None:
        sessions, position = self.estimates.market.sessions, self.facts.position
        name, parts = dollars(level.level), []
        crossing = level.before
        if crossing is not None and position - crossing.session <= RECENT:
            date = day(sessions[crossing.session])
            parts.append(f"{SIDES[crossing.side]} {name} on {date}, before the event")
        if level.after is not None:
            date = day(sessions[position + level.after])
            parts.append(
                f"{SIDES[level.side_after]} it on {date}"
                if parts
                else f"first {SIDES[level.side_after]} {name} on {date}"
            )
        elif not level.was_above:
            parts.append("did not close above it" if parts else f"did not close above {name}")
            parts[-1] += " in the event window"
        return Phrase(f"The price {', and '.join(parts)}.") if parts else None


def _capital(phrase: Phrase) -> Phrase:
    return Phrase(phrase.text[0].upper() + phrase.text[1:], phrase.figures)
