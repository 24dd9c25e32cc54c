"""Studies that several report tests read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from oilshock.config import load_config
from oilshock.report.context import build_context
from oilshock.report.figures import draw_charts
from oilshock.report.pdf import pdf_from
from oilshock.results import StudyResult
from oilshock.study import run_study
from oilshock.typing import Record, silent

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.fixture(scope="session")
def april() -> StudyResult:
    return run_study(load_config(CONFIGS / "april-2024.toml"))


@pytest.fixture(scope="session")
def april_context(april: StudyResult) -> Record:
    charts = draw_charts(april.estimates, april.facts, progress=silent)
    return build_context(april.estimates, april.facts, charts=charts, factors=april.factors)


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
