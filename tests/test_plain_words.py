"""Help, docs and reports use plain words: no figure of speech, no marketing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
AVOIDED = re.compile(
    r"keeps? (?:its|their) word|seamless|effortless|blazing|state[- ]of[- ]the[- ]art"
    r"|world[- ]class|cutting[- ]edge|out of the box|under the hood|at your fingertips"
    r"|game[- ]chang|painless",
    flags=re.IGNORECASE,
)
READ = [
    *(path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "docs" / "notebooks").glob("*.ipynb"),
    *(ROOT / "oilshock").rglob("*.py"),
    *(ROOT / "oilshock" / "report" / "templates").iterdir(),
    *(ROOT / "configs").glob("*.toml"),
]


@pytest.mark.parametrize("path", READ, ids=lambda path: str(path.relative_to(ROOT)))
def test_plain_words(path: Path) -> None:
    assert AVOIDED.findall(path.read_text(encoding="utf-8")) == []
