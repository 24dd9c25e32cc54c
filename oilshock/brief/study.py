"""The brief of a study: one event in depth, and how many stand out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from oilshock.brief.desk import Desk
from oilshock.brief.event import ALPHA, EventBrief, quoted
from oilshock.brief.event_after import EventAfterBrief
from oilshock.brief.record import Brief, Phrase, paragraph, say
from oilshock.conclusion import FEW_EVENTS
from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.lead import clearest_event, clearness, has_severity, lead_event
from oilshock.narrative import series_label
from oilshock.quality import DOUBTED_DATES
from oilshock.words import cut, day, dollars, weekday

MOST = 1500
"""Characters of half a page."""

MOST_LEVELS = 3
"""Levels told of a study of many events."""

MOST_NAMED = 2
"""Events named as those that stand out."""

KEPT = "status == 'ok'"


def brief_of(estimates: StudyEstimates, facts: Sequence[EventFacts]) -> Brief:
    """Write the brief of a study.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.
    facts : sequence of EventFacts
        The kept events.

    Returns
    -------
    Brief
        Up to 12 events: the most severe one in depth, which looks at no result, or the clearest
        where none has a severity; and how many stand out. More: how many stand out, which, and
        the clearest of them.
    """
    return StudyBrief(estimates, facts).build()


def settings_of(estimates: StudyEstimates) -> pd.DataFrame:
    """Return the settings that a brief names, as one row."""
    return pd.DataFrame({ALPHA: [estimates.config.inference.alpha]})


def placebos_of(estimates: StudyEstimates) -> pd.DataFrame:
    """Return how many ordinary sessions each event was rated among; empty without placebos."""
    if estimates.placebos is None:
        return pd.DataFrame({"event_id": [], "n_placebos": []})
    return pd.DataFrame({"event_id": estimates.ids, "n_placebos": estimates.placebos.n_placebos()})


def desk_of(estimates: StudyEstimates) -> Desk:
    """Return the tables that the brief of a study draws on."""
    return Desk(
        {
            "settings": lambda: settings_of(estimates),
            "events": lambda: estimates.ledger,
            "abnormal_returns": lambda: estimates.abnormal_returns,
            "car": lambda: estimates.car,
            "event_tests": lambda: estimates.event_tests,
            "whatif": lambda: estimates.whatif,
            "levels": lambda: estimates.levels,
            "history": lambda: estimates.beyond.history,
            "placebo": lambda: placebos_of(estimates),
            "confounders": lambda: estimates.neighbours,
            "signed_average": lambda: estimates.signed_average,
        }
    )


class StudyBrief:
    """The paragraphs on a study."""

    def __init__(self, estimates: StudyEstimates, facts: Sequence[EventFacts]) -> None:
        self.estimates, self.facts, self.desk = estimates, facts, desk_of(estimates)
        self.is_large = len(facts) > FEW_EVENTS
        lead = clearest_event(facts) if self.is_large else lead_event(facts)
        self.lead = EventBrief(estimates, lead, desk=self.desk)
        self.after = EventAfterBrief(estimates, lead, desk=self.desk)
        self.label = cut(series_label(estimates), 40)

    def build(self) -> Brief:
        """Put the paragraphs together."""
        lead, after = self.lead, self.after
        told = [
            paragraph("What happened", lead.prices(), lead.abnormal()),
            paragraph("How sure", lead.chance(), lead.interval()),
            paragraph("Without the event", lead.level(), lead.expected()),
        ]
        if self.is_large:
            parts = [
                paragraph("", self._found()),
                paragraph("Clearest", self._headline()),
                *told,
                paragraph("Levels", *self._levels()),
                paragraph("On average", self._average()),
                paragraph(
                    "Caveats",
                    self._dates(),
                    after.rough(),
                    self._too_often(),
                    self._shared(),
                    self._left_out(),
                ),
            ]
        else:
            mind = (
                self._dates(),
                after.rough(),
                self._too_often(),
                after.others(),
                after.outside(),
                after.clock(),
                self._left_out(),
            )
            kept = self.desk.count("events", KEPT)
            all_events = (self._found(), self._reached()) if len(self.facts) > 1 else ()
            parts = [
                paragraph("", self._headline()),
                *told,
                paragraph("Did it last", after.first_days(kept), after.at_the_end()),
                paragraph("All events", *all_events),
                paragraph("Caveats", *mind),
            ]
        parts.append(paragraph("Source", self._source()))
        whole = Brief(
            title=cut(self.estimates.config.title, 100),
            paragraphs=tuple(part for part in parts if part.sentences),
        )
        return whole.within(MOST)

    def _headline(self) -> Phrase:
        facts = self.lead.facts
        return say(
            "{label} {move} on {date}, the first session that could react to {title}{dated}"
            "{why}: {verdict}.",
            why=self._why(),
            label=self.label,
            move=self.lead.move(),
            date=weekday(facts.session),
            title=quoted(facts.title),
            dated=self.lead.dated(),
            verdict=self.lead.verdict(self.desk.count("events", KEPT)),
        )

    def _why(self) -> Phrase:
        """Say that an event was picked for its p value, where it was."""
        if self.is_large or len(self.facts) == 1 or has_severity(self.facts):
            return Phrase("")
        return say(", the clearest of {n} events", n=self.desk.count("events", KEPT))

    def _reached(self) -> Phrase | None:
        """Count the events that found the price above each level, and those on whose day 0 it was.

        The close before is in the tables only where the event window begins before day 0.
        """
        levels = self.estimates.config.levels.unique[:MOST_LEVELS]
        if not levels or self.desk.rows("abnormal_returns", "relative_day == -1").empty:
            return None
        told = [self._above(level) for level in levels]
        return Phrase(
            f"Closes above {'; '.join(phrase.text for phrase in told)}.",
            tuple(figure for phrase in told for figure in phrase.figures),
        )

    def _above(self, level: float) -> Phrase:
        before = f"relative_day == -1 and price > {level!r}"
        then = f"relative_day == 0 and price > {level!r}"
        return say(
            "{level}: {before} before, {then} on the day",
            level=dollars(level),
            before=self.desk.count("abnormal_returns", before),
            then=self.desk.count("abnormal_returns", then),
        )

    def _found(self) -> Phrase:
        """Count the events that stand out, and name those that survive the adjustment."""
        table, base, p_below = self._day0_p()
        alpha = self.estimates.config.inference.alpha
        rows = f"{base} and {p_below}"
        n_rated = self.desk.count(table, f"{base} and p_value == p_value")
        found = self.desk.count(table, rows)
        if found.figures[0].value == 0:
            return say(
                "None of {n} events had an abnormal first session at the {level} level.",
                n=n_rated,
                level=self.desk.level(ALPHA),
            )
        words = say(
            "{found} of {n} events had an abnormal first session at the {level} level; chance "
            "alone gives about {chance}",
            found=found,
            n=n_rated,
            level=self.desk.level(ALPHA),
            chance=self.desk.by_chance(table, f"{base} and p_value == p_value", alpha=alpha),
        )
        if self.estimates.config.inference.adjust == "none" or table != "car":
            return say("{words}. P values are not adjusted for the number of events.", words=words)
        still = self.desk.count(table, f"{base} and p_adjusted < {alpha!r}")
        if still.figures[0].value == 0:
            return say("{words}; none still does after adjustment for their number.", words=words)
        return say(
            "{words}; {n} still {does} after adjustment for their number{named}.",
            words=words,
            n=still,
            does="does" if still.figures[0].value == 1 else "do",
            named=self._named(),
        )

    def _day0_p(self) -> tuple[str, str, str]:
        """Return the table with the p values of day 0, its rows, and the test of being found."""
        alpha = self.estimates.config.inference.alpha
        window = "start == 0 and end == 0"
        below = f"p_value < {alpha!r}"
        if (0, 0) in self.estimates.config.windows.car_windows:
            calibrated = f"p_calibrated < {alpha!r}"
            neither = "p_calibrated != p_calibrated"
            return "car", window, f"({calibrated} or ({neither} and {below}))"
        if "placebo" in self.estimates.config.inference.tests:
            return "event_tests", f"{window} and test == 'placebo'", below
        return "abnormal_returns", "relative_day == 0", below

    def _named(self) -> Phrase:
        """Name the events that survive and are not told in depth, the clearest first."""
        lead = self.lead.facts.number
        survivors = sorted(
            (event for event in self.facts if event.day0.verdict.survives and event.number != lead),
            key=clearness,
        )
        named = [
            say(
                "{title} ({date}, {move})",
                title=quoted(event.title),
                date=day(event.session),
                move=EventBrief(self.estimates, event, desk=self.desk).move(),
            )
            for event in survivors[:MOST_NAMED]
        ]
        if not named:
            return Phrase("")
        more = "" if len(survivors) <= MOST_NAMED else " and others"
        return Phrase(
            f", among them {'; '.join(phrase.text for phrase in named)}{more}",
            tuple(figure for phrase in named for figure in phrase.figures),
        )

    def _average(self) -> Phrase:
        """Give the average in the direction expected; nothing where fewer than two have one."""
        row = "relative_day == 0"
        if not self.desk.holds("signed_average", row, "aar_std_error"):
            return Phrase("")
        is_difference = self.lead.is_difference
        write = self.desk.usd if is_difference else self.desk.per_cent
        size = self.desk.usd_size if is_difference else self.desk.per_cent_size
        return say(
            "In the direction expected beforehand, the abnormal return of the first session is "
            "{aar}{unit} (mean of {n} events, standard error {error}{unit}).",
            aar=write("signed_average", row, "aar"),
            n=self.desk.whole("signed_average", row, "n_events"),
            unit=" USD/bbl" if is_difference else "",
            error=size("signed_average", row, "aar_std_error"),
        )

    def _levels(self) -> list[Phrase]:
        """Say when the price first rose above each level since the first event, for how long."""
        first = min(event.session for event in self.facts)
        phrases = []
        for level in self.estimates.config.levels.unique[:MOST_LEVELS]:
            episodes = self.desk.rows("levels", f"level == {level!r}")
            later = episodes[episodes["first_session"] >= first]
            if later.empty:
                continue
            start = later["first_session"].iloc[0]
            # Not ==: a query takes a text for a text, and finds no date that equals it.
            stamp = f"'{start:%Y-%m-%d}'"
            row = f"level == {level!r} and {stamp} <= first_session <= {stamp}"
            phrases.append(
                say(
                    "First above {level} on {start}, for {n}{open}.",
                    level=dollars(level),
                    start=day(start),
                    n=self._sessions(row),
                    open=" so far" if pd.isna(later["last_session"].iloc[0]) else "",
                )
            )
        return phrases

    def _sessions(self, row: str) -> Phrase:
        n = self.desk.whole("levels", row, "sessions_above")
        return say("{n} session{s}", n=n, s="" if n.text == "1" else "s")

    def _shared(self) -> Phrase:
        """Say how many event windows share sessions."""
        n = self.desk.count("events", f"{KEPT} and overlaps != ''")
        if n.figures[0].value == 0:
            return Phrase("")
        return say(
            "{n} of {of} event windows share sessions with another; those effects cannot be told "
            "apart.",
            n=n,
            of=self.desk.count("events", KEPT),
        )

    def _too_often(self) -> Phrase | None:
        """Warn where calibrated p values of some window find effects too often on this series."""
        if not self.estimates.oversized.empty:
            return Phrase(
                "Over some windows the calibrated p value finds effects too often on this series: "
                "read it as larger than it looks (see the report)."
            )
        if not self.estimates.guarded.empty:
            return Phrase(
                "Over some windows no calibrated p value is smaller than the t test's: the "
                "placebo law alone finds effects too often on this series (see the report)."
            )
        return None

    def _dates(self) -> Phrase | None:
        """Warn where dates of the prices are likely wrong."""
        kinds = {finding.kind for finding in self.estimates.market.series.findings}
        if kinds.isdisjoint(DOUBTED_DATES):
            return None
        return Phrase("Some dates of the price file look wrong: the report says which.")

    def _left_out(self) -> Phrase | None:
        """Count the events that could not be studied."""
        n = self.desk.count("events", "status == 'left_out'")
        if n.figures[0].value == 0:
            return None
        noun = "event was" if n.figures[0].value == 1 else "events were"
        return say("{n} {noun} left out; events.csv says why.", n=n, noun=noun)

    def _source(self) -> Phrase:
        series = self.estimates.market.series
        publisher = cut(series.provenance.get("publisher", ""), 50)
        is_spot = series.provenance.get("kind") == "spot"
        spot = "; spot, not futures" if is_spot else ""
        return Phrase(
            f"oilshock event study of {self.label}{f' ({publisher})' if publisher else ''} to "
            f"{day(self.estimates.market.sessions[-1])}{spot}. No proof of cause, no forecast."
        )
