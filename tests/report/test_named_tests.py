"""Tests have one wording, in one place, and a short form that is no other test's."""

from __future__ import annotations

import re
from pathlib import Path

import oilshock
from oilshock.options import ACROSS_TESTS, ONE_EVENT_TESTS
from oilshock.report.named_tests import SHORT, WORDS, name_of_test, short_name_of_test


def test_every_test_has_a_name_of_its_own() -> None:
    assert set(WORDS) == {*ACROSS_TESTS, *ONE_EVENT_TESTS}
    assert set(SHORT) <= set(WORDS)
    short = [short_name_of_test(name) for name in WORDS]
    assert len(set(short)) == len(set(WORDS.values())) == len(WORDS)
    for name in ACROSS_TESTS:
        assert len(short_name_of_test(name)) <= min(len(name_of_test(name)), 11)


def test_they_are_named_nowhere_else() -> None:
    """A second table of names would drift from the first."""
    home = Path(oilshock.__file__).parent
    naming = re.compile(r'"(?:bmp|patell)-kp": "')
    holders = [path.name for path in home.rglob("*.py") if naming.search(path.read_text("utf-8"))]
    assert holders == ["named_tests.py"]
