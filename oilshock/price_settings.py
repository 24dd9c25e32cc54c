"""How messages name what a reader may say of a price file: as config keys, options or arguments.

What reads a file does not know who asked. It names the keys under `[prices]`; who asked turns them
into its own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from oilshock.errors import PriceError, Problem

PRICE_SETTINGS = ("date_column", "price_column", "date_order", "decimal", "sheet")
"""What may be said of how a price file is read."""

_SET = re.compile(r"Set ([a-z_].*) under \[prices\]\.")
_KEY = re.compile(rf"\b({'|'.join(PRICE_SETTINGS)})\b( = )?")
_IS_SET = re.compile(rf'\b({"|".join(PRICE_SETTINGS)}) = ("[^"]*") is set\b')
_TAKE_OUT = re.compile(rf"\bTake ({'|'.join(PRICE_SETTINGS)}) out\b")


def key_to_set(what: str) -> str:
    """Tell to set a key of the config.

    Parameters
    ----------
    what : str
        The key, perhaps with values.

    Returns
    -------
    str
        A sentence that `named_as` turns into other words.

    Examples
    --------
    >>> key_to_set("date_column")
    'Set date_column under [prices].'
    """
    return f"Set {what} under [prices]."


@contextmanager
def named_as(reword: Callable[[Problem], Problem]) -> Iterator[None]:
    """Reword the problems of a price file that is read in the body.

    Parameters
    ----------
    reword : callable
        `as_option`, `as_argument`, or one that names another table.

    Yields
    ------
    None
        Nothing.
    """
    try:
        yield
    except PriceError as error:
        raise PriceError(*map(reword, error.problems)) from error


def as_option(problem: Problem) -> Problem:
    """Name options of the command line.

    Parameters
    ----------
    problem : Problem
        Of a price file; any other comes back as it is.

    Returns
    -------
    Problem
        With options where keys were.

    Examples
    --------
    >>> print(as_option(Problem("p.csv", "none.", "sheet", key_to_set("sheet"))))
    p.csv, --sheet: none. Give --sheet NAME.
    """
    return _reworded(problem, called=_option)


def as_argument(problem: Problem) -> Problem:
    """Name arguments of Python.

    Parameters
    ----------
    problem : Problem
        Of a price file; any other comes back as it is.

    Returns
    -------
    Problem
        With arguments where keys were.

    Examples
    --------
    >>> print(as_argument(Problem("p.csv", "none.", "sheet", key_to_set("sheet"))))
    p.csv, sheet: none. Give sheet="NAME".
    """
    return _reworded(problem, called=_argument)


def under_table(problem: Problem, *, name: str) -> Problem:
    """Name another table of the config than `[prices]`.

    Parameters
    ----------
    problem : Problem
        Of a price file.
    name : str
        The table, such as `series.wti`.

    Returns
    -------
    Problem
        With that table in the fix.

    Examples
    --------
    >>> under_table(Problem("p.csv", "none.", fix=key_to_set("sheet")), name="series.wti").fix
    'Set sheet under [series.wti].'
    """
    return replace(problem, fix=problem.fix.replace("under [prices]", f"under [{name}]"))


def _reworded(problem: Problem, *, called: Callable[[str, str], str]) -> Problem:
    def named(match: re.Match[str]) -> str:
        is_alone = not match[2] and match[1] not in ("date_order", "decimal")
        return called(match[1], "NAME" if is_alone else "")

    def told(match: re.Match[str]) -> str:
        return f"Give {_KEY.sub(named, match[1])}."

    field = called(problem.field, "=") if problem.field in PRICE_SETTINGS else problem.field
    fix = _TAKE_OUT.sub(lambda m: f"Take {called(m[1], '=')} out", _SET.sub(told, problem.fix))
    message = _IS_SET.sub(lambda m: f"{called(m[1], '')}{m[2]} is given", problem.message)
    return replace(problem, field=field, fix=fix, message=message)


def _option(key: str, value: str) -> str:
    name = f"--{key.replace('_', '-')}"
    return name if value == "=" else f"{name} {value}"


def _argument(key: str, value: str) -> str:
    return key if value == "=" else f'{key}="{value}"' if value else f"{key}="
