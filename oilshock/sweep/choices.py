"""The choices of a sweep: `[sweep]` with the study's own where it names none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pandas as pd

from oilshock.config import Config, config_from_dict
from oilshock.config_checks import SweepModel, SweepTable
from oilshock.errors import ConfigError, Problem
from oilshock.options import LinearModel, ReturnKind
from oilshock.typing import Record

SHORTEST = 30
"""The small grid has no shorter estimation window."""

MAIN = "prices"
"""How a sweep names the series of the study."""


def with_choices(config: Config, choices: Mapping[str, object]) -> Config:
    """Return a config whose `[sweep]` is the one given, else its own, else a small grid.

    Parameters
    ----------
    config : Config
        The study's config.
    choices : mapping
        Keys of `[sweep]`; may be empty.

    Returns
    -------
    Config
        Checked as a whole.

    Raises
    ------
    ConfigError
        When a choice is wrong.
    """
    if not choices and config.sweep is not None:
        return config
    table = {key: plain(value) for key, value in choices.items()} or _small_grid(config)
    return config_from_dict({**config.model_dump(), "sweep": table}, where="sweep")


def _small_grid(config: Config) -> Record:
    """Vary the estimation window and the gap of a study, and the direction where it has one."""
    windows = config.windows
    lengths = dict.fromkeys([windows.estimation // 2, windows.estimation, 2 * windows.estimation])
    return {
        "estimation": [length for length in lengths if length >= SHORTEST],
        "gap": [windows.gap, windows.gap + 10],
    }


def plain(value: Any) -> Any:
    """Turn numpy numbers, and sequences at any depth, into what a config file holds."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list | tuple | np.ndarray | pd.Index | range):
        return [plain(item) for item in value]
    return value


def filled(config: Config) -> SweepTable:
    """Return `[sweep]` with the study's own choice where it names none, and check the gaps.

    Parameters
    ----------
    config : Config
        The config; without a `[sweep]` table the grid has the study's own choices alone.

    Returns
    -------
    SweepTable
        Every list filled.
    """
    table = config.sweep or SweepTable()
    windows = config.windows
    whole = table.model_copy(
        update={
            "models": _once(table.models or (own_model(config),)),
            "estimation": _once(table.estimation or (windows.estimation,)),
            "gap": _once(table.gap or (windows.gap,)),
            "windows": _once(table.windows or windows.car_windows),
            "tests": _once(table.tests),
            "series": _once(table.series),
        }
    )
    earliest = min(a for a, _ in whole.windows or ())
    if min(whole.gap or ()) < -earliest:
        raise ConfigError(
            Problem(
                "sweep.gap",
                f"{min(whole.gap or ())} is smaller than the {-earliest} days that a window of "
                "the sweep holds before day 0.",
                fix=f"Use gaps of {-earliest} or more.",
            )
        )
    parameters = 1 + max(len(model.factors) for model in whole.models or ())
    if min(whole.estimation or ()) < parameters + 2:
        message = f"{min(whole.estimation or ())} is too short for {parameters} parameters."
        fix = f"Use at least {parameters + 2}."
        raise ConfigError(Problem("sweep.estimation", message, fix=fix))
    return whole


def _once(items: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(dict.fromkeys(items))


def kinds_of(config: Config, table: SweepTable, name: str) -> tuple[ReturnKind, ...]:
    """Return the kinds of returns under which a series is swept."""
    if table.returns:
        return tuple(dict.fromkeys(table.returns))
    own = config.series[name].returns if name in config.series else None
    return (own or config.returns.kind,)


def own_model(config: Config) -> SweepModel:
    """Return the study's own model as one of a sweep."""
    kind = cast("LinearModel", config.model.kind)
    return SweepModel.model_construct(kind=kind, factors=config.model.factors)


def series_kinds(config: Config, table: SweepTable) -> list[tuple[str, ReturnKind]]:
    """List every series of a sweep with each kind of returns."""
    return [(name, kind) for name in table.series for kind in kinds_of(config, table, name)]
