"""The names of all options, in one place; plain literals, so that importing them costs nothing."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

SCHEMA_VERSION = 1
"""Of every JSON document that is written or printed."""

Source: TypeAlias = Literal["bundled", "file", "yahoo", "fred"]
ReturnKind: TypeAlias = Literal["log", "simple", "difference"]
ModelKind: TypeAlias = Literal["mean", "market-adjusted", "market", "factors", "garch"]
GarchSpan: TypeAlias = Literal["window", "expanding"]
GarchErrors: TypeAlias = Literal["normal", "t"]
GarchFailure: TypeAlias = Literal["leave-out", "constant-variance"]
JointCovariance: TypeAlias = Literal["classical", "garch", "placebo", "hac", "hc3", "cluster"]
JointDummies: TypeAlias = Literal["day", "window"]
Alternative: TypeAlias = Literal["two-sided", "greater", "less"]
Adjust: TypeAlias = Literal["none", "holm", "bh", "romano-wolf"]
AdjustFamily: TypeAlias = Literal["window", "run"]
PlaceboExclude: TypeAlias = Literal["none", "study", "severity3"]
ProjectionErrors: TypeAlias = Literal["hac", "lag-augmented"]
KnownEvents: TypeAlias = Literal["catalogue", "study"]
VarianceModel: TypeAlias = Literal["garch", "ewma"]
RegressionWeights: TypeAlias = Literal["equal", "inverse-variance"]
SweepEffect: TypeAlias = Literal["signed", "average"]
SweepTest: TypeAlias = Literal["t", "cross-sectional", "sign", "placebo"]
LinearModel: TypeAlias = Literal["mean", "market-adjusted", "market", "factors"]
Format: TypeAlias = Literal["pdf", "html", "png"]
ChartSize: TypeAlias = Literal["report", "slide", "web"]
ChartFormat: TypeAlias = Literal["png", "svg", "pdf"]
TableFormat: TypeAlias = Literal["latex", "markdown", "excel"]
LatexEnvironment: TypeAlias = Literal["auto", "table", "longtable"]
Category: TypeAlias = Literal[
    "conflict",
    "attack_on_supply",
    "sanctions",
    "opec_decision",
    "policy",
    "diplomacy",
    "demand_shock",
    "natural_disaster",
    "accident",
    "unrest",
]
Direction: TypeAlias = Literal["+", "-", "0"]
TestName: TypeAlias = Literal[
    "t",
    "cross-sectional",
    "crude-dependence",
    "patell",
    "patell-kp",
    "bmp",
    "bmp-kp",
    "skewness-adjusted",
    "rank",
    "corrado-zivney",
    "grank-t",
    "grank-z",
    "generalized-sign",
    "sign",
    "wilcoxon",
    "permutation",
    "estimation-rank",
    "garch",
    "placebo",
]

LevelRule: TypeAlias = Literal["previous-year-high"]
CATEGORIES: tuple[str, ...] = get_args(Category)
ONE_EVENT_TESTS: tuple[str, ...] = ("t", "permutation", "estimation-rank", "garch", "placebo")
"""Tests of one event; the other names, and `t` and `placebo` too, test across events."""

TESTS_DEFAULT: tuple[TestName, ...] = (
    "t",
    "patell",
    "bmp",
    "rank",
    "generalized-sign",
    "placebo",
)

ACROSS_TESTS: tuple[str, ...] = tuple(
    name for name in get_args(TestName) if name not in ("permutation", "estimation-rank", "garch")
)
ALTERNATIVES: tuple[str, ...] = get_args(Alternative)
DIRECTIONS: tuple[str, ...] = get_args(Direction)
MODELS: tuple[str, ...] = get_args(ModelKind)
FORMATS: tuple[Format, ...] = get_args(Format)
TABLE_FORMATS: tuple[TableFormat, ...] = get_args(TableFormat)
