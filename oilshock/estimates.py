"""The numbers of a study: config, prices and events in, every contract table out.

This is the one place that puts alignment, windows, models, abnormal returns and inference
together. It reads no file and draws nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from oilshock.abnormal import (
    AbnormalReturns,
    CarEstimate,
    abnormal_returns,
    average,
    buy_and_hold,
    cumulate,
    cumulate_path,
)
from oilshock.across import across_table, across_test, across_windows
from oilshock.alignment import Alignment
from oilshock.beyond.view import Beyond
from oilshock.calibration import Calibration, calibrate
from oilshock.config import Config
from oilshock.episodes import EventEpisode, find_episodes, labels_of
from oilshock.event_tests import RatedEvents, event_tests_table
from oilshock.events import EventCatalogue
from oilshock.inference import (
    ACROSS,
    AcrossTest,
    EventSample,
    PlaceboRating,
    TestResult,
    adjust_p_values,
    t_critical,
    t_p_value,
    t_statistic,
)
from oilshock.joint import JointStudy, Law, PlaceboSums, episodes_frame, joint_frame
from oilshock.levels import Episode, episodes_above, run_up_return
from oilshock.market import Market
from oilshock.models import Design, build_design, fit_ols
from oilshock.options import Alternative, JointCovariance, JointDummies
from oilshock.placebo import EventPlacebos, PlaceboPool, build_pool, calibrated_forecast
from oilshock.placebo_sets import PlaceboSets
from oilshock.returns import project
from oilshock.tables import (
    COLUMNS,
    OVERLAP_TABLES,
    abnormal_returns_table,
    average_table,
    car_table,
    is_calibrated,
    quoted,
    test_row,
    what_if_table,
)
from oilshock.typing import Bool, Float, Int, Window
from oilshock.whatif import Forecast, WhatIf, student_forecast, what_if
from oilshock.windows import (
    EstimationWindows,
    estimation_windows,
    event_windows,
)


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
    known : DataFrame
        Study and catalogue events that are not endogenous, with `position`, in time order.
    known_positions : Series
        Session of each study and catalogue event that is not endogenous, by id, in time order.
    kept : ndarray of shape (n_kept,)
        Rows of the events that were estimated.
    abnormal : AbnormalReturns
        ARs of the kept events.
    estimation : EstimationWindows
        Their estimation windows.
    not_placebo : ndarray
        Sessions of events that no placebo window may touch.
    """

    config: Config
    market: Market
    events: EventCatalogue
    alignment: Alignment
    ledger: pd.DataFrame
    neighbours: pd.DataFrame
    known: pd.DataFrame
    known_positions: pd.Series[int]
    kept: Int
    abnormal: AbnormalReturns
    estimation: EstimationWindows
    not_placebo: Int

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

    @cached_property
    def beyond(self) -> Beyond:
        """What the study says beyond its windows: persistence, history, volatility."""
        return Beyond(
            config=self.config,
            market=self.market,
            design=self._design,
            events=self.kept_events,
            known=self.known,
            position=self.position,
            abnormal=self.abnormal,
            not_placebo=self.not_placebo,
        )

    @property
    def regressors(self) -> tuple[str, ...]:
        """Names of the model's regressors."""
        return self._design.names

    @cached_property
    def critical(self) -> Float:
        """Critical value of each kept event's t at the study's alpha, by the law of its model."""
        fit = self.abnormal.fit
        return t_critical(self.config.inference.alpha, fit.law_df, scale=fit.law_scale)

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

    def rating_of(self, window: Window) -> PlaceboRating | None:
        """Rate the CARs of one window among those of ordinary sessions."""
        if self.placebos is None:
            return None
        return self.placebos.rating(window, cumulate(self.abnormal, window=window).car)

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
        t_stat = t_statistic(estimate.car, estimate.std_error)
        fit = self.abnormal.fit
        rating, missing = self.rating_of(window), np.full(len(t_stat), np.nan)
        alpha = self.config.inference.alpha
        return car_table(
            self.ids,
            window=window,
            estimate=estimate,
            t_stat=t_stat,
            p_value=t_p_value(t_stat, fit.law_df, scale=fit.law_scale),
            critical=self.critical,
            p_calibrated=missing if rating is None else rating.p_value,
            half_calibrated=missing
            if self.placebos is None
            else self.placebos.half_width(window, alpha=alpha),
            usd=self._usd(window),
        )

    @cached_property
    def adjusts_calibrated(self) -> bool:
        """Whether adjusted p values come from calibrated ones, or from those of the t test.

        A family takes the calibrated ones if every event of it that has a p value has one.
        """
        frames = [self._car_rows(window) for window in self.config.windows.car_windows]
        return all(is_calibrated(frame) for frame in frames)

    def _adjusted(self, windows: Sequence[Window]) -> Float:
        """Adjust the p values of all events over some windows, as one family."""
        frame = pd.concat([self._car_rows(window) for window in windows], ignore_index=True)
        inference = self.config.inference
        if inference.adjust == "romano-wolf":
            cars = [cumulate(self.abnormal, window=window).car for window in windows]
            return self.placebo_sets.step_down(windows, cars)
        column = "p_calibrated" if is_calibrated(frame) else "p_value"
        return adjust_p_values(frame[column].to_numpy(), method=inference.adjust)

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

    def forest_frame(self, window: Window) -> pd.DataFrame:
        """Lay out one window's CARs for a chart: with number, title and direction.

        P values and intervals are the calibrated ones where there are any.
        """
        about = self.kept_events[["number", "title", "direction"]]
        return pd.concat([about, quoted(self.car_of(window))], axis=1)

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

    @cached_property
    def event_tests(self) -> pd.DataFrame:
        """`event_tests.csv`: tests of each event, for day 0 and every CAR window."""
        inference, windows = self.config.inference, self.config.windows
        return event_tests_table(self.rated, names=inference.tests, windows=windows.car_windows)

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
    def calibration(self) -> Calibration:
        """What the tests of one event are worth on this very series, for each CAR window."""
        return self.calibration_of(self.config.windows.car_windows)

    def calibration_of(self, windows: Sequence[Window]) -> Calibration:
        """Try the tests on every session that has an estimation window and a whole event window."""
        config = self.config
        return calibrate(
            self.pool,
            windows=windows,
            tests=config.inference.tests,
            length=config.windows.estimation,
            alpha=config.inference.alpha,
            past_only=config.placebo.past_only,
            seed=config.study.seed,
        )

    @cached_property
    def episode_records(self) -> tuple[EventEpisode, ...]:
        """The episodes of the kept events; their members are rows of the kept events."""
        about = self.config.episodes
        column = self.kept_events[about.column] if about.column else ()
        return find_episodes(
            self.ids,
            self.position,
            window=self.config.windows.event,
            n_sessions=len(self.market.sessions),
            within=about.within,
            values=["" if pd.isna(value) else str(value) for value in column],
        )

    @cached_property
    def episodes(self) -> pd.DataFrame:
        """`episodes.csv`."""
        return episodes_frame(self.episode_records, ids=self.ids, sessions=self.market.sessions)

    @cached_property
    def joint(self) -> pd.DataFrame:
        """`joint.csv`: the joint regression as the config asks for it."""
        model = self.config.model
        return self.joint_of(model.joint_dummies, covariance=model.joint_covariance)

    def joint_of(
        self, dummies: JointDummies, *, covariance: JointCovariance, law: Law | None = None
    ) -> pd.DataFrame:
        """Fit the joint regression with other dummies or another covariance.

        The law of the placebo covariance is that of the study's placebo sessions, unless given.
        """
        if law is None and covariance == "placebo":
            last_day, past_only = self.config.windows.event[1], self.config.placebo.past_only
            law = PlaceboSums(self.pool, last_day=last_day, past_only=past_only)
        study = JointStudy(
            returns=self.market.returns,
            design=self._design,
            sessions=self.market.sessions,
            ids=self.ids,
            position=self.position,
            window=self.config.windows.event,
            estimation=self.estimation,
            labels=labels_of(self.episode_records),
            groups=self.groups,
        )
        return joint_frame(
            study,
            windows=self.config.windows.car_windows,
            dummies=dummies,
            covariance=covariance,
            law=law,
        )

    @property
    def overlap_tables(self) -> tuple[str, ...]:
        """Names of the further tables that the config asks for."""
        about = self.config.episodes
        if self.config.model.joint:
            return OVERLAP_TABLES
        return ("episodes",) if about.column or about.within is not None else ()

    @cached_property
    def _design(self) -> Design:
        return build_design(
            self.config.model.kind, factors=self.market.factors, names=self.market.factor_names
        )

    def _abnormal_parts(self, firsts: list[int]) -> list[float]:
        """CAR[0, 9] with day 0 nine sessions before each first session, by the study's model.

        For GARCH, by its least-squares counterpart: only the CAR is used, not its error.
        """
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
