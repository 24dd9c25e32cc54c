"""Say in which config a key is missing that only a later step needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from oilshock.errors import ConfigError


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
