"""The text of the HTML report: nothing runs, nothing loads, every id once, every link leads."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from report_pages import HOSTILE, Page

MOST_BYTES = 3_000_000
"""The most that a report of 25 events may weigh."""


@pytest.fixture(scope="module")
def text(long_page: Path) -> str:
    return long_page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_25_events_stay_below_three_megabytes(text: str, page: Page) -> None:
    assert len(page.named("article")) == 25
    assert len(text.encode("utf-8")) < MOST_BYTES


def test_every_tag_is_closed(page: Page) -> None:
    assert page.open == []


def test_every_id_stands_once(page: Page) -> None:
    counts = Counter(page.values("id"))
    assert len(counts) > 100
    assert [name for name, n in counts.items() if n > 1] == []


def test_every_pointer_leads_somewhere(text: str, page: Page) -> None:
    ids = set(page.values("id"))
    links = page.values("href")
    assert all(link.startswith("#") for link in links)
    pointers = {link[1:] for link in links} | set(re.findall(r"url\(#([\w-]+)\)", text))
    named = {part for value in page.values("aria-labelledby") for part in value.split()}
    assert len(pointers) > 50
    assert (pointers | named) - ids == set()


def test_titles_are_text(text: str, page: Page) -> None:
    assert len(page.scripts) == 1
    assert page.named("img") == []
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    for title in HOSTILE:
        assert title not in text
    assert "Talks &lt;/script&gt;&lt;script&gt;" in text


def test_only_the_script_of_the_page_may_run(page: Page) -> None:
    (policy,) = [
        attrs["content"] or ""
        for attrs in page.named("meta")
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    digest = base64.b64encode(hashlib.sha256(page.scripts[0].encode("utf-8")).digest()).decode()
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert set(rules) == {"default-src", "script-src", "style-src", "base-uri", "form-action"}


def test_nothing_is_loaded(page: Page) -> None:
    loading = {"src", "srcset", "action", "data", "poster", "background", "xlink:href"}
    assert [name for _, attrs in page.tags for name in attrs if name in loading] == []
    assert page.named("link") == []


def test_script_is_small(page: Page) -> None:
    assert len(page.scripts[0].encode("utf-8")) < 11_000


def test_every_chart_says_what_it_shows(text: str) -> None:
    drawings = re.findall(r'<svg viewBox="[^"]+" role="img"[^>]*><desc id="[^"]+">([^<]*)<', text)
    assert len(drawings) == text.count("<figure") > 30
    assert all(len(alt) >= 20 for alt in drawings)


def test_headings_skip_no_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_sort_keys_are_plain_numbers_or_dates(page: Page) -> None:
    keys = page.values("data-value")
    labels = page.values("data-label")
    numeric = [key for key, label in zip(keys, labels, strict=True) if label in ("AR", "t", "#")]
    assert len(numeric) == 75
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", key) for key in numeric)
    dates = [key for key, label in zip(keys, labels, strict=True) if label == "Day 0"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", key) for key in dates)


@pytest.mark.parametrize("kind", ["Figure", "Table"])
def test_numbers_rise_in_reading_order(text: str, kind: str) -> None:
    numbers = [int(number) for number in re.findall(rf"<b>{kind} (\d+)</b>", text)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 20


def test_contents_lead_to_every_section_in_order(text: str) -> None:
    (listed,) = re.findall(r"<nav.*?</nav>", text, flags=re.DOTALL)
    sections = re.findall(r'<section id="([\w-]+)"', text)
    assert re.findall(r'href="#([\w-]+)"', listed) == sections
