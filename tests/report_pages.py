"""Pages that several tests read, and a reader of pages."""

from __future__ import annotations

import os
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from filelock import FileLock

from oilshock.report import analyse, build_context, draw_charts, html_from
from oilshock.results import StudyResult
from oilshock.typing import silent

HOSTILE = (
    "Talks </script><script>document.title = 'taken'</script>",
    "<img src=x onerror=\"document.title = 'taken'\"> at sea",
)


def written_once(factory: pytest.TempPathFactory, name: str, make: Callable[[], str]) -> Path:
    """Write a page that all workers of a run share: the first one makes it."""
    folder = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    path = folder / name
    with FileLock(folder / f"{name}.lock"):
        if not path.exists():
            path.write_text(make(), encoding="utf-8")
    return path


def page_of(result: StudyResult) -> str:
    charts = draw_charts(
        result.estimates, result.facts, analyses=analyse(result.estimates), progress=silent
    )
    return html_from(
        build_context(result.estimates, result.facts, charts=charts, factors=result.factors)
    )


VOID = {"meta", "input", "img", "br", "hr", "link"}


class Page(HTMLParser):
    """Reads a page as a browser does: tags, attributes, and what stands inside scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]
