"""What a study says beyond its windows, computed when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from oilshock.abnormal import AbnormalReturns, abnormal_returns
from oilshock.beyond.classes import ProjectionChoices, class_dynamics, event_dummies
from oilshock.beyond.history import history_frame, move_measures, strip_frame
from oilshock.beyond.kinds import AftermathView, look_back
from oilshock.beyond.paths import (
    EventPaths,
    event_frame,
    placebo_paths,
    test_reversals,
)
from oilshock.beyond.surges import surges_frame
from oilshock.beyond.volatility import (
    forecast_residuals,
    inside_estimation,
    range_energy,
    rate_volatility,
    return_energy,
    volatility_frame,
    volatility_rows,
)
from oilshock.config import Config
from oilshock.inference.variance import VarianceForecast, variance_forecast
from oilshock.market import Market
from oilshock.models import Design
from oilshock.placebo import EventPlacebos, PlaceboPool, build_pool
from oilshock.typing import Int, Record, Window
from oilshock.windows import event_windows

TABLES = (
    "dynamics",
    "dynamics_shapes",
    "dynamics_events",
    "surges",
    "history",
    "volatility",
)
"""Names of the further tables, written beside those of the contract."""


@dataclass(frozen=True, eq=False)
class Beyond:
    """Persistence, rank in history, volatility and aftermath of the events of a study.

    Parameters
    ----------
    config : Config
        The config.
    market : Market
        Prices and factors.
    design : Design
        Regressors of the expected-return model.
    events : DataFrame
        The kept events, with all their columns.
    known : DataFrame
        Study and catalogue events, none endogenous, with `position`.
    position : ndarray of shape (n_events,)
        Day 0 of the kept events.
    abnormal : AbnormalReturns
        Their abnormal returns.
    not_placebo : ndarray
        Sessions of events that no placebo window may touch.
    """

    config: Config
    market: Market
    design: Design
    events: pd.DataFrame
    known: pd.DataFrame
    position: Int
    abnormal: AbnormalReturns
    not_placebo: Int

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the kept events."""
        return tuple(self.events["id"])

    @property
    def choices(self) -> ProjectionChoices:
        """What the config asks of the local projections."""
        table = self.config.dynamics
        return ProjectionChoices(
            horizon=table.horizon,
            errors=table.errors,
            lags=table.lags,
            base=table.base,
            peak_within=table.peak_within,
            given_back=tuple(dict.fromkeys(table.given_back)),
            draws=table.draws,
            alpha=self.config.inference.alpha,
            seed=self.config.study.seed,
        )

    @cached_property
    def _classes(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        events = self.known
        if self.config.dynamics.events == "study":
            events = events[events["id"].isin(self.ids)]
        known = [column for column in self.config.dynamics.groups if column in events.columns]
        dummies = event_dummies(events, columns=known, n_sessions=len(self.market.prices))
        return class_dynamics(self.market.returns, dummies, choices=self.choices)

    @property
    def dynamics(self) -> pd.DataFrame:
        """The response of each class at every horizon."""
        return self._classes[0]

    @property
    def dynamics_shapes(self) -> pd.DataFrame:
        """Peak, half-life and shares given back of each class, with intervals."""
        return self._classes[1]

    def _pool(self, window: Window) -> PlaceboPool:
        windows = self.config.windows
        return build_pool(
            self.market.returns,
            self.design,
            length=windows.estimation,
            gap=windows.gap,
            window=window,
            left_out=self.not_placebo,
        )

    @cached_property
    def _long(self) -> EventPlacebos:
        """The events among the sessions that have the whole horizon."""
        return EventPlacebos(
            pool=self._pool((0, self.choices.horizon)),
            position=self.position,
            sigma=self.abnormal.fit.sigma,
            past_only=self.config.placebo.past_only,
        )

    @cached_property
    def paths(self) -> EventPaths:
        """The CAR of each event from day 0 to the horizon, and its band."""
        horizon = self.choices.horizon
        index, present = event_windows(
            self.position, window=(0, horizon), n_sessions=len(self.market.returns)
        )
        ar = abnormal_returns(
            self.market.returns,
            self.design,
            fit=self.abnormal.fit,
            index=index,
            present=present,
            window=(0, horizon),
        ).ar
        days = self.choices.peak_within + 1
        band = self._long.band(start=0, days=days, alpha=self.choices.alpha)
        return EventPaths(np.cumsum(ar, axis=1), band)

    @property
    def paths_frame(self) -> pd.DataFrame:
        """The CAR paths for a chart: number, title, day, car, half_width."""
        car, half = self.paths.car, self.paths.half_width
        days = np.arange(car.shape[1])
        padded = np.full(car.shape, np.nan)
        padded[:, : half.shape[1]] = half
        frame = pd.DataFrame(
            {
                "number": np.repeat(self.events["number"].to_numpy(), len(days)),
                "title": np.repeat(self.events["title"].to_numpy(dtype=object), len(days)),
                "day": np.tile(days, len(car)),
                "car": car.ravel(),
                "half_width": padded.ravel(),
            }
        )
        return frame[frame["car"].notna()].reset_index(drop=True)

    @cached_property
    def dynamics_events(self) -> pd.DataFrame:
        """Peak, half-life, shares given back and reversal test of each event."""
        table = self.config.dynamics
        reversals = test_reversals(
            self.paths.car,
            self._long,
            ordinary=placebo_paths(self._long.pool, horizon=table.horizon),
            peak_within=table.peak_within,
            sessions=table.reversal,
        )
        return event_frame(
            self.ids,
            self.market.sessions,
            position=self.position,
            paths=self.paths,
            reversals=reversals,
            choices=self.choices,
        )

    @cached_property
    def surges(self) -> pd.DataFrame:
        """Surges above the levels of the study round its events."""
        w0, w1 = self.abnormal.window
        near = (int(self.position.min()) + w0, int(self.position.max()) + w1)
        return surges_frame(
            self.market.prices,
            self.market.sessions,
            levels=self.config.levels.unique,
            near=near,
            given_back=self.choices.given_back,
        )

    @cached_property
    def measures(self) -> Record:
        """Moves of all sessions, in per cent, in USD and for the volatility of the day."""
        return move_measures(self.market.prices)

    @cached_property
    def known_by_category(self) -> dict[str, Int]:
        """Sessions of the known events of each category, each once."""
        n = len(self.market.prices)
        inside = self.known[(self.known["position"] >= 1) & (self.known["position"] < n)]
        category = inside["category"].astype("string").fillna("")
        return {
            str(name): np.unique(inside["position"][category == name].to_numpy(dtype=np.intp))
            for name in dict.fromkeys(category)
            if name
        }

    @cached_property
    def history(self) -> pd.DataFrame:
        """The rank of each event's one-day move."""
        category = self.events["category"].astype("string").fillna("").tolist()
        return history_frame(
            self.ids,
            self.market.sessions,
            position=self.position,
            category=category,
            known=self.known_by_category,
            measures=self.measures,
        )

    def strips(self, measure: str) -> pd.DataFrame:
        """Lay out the moves of all sessions and of the categories of the study's events."""
        own = dict.fromkeys(self.events["category"].astype("string").fillna(""))
        known = {name: self.known_by_category[name] for name in own if name}
        return strip_frame(self.measures, known=known, measure=measure)

    @cached_property
    def variance(self) -> VarianceForecast:
        """The variance process of the series."""
        fit = self._pool((0, 0)).fit
        residuals = forecast_residuals(self.market.returns, fit)
        return variance_forecast(residuals, model=self.config.volatility.model)

    @cached_property
    def volatility(self) -> pd.DataFrame:
        """Abnormal volatility of each event, window by window."""
        windows = tuple(dict.fromkeys(self.config.volatility.windows))
        energies = [return_energy(self.market.returns, self.design)]
        ranges = self.market.series.ranges
        if ranges is not None:
            ranges = ranges.reindex(self.market.sessions)
            high, low = ranges["high"].to_numpy(), ranges["low"].to_numpy()
            energies.append(range_energy(high, low, k=self.design.x.shape[1]))
        rows: list[Record] = []
        for energy in energies:
            for window in windows:
                if window[0] < -self.config.windows.gap:
                    rows += inside_estimation(self.ids, measure=energy.measure, window=window)
                    continue
                rated = rate_volatility(
                    energy,
                    self.variance,
                    pool=self._pool((min(window[0], 0), max(window[1], 0))),
                    position=self.position,
                    beta=self.abnormal.fit.beta,
                    sigma=self.abnormal.fit.sigma,
                    window=window,
                )
                rows += volatility_rows(self.ids, rated, measure=energy.measure, window=window)
        frame = volatility_frame(rows)
        order = {event_id: place for place, event_id in enumerate(self.ids)}
        return frame.sort_values("event_id", key=lambda ids: ids.map(order), kind="stable")

    def aftermath(self, row: int) -> AftermathView:
        """Look back from the evening before an event at earlier and later ones of its kind."""
        event = self.events.iloc[row]
        return look_back(
            self.config,
            self.market,
            design=self.design,
            known=self.known,
            position=int(self.position[row]),
            category=str(event["category"] or ""),
            direction=str(event["direction"] or ""),
        )

    def table(self, name: str) -> pd.DataFrame:
        """Return one of `TABLES`."""
        frame: pd.DataFrame = getattr(self, name)
        return frame
