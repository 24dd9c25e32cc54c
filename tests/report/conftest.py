"""Studies that several report tests read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from report_pages import HOSTILE, page_of, written_once

from oilshock.config import load_config
from oilshock.report.analyses import analyse
from oilshock.report.context import build_context
from oilshock.report.figures import Charts, draw_charts
from oilshock.report.pdf import pdf_from
from oilshock.results import StudyResult
from oilshock.study import run_study
from oilshock.typing import Record, silent

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.fixture(scope="session")
def april() -> StudyResult:
    return run_study(load_config(CONFIGS / "april-2024.toml"))


@pytest.fixture(scope="session")
def april_charts(april: StudyResult) -> Charts:
    return draw_charts(
        april.estimates, april.facts, analyses=analyse(april.estimates), progress=silent
    )


@pytest.fixture(scope="session")
def april_context(april: StudyResult, april_charts: Charts) -> Record:
    return build_context(april.estimates, april.facts, charts=april_charts, factors=april.factors)


@pytest.fixture(scope="session")
def april_pdf(april_context: Record) -> PdfReader:
    return PdfReader(io.BytesIO(pdf_from(april_context, timestamp=0)))


@pytest.fixture(scope="session")
def mirrored(tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    """The study of April 2024 on the series mirrored at $90: P -> 90^2 / P."""
    import oilshock as osk

    folder = tmp_path_factory.mktemp("mirror")
    prices = osk.load_prices()
    (90.0**2 / prices).rename("price").to_csv(folder / "mirror.csv")
    config = load_config(CONFIGS / "april-2024.toml")
    table = config.prices.model_copy(
        update={
            "source": "file",
            "symbol": "mirror.csv",
            "close": "16:30",
            "timezone": "Europe/London",
        }
    )
    return run_study(config.model_copy(update={"prices": table}), base=folder)


@pytest.fixture(scope="session")
def april_page(april: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of April 2024: nine events."""
    return written_once(tmp_path_factory, "april.html", lambda: page_of(april))


@pytest.fixture(scope="session")
def long_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of 25 events, two of them with a title that wants to run."""
    import oilshock as osk

    def make() -> str:
        frame = osk.load_events().filter(since="2022-01-01").to_frame().iloc[:23]
        names = ["id", "date", "time", "title", "category", "direction", "region", "severity"]
        events = [
            *frame[names].to_dict("records"),
            {"id": "hostile-1", "date": "2023-11-07", "title": HOSTILE[0], "category": "other"},
            {"id": "hostile-2", "date": "2023-11-21", "title": HOSTILE[1], "category": "other"},
        ]
        return page_of(osk.EventStudy(osk.load_prices(), events, levels=[90.0]).fit())

    return written_once(tmp_path_factory, "long.html", make)
