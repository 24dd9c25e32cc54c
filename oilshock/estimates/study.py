"""All numbers of a study: levels, episodes, joint regression and diagnostics on top of the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from oilshock.abnormal import (
    cumulate,
    fit_events,
)
from oilshock.beyond.view import Beyond
from oilshock.config import Config
from oilshock.diagnostics import diagnose
from oilshock.episodes import EventEpisode, find_episodes, labels_of
from oilshock.estimates.groups import GroupEstimates
from oilshock.joint import JointStudy, Law, PlaceboSums, episodes_frame, joint_frame
from oilshock.levels import Episode, episodes_above, run_up_return
from oilshock.options import JointCovariance, JointDummies
from oilshock.tables import (
    COLUMNS,
    DECOMPOSITION_TABLES,
    OVERLAP_TABLES,
)
from oilshock.what_moved import WhatMoved, take_apart
from oilshock.windows import (
    estimation_windows,
)


@dataclass(frozen=True, eq=False)
class StudyEstimates(GroupEstimates):
    """All numbers of a study."""

    def with_config(self, config: Config) -> StudyEstimates:
        """Return the same numbers under a config that differs only in what comes after them."""
        return replace(self, config=config)

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
        positions = self.known_positions.drop(list(self.twins))
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

    @cached_property
    def diagnostics(self) -> pd.DataFrame:
        """`diagnostics.csv`: which assumptions fail for which event."""
        return diagnose(
            self.ids,
            self.abnormal,
            returns=self.market.returns,
            design=self._design,
            estimation=self.estimation,
            position=self.position,
            sessions=self.market.sessions,
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

    @cached_property
    def what_moved(self) -> WhatMoved:
        """The price of each episode taken apart, and its levels without the events."""
        config = self.config
        return take_apart(
            self.market,
            self._design,
            self.episode_records,
            ids=self.ids,
            position=self.position,
            abnormal=self.abnormal,
            length=config.windows.estimation,
            gap=config.windows.gap,
            kind=config.returns.kind,
            left_out=self.not_placebo,
            levels=config.levels.unique,
            rules=config.decomposition.rules,
            alpha=config.inference.alpha,
            past_only=config.placebo.past_only,
        )

    @property
    def decomposition(self) -> pd.DataFrame:
        """`decomposition.csv`."""
        return self.what_moved.parts

    @property
    def counterfactual(self) -> pd.DataFrame:
        """`counterfactual.csv`."""
        return self.what_moved.counterfactual

    @property
    def accounted(self) -> pd.DataFrame:
        """`accounted.csv`."""
        return self.what_moved.accounted

    @property
    def asked_tables(self) -> tuple[str, ...]:
        """Names of all further tables that the config asks for."""
        parts = DECOMPOSITION_TABLES if self.config.decomposition.report else ()
        return (*self.overlap_tables, *parts)

    @property
    def overlap_tables(self) -> tuple[str, ...]:
        """Names of the further tables that the config asks for."""
        about = self.config.episodes
        if self.config.model.joint:
            return OVERLAP_TABLES
        return ("episodes",) if about.column or about.within is not None else ()
