"""Charts as files: the kinds and sizes that a config asks, their words, the same bytes."""

from __future__ import annotations

import copy
import dataclasses
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

from oilshock.config import load_config
from oilshock.config_tables import ReportTable
from oilshock.errors import ConfigError
from oilshock.output import write_study
from oilshock.report import Chart, Charts, analyse, chart_files, draw_charts
from oilshock.results import StudyResult
from oilshock.typing import silent

SVG = "{http://www.w3.org/2000/svg}"
INCH_PT = 72.0
SLIDE_PT = 13.335 * INCH_PT


@pytest.fixture(scope="module")
def drawn(april: StudyResult) -> Charts:
    return draw_charts(
        april.estimates, april.facts, analyses=analyse(april.estimates), progress=silent
    )


@pytest.fixture(scope="module")
def chart(drawn: Charts) -> Chart:
    return drawn.price


def one(chart: Chart, kind: str) -> tuple[str, bytes]:
    return next(chart_files([chart], kind=kind, timestamp=0))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_same_bytes_and_the_name_of_the_chart(kind: str, chart: Chart) -> None:
    name, content = one(chart, kind)
    assert name == f"price.{kind}"
    assert (name, content) == one(chart, kind)


def test_svg_keeps_its_text_and_says_what_it_shows(chart: Chart) -> None:
    root = ET.fromstring(one(chart, "svg")[1])
    assert root.get("role") == "img"
    assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
    assert (root[0].text, root[1].text) == (chart.caption, chart.alt)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert "Price and events" in texts


def test_words_with_marks_of_xml_do_no_harm(chart: Chart) -> None:
    odd = Chart("odd", 'A & <b> "c"', "</svg>", chart.svg)
    root = ET.fromstring(one(odd, "svg")[1])
    assert (root[0].text, root[1].text) == ('A & <b> "c"', "</svg>")


def test_pdf_holds_its_font_and_no_time_of_now(chart: Chart) -> None:
    content = one(chart, "pdf")[1]
    assert content.startswith(b"%PDF-")
    assert b"DejaVuSans" in content
    assert b"/FontFile2" in content
    assert set(re.findall(rb"D:(\d{8})", content)) == {b"19700101"}


def test_png_has_200_pixels_an_inch(chart: Chart) -> None:
    picture = Image.open(io.BytesIO(one(chart, "png")[1]))
    assert picture.width == round(6.9 * 200)
    assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)


def test_every_chart_has_words_of_its_own_with_figures(drawn: Charts) -> None:
    words = [chart.alt for chart in drawn.all()]
    assert len(set(words)) == len(words)
    for chart in drawn.all():
        assert len(re.findall(r"\d", chart.alt)) >= 3, (chart.name, chart.alt)
        assert len(chart.alt) > 60, chart.name
        assert "nan" not in chart.alt.lower(), chart.name


def test_words_of_a_chart_quote_the_numbers(april: StudyResult, drawn: Charts) -> None:
    from oilshock.narrative import amount

    forest = april.estimates.forest_frame((0, 0))
    alt = next(chart.alt for chart in drawn.forests)
    ends = [amount(april.estimates, float(forest["car"].agg(end))) for end in ("min", "max")]
    assert " to ".join(ends) in alt
    assert "9 events, from" in alt


def test_a_run_writes_what_its_config_asks(april: StudyResult, tmp_path: Path) -> None:
    asked = ReportTable(chart_size="slide", chart_formats=("svg", "pdf", "svg"))
    estimates = copy.copy(april.estimates)
    config = estimates.config.model_copy(update={"report": asked})
    object.__setattr__(estimates, "config", config)
    result = dataclasses.replace(april, estimates=estimates)
    write_study(result, tmp_path / "run", formats=("png",))
    files = sorted(path.name for path in (tmp_path / "run" / "figures").iterdir())
    names = {name.rpartition(".")[0] for name in files}
    assert files == sorted(f"{name}.{kind}" for name in names for kind in ("svg", "pdf"))
    svg = (tmp_path / "run" / "figures" / "price.svg").read_text()
    width, height = map(float, re.findall(r'(?:width|height)="([\d.]+)pt"', svg)[:2])
    assert width == pytest.approx(SLIDE_PT, abs=0.5)
    assert height <= 7.5 * INCH_PT + 0.5


def test_report_keys(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    start = '[study]\nname = "a"\n[report]\n'
    file.write_text(start)
    report = load_config(file).report
    assert (report.chart_size, report.chart_kinds) == ("report", ("png",))
    file.write_text(f'{start}chart_size = "web"\nchart_formats = ["svg", "png", "svg"]\n')
    report = load_config(file).report
    assert (report.chart_size, report.chart_kinds) == ("web", ("svg", "png"))
    for wrong in ('chart_size = "poster"', 'chart_formats = ["gif"]', "chart_formats = []"):
        file.write_text(f"{start}{wrong}\n")
        with pytest.raises(ConfigError, match=rf"report\.{wrong.partition(' ')[0]}"):
            load_config(file)
