"""The PDF: what a screen reader, a printer and a reader in a hurry find in it."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from oilshock.report.fonts import NO_GLYPH
from oilshock.report.pdf import pdf_from
from oilshock.typing import Record

AWKWARD = "#let x = 1 $a_b$ *b* @x <lbl> \\ `c` // k /* [a] {b} = h - i"
SCRIPTS = {"Arabic": "هجوم على ناقلة", "Hebrew": "עברית", "Chinese": "石油危机"}


def pdf_of(context: Record) -> PdfReader:
    return PdfReader(io.BytesIO(pdf_from(context, timestamp=0)))


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def text_of(reader: PdfReader) -> str:
    return flat("".join(page.extract_text() for page in reader.pages))


@pytest.fixture(scope="module")
def pages(april_pdf: PdfReader) -> list[str]:
    return [page.extract_text() for page in april_pdf.pages]


def structure(reader: PdfReader) -> Iterator[Any]:
    """Give every element of the structure tree."""
    stack = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while stack:
        element = stack.pop()
        if isinstance(element, IndirectObject):
            element = element.get_object()
        if isinstance(element, list):
            stack.extend(element)
        elif isinstance(element, dict):
            if "/S" in element:
                yield element
            if "/K" in element:
                stack.append(element["/K"])


def outline(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, list):
            yield from outline(entry)
        else:
            yield entry.title


def with_title(context: Record, title: str) -> Record:
    """Give a small report on the first event alone, with another title."""
    event = {**context["events"][0], "title": title}
    table = {**context["main_table"], "rows": [["1", title, *context["main_table"]["rows"][0][2:]]]}
    empty = {"rows": [], "number": 0}
    return {
        **context,
        "title": title,
        "events": [event],
        "main_table": {**table, "links": [event["anchor"]]},
        "sections": [],
        "appendix": [],
        "overview": [],
        "sources": context["sources"][:2],
        "levels": {**context["levels"], **empty},
        "event_levels": {**context["event_levels"], **empty},
        "averages": {**context["averages"], **empty},
    }


def test_it_is_tagged_as_pdf_ua(april_pdf: PdfReader) -> None:
    root = april_pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part>\s*1\s*<", xmp)
    assert april_pdf.metadata is not None
    assert april_pdf.metadata.title == "Iran and Israel, April 2024"


def test_every_figure_says_what_it_shows(april_pdf: PdfReader, april_context: Record) -> None:
    alts = [str(e["/Alt"]) for e in structure(april_pdf) if e["/S"] == "/Figure" and "/Alt" in e]
    bare = [e for e in structure(april_pdf) if e["/S"] == "/Figure" and "/Alt" not in e]
    assert not bare
    assert set(alts) == {figure["alt"] for figure in _figures(april_context)}


def _figures(part: Any) -> list[Record]:
    if isinstance(part, dict):
        own = [part] if "svg" in part else []
        return own + [f for value in part.values() for f in _figures(value)]
    return [f for value in part for f in _figures(value)] if isinstance(part, list) else []


def test_tables_have_marked_headers(april_pdf: PdfReader, april_context: Record) -> None:
    kinds = [element["/S"] for element in structure(april_pdf)]
    n_tables = kinds.count("/Table")
    assert n_tables >= 30
    assert kinds.count("/THead") == n_tables
    assert kinds.count("/TH") >= 4 * n_tables


def test_bookmarks_name_parts_sections_and_events(
    april_pdf: PdfReader, april_context: Record
) -> None:
    titles = list(outline(april_pdf.outline))
    for part in ("The events", "Event by event", "Further analyses", "Method and assumptions"):
        assert part in titles
    for section in april_context["sections"] + april_context["appendix"]:
        assert section["heading"] in titles
    assert [f"{e['number']}  {e['title']}" for e in april_context["events"]] == [
        title for title in titles if re.match(r"\d+  ", title)
    ]


def test_contents_lead_to_pages(
    april_pdf: PdfReader, pages: list[str], april_context: Record
) -> None:
    at = next(at for at, text in enumerate(pages) if "Contents" in text)
    text, page = pages[at], april_pdf.pages[at]
    for section in april_context["sections"]:
        heading = re.escape(section["heading"])
        found = re.search(rf"{heading}[ .\n]*(\d+)", text)
        assert found, section["heading"]
        assert section["heading"] in pages[int(found[1]) - 1]
    links = [note.get_object() for note in page.get("/Annots", [])]
    assert sum(link["/Subtype"] == "/Link" for link in links) > len(april_context["sections"])


def test_every_caption_stands_with_its_number(pages: list[str], april_context: Record) -> None:
    text = flat("".join(pages))
    for figure in _figures(april_context):
        assert flat(f"Figure {figure['number']}. {figure['caption']}")[:60] in text
    for event in april_context["events"]:
        table = event["table"]
        assert flat(f"Table {table['number']}. {table['caption']}") in text


def test_sources_are_footnotes_of_their_pages(pages: list[str], april_context: Record) -> None:
    sources = [flat(source["text"])[:40] for source in april_context["sources"]]
    assert sources[0] in flat(pages[0])
    for event in april_context["events"]:
        page = next(text for text in pages if f"Figure {event['figure']['number']}." in text)
        assert sources[event["source"] - 1] in flat(page)


def test_pages_are_numbered_and_name_their_part(pages: list[str]) -> None:
    assert all(f"{n} / {len(pages)}" in text for n, text in enumerate(pages, start=1))
    middle = pages[len(pages) // 4]
    assert middle.startswith("Iran and Israel, April 2024")
    assert "Event by event" in middle.split("\n")[0] + middle.split("\n")[1]


def test_no_heading_or_caption_ends_a_page(april_pdf: PdfReader, pages: list[str]) -> None:
    headings = {flat(title) for title in outline(april_pdf.outline)}
    for text in pages:
        lines = [flat(line) for line in text.splitlines() if line.strip()]
        footer = next(i for i, line in enumerate(lines) if line.startswith("oilshock0"))
        last = lines[footer - 1]
        assert last not in headings
        assert not re.match(r"Table\d+\.", last)


def test_a_long_table_repeats_its_header(april_context: Record) -> None:
    table = april_context["main_table"]
    rows = [[str(n), *table["rows"][0][1:]] for n in range(200)]
    long = {**table, "rows": rows, "links": [table["links"][0]] * 200}
    context = {**with_title(april_context, "Long"), "main_table": long}
    pages = [page.extract_text() for page in pdf_of(context).pages]
    # Those that hold rows of the table hold its header too.
    held = [text for text in pages if text.count(table["rows"][0][2]) > 5]
    assert len(held) >= 3
    assert all("Evidence" in text for text in held)


def pages_with_rows(context: Record, n: int) -> list[str]:
    """Set a small report whose main table has so many rows; return the text of its pages."""
    table = context["main_table"]
    rows = [[str(row), "Talks", *table["rows"][0][2:]] for row in range(n)]
    own = {**table, "rows": rows, "links": [table["links"][0]] * n}
    reader = pdf_of({**with_title(context, "Few"), "main_table": own})
    return [page.extract_text() for page in reader.pages]


@pytest.mark.parametrize("n", [2, 9, 15, 24])
def test_a_table_of_events_does_not_begin_at_the_foot_of_a_page(
    april_context: Record, n: int
) -> None:
    pages = pages_with_rows(april_context, n)
    number = april_context["main_table"]["number"]
    first = next(text for text in pages if f"Table {number}. " in text)
    assert first.count("Talks") >= min(n, 4)
    # A layout that does not settle numbers its pages wrongly.
    assert all(f"{at} / {len(pages)}" in text for at, text in enumerate(pages, start=1))


@pytest.mark.parametrize("n", [58, 60, 61, 62, 63])
def test_a_table_that_breaks_leaves_rows_on_both_sides(april_context: Record, n: int) -> None:
    """As many rows as fill a page, a few less and a few more."""
    held = [text.count("Talks") for text in pages_with_rows(april_context, n)]
    assert sum(held) == n
    assert all(count == 0 or count >= 3 for count in held), held


@pytest.mark.parametrize("title", [AWKWARD, *SCRIPTS.values()], ids=["markup", *SCRIPTS])
def test_titles_stand_as_given(april_context: Record, title: str) -> None:
    reader = pdf_of(with_title(april_context, title))
    assert reader.metadata is not None
    assert reader.metadata.title == title
    text = text_of(reader)
    if title == AWKWARD:
        assert flat(title) in text
    elif title != SCRIPTS["Chinese"]:  # no font has it: the next test
        # A reader of right-to-left scripts finds the letters in any order and shape.
        assert set(flat(title)) <= set(unicodedata.normalize("NFKC", text))


def test_letters_without_a_font_are_said_to_be_boxes(april_context: Record) -> None:
    assert flat(NO_GLYPH) in text_of(pdf_of(with_title(april_context, SCRIPTS["Chinese"])))
    assert flat(NO_GLYPH) not in text_of(pdf_of(with_title(april_context, SCRIPTS["Arabic"])))


def test_a_search_finds_the_unit(pages: list[str]) -> None:
    assert "90.84 USD/bbl" in pages[0]
    assert "\N{WORD JOINER}" not in "".join(pages)
