"""A series of one's own file is named by its label wherever its source stands."""

from __future__ import annotations

from pathlib import Path

import oilshock as osk
from oilshock.config import config_from_dict
from oilshock.report.artist import source_of
from oilshock.report.data import citation, data_tables
from oilshock.report.origin import series_title
from oilshock.report.sources import list_sources
from oilshock.results import StudyResult
from oilshock.study import run_study


def own_study(folder: Path, *, label: str) -> StudyResult:
    (folder / "data").mkdir(exist_ok=True)
    prices = osk.load_prices().loc["2022-01-01":"2024-06-30"].rename("price")
    prices.rename_axis("date").to_csv(folder / "data" / "bz_v2.csv")
    config = {
        "study": {"name": "own"},
        "prices": {"source": "file", "symbol": "data/bz_v2.csv", "label": label},
        "events": {"source": "inline", "items": [{"id": "a", "date": "2024-02-06", "title": "A"}]},
    }
    return run_study(config_from_dict(config, where="own"), base=folder)


def told(result: StudyResult) -> list[str]:
    first = list_sources(result.estimates, result.facts, factors={}, compared={})[0]
    title = dict(data_tables(result.estimates, {}, {})[0]["rows"])["Title"]
    return [source_of(result.estimates.market), first["text"], title, citation(result.estimates)]


def test_the_label_stands_before_the_file(tmp_path: Path) -> None:
    for text in told(own_study(tmp_path, label="Brent front month")):
        assert "Brent front month (file bz_v2.csv)" in text


def test_without_a_label_the_file_is_all_that_is_known(tmp_path: Path) -> None:
    for text in told(own_study(tmp_path, label="")):
        assert "bz_v2.csv" in text
        assert "(file" not in text


def test_a_published_title_stays() -> None:
    about = {"title": "Europe Brent spot price FOB, daily", "label": "Mine", "file": "x.csv"}
    assert series_title(about) == "Europe Brent spot price FOB, daily"
    assert series_title({}, name="brent") == "brent"
