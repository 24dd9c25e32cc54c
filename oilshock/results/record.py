"""What a study gives: its tables and windows. Methods only delegate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from oilshock.beyond.view import TABLES as FURTHER_TABLES
from oilshock.errors import ConfigError, Problem, nearest
from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts, gather
from oilshock.market import Factor
from oilshock.results.what_if import WhatIfResult
from oilshock.tables import DECOMPOSITION_TABLES, EXTRA_TABLES, OVERLAP_TABLES, TABLES
from oilshock.typing import Window
from oilshock.words import window_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from oilshock.charts.units import ReturnUnit
    from oilshock.results.study import StudyResult


@dataclass(frozen=True, eq=False, repr=False)
class ResultRecord:
    """The tables of a finished study.

    Parameters
    ----------
    estimates : StudyEstimates
        All numbers.
    factors : mapping of str to Factor
        Factors of the model.
    compared : mapping of str to StudyResult
        The same study on other series.
    """

    estimates: StudyEstimates
    factors: Mapping[str, Factor]
    compared: Mapping[str, StudyResult]

    def __repr__(self) -> str:
        kept, total = len(self.estimates.kept), len(self.estimates.ledger)
        return f"StudyResult({self.estimates.market.series.name}, {kept} of {total} events)"

    @cached_property
    def facts(self) -> tuple[EventFacts, ...]:
        """What the text of a report knows of each event."""
        return gather(self.estimates)

    @property
    def compared_estimates(self) -> dict[str, StudyEstimates]:
        """The numbers of the same study on the other series."""
        return {name: other.estimates for name, other in self.compared.items()}

    @property
    def events(self) -> pd.DataFrame:
        """The ledger: every event, kept, moved or left out, and why."""
        return self.table("events")

    @property
    def abnormal_returns(self) -> pd.DataFrame:
        """Abnormal returns, one row per event, one column per relative day."""
        w0, w1 = self.estimates.abnormal.window
        return pd.DataFrame(
            self.estimates.abnormal.ar.copy(),
            index=pd.Index(self.estimates.ids, name="event_id"),
            columns=pd.RangeIndex(w0, w1 + 1, name="relative_day"),
        )

    def table(self, name: str) -> pd.DataFrame:
        """Return one of the tables that a run writes, as a fresh frame.

        Parameters
        ----------
        name : str
            One of `events`, `abnormal_returns`, `car`, `average`, `tests`, `event_tests`,
            `whatif`, `levels`, `comparison`, `diagnostics`, `dynamics`, `dynamics_shapes`,
            `dynamics_events`, `surges`, `history`, `volatility`; also, whether the config asks
            for them or not, `joint`, `episodes`, `decomposition`, `counterfactual`, `accounted`.

        Returns
        -------
        DataFrame
            The columns of the CSV file of that name.

        Raises
        ------
        ConfigError
            When there is no table of that name.
        """
        own = (*TABLES, *EXTRA_TABLES, *OVERLAP_TABLES, *DECOMPOSITION_TABLES)
        tables = (*own, *FURTHER_TABLES)
        if name not in tables:
            fix = f"{nearest(name, tables)} Tables: {', '.join(tables)}.".strip()
            raise ConfigError(Problem("table", f'"{name}" is not a table.', fix=fix))
        if name in FURTHER_TABLES:
            return self.estimates.beyond.table(name).copy()
        source = "ledger" if name == "events" else name
        frame: pd.DataFrame = getattr(self.estimates, source)
        return frame.copy()

    def car(self, start: int, end: int) -> pd.DataFrame:
        """Cumulate abnormal returns over any window inside the event window.

        Parameters
        ----------
        start, end : int
            First and last relative day.

        Returns
        -------
        DataFrame
            One row per event, the columns of `car.csv`; p values are adjusted over its rows.

        Raises
        ------
        ConfigError
            When the window does not lie inside the event window.
        """
        return self.estimates.car_of(self._checked(start, end))

    def bhar(self, start: int, end: int) -> pd.Series[float]:
        """Compute buy-and-hold abnormal returns (BHAR).

        Parameters
        ----------
        start, end : int
            First and last relative day.

        Returns
        -------
        Series
            Simple returns, one per event; NaN for difference returns.
        """
        values = self.estimates.bhar_of(self._checked(start, end))
        return pd.Series(values, index=pd.Index(self.estimates.ids, name="event_id"), name="bhar")

    def to_frame(self) -> pd.DataFrame:
        """Return the CARs beside the events, tidy.

        Returns
        -------
        DataFrame
            One row per event and CAR window.
        """
        about = self.estimates.kept_events[["id", "title", "category", "direction"]]
        sessions = self.estimates.ledger[["event_id", "session"]]
        left = about.rename(columns={"id": "event_id"}).merge(sessions, on="event_id")
        return left.merge(self.estimates.car, on="event_id", sort=False)

    def what_if(self, event_id: str, *, level: float | None = None) -> WhatIfResult:
        """Return the price path without an event.

        Parameters
        ----------
        event_id : str
            Id of a kept event.
        level : float, optional
            A price level, USD/bbl; default: the levels of the study.

        Returns
        -------
        WhatIfResult
            The path, its band, and the probability of being above each level.

        Raises
        ------
        ConfigError
            When the event is not among those estimated, or the level is not above 0.
        """
        row = self._row(event_id)
        if level is not None and not (
            isinstance(level, int | float | np.number) and 0 < level < math.inf
        ):
            raise ConfigError(
                Problem("level", f"{level!r} is not a number above 0.", fix="Use one like 90.")
            )
        levels = self.estimates.config.levels.unique if level is None else (float(level),)
        frame = self.estimates.what_if_frame(self.estimates.what_if(levels), levels)
        return WhatIfResult(
            frame=frame[frame["event_id"] == event_id].reset_index(drop=True),
            levels=levels,
            title=self.facts[row].title,
            confidence=1.0 - self.estimates.config.inference.alpha,
        )

    def plot(self, *, start: int = 0, end: int = 0, ax: Axes | None = None) -> Axes:
        """Draw all events' CAR over a window, sorted, with intervals.

        Parameters
        ----------
        start, end : int, default 0
            The window; default: day 0.
        ax : Axes, optional
            Where to draw; a new figure if not given.

        Returns
        -------
        Axes
            The Axes drawn on.
        """
        from oilshock.charts import plot_car_forest

        frame = self.estimates.forest_frame(self._checked(start, end))
        return plot_car_forest(
            frame,
            window=window_text(start, end),
            alpha=self.estimates.config.inference.alpha,
            p=self.estimates.forest_p,
            return_unit=self._return_unit,
            ax=ax,
        )

    def plot_prices(self, *, before: int = 20, after: int = 20, ax: Axes | None = None) -> Axes:
        """Draw the price with all events, numbered as in the summary, and the levels of the study.

        Parameters
        ----------
        before, after : int, default 20
            Sessions shown before the first event and after the last.
        ax : Axes, optional
            Where to draw; a new figure if not given.

        Returns
        -------
        Axes
            The Axes drawn on.
        """
        from oilshock.charts import plot_price

        market, position = self.estimates.market, self.estimates.position
        first = max(int(position.min()) - before, 0)
        shown = slice(first, int(position.max()) + after + 1)
        events = self.estimates.kept_events[["number", "title", "direction"]]
        return plot_price(
            pd.Series(market.prices, index=market.sessions).iloc[shown],
            events.assign(session=market.sessions[position]),
            levels=self.estimates.config.levels.unique,
            ax=ax,
        )

    def plot_event(self, event_id: str, *, ax: Axes | None = None) -> Axes:
        """Draw the CAR of one event with its band, from the first day of its window.

        Parameters
        ----------
        event_id : str
            Id of a kept event.
        ax : Axes, optional
            Where to draw; a new figure if not given.

        Returns
        -------
        Axes
            The Axes drawn on.
        """
        from oilshock.charts import plot_car

        return plot_car(
            self.estimates.car_path_frame(self._row(event_id)),
            alpha=self.estimates.config.inference.alpha,
            return_unit=self._return_unit,
            ax=ax,
        )

    @property
    def _return_unit(self) -> ReturnUnit:
        from oilshock.charts.units import unit_of

        return unit_of(self.estimates.config.returns.kind)

    def _checked(self, start: int, end: int) -> Window:
        w0, w1 = self.estimates.abnormal.window
        days = isinstance(start, int | np.integer) and isinstance(end, int | np.integer)
        if not (days and w0 <= start <= end <= w1):
            raise ConfigError(
                Problem(
                    "window",
                    f"[{start}, {end}] is not a window inside the event window [{w0}, {w1}].",
                    fix="Choose days inside it, or widen the event window.",
                )
            )
        return int(start), int(end)

    def _row(self, event_id: str) -> int:
        ids = self.estimates.ids
        if event_id in ids:
            return ids.index(event_id)
        left_out = self.estimates.ledger.set_index("event_id")["reason"]
        if event_id in left_out.index:
            message = f'"{event_id}" was left out: {left_out[event_id]}.'
            raise ConfigError(Problem("event_id", message, fix="Choose a kept event."))
        message = f'"{event_id}" is not in the study.'
        raise ConfigError(
            Problem("event_id", message, fix=nearest(event_id, ids) or "See `result.events`.")
        )
