"""How long moves lasted, how big they are in history, and how volatile prices were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from oilshock.errors import check_known
from oilshock.results.comparing import ComparedResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False, repr=False)
class LastingResult(ComparedResult):
    """A finished study with what lies beyond its windows."""

    def dynamics(self) -> pd.DataFrame:
        """Project the cumulated return on the events of each class (Jorda 2005).

        Returns
        -------
        DataFrame
            A row for each class and horizon: response, standard error, interval and sup-t band.
        """
        return self.estimates.beyond.dynamics.copy()

    def dynamics_shapes(self) -> pd.DataFrame:
        """Measure peak, half-life and share given back of each class.

        Returns
        -------
        DataFrame
            A row for each class, with intervals from the stationary bootstrap.
        """
        return self.estimates.beyond.dynamics_shapes.copy()

    def dynamics_events(self) -> pd.DataFrame:
        """Measure peak, half-life and share given back of each event, and test for a reversal.

        Returns
        -------
        DataFrame
            A row for each event; `reason` says what is not defined, and why.
        """
        return self.estimates.beyond.dynamics_events.copy()

    def plot_dynamics(self, group: str = "signed", *, ax: Axes | None = None) -> Axes:
        """Draw the average response of a class of events.

        Parameters
        ----------
        group : str, default "signed"
            A class of `dynamics`, such as `direction=+`.
        ax : Axes, optional
            Where to draw; a new figure if not given.

        Returns
        -------
        Axes
            The Axes drawn on.

        Raises
        ------
        ConfigError
            When there is no such class.
        """
        from oilshock.charts import plot_response

        frame = self.estimates.beyond.dynamics
        known = list(dict.fromkeys(frame["group"]))
        check_known(group, known, where="group", otherwise="has no response", label="Classes")
        return plot_response(
            frame[frame["group"] == group],
            alpha=self.estimates.config.inference.alpha,
            return_unit=self._return_unit,
            ax=ax,
        )

    def plot_path(self, event_id: str, *, ax: Axes | None = None) -> Axes:
        """Draw the CAR of one event from day 0 on, among those of the others.

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
        from oilshock.charts import plot_paths

        beyond = self.estimates.beyond
        return plot_paths(
            beyond.paths_frame,
            lead=int(beyond.events["number"].iloc[self._row(event_id)]),
            alpha=self.estimates.config.inference.alpha,
            return_unit=self._return_unit,
            ax=ax,
        )

    def history(self) -> pd.DataFrame:
        """Rank the one-day move of each event among all sessions and events of its category.

        Returns
        -------
        DataFrame
            A row for each event and measure: per cent, USD and scaled for volatility.
        """
        return self.estimates.beyond.history.copy()

    def volatility(self) -> pd.DataFrame:
        """Compare the volatility round each event with its forecast.

        Returns
        -------
        DataFrame
            A row for each event, window and measure, with a calibrated p value.
        """
        return self.estimates.beyond.volatility.copy()

    def aftermath(self, event_id: str) -> pd.DataFrame:
        """Describe what followed other events of the kind of an event.

        Parameters
        ----------
        event_id : str
            Id of a kept event.

        Returns
        -------
        DataFrame
            Quantiles of the moves after such events and of ordinary sessions.
        """
        return self.estimates.beyond.aftermath(self._row(event_id)).frame
