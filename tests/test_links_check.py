"""The link check of the built site finds what is broken, and nothing else."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

CHECK = runpy.run_path(str(Path(__file__).resolve().parents[1] / ".ci" / "links_check.py"))


def found(tmp_path: Path, body: str) -> list[str]:
    (tmp_path / "other.html").write_text('<h2 id="there">x</h2>', encoding="utf-8")
    (tmp_path / "style.css").write_text("p { color: red }", encoding="utf-8")
    (tmp_path / "index.html").write_text(body, encoding="utf-8")
    return [problem.removeprefix("index.html: ") for problem in CHECK["problems"](tmp_path)]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="other.html">x</a><a href="other.html#there">x</a><a href="#me" id="me">x</a>',
        '<a href="https://example.org/">a reader may follow it</a>',
        '<link rel="stylesheet" href="style.css"><a href=".">x</a>',
        '<script>const from = "text";</script><img src="data:image/png;base64,AA">',
    ],
)
def test_a_good_page_passes(tmp_path: Path, body: str) -> None:
    assert found(tmp_path, body) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="gone.html">x</a>', "gone.html: is no file"),
        ('<a href="other.html#gone">x</a>', "other.html#gone: has no such place"),
        ('<a href="../../out.html">x</a>', "../../out.html: leaves the site"),
        ('<img src="https://x.org/a.png">', "https://x.org/a.png: fetched from elsewhere"),
        ('<script src="//x.org/a.js"></script>', "//x.org/a.js: fetched from elsewhere"),
        (
            '<script>await import("https://x.org/a.mjs")</script>',
            "a script fetches another from elsewhere",
        ),
    ],
)
def test_a_bad_link_is_named(tmp_path: Path, body: str, problem: str) -> None:
    assert found(tmp_path, body) == [problem]


def test_a_style_that_fetches_a_font_is_named(tmp_path: Path) -> None:
    (tmp_path / "fonts.css").write_text("@import 'https://fonts.example/x';", encoding="utf-8")
    assert found(tmp_path, "") == ["fonts.css: fetches from elsewhere"]
