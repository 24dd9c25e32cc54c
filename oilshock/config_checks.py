"""The tables of a config for the questions after the event window: scan, sweep, power."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from oilshock.config_errors import cross_problems
from oilshock.config_tables import ConfigTable, Findings, Pair, Real, StrictInt
from oilshock.options import LinearModel, ReturnKind, SweepEffect, SweepTest


class ScanTable(ConfigTable):
    """`[scan]`: which moves of the series no event explains."""

    top: Annotated[StrictInt, Field(ge=1)] = Field(
        50, description="Length of each list: largest moves, raw and scaled.", examples=[50]
    )
    within: Annotated[StrictInt, Field(ge=0)] = Field(
        1,
        description="An event at most so many sessions away may explain a move.",
        examples=[1],
    )
    q: Annotated[Real, Field(gt=0, lt=1)] = Field(
        0.05, description="Level of the false discovery rate of the model.", examples=[0.05]
    )
    shortest: Annotated[StrictInt, Field(ge=20)] = Field(
        60, description="Fewest sessions between two structural breaks.", examples=[60]
    )


class PowerTable(ConfigTable):
    """`[power]`: how large a move must be to be seen."""

    target: Annotated[Real, Field(gt=0.5, lt=1)] = Field(
        0.8, description="Power at which the minimum detectable move is read.", examples=[0.8]
    )
    shocks: tuple[Annotated[Real, Field(ge=0)], ...] = Field(
        (),
        description="Shocks added in the simulation, as returns; default: 0 to 15 %, or 0 to 10 "
        "USD/bbl for difference returns.",
        examples=[[0.0, 0.01, 0.02, 0.05]],
    )
    events: Annotated[tuple[Annotated[StrictInt, Field(ge=1)], ...], Field(min_length=1)] = Field(
        (1, 5, 20, 50), description="Numbers of events in the simulation.", examples=[[1, 10]]
    )
    draws: Annotated[StrictInt, Field(ge=100)] = Field(
        2000, description="Simulated studies for each number of events.", examples=[2000]
    )


class SweepModel(ConfigTable):
    """One expected-return model of a sweep."""

    kind: LinearModel = Field(
        "mean", description="As model.kind, but not garch.", examples=["mean"]
    )
    factors: tuple[str, ...] = Field((), description="As model.factors.", examples=[["dollar"]])

    @model_validator(mode="after")
    def _check(self) -> SweepModel:
        problems: Findings = []
        wanted = {"mean": (0, 0), "market": (1, 1), "market-adjusted": (1, 1)}
        low, high = wanted.get(self.kind, (1, 99))
        if not low <= len(self.factors) <= high:
            message = f"do not fit {self.kind}"
            fix = "mean takes none, market and market-adjusted one, factors one or more."
            problems.append(("factors", list(self.factors), message, fix))
        return cross_problems(self, problems)

    @property
    def label(self) -> str:
        """How tables name the model."""
        return f"{self.kind} ({', '.join(self.factors)})" if self.factors else self.kind


class SweepTable(ConfigTable):
    """`[sweep]`: the grid of a specification curve; every combination is one specification.

    A list that is left out holds the study's own choice.
    """

    models: tuple[SweepModel, ...] | None = Field(
        None,
        description="Expected-return models.",
        examples=[[{"kind": "mean"}, {"kind": "market", "factors": ["dollar"]}]],
    )
    estimation: tuple[Annotated[StrictInt, Field(ge=5)], ...] | None = Field(
        None, description="Lengths of the estimation window.", examples=[[60, 120, 250]]
    )
    gap: tuple[Annotated[StrictInt, Field(ge=0)], ...] | None = Field(
        None, description="Sessions between estimation window and day 0.", examples=[[10, 20]]
    )
    windows: tuple[Pair, ...] | None = Field(
        None, description="CAR windows.", examples=[[[0, 0], [-1, 1], [0, 5]]]
    )
    returns: tuple[ReturnKind, ...] | None = Field(
        None, description="Kinds of returns.", examples=[["log", "simple"]]
    )
    series: Annotated[tuple[str, ...], Field(min_length=1)] = Field(
        ("prices",),
        description='"prices", and names of [series.NAME] tables.',
        examples=[["prices", "futures"]],
    )
    tests: Annotated[tuple[SweepTest, ...], Field(min_length=1)] = Field(
        ("t", "placebo"), description="Tests of the mean CAR.", examples=[["t", "placebo"]]
    )
    events: tuple[str, ...] = Field(
        (),
        description="Ids of the events whose effect is swept; default: all of the study.",
        examples=[["iran-attacks-israel-apr2024"]],
    )
    effect: SweepEffect = Field(
        "signed",
        description="signed: the mean CAR in the direction expected beforehand (events without "
        "one are left out); average: the mean CAR as it is.",
        examples=["signed"],
    )
    permutations: Annotated[StrictInt, Field(ge=0)] = Field(
        200,
        description="Placements of the events at random sessions, for the test of the whole "
        "curve; 0 leaves it out.",
        examples=[200],
    )

    @model_validator(mode="after")
    def _check(self) -> SweepTable:
        problems: Findings = []
        for name in ("models", "estimation", "gap", "windows", "returns"):
            if getattr(self, name) == ():
                problems.append((name, [], "is empty", "Name one, or leave the key out."))
        for index, (a, b) in enumerate(self.windows or ()):
            if a > b:
                fix = f"Write [{b}, {a}]."
                problems.append((f"windows[{index}]", [a, b], "starts after it ends", fix))
        kinds = set(self.returns or ())
        if "difference" in kinds and len(kinds) > 1:
            fix = "Sweep difference returns alone."
            problems.append(("returns", list(self.returns or ()), "mix USD and per cent", fix))
        return cross_problems(self, problems)
