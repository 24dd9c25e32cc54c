"""The names of all options, in one place; plain literals, so that importing them costs nothing."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

Source: TypeAlias = Literal["bundled", "file", "yahoo", "fred"]
ReturnKind: TypeAlias = Literal["log", "simple", "difference"]
ModelKind: TypeAlias = Literal["mean", "market-adjusted", "market", "factors", "garch"]
Adjust: TypeAlias = Literal["none", "holm", "bh", "romano-wolf"]
AdjustFamily: TypeAlias = Literal["window", "run"]
PlaceboExclude: TypeAlias = Literal["none", "study", "severity3"]
Format: TypeAlias = Literal["pdf", "html", "png"]
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

CATEGORIES: tuple[str, ...] = get_args(Category)
DIRECTIONS: tuple[str, ...] = get_args(Direction)
MODELS: tuple[str, ...] = get_args(ModelKind)

MODELS_READY: tuple[str, ...] = ("mean", "market-adjusted", "market", "factors")
TESTS_READY: tuple[str, ...] = ("t",)
ADJUST_READY: tuple[str, ...] = ("none", "holm", "bh")
