"""Say in errors which config or option is at fault, which what raises them does not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from oilshock.errors import ConfigError, OilshockError, Problem
from oilshock.price_settings import PRICE_SETTINGS, as_option, named_as

TABLES = (
    *("study", "prices", "events", "returns", "model", "windows", "inference", "placebo"),
    *("episodes", "comparison", "levels", "scan", "power", "sweep", "dynamics", "volatility"),
    *("aftermath", "decomposition", "report", "series"),
)
"""Tables of the config, which messages name alone once it has been read."""

OPTIONS = {
    "levels.usd": "--level",
    "windows.event": "--window",
    "windows.estimation": "--estimation",
    "windows.gap": "--gap",
    "study.name": "--name",
    "model.factors": "--factor",
    "prices.symbol": "--prices",
    "prices.close": "--close",
    "prices.timezone": "--timezone",
    **{f"prices.{key}": f"--{key.replace('_', '-')}" for key in PRICE_SETTINGS},
}
"""Keys of the config, and the options of `oilshock event` that set them."""

# A file may bear the name of a table: events.csv.
_NO_FILE = r"(?!(?:csv|txt|tsv|xlsx|xlsm|parquet|pq)\b)"
_IN_CONFIG = re.compile(rf"\[?({'|'.join(TABLES)})(?:[.\]]{_NO_FILE}[\w.-]*)?(?: = .*)?(?:,.*)?")
_KEYS = {key.partition(".")[2]: option for key, option in OPTIONS.items()}
_VALUE = r"(?: = (\[[^\]]*\]|\"[^\"]*\"|-?[\d.]*\d))"
_LONG = re.compile(rf"\b({'|'.join(map(re.escape, OPTIONS))})\b{_VALUE}?")
_SHORT = re.compile(rf"\b({'|'.join(map(re.escape, _KEYS))}){_VALUE}")


@contextmanager
def keys_of(config: str) -> Iterator[None]:
    """Name the config file in errors on its keys, which are raised where no file is known."""
    try:
        yield
    except OilshockError as error:
        raise type(error)(*(_in_config(problem, config) for problem in error.problems)) from error


def _in_config(problem: Problem, config: str) -> Problem:
    if problem.field.startswith("prices."):
        return replace(problem, where=config)
    if _IN_CONFIG.fullmatch(problem.where):
        return replace(problem, where=f"{config}, {problem.where}")
    return problem


@contextmanager
def options_of(command: str) -> Iterator[None]:
    """Name the options of a command in errors on keys, where there is no config."""
    try:
        with named_as(as_option):
            yield
    except ConfigError as error:
        raise ConfigError(*(_as_option(problem, command) for problem in error.problems)) from error


def _as_option(problem: Problem, command: str) -> Problem:
    where, field = problem.where, problem.field
    if where == "events.items":
        where, field = "WHEN", field.rpartition(", ")[2]
    elif where in OPTIONS:
        where, field = command, OPTIONS[where]
    elif _LONG.match(field):
        where, field = command, _LONG.sub(_given(OPTIONS), field.partition("[")[0])
    message, fix = (
        _SHORT.sub(_given(_KEYS), _LONG.sub(_given(OPTIONS), text))
        for text in (problem.message, problem.fix)
    )
    return Problem(where, message, field, re.sub(r"\b(State|Write|Set) --", "Give --", fix))


def _given(options: dict[str, str]) -> Callable[[re.Match[str]], str]:
    """Return what writes a key with its value as one types the option."""

    def typed(match: re.Match[str]) -> str:
        value = re.sub(r"[\[\],]", "", match[2] or "").replace('"', "")
        return f"{options[match[1]]} {value}".strip()

    return typed
