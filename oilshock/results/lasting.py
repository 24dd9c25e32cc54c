"""How long moves lasted, how big they are in history, and how volatile prices were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from oilshock.errors import ConfigError, Problem, nearest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

from oilshock.results.comparing import ComparedResult


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
        from oilshock.charts.units import unit_of

        config, frame = self.estimates.config, self.estimates.beyond.dynamics
        known = list(dict.fromkeys(frame["group"]))
        if group not in known:
            fix = nearest(group, known) or f"Classes: {', '.join(known)}."
            raise ConfigError(Problem("group", f'"{group}" has no response.', fix=fix))
        return plot_response(
            frame[frame["group"] == group],
            alpha=config.inference.alpha,
            return_unit=unit_of(config.returns.kind),
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
        from oilshock.charts.units import unit_of

        beyond, config = self.estimates.beyond, self.estimates.config
        return plot_paths(
            beyond.paths_frame,
            lead=int(beyond.events["number"].iloc[self._row(event_id)]),
            alpha=config.inference.alpha,
            return_unit=unit_of(config.returns.kind),
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
