"""Arguments of `EventStudy` as keys of a config: their names in errors, and the factors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

import pandas as pd

from oilshock.errors import ConfigError, Problem
from oilshock.inputs import preset_factors
from oilshock.market import Factor
from oilshock.options import ReturnKind
from oilshock.presets import PRESETS
from oilshock.prices import from_series

Factors: TypeAlias = (
    "pd.Series[float] | pd.DataFrame | Mapping[str, pd.Series[float]] | Sequence[str]"
)

ARGUMENTS = {
    "windows.event": "window",
    "windows.estimation": "estimation",
    "windows.gap": "gap",
    "windows.car": "car",
    "windows.exclude_events": "exclude_events",
    "windows.min_estimation": "min_estimation",
    "model.kind": "model",
    "model.factors": "factors",
    "model.errors": "errors",
    "model.span": "span",
    "model.on_failure": "on_failure",
    "returns.kind": "returns",
    "inference.alpha": "alpha",
    "inference.adjust": "adjust",
    "inference.tests": "tests",
    "inference.draws": "draws",
    "study.seed": "seed",
    "placebo.past_only": "past_only",
    "inference.groups": "groups",
    "inference.alternative": "alternative",
    "levels.usd": "levels",
    "events.include_endogenous": "include_endogenous",
    "study.title": "title",
}
"""Keys of the config, and the arguments of `EventStudy` that set them."""


@contextmanager
def named_as_arguments() -> Iterator[None]:
    """Name the keys of the config as arguments in messages."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(*(_as_argument(problem) for problem in error.problems)) from None


def _as_argument(problem: Problem) -> Problem:
    key = problem.field or problem.where
    path, bracket, place = key.partition("[")
    if path in ARGUMENTS:
        argument = f"{ARGUMENTS[path]}{bracket}{place}"
        return Problem("EventStudy", problem.message, argument, problem.fix)
    if problem.where == "EventStudy":
        argument = problem.field.rpartition(".")[2]
        return Problem(problem.where, problem.message, argument, problem.fix)
    field, fix = (
        re.sub(r"\bprices\.(close|timezone)\b", r"\1", text)
        for text in (problem.field, problem.fix)
    )
    return replace(problem, field=field, fix=fix)


def factors_from(factors: Factors, *, kind: ReturnKind) -> dict[str, Factor]:
    """Return the factors that an argument names or holds, with returns of a kind."""
    if isinstance(factors, pd.Series):
        factors = {str(factors.name or "factor"): factors}
    if isinstance(factors, pd.DataFrame):
        factors = {str(name): factors[name].dropna() for name in factors.columns}
    if isinstance(factors, Mapping):
        wrong = [series for series in factors.values() if not isinstance(series, pd.Series)]
        if wrong:
            raise _no_factors(wrong[0])
        return {
            name: Factor(series=from_series(series.rename(name)), kind=kind)
            for name, series in factors.items()
        }
    if isinstance(factors, str) or not isinstance(factors, Sequence):
        raise _no_factors(factors)
    unknown = [name for name in factors if name not in PRESETS]
    if unknown:
        raise ConfigError(
            Problem(
                "EventStudy",
                f'"{unknown[0]}" is not a preset.',
                "factors",
                f"Presets: {', '.join(PRESETS)}. Or give the price series themselves.",
            )
        )
    found: dict[str, Factor] = {}
    for name in factors:
        found |= preset_factors(name)
    return found


def _no_factors(value: object) -> ConfigError:
    fix = 'Give names of presets such as ["dollar"], or the price series themselves.'
    return ConfigError(
        Problem("EventStudy", f"{type(value).__name__} holds no factors.", "factors", fix)
    )
