"""The pages of the PDF: nothing stands before what introduces it, and pages are full."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from oilshock.report.pdf import pdf_from
from oilshock.typing import Record

TOP, FOOT = 842 - 60, 46
"""Where the text of a page begins and ends, points above its lower edge."""

FILLER = "A paragraph that moves all that follows down the page, and so its breaks. " * 5


@dataclass(frozen=True, order=True)
class Place:
    """A page and how far down on it, in points from its upper edge."""

    page: int
    down: float


Line = tuple[Place, str]


def lines_of(page: PageObject, number: int) -> list[Line]:
    """Read the lines of a page with their heights, from the top down."""
    found: dict[float, str] = {}

    def visit(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if text.strip():
            height = round(842 - (tm[5] * cm[3] + cm[5]), 1)
            found[height] = found.get(height, "") + text

    page.extract_text(visitor_text=visit)
    return [(Place(number, down), re.sub(r"\s+", "", found[down])) for down in sorted(found)]


def body_of(page: list[Line]) -> list[Line]:
    """Leave out the header and the footer of a page."""
    return [line for line in page if 842 - TOP < line[0].down < 842 - FOOT]


def with_filler(context: Record, n: int) -> Record:
    """Begin the further analyses with `n` more paragraphs."""
    first, *others = context["sections"]
    moved = {**first, "paragraphs": [FILLER] * n + first["paragraphs"]}
    return {**context, "sections": [moved, *others], "events": context["events"][:1]}


@pytest.fixture(scope="module")
def april_lines(april_pdf: PdfReader) -> list[list[Line]]:
    return [lines_of(page, number) for number, page in enumerate(april_pdf.pages, start=1)]


@pytest.fixture(scope="module", params=["as it is", "moved"])
def laid(
    request: pytest.FixtureRequest, april_lines: list[list[Line]], april_context: Record
) -> list[list[Line]]:
    """Give the pages of the report, and of one with more text before the same sections."""
    if request.param == "as it is":
        return [body_of(page) for page in april_lines]
    anchors = {event["anchor"] for event in april_context["events"][1:]}
    context = without(with_filler(april_context, 4), anchors)
    reader = PdfReader(io.BytesIO(pdf_from(context, timestamp=0)))
    return [body_of(lines_of(page, n)) for n, page in enumerate(reader.pages, start=1)]


def without(part: Any, anchors: set[str]) -> Any:
    """Drop links to events that are not set."""
    if isinstance(part, dict):
        return {key: without(value, anchors) for key, value in part.items()}
    if isinstance(part, list):
        return [without(value, anchors) for value in part]
    return "event-1" if isinstance(part, str) and part in anchors else part


def find(pages: list[list[Line]], start: str, *, after: Place) -> Place:
    """Find the first line that begins so, at or after a place."""
    wanted = re.sub(r"\s+", "", start)[:40]
    for page in pages[after.page - 1 :]:
        for place, text in page:
            if place > after and text.startswith(wanted):
                return place
    raise AssertionError(f"{start} does not stand after {after}")


def part_of(pages: list[list[Line]], heading: str) -> Place:
    """Find where a part begins: the contents name it too, but with dots behind."""
    wanted = re.sub(r"\s+", "", heading)
    return max(place for page in pages for place, text in page if text == wanted)


def test_figures_and_tables_follow_what_introduces_them(
    laid: list[list[Line]], april_context: Record
) -> None:
    pages = laid
    place = part_of(pages, "Further analyses")
    # One walk down the report: what stands too early or too late is not found.
    for section in april_context["sections"]:
        place = find(pages, section["heading"], after=place)
        for paragraph in section["paragraphs"]:
            place = find(pages, paragraph, after=place)
        for kind, part in (("Figure", "charts"), ("Table", "tables")):
            for record in section[part]:
                place = find(pages, f"{kind} {record['number']}.", after=place)


def test_no_heading_ends_a_page(laid: list[list[Line]], april_context: Record) -> None:
    headings = [part["heading"] for part in april_context["sections"] + april_context["appendix"]]
    names = {re.sub(r"\s+", "", heading) for heading in headings}
    assert not [page[-1][1] for page in laid if page and page[-1][1] in names]


def test_pages_are_well_filled(laid: list[list[Line]]) -> None:
    pages = laid
    first = part_of(pages, "Further analyses").page
    last = find(pages, "Left out, moved", after=part_of(pages, "Appendix: tests and sessions")).page
    height = TOP - FOOT
    ends = [(page[-1][0].down - (842 - TOP)) / height for page in pages[first - 1 : last - 1]]
    assert min(ends) > 0.65
    assert sum(ends) / len(ends) > 0.9


def test_an_event_has_a_page_for_its_chart_and_text(
    april_lines: list[list[Line]], april_context: Record
) -> None:
    first = part_of(april_lines, "Event by event").page
    for page, event in zip(april_lines[first - 1 :], april_context["events"], strict=False):
        title = re.sub(r"\s+", "", f"{event['number']}{event['title']}")
        place = next(place for place, text in page if text == title)
        for start in (
            f"Figure {event['figure']['number']}.",
            f"Table {event['table']['number']}.",
            f"\u2022 {event['sentences'][-1]}",
        ):
            # Each page is a report of its own here, so that nothing is found on a later one.
            place = find([page], start, after=Place(1, place.down))


PARTS = {"Theevents", "Theeventscompared", "Eventbyevent", "Furtheranalyses"} | {
    "Appendix:testsandsessions"
}


def test_the_header_names_the_part_that_a_page_begins_in(april_lines: list[list[Line]]) -> None:
    part, n_within = "", 0
    for page in april_lines[1:-1]:
        lines = [text for _, text in page]
        part = lines[1] if lines[1] in PARTS else part
        assert lines[0].endswith(part), lines[:3]
        begun = next((text for text in reversed(lines) if text in PARTS), part)
        n_within += begun != part
        part = begun
    assert n_within  # A part begins within a page.


def ends_of_columns(page: PageObject) -> list[float]:
    """How far down the lower end of either column is, in points; 0 for an empty one."""
    ends = [0.0, 0.0]

    def visit(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        x, down = tm[4] * cm[0] + cm[4], 842 - (tm[5] * cm[3] + cm[5])
        if text.strip() and 842 - TOP < down < 842 - FOOT:
            side = int(x > 595 / 2)
            ends[side] = max(ends[side], down)

    page.extract_text(visitor_text=visit)
    return ends


HIGHEST_PART = 180.0
"""Points: the provenance of the events, which no column parts."""


@pytest.mark.parametrize("n", [0, 2, 5, 8])
def test_the_columns_of_the_last_page_end_alike(april_context: Record, n: int) -> None:
    """With less and less text before it, on a page of its own and below the tables."""
    anchors = {event["anchor"] for event in april_context["events"][1:]}
    context = without(
        {**april_context, "events": april_context["events"][:1], "sections": []}, anchors
    )
    reader = PdfReader(
        io.BytesIO(pdf_from({**context, "method": context["method"][n:]}, timestamp=0))
    )
    left, right = ends_of_columns(reader.pages[-1])
    assert min(left, right) > 0
    assert abs(left - right) < HIGHEST_PART
