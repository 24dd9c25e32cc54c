"""The record of a study: what was fitted, and for which events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from oilshock.abnormal import (
    AbnormalReturns,
)
from oilshock.alignment import Alignment
from oilshock.config import Config
from oilshock.events import EventCatalogue
from oilshock.inference import (
    t_critical,
)
from oilshock.inference.curve import SpecificationCurve
from oilshock.market import Market
from oilshock.models import Design, build_design
from oilshock.typing import Bool, Float, Int
from oilshock.windows import (
    EstimationWindows,
)


@dataclass(frozen=True, eq=False)
class StudyRecord:
    """What a study fitted, and for which events.

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
    twins : tuple of str, default ()
        Catalogue events that are taken for events of the study.
    curve : SpecificationCurve, optional
        The study under other choices, where its config has `[sweep]`.
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
    twins: tuple[str, ...] = ()
    curve: SpecificationCurve | None = None

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
    def _design(self) -> Design:
        return build_design(
            self.config.model.kind, factors=self.market.factors, names=self.market.factor_names
        )
