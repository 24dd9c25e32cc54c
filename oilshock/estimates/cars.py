"""The abnormal returns of a study and their sums, each with its p values and intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from oilshock.abnormal import (
    CarEstimate,
    buy_and_hold,
    cumulate,
    cumulate_path,
)
from oilshock.estimates.calibrated import CalibratedEstimates
from oilshock.inference import (
    adjust_p_values,
    t_p_value,
    t_statistic,
)
from oilshock.returns import project
from oilshock.tables import (
    abnormal_returns_table,
    car_table,
    is_calibrated,
    quoted,
)
from oilshock.typing import Float, Window


@dataclass(frozen=True, eq=False)
class CarEstimates(CalibratedEstimates):
    """A study with its abnormal returns and CARs."""

    @cached_property
    def abnormal_returns(self) -> pd.DataFrame:
        """`abnormal_returns.csv`."""
        fit = self.abnormal.fit
        t_stat = t_statistic(self.abnormal.ar, self.abnormal.std_error)
        return abnormal_returns_table(
            self.ids,
            self.market.sessions,
            position=self.position,
            price=self.path.price,
            abnormal=self.abnormal,
            t_stat=t_stat,
            p_value=t_p_value(
                t_stat, fit.law_df[:, np.newaxis], scale=fit.law_scale[:, np.newaxis]
            ),
        )

    @cached_property
    def car(self) -> pd.DataFrame:
        """`car.csv`: by event, then by CAR window."""
        windows = self.config.windows.car_windows
        frame = pd.concat([self._car_rows(window) for window in windows], ignore_index=True)
        families = (
            [windows] if self.config.inference.adjust_family == "run" else [[w] for w in windows]
        )
        adjusted = [self._adjusted(family) for family in families]
        frame["p_adjusted"] = np.concatenate(adjusted)
        order = np.arange(len(frame)).reshape(len(windows), -1).T.ravel()
        return frame.iloc[order].reset_index(drop=True)

    def car_of(self, window: Window) -> pd.DataFrame:
        """Compute the CARs of one window, p values adjusted over its events."""
        return self._car_rows(window).assign(p_adjusted=self._adjusted([window]))

    def _car_rows(self, window: Window) -> pd.DataFrame:
        estimate = cumulate(self.abnormal, window=window)
        t_stat, p_value = self.t_test_of(window)
        rating = self.rating_of(window)
        return car_table(
            self.ids,
            window=window,
            estimate=estimate,
            t_stat=t_stat,
            p_value=p_value,
            critical=self.critical,
            p_calibrated=np.full(len(t_stat), np.nan) if rating is None else rating.p_value,
            half_calibrated=self.half_width_of(window),
            usd=self._usd(window),
        )

    @cached_property
    def adjusts_calibrated(self) -> bool:
        """Whether adjusted p values come from calibrated ones, or from those of the t test.

        A family takes the calibrated ones if every event of it that has a p value has one.
        """
        frames = [self._car_rows(window) for window in self.config.windows.car_windows]
        return all(is_calibrated(frame) for frame in frames)

    @property
    def is_adjusted(self) -> bool:
        """Whether adjusted p values can differ from the others: not in a family of one."""
        inference = self.config.inference
        if inference.adjust == "none":
            return False
        return len(self.kept) > 1 or inference.adjust_family == "run"

    def _adjusted(self, windows: Sequence[Window]) -> Float:
        """Adjust the p values of all events over some windows, as one family."""
        frame = pd.concat([self._car_rows(window) for window in windows], ignore_index=True)
        inference = self.config.inference
        if inference.adjust == "romano-wolf":
            cars = [cumulate(self.abnormal, window=window).car for window in windows]
            stepped = self.placebo_sets.step_down(windows, cars)
            guarded = np.repeat([self.is_guarded(window) for window in windows], len(self.ids))
            own = frame["p_calibrated"].to_numpy()
            return np.where(guarded & (own > stepped), own, stepped)
        column = "p_calibrated" if is_calibrated(frame) else "p_value"
        return adjust_p_values(frame[column].to_numpy(), method=inference.adjust)

    def _usd(self, window: Window) -> Float:
        """Price at the end of the window less the price expected from the session before it."""
        columns = self.abnormal.columns(window)
        base = self.market.prices[np.maximum(self.position + window[0] - 1, 0)]
        kind = self.config.returns.kind
        expected = project(base, self.abnormal.expected[:, columns], kind=kind)[:, -1]
        return np.asarray(self.path.price[:, columns.stop - 1] - expected)

    def bhar_of(self, window: Window) -> Float:
        """Compute the BHAR of each kept event over a window."""
        return buy_and_hold(self.abnormal, window=window, kind=self.config.returns.kind)

    def forest_frame(self, window: Window) -> pd.DataFrame:
        """Lay out one window's CARs for a chart: with number, title and direction.

        P values and intervals are the calibrated ones where there are any. `p_adjusted` is that
        of `car.csv`, for a window of the study.
        """
        about = self.kept_events[["number", "title", "direction"]]
        own = self.car[(self.car["start"] == window[0]) & (self.car["end"] == window[1])]
        rows = self.car_of(window) if own.empty else own.reset_index(drop=True)
        return pd.concat([about, quoted(rows)], axis=1)

    @property
    def forest_p(self) -> tuple[str, str]:
        """Column of the forest frame that fills a mark, and its name: adjusted in a family."""
        if self.is_adjusted:
            return "p_adjusted", "adj. p"
        return "p_value", "p" if self.placebos is None else "cal. p"

    @cached_property
    def car_path(self) -> CarEstimate:
        """CAR[w0, j] of every kept event for each day j."""
        return cumulate_path(self.abnormal, start=self.abnormal.window[0])

    @cached_property
    def car_path_half(self) -> Float:
        """Half width of the pointwise band of the CAR path, calibrated where it can be."""
        model = self.critical[:, np.newaxis] * self.car_path.std_error
        if self.placebos is None:
            return model
        w0, w1 = self.abnormal.window
        alpha = self.config.inference.alpha
        windows = [(w0, day) for day in range(w0, w1 + 1)]
        half = np.column_stack([self.placebos.half_width(w, alpha=alpha) for w in windows])
        return np.where(np.isnan(half), model, half)

    @cached_property
    def car_path_band(self) -> Float:
        """Half width of the band that holds on the whole CAR path at once."""
        if self.placebos is None:
            return np.full(self.car_path.car.shape, np.nan)
        w0, w1 = self.abnormal.window
        alpha = self.config.inference.alpha
        return self.placebos.band(start=w0, days=w1 - w0 + 1, alpha=alpha)

    def car_path_frame(self, row: int) -> pd.DataFrame:
        """Lay out CAR[w0, j] of one kept event for each day j that has a session.

        `half_width` is that of the pointwise band, `band` that of the band which holds on the whole
        path at once (empty without placebos).
        """
        w0, w1 = self.abnormal.window
        frame = pd.DataFrame(
            {
                "relative_day": np.arange(w0, w1 + 1),
                "car": self.car_path.car[row],
                "half_width": self.car_path_half[row],
                "band": self.car_path_band[row],
            }
        )
        return frame[frame["car"].notna()].reset_index(drop=True)

    @cached_property
    def abnormal_half(self) -> Float:
        """Half width of the limits of each day's AR, calibrated where it can be."""
        model = self.critical[:, np.newaxis] * self.abnormal.std_error
        if self.placebos is None:
            return model
        w0, w1 = self.abnormal.window
        alpha = self.config.inference.alpha
        windows = [(day, day) for day in range(w0, w1 + 1)]
        half = np.column_stack([self.placebos.half_width(w, alpha=alpha) for w in windows])
        return np.where(np.isnan(half), model, half)

    def abnormal_frame(self, row: int) -> pd.DataFrame:
        """Lay out the ARs of one kept event with the half width of their limits."""
        w0, w1 = self.abnormal.window
        frame = pd.DataFrame(
            {
                "relative_day": np.arange(w0, w1 + 1),
                "abnormal_return": self.abnormal.ar[row],
                "half_width": self.abnormal_half[row],
            }
        )
        return frame[frame["abnormal_return"].notna()].reset_index(drop=True)
