"""The error tree: codes, messages, near matches."""

from __future__ import annotations

import pytest

from oilshock import errors
from oilshock.errors import ConfigError, OilshockError, Problem, check_known, nearest

CODES = {
    "ConfigError": 2,
    "OutputError": 2,
    "DataError": 3,
    "PriceError": 3,
    "EventError": 3,
    "SourceError": 3,
    "EstimationError": 4,
    "OilshockError": 1,
}


def test_every_error_has_the_code_of_the_contract() -> None:
    found = {
        name: value.exit_code
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, OilshockError)
    }
    assert found == CODES


@pytest.mark.parametrize("name", ["PriceError", "EventError", "SourceError"])
def test_data_errors_are_one_branch(name: str) -> None:
    assert issubclass(getattr(errors, name), errors.DataError)


def test_a_problem_leaves_out_what_is_empty() -> None:
    assert str(Problem("a.csv", "is empty.")) == "a.csv: is empty."
    assert str(Problem("a.csv", "is odd.", "row 3", "Mend it.")) == (
        "a.csv, row 3: is odd. Mend it."
    )


def test_an_error_tells_all_its_problems() -> None:
    error = errors.PriceError(Problem("a", "x."), Problem("b", "y."))
    assert str(error) == "a: x.\nb: y."
    assert [problem.where for problem in error.problems] == ["a", "b"]


def test_of_keeps_the_class() -> None:
    error = errors.PriceError.of("p.csv", "is odd.", field="row 2", fix="Mend it.")
    assert type(error) is errors.PriceError
    assert error.problems == (Problem("p.csv", "is odd.", "row 2", "Mend it."),)


def test_nearest_is_silent_without_a_near_match() -> None:
    assert nearest("zzz", ["gap"]) == ""
    assert nearest("gp", ["estimation", "gap"]) == 'Did you mean "gap"?'


@pytest.mark.parametrize(
    ("word", "fix"), [("gp", 'Did you mean "gap"?'), ("zzz", "Keys: estimation, gap.")]
)
def test_an_unknown_word_is_refused_with_the_nearest_or_all(word: str, fix: str) -> None:
    known = ["estimation", "gap"]
    with pytest.raises(ConfigError) as refused:
        check_known(word, known, where="key", otherwise="is not a key", label="Keys")
    assert refused.value.problems == (Problem("key", f'"{word}" is not a key.', fix=fix),)


def test_a_known_word_is_not_refused() -> None:
    check_known("gap", ["estimation", "gap"], where="key", otherwise="is not a key", label="Keys")
