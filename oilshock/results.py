"""What a study gives: tables, and views on them. Methods only delegate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from oilshock.calibration import Calibration
from oilshock.comparison import comparison_frame, members
from oilshock.errors import ConfigError, OutputError, Problem, nearest
from oilshock.estimates import StudyEstimates
from oilshock.event_tests import EVENT_TESTS, bootstrap_frame, event_tests_frame
from oilshock.facts import EventFacts, gather
from oilshock.market import Factor
from oilshock.narrative import answer
from oilshock.options import (
    ALTERNATIVES,
    Alternative,
    JointCovariance,
    JointDummies,
    RegressionWeights,
)
from oilshock.storage import write_file
from oilshock.summary import Summary, summary_frame
from oilshock.tables import DECOMPOSITION_TABLES, EXTRA_TABLES, OVERLAP_TABLES, TABLES
from oilshock.typing import Progress, Window, silent
from oilshock.what_moved import WhatMoved
from oilshock.words import window_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from oilshock.inference.curve import SpecificationCurve
    from oilshock.power import PowerResult
    from oilshock.scan import ScanResult


@dataclass(frozen=True, eq=False)
class WhatIfResult:
    """The price path without one event.

    Parameters
    ----------
    frame : DataFrame
        Rows of `whatif.csv` of the event.
    levels : tuple of float
        Price levels, USD/bbl.
    title : str
        Title of the event.
    confidence : float
        What the band covers.
    """

    frame: pd.DataFrame = field(repr=False)
    levels: tuple[float, ...]
    title: str
    confidence: float

    def to_frame(self) -> pd.DataFrame:
        """Return the path as a fresh frame."""
        return self.frame.copy()

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the path against the actual price."""
        from oilshock.charts import plot_what_if

        return plot_what_if(self.frame, levels=self.levels, confidence=self.confidence, ax=ax)

    def _repr_html_(self) -> str:
        return self.frame.to_html(index=False)


@dataclass(frozen=True, eq=False, repr=False)
class StudyResult:
    """A finished study.

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

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

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
            `whatif`, `levels`, `comparison`, `diagnostics`; also `joint` and `episodes`.

        Returns
        -------
        DataFrame
            The columns of the CSV file of that name.

        Raises
        ------
        ConfigError
            When there is no table of that name.
        """
        tables = (*TABLES, *EXTRA_TABLES, *OVERLAP_TABLES, *DECOMPOSITION_TABLES)
        if name not in tables:
            fix = nearest(name, tables) or f"Tables: {', '.join(tables)}."
            raise ConfigError(Problem("table", f'"{name}" is not a table.', fix=fix))
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

    @property
    def episodes(self) -> pd.DataFrame:
        """Events that belong together, and the sessions that events share."""
        return self.table("episodes")

    def joint(
        self, dummies: JointDummies = "day", *, covariance: JointCovariance = "classical"
    ) -> pd.DataFrame:
        """Fit all events in one regression with event dummies.

        Parameters
        ----------
        dummies : {"day", "window"}, default "day"
            One dummy per event day, or one per CAR window, which assumes a constant daily effect.
        covariance : {"classical", "garch", "hac", "hc3", "cluster"}, default "classical"
            Standard errors. hac, hc3 and cluster are for classes of at least 20 separate
            episodes; events and episodes then have classical ones.

        Returns
        -------
        DataFrame
            The columns of `joint.csv`: events, episodes and classes, for each CAR window.
        """
        return self.estimates.joint_of(dummies, covariance=covariance)

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

    @property
    def what_moved(self) -> WhatMoved:
        """The price of each episode taken apart: frames `parts`, `counterfactual`, `accounted`.

        `parts` are base, expected drift, factors and what events added; `counterfactual` has the
        expected path and the chance above each level; `accounted` the sessions above each level
        that the events account for.
        """
        return self.estimates.what_moved

    def plot_parts(self, episode: str, *, ax: Axes | None = None) -> Axes:
        """Draw what moved the price of an episode, session by session.

        Parameters
        ----------
        episode : str
            Name of the episode, as in `result.episodes`.
        ax : Axes, optional
            Where to draw; a new figure if not given.

        Returns
        -------
        Axes
            The Axes drawn on.

        Raises
        ------
        ConfigError
            When there is no episode of that name.
        """
        from oilshock.charts import plot_parts

        parts = self.estimates.decomposition
        names = list(dict.fromkeys(parts["episode"]))
        if episode not in names:
            fix = nearest(episode, names) or f"Episodes: {', '.join(names)}."
            raise ConfigError(Problem("episode", f'"{episode}" is not an episode.', fix=fix))
        return plot_parts(parts[parts["episode"] == episode], ax=ax)

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

    def test(
        self,
        name: str,
        start: int,
        end: int,
        *,
        group: str = "all",
        alternative: Alternative | None = None,
    ) -> pd.DataFrame:
        """Test across the events of a group that a window is like any other.

        Parameters
        ----------
        name : str
            Name of the test, such as `t`, `bmp` or `rank`.
        start, end : int
            First and last relative day.
        group : str, default "all"
            A group such as `direction=+`.
        alternative : {"two-sided", "greater", "less"}, optional
            The alternative to the null; default: that of the study.

        Returns
        -------
        DataFrame
            One row: group, start, end, test, statistic, p_value, n_events, df, null, reason.

        Raises
        ------
        ConfigError
            When the test, the window, the group or the alternative is not there.
        """
        groups = self.estimates.groups
        if group not in groups:
            fix = nearest(group, groups) or f"Groups: {', '.join(groups)}."
            raise ConfigError(Problem("group", f'"{group}" is not a group.', fix=fix))
        if alternative is not None and alternative not in ALTERNATIVES:
            fix = nearest(alternative, ALTERNATIVES) or f"Use: {', '.join(ALTERNATIVES)}."
            raise ConfigError(
                Problem("alternative", f'"{alternative}" is not an alternative.', fix=fix)
            )
        window = self._checked(start, end)
        return self.estimates.test_frame(name, window, group=group, alternative=alternative)

    def calibrate(self, *windows: Window) -> Calibration:
        """Measure what the p values of a window are worth on this very series.

        Parameters
        ----------
        *windows : (int, int)
            Windows inside the event window; default: the CAR windows of the study.

        Returns
        -------
        Calibration
            Frames `size` (how often each test rejects on ordinary sessions, overall and by
            quartile of volatility, with HAC errors) and `power`.

        Raises
        ------
        ConfigError
            When a window does not lie inside the event window.
        """
        if not windows:
            return self.estimates.calibration
        return self.estimates.calibration_of([self._checked(*window) for window in windows])

    def event_test(self, name: str, start: int, end: int) -> pd.DataFrame:
        """Test each event by itself that the CAR of a window is zero.

        Parameters
        ----------
        name : {"t", "permutation", "estimation-rank", "garch"}
            Name of the test.
        start, end : int
            First and last relative day.

        Returns
        -------
        DataFrame
            One row per event, the columns of `event_tests.csv`.

        Raises
        ------
        ConfigError
            When the test or the window is not there.
        """
        if name not in EVENT_TESTS:
            fix = nearest(name, EVENT_TESTS) or f"Tests of one event: {', '.join(EVENT_TESTS)}."
            raise ConfigError(Problem("test", f'"{name}" is not a test of one event.', fix=fix))
        return event_tests_frame(self.estimates.rated, name, self._checked(start, end))

    def bootstrap_interval(self, start: int, end: int) -> pd.DataFrame:
        """Give the CAR of each event an interval by the stationary bootstrap.

        Parameters
        ----------
        start, end : int
            First and last relative day.

        Returns
        -------
        DataFrame
            One row per event: event_id, start, end, car, low, high, block_length, reason.

        Raises
        ------
        ConfigError
            When the window does not lie inside the event window.
        """
        return bootstrap_frame(self.estimates.rated, self._checked(start, end))

    @property
    def diagnostics(self) -> pd.DataFrame:
        """Assumptions of the t test, one row per event: the columns of `diagnostics.csv`."""
        return self.table("diagnostics")

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

    def _checked_column(self, name: str) -> None:
        columns = [column for column in self.estimates.kept_events.columns if column != "number"]
        if name not in columns:
            fix = nearest(name, columns) or f"Columns: {', '.join(columns)}."
            raise ConfigError(Problem("column", f'"{name}" is no column of the events.', fix=fix))

    def _checked_group(self, group: str) -> None:
        column, _, _ = group.partition("=")
        self._checked_column(column)
        events = self.estimates.kept_events
        if not members(events, group).any():
            groups = [f"{column}={value}" for value in events[column].astype("string").unique()]
            fix = nearest(group, groups) or f"Groups: {', '.join(groups)}."
            raise ConfigError(Problem("group", f'"{group}" has no event.', fix=fix))

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
        from oilshock.charts.units import unit_of

        config = self.estimates.config
        frame = self.estimates.forest_frame(self._checked(start, end))
        return plot_car_forest(
            frame,
            window=window_text(start, end),
            alpha=config.inference.alpha,
            return_unit=unit_of(config.returns.kind),
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
        from oilshock.charts.units import unit_of

        row, config = self._row(event_id), self.estimates.config
        return plot_car(
            self.estimates.car_path_frame(row),
            alpha=config.inference.alpha,
            return_unit=unit_of(config.returns.kind),
            ax=ax,
        )

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
        from oilshock.charts.units import unit_of

        config = self.estimates.config
        return plot_coefficients(
            self.regress(attributes, start, end),
            window=window_text(start, end),
            alpha=config.inference.alpha,
            return_unit=unit_of(config.returns.kind),
            ax=ax,
        )

    def scan(self) -> ScanResult:
        """Scan the series for moves that no event explains; `[scan]` of the config sets how.

        Returns
        -------
        ScanResult
            Unusual sessions, structural breaks, and how well the events match them.
        """
        from oilshock.scan import scan_study

        return scan_study(self.estimates)

    def power(self) -> PowerResult:
        """Compute how large a move must be to be seen; `[power]` of the config sets how.

        Returns
        -------
        PowerResult
            Minimum detectable moves and power curves.
        """
        from oilshock.power import power_of_study

        return power_of_study(self.estimates)

    def sweep(
        self,
        *,
        jobs: int = 1,
        scheduler: str = "",
        store: str | Path | None = None,
        progress: Progress = silent,
        **choices: Any,
    ) -> SpecificationCurve:
        """Try the study under other choices: its specification curve.

        Parameters
        ----------
        jobs : int, default 1
            Number of processes; -1 for one a core.
        scheduler : str, default ""
            Address of a Dask scheduler, such as ``tcp://host:8786``.
        store : str or Path, optional
            Folder of finished parts, so that a killed sweep goes on.
        progress : callable, optional
            Called with (what is done, how many, of how many).
        **choices
            The keys of `[sweep]`, such as ``estimation=[60, 120]``. Default: `[sweep]` of the
            config; without one, a small grid round the study's own choices.

        Returns
        -------
        SpecificationCurve
            All specifications, and the same for events placed at random.

        Raises
        ------
        ConfigError
            When a choice is wrong.
        """
        from oilshock.sweep import sweep_study
        from oilshock.sweep.choices import MAIN, with_choices

        others = {name: other.estimates.market.series for name, other in self.compared.items()}
        return sweep_study(
            with_choices(self.estimates.config, choices),
            series={MAIN: self.estimates.market.series, **others},
            factors=self.factors,
            events=self.estimates.events,
            jobs=jobs,
            scheduler=scheduler,
            store=None if store is None else Path(store),
            progress=progress,
        )

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

    def summary(self) -> Summary:
        """Summarise the study.

        Returns
        -------
        Summary
            Three sentences and a table; prints as text, shows as HTML in a notebook.
        """
        return Summary(
            title=self.estimates.config.title,
            sentences=tuple(answer(self.estimates, self.facts)),
            frame=summary_frame(self.facts, kind=self.estimates.config.returns.kind),
        )

    def report(self, path: str | Path) -> Path:
        """Write the report as one file.

        Parameters
        ----------
        path : str or Path
            Ends in .pdf or .html.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        OutputError
            When the ending is another one or the disk refuses.
        """
        from oilshock.report import render_html, render_pdf

        target = Path(path)
        given: Any = {"factors": self.factors, "compared": self.compared_estimates}
        if target.suffix == ".pdf":
            write_file(target, render_pdf(self.estimates, self.facts, **given))
        elif target.suffix == ".html":
            write_file(target, render_html(self.estimates, self.facts, **given))
        else:
            raise OutputError(
                Problem(str(path), "ends in neither .pdf nor .html.", fix="Rename it.")
            )
        return target
