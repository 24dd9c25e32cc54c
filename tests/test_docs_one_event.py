"""The example config of the page on tests of one event runs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from oilshock.config import config_from_dict
from oilshock.study import run_study

PAGE = Path(__file__).resolve().parents[1] / "docs" / "tests-of-one-event.md"


def test_the_example_runs_and_has_every_test() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    result = run_study(config_from_dict(tomllib.loads(example), where="docs"))
    tests = result.table("event_tests")
    assert set(tests["test"]) == {"t", "permutation", "estimation-rank", "garch"}
    assert tests["p_value"].notna().all()
