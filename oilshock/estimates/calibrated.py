"""The events of a study among the ordinary sessions of its series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from oilshock.abnormal import (
    cumulate,
    fit_events,
)
from oilshock.calibration import SIZE_COLUMNS, Calibration, calibrate
from oilshock.calibration_sets import FEWEST_IN_A_SET, set_rows
from oilshock.estimates.record import StudyRecord
from oilshock.event_tests import RatedEvents, event_tests_table
from oilshock.inference import (
    PlaceboRating,
)
from oilshock.inference.size import rejects_too_often
from oilshock.placebo import EventPlacebos, PlaceboPool, build_pool, calibrated_forecast
from oilshock.placebo_sets import PlaceboSets
from oilshock.tables import (
    what_if_table,
)
from oilshock.typing import Int, Window
from oilshock.whatif import Forecast, WhatIf, student_forecast, what_if
from oilshock.windows import (
    estimation_windows,
)


@dataclass(frozen=True, eq=False)
class CalibratedEstimates(StudyRecord):
    """A study with its placebo laws, what-if paths and tests of one event."""

    @cached_property
    def pool(self) -> PlaceboPool:
        """The ordinary sessions of the series."""
        windows = self.config.windows
        return build_pool(
            self.market.returns,
            self._design,
            length=windows.estimation,
            gap=windows.gap,
            window=windows.event,
            left_out=self.not_placebo,
        )

    @cached_property
    def among_placebos(self) -> EventPlacebos:
        """The events among the ordinary sessions."""
        return EventPlacebos(
            pool=self.pool,
            position=self.position,
            sigma=self.abnormal.fit.sigma,
            past_only=self.config.placebo.past_only,
        )

    @property
    def placebos(self) -> EventPlacebos | None:
        """The events among the ordinary sessions; None when the placebo test is not asked for."""
        return self.among_placebos if "placebo" in self.config.inference.tests else None

    def rating_of(self, window: Window) -> PlaceboRating | None:
        """Rate the CARs of one window among those of ordinary sessions."""
        if self.placebos is None:
            return None
        return self.placebos.rating(window, cumulate(self.abnormal, window=window).car)

    @cached_property
    def placebo_sets(self) -> PlaceboSets:
        """Random sets of ordinary sessions in the place of the events."""
        w0, w1 = self.abnormal.window
        return PlaceboSets(
            placebos=self.among_placebos,
            reach=w1 - w0,
            draws=self.config.inference.draws,
            seed=self.config.study.seed,
        )

    @cached_property
    def forecast(self) -> Forecast:
        """The law of the returns summed from day 0 on: calibrated where it can be."""
        model = student_forecast(self.abnormal, alpha=self.config.inference.alpha)
        if self.placebos is None:
            return model
        return calibrated_forecast(
            self.placebos,
            model,
            days=self.abnormal.window[1] + 1,
            alpha=self.config.inference.alpha,
        )

    @cached_property
    def path(self) -> WhatIf:
        """The what-if paths at the study's levels."""
        return self.what_if(self.config.levels.unique)

    def what_if(self, levels: tuple[float, ...]) -> WhatIf:
        """Compute the what-if paths at any levels."""
        return what_if(
            self.market.prices,
            self.abnormal,
            position=self.position,
            kind=self.config.returns.kind,
            forecast=self.forecast,
            levels=levels,
        )

    @cached_property
    def whatif(self) -> pd.DataFrame:
        """`whatif.csv`."""
        return self.what_if_frame(self.path, self.config.levels.unique)

    def what_if_frame(self, path: WhatIf, levels: tuple[float, ...]) -> pd.DataFrame:
        """Lay what-if paths out as a table."""
        return what_if_table(
            self.ids,
            self.market.sessions,
            position=self.position,
            window=self.abnormal.window,
            path=path,
            levels=levels,
        )

    @cached_property
    def rated(self) -> RatedEvents:
        """What the tests of one event look at."""
        return RatedEvents(
            ids=self.ids,
            market=self.market,
            design=self._design,
            position=self.position,
            abnormal=self.abnormal,
            estimation=self.estimation,
            placebos=self.among_placebos,
            alpha=self.config.inference.alpha,
            draws=self.config.inference.draws,
            seed=self.config.study.seed,
        )

    @cached_property
    def event_tests(self) -> pd.DataFrame:
        """`event_tests.csv`: tests of each event, for day 0 and every CAR window."""
        inference, windows = self.config.inference, self.config.windows
        return event_tests_table(self.rated, names=inference.tests, windows=windows.car_windows)

    def ordinary(self, position: Int) -> RatedEvents:
        """Return what the tests of one event look at, as if each of some sessions had an event."""
        windows = self.config.windows
        estimation = estimation_windows(position, length=windows.estimation, gap=windows.gap)
        abnormal, _ = fit_events(
            self.market,
            self._design,
            estimation=estimation,
            position=position,
            window=windows.event,
        )
        return replace(
            self.rated,
            ids=("",) * len(position),
            position=position,
            abnormal=abnormal,
            estimation=estimation,
            placebos=replace(self.among_placebos, position=position, sigma=abnormal.fit.sigma),
        )

    @cached_property
    def calibration(self) -> Calibration:
        """What the tests of one event are worth on this very series, for each CAR window."""
        return self.calibration_of(self.config.windows.car_windows)

    @cached_property
    def oversized(self) -> pd.DataFrame:
        """CAR windows whose calibrated p value finds effects on too many ordinary sessions.

        Columns `start`, `end`, `share` (of sessions with p below 5 %) and `error`, the highest
        share first; no row where the placebo test is not asked for.
        """
        size = self.calibration.size
        rows = size[(size["test"] == "placebo") & (size["sessions"] == "all")]
        share, error = (rows[name].to_numpy(np.float64) for name in ("reject_5", "error_5"))
        frame = rows[["start", "end"]].assign(share=share, error=error)
        chosen = frame[rejects_too_often(share, error, level=0.05)]
        return chosen.sort_values("share", ascending=False, kind="stable", ignore_index=True)

    def calibration_of(self, windows: Sequence[Window]) -> Calibration:
        """Try the tests on every session that has an estimation window and a whole event window.

        Tests across events are tried on random sets of as many such sessions as there are events.
        """
        config = self.config
        inference, w0, w1 = config.inference, *config.windows.event
        found = calibrate(
            self.pool,
            windows=windows,
            tests=inference.tests,
            ordinary=self.ordinary,
            alpha=inference.alpha,
            past_only=config.placebo.past_only,
            seed=config.study.seed,
        )
        if found.size.empty or len(self.ids) < FEWEST_IN_A_SET:
            return found
        rows = set_rows(
            self.among_placebos,
            windows=windows,
            tests=inference.tests,
            ordinary=self.ordinary,
            alternative=inference.alternative,
            reach=w1 - w0,
            seed=config.study.seed,
        )
        sets = pd.DataFrame(rows, columns=list(SIZE_COLUMNS))
        return replace(found, size=pd.concat([found.size, sets], ignore_index=True))
