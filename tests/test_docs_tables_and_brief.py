"""The page on the brief and the tables shows what the code gives."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

import pytest

from oilshock.brief.record import Rule
from oilshock.config import load_config
from oilshock.papers import PAPER_TABLES
from oilshock.study import run_study

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "tables-and-brief.md").read_text(encoding="utf-8")


def test_the_brief_of_the_page_is_that_of_its_command() -> None:
    config = load_config(ROOT / "configs" / "april-2024.toml")
    brief = run_study(config.model_copy(update={"sweep": None})).brief()
    assert f"```message\n{brief}\n```" in PAGE


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^```pycon\n(.*?)^```", PAGE, flags=re.S | re.M)
    assert len(blocks) == 2
    names: dict[str, Any] = {}
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), names, "page", "page", 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    said: list[str] = []
    runner.run(test, out=said.append)
    assert not runner.failures, "".join(said)


def test_every_table_and_rule_is_explained() -> None:
    assert all(f"| `{name}` |" in PAGE for name in PAPER_TABLES)
    rules: tuple[str, ...] = Rule.__args__  # type: ignore[attr-defined]
    assert all(f"`{rule}`" in PAGE for rule in rules)
