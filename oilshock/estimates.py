"""The numbers of a study: config, prices and events in, every contract table out.

This is the one place that puts alignment, windows, models, abnormal returns and inference
together. It reads no file and draws nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from oilshock.abnormal import (
    AbnormalReturns,
    abnormal_returns,
    average,
    buy_and_hold,
    cumulate,
    cumulate_path,
)
from oilshock.alignment import Alignment
from oilshock.config import Config
from oilshock.errors import ConfigError, Problem
from oilshock.events import EventCatalogue
from oilshock.inference import (
    TestResult,
    benjamini_hochberg,
    holm,
    portfolio_t,
    realised_size,
    t_critical,
    t_p_value,
    t_statistic,
)
from oilshock.inference.curve import SpecificationCurve
from oilshock.levels import Episode, episodes_above, run_up_return
from oilshock.market import Market
from oilshock.models import Design, build_design, fit_ols
from oilshock.options import ACROSS_TESTS
from oilshock.returns import project
from oilshock.tables import (
    COLUMNS,
    abnormal_returns_table,
    average_table,
    car_table,
    test_row,
    what_if_table,
)
from oilshock.typing import Bool, Float, Int, Window
from oilshock.whatif import WhatIf, what_if
from oilshock.windows import (
    EstimationWindows,
    estimation_windows,
    event_windows,
)

SIZE_COLUMNS = ("start", "end", "test", "n_sessions", "reject_10", "reject_5", "reject_1")
ADJUSTMENTS = {"holm": holm, "bh": benjamini_hochberg}


@dataclass(frozen=True, eq=False)
class StudyEstimates:
    """All numbers of a study.

    Parameters
    ----------
    config : Config
        The config that made it.
    market : Market
        Prices and factors.
    events : EventCatalogue
        The events that passed the filters.
    alignment : Alignment
        Where each of them went.
    ledger : DataFrame
        `events.csv`, with every event.
    neighbours : DataFrame
        Catalogue events inside an event window that are not in the study: event_id, other_id,
        other_title, session, relative_day.
    known_positions : Series
        Session of each study and catalogue event that is not endogenous, by id, in time order.
    kept : ndarray of shape (n_kept,)
        Rows of the events that were estimated.
    abnormal : AbnormalReturns
        ARs of the kept events.
    estimation : EstimationWindows
        Their estimation windows.
    curve : SpecificationCurve, optional
        The study under other choices, where its config has `[sweep]`.
    """

    config: Config
    market: Market
    events: EventCatalogue
    alignment: Alignment
    ledger: pd.DataFrame
    neighbours: pd.DataFrame
    known_positions: pd.Series[int]
    kept: Int
    abnormal: AbnormalReturns
    estimation: EstimationWindows
    curve: SpecificationCurve | None = None

    def with_config(self, config: Config) -> StudyEstimates:
        """Return the same numbers under a config that differs only in what comes after them."""
        return replace(self, config=config)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of the kept events, in the order given."""
        return tuple(self.ledger["event_id"].iloc[self.kept])

    @cached_property
    def position(self) -> Int:
        """Session of each kept event."""
        return self.alignment.position[self.kept]

    @cached_property
    def kept_events(self) -> pd.DataFrame:
        """The kept events with all their columns, and `number`, their row of the ledger."""
        frame = self.events.to_frame().iloc[self.kept].reset_index(drop=True)
        frame.insert(0, "number", self.kept + 1)
        return frame

    @property
    def regressors(self) -> tuple[str, ...]:
        """Names of the model's regressors."""
        return self._design.names

    @cached_property
    def critical(self) -> Float:
        """Critical t value of each kept event at the study's alpha."""
        return t_critical(self.config.inference.alpha, self.abnormal.fit.df)

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
            alpha=self.config.inference.alpha,
            levels=levels,
        )

    @cached_property
    def abnormal_returns(self) -> pd.DataFrame:
        """`abnormal_returns.csv`."""
        t_stat = t_statistic(self.abnormal.ar, self.abnormal.std_error)
        return abnormal_returns_table(
            self.ids,
            self.market.sessions,
            position=self.position,
            price=self.path.price,
            abnormal=self.abnormal,
            t_stat=t_stat,
            p_value=t_p_value(t_stat, self.abnormal.fit.df[:, np.newaxis]),
        )

    @cached_property
    def car(self) -> pd.DataFrame:
        """`car.csv`: by event, then by CAR window."""
        windows = self.config.windows.car_windows
        frame = pd.concat([self.car_of(window) for window in windows], ignore_index=True)
        if self.config.inference.adjust_family == "run":
            frame["p_adjusted"] = self._adjust(frame["p_value"].to_numpy())
        order = np.arange(len(frame)).reshape(len(windows), -1).T.ravel()
        return frame.iloc[order].reset_index(drop=True)

    def car_of(self, window: Window) -> pd.DataFrame:
        """Compute the CARs of one window, p values adjusted over its events."""
        estimate = cumulate(self.abnormal, window=window)
        t_stat = t_statistic(estimate.car, estimate.std_error)
        p_value = t_p_value(t_stat, self.abnormal.fit.df)
        frame = car_table(
            self.ids,
            window=window,
            estimate=estimate,
            t_stat=t_stat,
            p_value=p_value,
            critical=self.critical,
            usd=self._usd(window),
        )
        return frame.assign(p_adjusted=self._adjust(p_value))

    def _adjust(self, p_values: Float) -> Float:
        name = self.config.inference.adjust
        return (
            ADJUSTMENTS[name](p_values) if name in ADJUSTMENTS else np.full_like(p_values, np.nan)
        )

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

    @cached_property
    def groups(self) -> dict[str, Bool]:
        """Members of each group among the kept events, `all` first."""
        frame = self.kept_events
        groups = {"all": np.ones(len(frame), dtype=np.bool_)}
        for column in self.config.inference.groups:
            values = frame[column].astype("string").fillna("")
            for value in dict.fromkeys(values):
                if value:
                    groups[f"{column}={value}"] = (values == value).to_numpy(dtype=np.bool_)
        return groups

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
    def test_windows(self) -> tuple[Window, ...]:
        """Every relative day as a window, then every CAR window, each once."""
        w0, w1 = self.abnormal.window
        days = [(day, day) for day in range(w0, w1 + 1)]
        return tuple(dict.fromkeys([*days, *self.config.windows.car_windows]))

    @cached_property
    def tests(self) -> pd.DataFrame:
        """`tests.csv`: tests across the events of each group."""
        rows = [
            test_row(group, window, self.test_of(name, window, members=members))
            for group, members in self.groups.items()
            for window in self.test_windows
            for name in self.config.inference.tests
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS["tests"]))

    def test_of(self, name: str, window: Window, *, members: Bool | None = None) -> TestResult:
        """Test the mean CAR of the events that have the whole window."""
        if name not in ACROSS_TESTS:
            raise ConfigError(
                Problem(
                    "test", f'"{name}" is not available.', fix=f"Use: {', '.join(ACROSS_TESTS)}."
                )
            )
        estimate = cumulate(self.abnormal, window=window)
        rows = slice(None) if members is None else members
        return portfolio_t(estimate.car[rows], estimate.std_error[rows])

    def test_frame(self, name: str, window: Window, *, group: str) -> pd.DataFrame:
        """Lay one test of one group out as a row, with its null and its reason."""
        result = self.test_of(name, window, members=self.groups[group])
        row = test_row(group, window, result)
        return pd.DataFrame([{**row, "null": result.null, "reason": result.reason}])

    def forest_frame(self, window: Window) -> pd.DataFrame:
        """Lay out one window's CARs for a chart: with number, title and direction."""
        about = self.kept_events[["number", "title", "direction"]]
        return pd.concat([about, self.car_of(window)], axis=1)

    def car_path_frame(self, row: int) -> pd.DataFrame:
        """Lay out CAR[w0, j] of one kept event for each day j that has a session."""
        w0, w1 = self.abnormal.window
        path = cumulate_path(self.abnormal, start=w0)
        frame = pd.DataFrame(
            {
                "relative_day": np.arange(w0, w1 + 1),
                "car": path.car[row],
                "std_error": path.std_error[row],
            }
        )
        return frame[frame["car"].notna()]

    @cached_property
    def event_tests(self) -> pd.DataFrame:
        """`event_tests.csv`: tests of each event, for day 0 and every CAR window."""
        windows = tuple(dict.fromkeys([(0, 0), *self.config.windows.car_windows]))
        frames = [self._event_tests_of(window) for window in windows]
        frame = pd.concat(frames, ignore_index=True)
        order = np.arange(len(frame)).reshape(len(windows), -1).T.ravel()
        return frame.iloc[order].reset_index(drop=True)

    def _event_tests_of(self, window: Window) -> pd.DataFrame:
        car = self.car_of(window)
        reasons = np.where(
            car["car"].isna(),
            "the window is not complete",
            np.where(car["t_stat"].isna(), "the estimation window has no variance", ""),
        )
        return pd.DataFrame(
            {
                "event_id": car["event_id"],
                "start": car["start"],
                "end": car["end"],
                "test": "t",
                "statistic": car["t_stat"],
                "p_value": car["p_value"],
                "df": self.abnormal.fit.df.astype(np.float64),
                "reason": reasons,
            },
            columns=list(COLUMNS["event_tests"]),
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
    def levels(self) -> pd.DataFrame:
        """`levels.csv`: episodes above each level."""
        found = [
            episode
            for level in self.config.levels.unique
            for episode in episodes_above(self.market.prices, level=level)
        ]
        parts = self._abnormal_parts([episode.first for episode in found])
        rows = [self._level_row(episode, part) for episode, part in zip(found, parts, strict=True)]
        frame = pd.DataFrame(rows, columns=list(COLUMNS["levels"]))
        for column in ("first_session", "last_session", "peak_session"):
            frame[column] = pd.to_datetime(frame[column])
        return frame

    def _level_row(self, episode: Episode, part: float) -> dict[str, object]:
        sessions = self.market.sessions
        last = len(sessions) - 1 if episode.last is None else episode.last
        positions = self.known_positions
        near = positions[(positions >= episode.first - 9) & (positions <= last)]
        return {
            "level": episode.level,
            "first_session": sessions[episode.first],
            "last_session": None if episode.last is None else sessions[episode.last],
            "sessions_above": episode.sessions_above,
            "peak": episode.peak,
            "peak_session": sessions[episode.peak_session],
            "run_up_return": run_up_return(self.market.prices, first=episode.first),
            "abnormal_part": part,
            "events": ";".join(near.index),
        }

    @cached_property
    def size(self) -> pd.DataFrame:
        """Realised size of the t test on this very series, for each CAR window.

        Over every session for which the study's design can be estimated and whose event window
        is complete. Columns: start, end, test, n_sessions, reject_10, reject_5, reject_1.
        """
        windows = self.config.windows
        first = windows.estimation + windows.gap + 1
        position = np.arange(first, len(self.market.sessions) - windows.event[1])
        if len(position) == 0:
            return pd.DataFrame(columns=list(SIZE_COLUMNS))
        abnormal, _ = fit_events(
            self.market,
            self._design,
            estimation=estimation_windows(position, length=windows.estimation, gap=windows.gap),
            position=position,
            window=windows.event,
        )
        rows = []
        for window in windows.car_windows:
            estimate = cumulate(abnormal, window=window)
            t_stat = t_statistic(estimate.car, estimate.std_error)
            shares = realised_size(t_p_value(t_stat, abnormal.fit.df))
            rows.append((*window, "t", len(position), *shares))
        return pd.DataFrame(rows, columns=list(SIZE_COLUMNS))

    @cached_property
    def _design(self) -> Design:
        return build_design(
            self.config.model.kind, factors=self.market.factors, names=self.market.factor_names
        )

    def _abnormal_parts(self, firsts: list[int]) -> list[float]:
        """CAR[0, 9] with day 0 nine sessions before each first session, by the study's model."""
        windows = self.config.windows
        position = np.array(firsts, dtype=np.intp) - 9
        usable = position >= windows.estimation + windows.gap + 1
        parts = np.full(len(firsts), np.nan)
        if usable.any():
            abnormal, _ = fit_events(
                self.market,
                self._design,
                estimation=estimation_windows(
                    position[usable], length=windows.estimation, gap=windows.gap
                ),
                position=position[usable],
                window=(0, 9),
            )
            parts[usable] = cumulate(abnormal, window=(0, 9)).car
        return [float(part) for part in parts]


def fit_events(
    market: Market,
    design: Design,
    *,
    estimation: EstimationWindows,
    position: Int,
    window: Window,
) -> tuple[AbnormalReturns, Bool]:
    """Fit the model of each event and take its ARs; also say which events are collinear."""
    fit = fit_ols(
        market.returns[estimation.index] - design.offset[estimation.index],
        design.x[estimation.index],
        mask=estimation.mask,
    )
    index, present = event_windows(position, window=window, n_sessions=len(market.returns))
    abnormal = abnormal_returns(
        market.returns, design, fit=fit, index=index, present=present, window=window
    )
    return abnormal, fit.collinear
