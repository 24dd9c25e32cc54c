"""The tables of a config that say what is asked beyond the event window."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from oilshock.config_errors import cross_problems
from oilshock.config_tables import ConfigTable, Findings, Pair, StrictInt
from oilshock.options import KnownEvents, LevelRule, ProjectionErrors, VarianceModel


class DynamicsTable(ConfigTable):
    """`[dynamics]`: how long moves last."""

    horizon: Annotated[StrictInt, Field(ge=1, le=1000)] = Field(
        60, description="Last session after the event that is looked at.", examples=[60]
    )
    events: KnownEvents = Field(
        "catalogue",
        description="Events of the local projections: study, or the catalogue with those of the "
        "study.",
        examples=["catalogue"],
    )
    groups: tuple[str, ...] = Field(
        ("direction",),
        description="Event columns whose values are the classes of the local projections.",
        examples=[["direction", "category"]],
    )
    errors: ProjectionErrors = Field(
        "hac",
        description="Standard errors: hac allows for returns that overlap; lag-augmented takes "
        "lags as controls instead.",
        examples=["hac"],
    )
    lags: Annotated[StrictInt, Field(ge=0, le=60)] = Field(
        0,
        description="Lags of return and event dummy among the controls; lag-augmented errors "
        "need at least 1.",
        examples=[0],
    )
    base: Annotated[StrictInt, Field(ge=0)] = Field(
        0,
        description="Classes: the session whose response is the whole of which shares are given "
        "back. 1 where events have dates alone.",
        examples=[0],
    )
    peak_within: Annotated[StrictInt, Field(ge=0)] = Field(
        10, description="The peak is sought up to this session.", examples=[10]
    )
    given_back: tuple[Annotated[StrictInt, Field(ge=1)], ...] = Field(
        (5, 10, 20),
        description="Sessions by which the share given back is reported.",
        examples=[[5, 10, 20]],
    )
    reversal: Annotated[StrictInt, Field(ge=1)] = Field(
        20, description="Sessions after the peak over which a reversal is tested.", examples=[20]
    )
    draws: Annotated[StrictInt, Field(ge=100)] = Field(
        1000, description="Draws of the stationary bootstrap.", examples=[1000]
    )

    @model_validator(mode="after")
    def _check(self) -> DynamicsTable:
        problems: Findings = []
        latest = max((self.base, self.peak_within, *self.given_back))
        if latest > self.horizon:
            fix = f"Use at least {latest}, or shorten peak_within and given_back."
            problems.append(("horizon", self.horizon, "is shorter than what is asked of it", fix))
        if min(self.given_back, default=self.base + 1) <= self.base:
            fix = f"Use sessions after {self.base}."
            problems.append(("given_back", list(self.given_back), "begins too early", fix))
        if self.errors == "lag-augmented" and not self.lags:
            problems.append(("lags", 0, "are none; lag-augmented errors need lags", "Use 1."))
        return cross_problems(self, problems)


class VolatilityTable(ConfigTable):
    """`[volatility]`: whether prices moved more than usual round the events."""

    windows: tuple[Pair, ...] = Field(
        ((-5, -1), (0, 0), (0, 4), (1, 10)),
        description="Windows, in sessions relative to day 0.",
        examples=[[[0, 4], [1, 10]]],
    )
    model: VarianceModel = Field(
        "garch",
        description="What forecasts the variance without the event: garch, fitted once to the "
        "whole series and run up to the window, or ewma.",
        examples=["garch"],
    )

    @model_validator(mode="after")
    def _check(self) -> VolatilityTable:
        problems: Findings = [
            ("windows", list(window), "ends before it begins", "Swap the two.")
            for window in self.windows
            if window[0] > window[1]
        ]
        return cross_problems(self, problems)


class AftermathTable(ConfigTable):
    """`[aftermath]`: what followed earlier events of the same kind."""

    sessions: tuple[Annotated[StrictInt, Field(ge=1, le=250)], ...] = Field(
        (1, 5, 10), description="Sessions over which the move is counted.", examples=[[1, 5, 10]]
    )


class DecompositionTable(ConfigTable):
    """`[decomposition]`: the price of an episode taken apart, and levels without its events."""

    report: bool = Field(
        default=False,
        strict=True,
        description="Also take the price of each episode apart: a section of the report, "
        "decomposition.csv, counterfactual.csv and accounted.csv.",
        examples=[True],
    )
    rules: tuple[LevelRule, ...] = Field(
        (),
        description="Levels by a rule, beside those of [levels]: previous-year-high.",
        examples=[["previous-year-high"]],
    )
