"""Say where a close or a time zone is missing, which only a later step finds out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from oilshock.errors import ConfigError, Problem


@contextmanager
def keys_of(config: str) -> Iterator[None]:
    """Name the config file in errors on its `[prices]`, which are raised where no file is known."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(
            *(
                replace(problem, where=config) if problem.field.startswith("prices.") else problem
                for problem in error.problems
            )
        ) from error


@contextmanager
def options_of(command: str) -> Iterator[None]:
    """Name the options of a command in errors on `[prices]`, where there is no config."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(*(_as_option(problem, command) for problem in error.problems)) from error


def _as_option(problem: Problem, command: str) -> Problem:
    if not problem.field.startswith("prices."):
        return problem
    field, fix = (text.replace("prices.", "--") for text in (problem.field, problem.fix))
    return replace(problem, where=command, field=field, fix=fix.replace("State", "Give"))
