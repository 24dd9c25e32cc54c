"""Markdown of tables for papers: it parses into the cells of the frame."""

from __future__ import annotations

import re
from html import unescape

import pytest
from markdown_it import MarkdownIt

from oilshock.papers import PAPER_TABLES
from oilshock.results import StudyResult


def parsed(text: str) -> tuple[str, list[list[str]]]:
    html = MarkdownIt("commonmark").enable("table").render(text)
    rows = re.findall(r"<tr>(.*?)</tr>", html, flags=re.S)
    return html, [
        [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.S)]
        for row in rows
    ]


@pytest.mark.parametrize("name", PAPER_TABLES)
def test_cells_are_those_of_the_frame(study: StudyResult, name: str) -> None:
    table = study.paper_table(name, stars=(0.9, 0.5))
    html, rows = parsed(table.to_markdown())
    assert rows == [table.frame.columns.tolist(), *table.frame.to_numpy().tolist()]
    assert f"<strong>{table.caption}</strong>" in unescape(html)
    assert "<em>Notes.</em>" in html
    assert html.count("<em>") == 1


def test_figures_are_set_right_and_texts_left(april: StudyResult) -> None:
    rule = april.paper_table("car").to_markdown().splitlines()[3]
    sides = [cell.strip("-") for cell in rule.strip("|").split("|")]
    assert sides[:3] == [":", ":", ":"]
    assert rule.split("|")[1].startswith(":")
    assert rule.split("|")[3].endswith(":")


def test_it_prints_as_markdown(april: StudyResult) -> None:
    table = april.paper_table("car")
    assert str(table) == table.to_markdown() == table._repr_markdown_()
