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
    t_p_value,
    t_statistic,
)
from oilshock.inference.placebo import no_smaller
from oilshock.inference.size import rejects_too_often
from oilshock.placebo import EventPlacebos, PlaceboPool, build_pool, calibrated_forecast
from oilshock.placebo_sets import PlaceboSets
from oilshock.placebo_trial import finds_too_often
from oilshock.tables import (
    what_if_table,
)
from oilshock.typing import Float, Int, Window
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
        """Rate the CARs of one window among those of ordinary sessions.

        Where the placebo law of the window finds effects on too many ordinary sessions, no p value
        is smaller than the t test's.
        """
        if self.placebos is None:
            return None
        rating = self.placebos.rating(window, cumulate(self.abnormal, window=window).car)
        if not self.is_guarded(window):
            return rating
        return no_smaller(rating, self.t_test_of(window)[1])

    def t_test_of(self, window: Window) -> tuple[Float, Float]:
        """Compute t and its p value for the CARs of one window."""
        estimate, fit = cumulate(self.abnormal, window=window), self.abnormal.fit
        t_stat = t_statistic(estimate.car, estimate.std_error)
        return t_stat, t_p_value(t_stat, fit.law_df, scale=fit.law_scale)

    def half_width_of(self, window: Window) -> Float:
        """Return half the width of the calibrated interval of each CAR of one window.

        Never narrower than the t test's where no calibrated p value is smaller than the t test's;
        NaN where there is no calibrated p value.
        """
        if self.placebos is None:
            return np.full(len(self.ids), np.nan)
        half = self.placebos.half_width(window, alpha=self.config.inference.alpha)
        if not self.is_guarded(window):
            return half
        model = self.critical * cumulate(self.abnormal, window=window).std_error
        return np.where(model > half, model, half)

    def is_guarded(self, window: Window) -> bool:
        """Say whether calibrated p values of a window are kept from falling below the t test's."""
        if self.placebos is None:
            return False
        if window not in self._guards:
            self._guards[window] = finds_too_often(self.pool, window)
        return self._guards[window]

    @cached_property
    def _guards(self) -> dict[Window, bool]:
        """What `is_guarded` found, by window: each costs a fold-wise trial of the law."""
        return {}

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
            guarded=frozenset(
                window
                for window in dict.fromkeys([(0, 0), *self.config.windows.car_windows])
                if self.is_guarded(window)
            ),
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
        """CAR windows whose calibrated p value still finds effects on too many ordinary sessions.

        Columns `start`, `end`, `share` (of sessions with p below 5 %) and `error`, the highest
        share first; no row where the placebo test is not asked for.
        """
        size = self.calibration.size
        rows = size[(size["test"] == "placebo") & (size["sessions"] == "all")]
        share, error = (rows[name].to_numpy(np.float64) for name in ("reject_5", "error_5"))
        frame = rows[["start", "end"]].assign(share=share, error=error)
        chosen = frame[rejects_too_often(share, error, level=0.05)]
        return chosen.sort_values("share", ascending=False, kind="stable", ignore_index=True)

    @property
    def guarded(self) -> pd.DataFrame:
        """CAR windows whose calibrated p value is kept from falling below the t test's.

        Columns `start`, `end`, `share` (of ordinary sessions on which the placebo law alone is
        below 5 %) and `error`, the highest share first.
        """
        frame = self.calibration.guarded
        return frame.sort_values("share", ascending=False, kind="stable", ignore_index=True)

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
