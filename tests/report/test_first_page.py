"""What a reader sees first: abbreviations are spelt out, cautions stand under the key figures."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from pypdf import PdfReader

import oilshock as osk
from oilshock.conclusion import answer
from oilshock.report.event_pages import main_table
from oilshock.report.key_figures import key_figures
from oilshock.results import StudyResult
from oilshock.typing import Record

CAR = "cumulative abnormal return"


def words_of(page: str) -> str:
    """The text of a page in reading order, without its style, drawings and contents."""
    page = re.sub(r"<(style|script|svg|nav)\b.*?</\1>", " ", page, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def check_spelt_out(text: str) -> None:
    first = re.search(r"\bCAR\b", text)
    assert first is not None
    assert text[: first.start()].lower().endswith(f"{CAR} (")


def test_the_car_is_spelt_out_where_it_is_first_named(
    april: StudyResult, april_page: Path, april_pdf: PdfReader
) -> None:
    check_spelt_out(words_of(april_page.read_text(encoding="utf-8")))
    check_spelt_out(" ".join(april_pdf.pages[0].extract_text().split()))
    check_spelt_out(str(april.brief()))
    check_spelt_out(" ".join(" ".join(april.summary().sentences).split()))


def test_key_figures_of_many_events_come_before_abbreviations_and_have_none() -> None:
    events = osk.load_events().filter(categories=["opec_decision"])
    result = osk.EventStudy(osk.load_prices(), events).fit()
    first = [*answer(result.estimates, result.facts)]
    for figure in key_figures(result.estimates, result.facts):
        first += figure.values()
    assert not [text for text in first if re.search(r"\bC?AR\b", text)]
    (note,) = main_table(result.estimates, result.facts).notes
    assert note.startswith("AR: abnormal return on day 0")
    assert f"CAR: {CAR}, the sum of" in note


@pytest.fixture(scope="module")
def caution(april_context: Record) -> str:
    return str(april_context["cautions"][0])


def test_cautions_stand_between_key_figures_and_the_first_table(
    april_page: Path, april_pdf: PdfReader, april_context: Record, caution: str
) -> None:
    for text in (
        words_of(april_page.read_text(encoding="utf-8")),
        " ".join(" ".join(page.extract_text() for page in april_pdf.pages[:2]).split()),
    ):
        text = text.replace("\N{NO-BREAK SPACE}", " ")
        assert text.count(caution) == 1
        assert text.index("Events kept") < text.index(caution)
        for first in (april_context["price"], april_context["main_table"]):
            assert text.index(caution) < text.index(first["caption"])
