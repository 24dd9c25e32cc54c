"""The tables of a config that say how moves are measured and judged."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from oilshock.config_errors import cross_problems
from oilshock.config_tables import ConfigTable, Findings, Real, StrictInt
from oilshock.options import (
    TESTS_DEFAULT,
    Adjust,
    AdjustFamily,
    Alternative,
    GarchErrors,
    GarchFailure,
    GarchSpan,
    JointCovariance,
    JointDummies,
    ModelKind,
    PlaceboExclude,
    RegressionWeights,
    TestName,
)
from oilshock.presets import count_factors


class ModelTable(ConfigTable):
    """`[model]`: the expected return."""

    kind: ModelKind = Field(
        "mean",
        description="What is expected without the event: the mean of the estimation window, the "
        "return of a benchmark, a regression on one or several factors, or one with GARCH errors.",
        examples=["mean"],
    )
    factors: tuple[str, ...] = Field(
        (),
        description="Names of [series.NAME] tables, or presets: dollar, hamilton, equity. "
        "market and market-adjusted take exactly one; garch takes none or several.",
        examples=[["dollar"]],
    )
    errors: GarchErrors = Field(
        "t", description="garch: law of the errors, normal or Student's t.", examples=["t"]
    )
    span: GarchSpan = Field(
        "window",
        description="garch: fitted on the estimation window, or on all history before its end.",
        examples=["window"],
    )
    on_failure: GarchFailure = Field(
        "leave-out",
        description="garch: what becomes of an event whose fit does not converge. "
        "constant-variance keeps it with the scale of the estimation window, and says so.",
        examples=["leave-out"],
    )
    joint: bool = Field(
        default=False,
        strict=True,
        description="Also fit all events in one regression with event dummies, so that events "
        "whose windows overlap are told apart as far as they can be.",
        examples=[False],
    )
    joint_dummies: JointDummies = Field(
        "day",
        description="joint: one dummy per event day, or one per CAR window, which assumes a "
        "constant daily effect.",
        examples=["day"],
    )
    joint_covariance: JointCovariance = Field(
        "classical",
        description="joint: standard errors. hac, hc3 and cluster are for classes of at least "
        "20 separate episodes only.",
        examples=["classical"],
    )

    @model_validator(mode="after")
    def _check(self) -> ModelTable:
        problems: Findings = []
        n = count_factors(self.factors)
        if self.kind in ("market", "market-adjusted") and n != 1:
            problems.append(
                (
                    "factors",
                    list(self.factors),
                    f"has {n} series; {self.kind} takes exactly one",
                    'Name one, for example factors = ["dollar"].',
                )
            )
        if self.kind == "factors" and n == 0:
            problems.append(
                ("factors", [], "names no factor", 'Name at least one, such as "dollar".')
            )
        if self.kind == "mean" and n:
            problems.append(
                (
                    "factors",
                    list(self.factors),
                    'are not used by kind = "mean"',
                    'Set kind = "factors", or remove them.',
                )
            )
        if len(set(self.factors)) < len(self.factors):
            problems.append(("factors", list(self.factors), "names one twice", "Name each once."))
        return cross_problems(self, problems)


class InferenceTable(ConfigTable):
    """`[inference]`: tests, adjustment for many events, groups."""

    alpha: Annotated[Real, Field(gt=0, lt=0.5)] = Field(
        0.05, description="Level of tests; intervals cover 1 - alpha.", examples=[0.05]
    )
    tests: Annotated[tuple[TestName, ...], Field(min_length=1)] = Field(
        TESTS_DEFAULT,
        description="Tests, of one event and across events.",
        examples=[["t", "bmp", "rank", "placebo"]],
    )
    alternative: Alternative = Field(
        "two-sided",
        description="Alternative of the tests across events: two-sided, greater or less.",
        examples=["two-sided"],
    )
    adjust: Adjust = Field(
        "holm", description="Adjustment of p values for many events.", examples=["holm"]
    )
    adjust_family: AdjustFamily = Field(
        "window",
        description="The family: all events of one CAR window, or of the whole run.",
        examples=["window"],
    )
    groups: tuple[str, ...] = Field(
        ("category", "direction"),
        description="Event columns by which averages are taken.",
        examples=[["category", "direction"]],
    )
    draws: Annotated[StrictInt, Field(ge=100)] = Field(
        10000, description="Number of random draws of resampling tests.", examples=[10000]
    )
    bootstrap: bool = Field(
        default=False,
        strict=True,
        description="Also give each CAR a stationary-bootstrap interval, in results.json.",
        examples=[False],
    )


class PlaceboTable(ConfigTable):
    """`[placebo]`: which sessions the placebo test may use."""

    exclude: PlaceboExclude = Field(
        "none",
        description="Events whose windows no placebo session may touch: none, those of the study, "
        "or catalogue events of severity 3.",
        examples=["none"],
    )
    past_only: bool = Field(
        default=False,
        strict=True,
        description="Use no session after the event.",
        examples=[False],
    )


class EpisodesTable(ConfigTable):
    """`[episodes]`: events merged because they belong together."""

    within: Annotated[StrictInt, Field(ge=0)] | None = Field(
        None,
        description="Events at most so many sessions apart are one episode; default: events "
        "whose event windows share a session.",
        examples=[5],
    )
    column: str = Field(
        "", description="Event column that names the episode of each event.", examples=["episode"]
    )

    @model_validator(mode="after")
    def _check(self) -> EpisodesTable:
        problems: Findings = []
        if self.within is not None and self.column:
            fix = "Keep one of the two."
            problems.append(("within", self.within, f"meets column = {self.column!r}", fix))
        return cross_problems(self, problems)


class ComparisonTable(ConfigTable):
    """`[comparison]`: what moves the price more."""

    attributes: tuple[str, ...] = Field(
        (),
        description="Event columns on which CARs are regressed.",
        examples=[["direction", "severity"]],
    )
    weights: RegressionWeights = Field(
        "equal",
        description="equal: least squares with HC3 errors; inverse-variance: weighted.",
        examples=["equal"],
    )
    contrasts: tuple[tuple[str, str], ...] = Field(
        (),
        description="Pairs of groups whose mean CARs are compared by permutation.",
        examples=[[["category=conflict", "category=sanctions"]]],
    )

    @model_validator(mode="after")
    def _check(self) -> ComparisonTable:
        problems: Findings = [
            ("contrasts", list(pair), why, 'Write groups as "column=value", two different ones.')
            for pair in self.contrasts
            for why in [_wrong_pair(pair)]
            if why
        ]
        if len(set(self.attributes)) < len(self.attributes):
            names = list(self.attributes)
            problems.append(("attributes", names, "names one twice", "Name each once."))
        return cross_problems(self, problems)


def _wrong_pair(pair: tuple[str, str]) -> str:
    if not all(part for group in pair for part in group.partition("=")):
        return "is no pair of groups"
    return "compares a group with itself" if pair[0] == pair[1] else ""
