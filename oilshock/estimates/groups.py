"""The groups of a study: averages, tests across events, and what moves more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from oilshock.abnormal import (
    average,
    cumulate,
)
from oilshock.across import across_table, across_test, across_windows
from oilshock.comparison import (
    CarSample,
    asymmetry_row,
    comparison_frame,
    contrast_row,
    has_directions,
    placebo_row,
    regression_rows,
    signed_rows,
)
from oilshock.estimates.cars import CarEstimates
from oilshock.inference import (
    ACROSS,
    AcrossTest,
    EventSample,
    TestResult,
    t_critical,
)
from oilshock.options import Alternative, RegressionWeights
from oilshock.tables import (
    EXTRA_COLUMNS,
    average_table,
    test_row,
)
from oilshock.typing import Bool, Float, Record, Window


@dataclass(frozen=True, eq=False)
class GroupEstimates(CarEstimates):
    """A study with its averages, tests across events and comparisons."""

    @cached_property
    def average(self) -> pd.DataFrame:
        """`average.csv`: AAR and CAAR of each group."""
        return pd.concat(
            [self._average_of(name, self.abnormal.ar[rows]) for name, rows in self.groups.items()],
            ignore_index=True,
        )

    @cached_property
    def signed_average(self) -> pd.DataFrame:
        """AAR and CAAR of the ARs times the ex-ante direction; events without one are left out."""
        direction = self.kept_events["direction"].map({"+": 1.0, "-": -1.0}).to_numpy(np.float64)
        signed = ~np.isnan(direction)
        return self._average_of("signed", self.abnormal.ar[signed] * direction[signed, np.newaxis])

    def _average_of(self, name: str, ar: Float) -> pd.DataFrame:
        values = average(ar)
        critical = np.where(
            values.n_events > 1,
            t_critical(self.config.inference.alpha, np.maximum(values.n_events - 1, 1)),
            np.nan,
        )
        return average_table(name, window=self.abnormal.window, values=values, critical=critical)

    @cached_property
    def sample(self) -> EventSample:
        """The kept events as the tests across events see them."""
        return EventSample(
            abnormal=self.abnormal,
            estimation=self.estimation,
            position=self.position,
            x=self._design.x,
        )

    @property
    def across(self) -> Mapping[str, AcrossTest]:
        """The tests across events of this study, by name."""
        return {**ACROSS, "placebo": self.placebo_sets.caar_test}

    @cached_property
    def tests(self) -> pd.DataFrame:
        """`tests.csv`: tests across the events of each group."""
        return across_table(
            self.sample,
            windows=across_windows(self.abnormal.window, self.config.windows.car_windows),
            groups=self.groups,
            names=self.config.inference.tests,
            tests=self.across,
            alternative=self.config.inference.alternative,
        )

    def test_of(
        self,
        name: str,
        window: Window,
        *,
        members: Bool | None = None,
        alternative: Alternative | None = None,
    ) -> TestResult:
        """Test across the events that have the whole window; default: the study's alternative."""
        return across_test(
            self.sample,
            window,
            name=name,
            tests=self.across,
            alternative=alternative or self.config.inference.alternative,
            among=members,
        )

    def test_frame(
        self, name: str, window: Window, *, group: str, alternative: Alternative | None = None
    ) -> pd.DataFrame:
        """Lay one test of one group out as a row, with its null and its reason."""
        members = self.groups[group]
        result = self.test_of(name, window, members=members, alternative=alternative)
        row = test_row(group, window, result)
        return pd.DataFrame([{**row, "null": result.null, "reason": result.reason}])

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """`comparison.csv`: what moves the price more, for day 0 and every CAR window."""
        windows = dict.fromkeys([(0, 0), *self.config.windows.car_windows])
        rows = [row for window in windows for row in self._comparison_of(window)]
        return comparison_frame(rows)[list(EXTRA_COLUMNS["comparison"])]

    def _comparison_of(self, window: Window) -> list[Record]:
        comparison = self.config.comparison
        rows = []
        if comparison.attributes:
            rows += self.regression_of(window, attributes=comparison.attributes)
        rows += [
            self.contrast_of(window, first=first, second=second)
            for first, second in comparison.contrasts
        ]
        return rows + (self.directions_of(window) if has_directions(self.kept_events) else [])

    def car_sample(self, window: Window) -> CarSample:
        """Lay the CARs of a window beside their events."""
        estimate = cumulate(self.abnormal, window=window)
        return CarSample(
            window=window,
            car=estimate.car,
            std_error=estimate.std_error,
            events=self.kept_events,
            position=self.position,
        )

    def regression_of(
        self,
        window: Window,
        *,
        attributes: Sequence[str],
        weights: RegressionWeights | None = None,
    ) -> list[Record]:
        """Regress the CARs of a window on attributes of the events."""
        return regression_rows(
            self.car_sample(window),
            attributes=attributes,
            weights=weights or self.config.comparison.weights,
            alpha=self.config.inference.alpha,
        )

    def contrast_of(
        self,
        window: Window,
        *,
        first: str,
        second: str,
        alternative: Alternative | None = None,
    ) -> Record:
        """Compare the mean CARs of two groups."""
        inference = self.config.inference
        return contrast_row(
            self.car_sample(window),
            first=first,
            second=second,
            alternative=alternative or inference.alternative,
            alpha=inference.alpha,
            draws=inference.draws,
            seed=self.config.study.seed,
        )

    def directions_of(self, window: Window) -> list[Record]:
        """Compare the moves with the directions expected beforehand."""
        sample, inference = self.car_sample(window), self.config.inference
        asymmetry = asymmetry_row(
            sample, alpha=inference.alpha, draws=inference.draws, seed=self.config.study.seed
        )
        signed = signed_rows(sample, alpha=inference.alpha)
        if self.placebos is None:
            return [asymmetry, *signed]
        found = self.placebo_sets.signed_test(
            window, sample.car, sign=np.nan_to_num(sample.direction), alternative="greater"
        )
        return [asymmetry, *signed, placebo_row(signed[0], found=found)]
