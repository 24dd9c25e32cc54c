"""The next hour: an event that has no price yet, seen through those that came before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from oilshock.beyond.kinds import AftermathView, look_back
from oilshock.brief import Brief
from oilshock.brief.ahead import brief_ahead
from oilshock.charts import aftermath_figure
from oilshock.charts.units import ReturnUnit, unit_of
from oilshock.clock_words import clock_words
from oilshock.errors import ConfigError, Problem
from oilshock.models import build_design
from oilshock.notebook import table_html
from oilshock.plan import Plan, known_events
from oilshock.report.aftermath import NOTE, sentences
from oilshock.report.artist import source_of
from oilshock.words import count, day, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STALE_DAYS = 4
"""Calendar days between the last price and an event that a weekend and a holiday explain."""


@dataclass(frozen=True, eq=False, repr=False)
class AftermathResult:
    """What followed earlier events of the kind of one that has no price yet.

    Parameters
    ----------
    plan : Plan
        The study that cannot be estimated yet.
    event : Series
        The event.
    view : AftermathView
        What followed events of its kind.
    """

    plan: Plan
    event: pd.Series
    view: AftermathView

    def __repr__(self) -> str:
        return f"AftermathResult({self.view.kind}, {self.view.n_events} sessions)"

    @property
    def return_unit(self) -> ReturnUnit:
        """The unit of moves in a chart."""
        return unit_of(self.plan.config.returns.kind)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to mind: few events, old prices."""
        stale = self._stale_days
        old = (
            f"The last price is {stale} days older than the event: what came between is not known. "
            "Use newer prices where there are any.",
        )
        return (*self.view.warnings, *(old if stale > STALE_DAYS else ()))

    @property
    def _stale_days(self) -> int:
        return int((pd.Timestamp(self.event["date"]) - self.view.as_of).days)

    @property
    def answer(self) -> tuple[str, ...]:
        """The answer in sentences."""
        opening = (
            f"{self.event['title']} ({self._dated}) comes after the last session, "
            f"{day(self.view.as_of)} at {number(self.view.moment.price)} USD/bbl: there is no "
            "price for it yet. "
        )
        if self.view.n_events:
            known = count(self.view.n_events, "session")
            opening += f"This is what followed {known} with a known event of its kind: "
        else:
            opening += "No event of its kind is known: "
        return (f"{opening}{self.view.kind}.", *sentences(self.view))

    def brief(self) -> Brief:
        """Write the answer as half a page of text, to paste into a message.

        Returns
        -------
        Brief
            Prints as plain text; `trace` says which table cell each number comes from.
        """
        return brief_ahead(
            self.view,
            title=str(self.event["title"]),
            dated=self._dated,
            label=self.plan.market.series.label,
            is_stale=self._stale_days > STALE_DAYS,
        )

    @property
    def _dated(self) -> str:
        """Date and time of the event in words."""
        date, timezone = pd.Timestamp(self.event["date"]), self.plan.market.series.timezone
        time = clock_words(date.date(), str(self.event["time"]), timezone=timezone)
        return ", ".join(filter(None, [day(date), time]))

    @property
    def note(self) -> str:
        """How the figures were made."""
        return NOTE

    def to_frame(self) -> pd.DataFrame:
        """Return the quantiles as a fresh frame, a row for each number of sessions and sample."""
        return self.view.frame.copy()

    def moves(self) -> pd.DataFrame:
        """Return the move after each earlier event as a fresh frame."""
        return self.view.moves.copy()

    def figure(self) -> Figure:
        """Draw what followed, with headline, key and source line."""
        return aftermath_figure(
            self.view.frame,
            self.view.moves,
            title=f"What followed earlier events: {self.view.kind}",
            return_unit=self.return_unit,
            source=source_of(self.plan.market),
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw what followed."""
        from oilshock.charts import plot_aftermath

        return plot_aftermath(self.view.frame, self.view.moves, return_unit=self.return_unit, ax=ax)

    def _repr_html_(self) -> str:
        dollars = [name for name in self.view.frame if str(name).startswith("usd_")]
        return table_html(
            self.view.frame.drop(columns=dollars), notes=[*self.answer, *self.warnings]
        )


def is_ahead(plan: Plan) -> bool:
    """Say whether every event comes after the last session."""
    return bool((plan.alignment.position == len(plan.market.sessions)).all())


def look_back_from(plan: Plan) -> AftermathResult:
    """Look back from the last close at events of the kind of the first one without a price.

    Parameters
    ----------
    plan : Plan
        A study with an event after the last session.

    Returns
    -------
    AftermathResult
        Distributions of the moves that followed.

    Raises
    ------
    ConfigError
        When no event comes after the last session.
    """
    ahead = plan.alignment.position == len(plan.market.sessions)
    if not ahead.any():
        last = f"{plan.market.sessions[-1]:%Y-%m-%d}"
        raise ConfigError(
            Problem(
                "events",
                f"no event comes after the last session, {last}.",
                fix="Study it with `fit()`, which has prices for it.",
            )
        )
    event = plan.events.to_frame().iloc[int(ahead.argmax())]
    config, market = plan.config, plan.market
    view = look_back(
        config,
        market,
        design=build_design(config.model.kind, factors=market.factors, names=market.factor_names),
        known=known_events(plan),
        position=len(market.sessions),
        category=str(event["category"] or ""),
        direction=str(event["direction"] or ""),
    )
    return AftermathResult(plan=plan, event=event, view=view)
