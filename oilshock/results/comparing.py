"""What moves the price more: groups, attributes and directions compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from oilshock.comparison import comparison_frame, members
from oilshock.errors import ConfigError, Problem, check_known, nearest_or_all
from oilshock.options import Alternative, RegressionWeights
from oilshock.results.rated import RatedResult
from oilshock.words import window_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False, repr=False)
class ComparedResult(RatedResult):
    """A finished study with its comparisons."""

    def compare(self, start: int, end: int) -> pd.DataFrame:
        """Compare the moves with the directions expected before the price moved.

        Tightening against easing in absolute size, the average CAR in the direction expected,
        and the share of events that moved that way.

        Parameters
        ----------
        start, end : int
            First and last relative day.

        Returns
        -------
        DataFrame
            Three rows with the columns of `comparison.csv`, and `null`.
        """
        return comparison_frame(self.estimates.directions_of(self._checked(start, end)))

    def regress(
        self,
        attributes: Sequence[str],
        start: int,
        end: int,
        *,
        weights: RegressionWeights | None = None,
    ) -> pd.DataFrame:
        """Regress the CARs of a window on attributes of the events.

        Parameters
        ----------
        attributes : sequence of str
            Event columns; those that are no numbers become dummies against their largest level.
        start, end : int
            First and last relative day.
        weights : {"equal", "inverse-variance"}, optional
            Weights of the events; default: those of the study.

        Returns
        -------
        DataFrame
            A row per term with the columns of `comparison.csv`, and `null`. Levels and columns
            that cannot be told apart are rows with a reason.

        Raises
        ------
        ConfigError
            When the window or a column is not there.
        """
        window = self._checked(start, end)
        for name in attributes:
            self._checked_column(name)
        rows = self.estimates.regression_of(window, attributes=attributes, weights=weights)
        return comparison_frame(rows)

    def contrast(
        self,
        first: str,
        second: str,
        start: int,
        end: int,
        *,
        alternative: Alternative | None = None,
    ) -> pd.DataFrame:
        """Compare the mean CARs of two groups by permutation.

        Parameters
        ----------
        first, second : str
            Groups, such as `category=conflict` and `category=sanctions`.
        start, end : int
            First and last relative day.
        alternative : {"two-sided", "greater", "less"}, optional
            Default: that of the study.

        Returns
        -------
        DataFrame
            One row with the columns of `comparison.csv`, and `null`; first less second.

        Raises
        ------
        ConfigError
            When the window is not there, or a group has no event.
        """
        window = self._checked(start, end)
        for group in (first, second):
            self._checked_group(group)
        row = self.estimates.contrast_of(
            window, first=first, second=second, alternative=alternative
        )
        return comparison_frame([row])

    def plot_regression(
        self, attributes: Sequence[str], start: int, end: int, *, ax: Axes | None = None
    ) -> Axes:
        """Draw the coefficients of `regress`, with intervals.

        Parameters
        ----------
        attributes : sequence of str
            Event columns.
        start, end : int
            First and last relative day.
        ax : Axes, optional
            Where to draw; a new figure if not given.

        Returns
        -------
        Axes
            The Axes drawn on.
        """
        from oilshock.charts import plot_coefficients

        return plot_coefficients(
            self.regress(attributes, start, end),
            window=window_text(start, end),
            alpha=self.estimates.config.inference.alpha,
            return_unit=self._return_unit,
            ax=ax,
        )

    def _checked_column(self, name: str) -> None:
        columns = [column for column in self.estimates.kept_events.columns if column != "number"]
        check_known(
            name, columns, where="column", otherwise="is no column of the events", label="Columns"
        )

    def _checked_group(self, group: str) -> None:
        column, _, _ = group.partition("=")
        self._checked_column(column)
        events = self.estimates.kept_events
        if not members(events, group).any():
            groups = [f"{column}={value}" for value in events[column].astype("string").unique()]
            fix = nearest_or_all(group, groups, label="Groups")
            raise ConfigError(Problem("group", f'"{group}" has no event.', fix=fix))
