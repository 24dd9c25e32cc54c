"""Everything that can go wrong, by who must act.

::

    OilshockError               exit code 1
    ├── ConfigError             2   the config, an option or an argument
    ├── OutputError             2   the output folder
    ├── DataError               3   the data given
    │   ├── PriceError          3   a price series
    │   ├── EventError          3   an event file or filter
    │   └── SourceError         3   a source that gives no data
    └── EstimationError         4   nothing could be estimated

Each error carries its facts as `Problem` records and builds its own message:
where, what came, what was expected, and the edit or command that fixes it.
"""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from textwrap import wrap

WIDTH = 88
"""Characters of a line of an error in a notebook."""

EXIT_OK = 0
EXIT_INTERRUPTED = 130


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and how to put it right.

    Parameters
    ----------
    where : str
        The file, command or argument at fault.
    message : str
        What came and what was expected, as sentences.
    field : str, default ""
        The key, column or row at fault.
    fix : str, default ""
        The edit or command that puts it right, as a sentence.

    Examples
    --------
    >>> print(Problem("study.toml", "-5 is not above 0.", "levels.usd", "Use a price such as 90."))
    study.toml, levels.usd: -5 is not above 0. Use a price such as 90.
    """

    where: str
    message: str
    field: str = ""
    fix: str = ""

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.where, self.field) if part)
        return f"{place}: {' '.join(part for part in (self.message, self.fix) if part)}"


class OilshockError(Exception):
    """The root of all errors of this package.

    Parameters
    ----------
    *problems : Problem
        All that is wrong, not only the first thing found.
    """

    exit_code = 1

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    @classmethod
    def of(cls, where: str, message: str, *, field: str = "", fix: str = "") -> OilshockError:
        """Build the error of a single problem.

        Parameters
        ----------
        where, message, field, fix : str
            As in `Problem`.

        Returns
        -------
        OilshockError
            Of the class it is called on.
        """
        return cls(Problem(where, message, field, fix))

    def _render_traceback_(self) -> list[str]:
        """Show in a notebook the line of the reader and what is wrong with it, not our own files.

        IPython asks for this; Python itself, scripts and `%debug` have the whole traceback.
        """
        package = str(Path(__file__).parent)
        frames = traceback.extract_tb(self.__traceback__)
        theirs = list(takewhile(lambda frame: not frame.filename.startswith(package), frames))
        shown = [f"line {theirs[-1].lineno}: {theirs[-1].line}"] if theirs else []
        told = (
            line
            for problem in self.problems
            for line in wrap(str(problem), WIDTH, initial_indent="  ", subsequent_indent="    ")
        )
        return [*shown, f"{type(self).__name__}:", *told]


class ConfigError(OilshockError):
    """The config, an option or an argument is wrong."""

    exit_code = 2


class OutputError(OilshockError):
    """The output folder cannot be written or is not ours to replace."""

    exit_code = 2


class DataError(OilshockError):
    """The data given cannot be used."""

    exit_code = 3


class PriceError(DataError):
    """A price series cannot be used."""


class EventError(DataError):
    """An event file or filter cannot be used."""


class SourceError(DataError):
    """A source gives no data."""


class EstimationError(OilshockError):
    """Nothing could be estimated."""

    exit_code = 4


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `Did you mean "x"?` for the nearest known word, or an empty string.

    Examples
    --------
    >>> nearest("estimaton", ["estimation", "gap"])
    'Did you mean "estimation"?'
    """
    matches = difflib.get_close_matches(word, list(known), n=1)
    return f'Did you mean "{matches[0]}"?' if matches else ""


def nearest_or_all(word: str, known: Collection[str], *, label: str) -> str:
    """Return `Did you mean "x"?` for the nearest known word, or all of them behind a label.

    Examples
    --------
    >>> nearest_or_all("window", ["estimation", "gap"], label="Keys")
    'Keys: estimation, gap.'
    """
    return nearest(word, known) or f"{label}: {', '.join(known)}."


def check_known(
    word: str, known: Collection[str], *, where: str, otherwise: str, label: str
) -> None:
    """Refuse a word that is not among those known.

    Parameters
    ----------
    word : str
        What was given.
    known : collection of str
        What there is.
    where : str
        What the word stands for, such as `group`.
    otherwise : str
        What an unknown word is, such as `is not a group`.
    label : str
        What the known words are called where they are listed.

    Raises
    ------
    ConfigError
        When the word is not known: with the nearest one, or all.

    Examples
    --------
    >>> check_known("b", ["a"], where="group", otherwise="is not a group", label="Groups")
    Traceback (most recent call last):
    oilshock.errors.ConfigError: group: "b" is not a group. Groups: a.
    """
    if word not in known:
        fix = nearest_or_all(word, known, label=label)
        raise ConfigError(Problem(where, f'"{word}" {otherwise}.', fix=fix))
