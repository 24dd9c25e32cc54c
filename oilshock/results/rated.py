"""The tests of a study, and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from oilshock.calibration import Calibration
from oilshock.errors import check_known
from oilshock.event_tests import EVENT_TESTS, bootstrap_frame, event_tests_frame
from oilshock.options import ALTERNATIVES, Alternative
from oilshock.results.record import ResultRecord
from oilshock.typing import Window


@dataclass(frozen=True, eq=False, repr=False)
class RatedResult(ResultRecord):
    """A finished study with its tests."""

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
        check_known(group, groups, where="group", otherwise="is not a group", label="Groups")
        if alternative is not None:
            check_known(
                alternative,
                ALTERNATIVES,
                where="alternative",
                otherwise="is not an alternative",
                label="Use",
            )
        window = self._checked(start, end)
        return self.estimates.test_frame(name, window, group=group, alternative=alternative)

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
        check_known(
            name,
            EVENT_TESTS,
            where="test",
            otherwise="is not a test of one event",
            label="Tests of one event",
        )
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

    @property
    def diagnostics(self) -> pd.DataFrame:
        """Assumptions of the t test, one row per event: the columns of `diagnostics.csv`."""
        return self.table("diagnostics")
