"""The report as data, as HTML and as PDF."""

from __future__ import annotations

import io
import re
import struct

import pytest
from pypdf import PdfReader

import oilshock as osk
from oilshock.errors import ConfigError
from oilshock.report.analyses import analyse
from oilshock.report.context import build_context
from oilshock.report.event_pages import main_table
from oilshock.report.figures import Charts, draw_charts
from oilshock.report.html import html_from, prose
from oilshock.report.pdf import creation_time, pdf_from
from oilshock.report.raster import rasterise
from oilshock.results import StudyResult
from oilshock.typing import Record, silent

AWKWARD = "L'attaque: 50 % of $90_up <script>alert(1)</script> #1 *b* @x \\ هجوم"


@pytest.fixture(scope="module")
def awkward() -> StudyResult:
    events = [
        {"id": "a", "date": "2024-04-13", "time": "20:00Z", "title": AWKWARD, "direction": "+"},
        {"id": "b", "date": "2024-04-15", "title": "A second one", "direction": "-"},
    ]
    prices = osk.load_prices()
    return osk.EventStudy(prices, events, levels=[90.0, 92.5], title=AWKWARD).fit()


@pytest.fixture(scope="module")
def charts(awkward: StudyResult) -> Charts:
    return draw_charts(
        awkward.estimates, awkward.facts, analyses=analyse(awkward.estimates), progress=silent
    )


@pytest.fixture(scope="module")
def context(awkward: StudyResult, charts: Charts) -> Record:
    return build_context(awkward.estimates, awkward.facts, charts=charts, factors={})


@pytest.fixture(scope="module")
def pdf_text(context: Record) -> str:
    reader = PdfReader(io.BytesIO(pdf_from(context, timestamp=0)))
    return "\n".join(page.extract_text() for page in reader.pages)


def test_every_event_has_a_block_and_a_chart(context: Record, charts: Charts) -> None:
    assert [event["title"] for event in context["events"]] == [AWKWARD, "A second one"]
    assert len(charts.events) == 2
    assert len({chart.name for chart in charts.all()}) == len(charts.all())


def test_main_table_repeats_car_csv(awkward: StudyResult) -> None:
    table = main_table(awkward.estimates, awkward.facts)
    row = awkward.car(0, 0).iloc[0]
    assert table.rows[0][3] == f"{100 * row['car']:+.2f} %".replace("-", "−")
    assert table.rows[0][4] == f"{row['usd']:+.2f}".replace("-", "−")
    assert table.columns[6] == "cal. p"
    assert table.rows[0][6] == f"{row['p_calibrated']:.2f}"


def test_pdf_shows_awkward_titles_as_written(pdf_text: str) -> None:
    flat = pdf_text.replace("\n", " ")
    assert "L'attaque: 50 % of $90_up <script>alert(1)</script> #1 *b* @x \\" in flat


def test_pdf_and_html_say_the_same(context: Record, pdf_text: str) -> None:
    flat = re.sub(r"\s+", "", pdf_text)
    html = html_from(context)
    for sentence in [s for s in context["events"][1]["sentences"] if AWKWARD not in s]:
        assert re.sub(r"\s+", "", sentence) in flat
        assert prose(sentence).replace("'", "&#39;") in html


def test_same_context_same_page(context: Record) -> None:
    assert html_from(context) == html_from(context)


def test_same_context_same_bytes(context: Record) -> None:
    assert pdf_from(context, timestamp=7) == pdf_from(context, timestamp=7)
    assert pdf_from(context, timestamp=7) != pdf_from(context, timestamp=8)


def test_png_has_200_dots_an_inch(charts: Charts) -> None:
    (png,) = rasterise([charts.price.svg])
    place = png.index(b"pHYs") + 4
    x, y, unit = struct.unpack(">IIB", png[place : place + 9])
    assert (round(x * 0.0254), round(y * 0.0254), unit) == (200, 200, 1)
    width = struct.unpack(">I", png[16:20])[0]
    assert width == pytest.approx(6.9 * 200, abs=2)


def test_charts_are_drawn_in_order_and_by_batches(charts: Charts) -> None:
    svgs = [chart.svg for chart in charts.all()]
    assert list(rasterise(svgs * 4))[: len(svgs)] == list(rasterise(svgs))


def test_levels_show_only_episodes_near_the_study(context: Record) -> None:
    firsts = [row[1] for row in context["levels"]["rows"]]
    assert "2024-04-03" in firsts
    assert all(first.startswith("2024-04") for first in firsts)


def test_ledger_lists_moved_events(context: Record) -> None:
    left_out, moved, short = context["ledger"]
    assert (left_out["n"], moved["n"], short["n"]) == (0, 1, 0)
    assert moved["table"]["rows"][0][1:] == [
        "2024-04-13",
        "20:00 UTC, 21:00 London",
        "2024-04-15",
        "+2",
        "no session",
    ]


def test_method_names_what_the_config_says() -> None:
    events = osk.load_events().filter(ids=["abqaiq-khurais-attack-2019"])
    result = osk.EventStudy(
        osk.load_prices(), events, model="market", factors=["dollar"], estimation=100, gap=12
    ).fit()
    from oilshock.report.method import method_paragraphs

    words = " ".join(method_paragraphs(result.estimates))
    assert "a regression on the return of dollar (market model)" in words
    assert "fitted on 100 returns, with a gap of 12 sessions before day 0" in words


def test_provenance_is_in_the_report(april_context: Record) -> None:
    prices = dict(april_context["data"][0]["rows"])
    assert prices["Publisher"] == "U.S. Energy Information Administration"
    assert prices["Series"] == "RBRTE (FRED: DCOILBRENTEU)"
    assert len(prices["SHA-256"]) == 64
    assert "spot price" in " ".join(april_context["cautions"])


def test_source_date_epoch_sets_the_time_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    last = pd.Timestamp("2026-09-29")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert creation_time(last) == 1_790_640_000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert creation_time(last) == 1
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(ConfigError, match="yesterday"):
        creation_time(last)
