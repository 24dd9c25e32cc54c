"""Studies that several report tests read."""

from __future__ import annotations

from pathlib import Path

import pytest

from oilshock.config import load_config
from oilshock.results import StudyResult
from oilshock.study import run_study

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.fixture(scope="session")
def april() -> StudyResult:
    return run_study(load_config(CONFIGS / "april-2024.toml"))


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
