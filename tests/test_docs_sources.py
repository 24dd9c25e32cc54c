"""Each page on a source has a config, and it runs: network sources against loopback."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from loopback import Chart, Market, serving, walk

from oilshock.config import config_from_dict
from oilshock.options import Source
from oilshock.prices import load_prices
from oilshock.study import run_study

PAGES = Path(__file__).parents[1] / "docs" / "sources"


def configs(page: str) -> list[str]:
    text = (PAGES / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", text, flags=re.S | re.M)
    return [block for block in blocks if "[study]" in block]


@pytest.fixture(autouse=True)
def market(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Market]:
    data = Market()
    data.charts["BZ=F"] = Chart(dict(walk("2023-01-02", "2025-06-30")))
    data.fred["DCOILBRENTEU"] = dict(walk("2023-01-02", "2026-11-20"))
    monkeypatch.setenv("OILSHOCK_CACHE", str(tmp_path / "cache"))
    with serving(data):
        monkeypatch.setenv("OILSHOCK_YAHOO_URL", data.url)
        monkeypatch.setenv("OILSHOCK_FRED_URL", data.url)
        yield data


def test_every_source_has_a_page_that_the_first_page_leads_to() -> None:
    sources = Source.__args__  # type: ignore[attr-defined]
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    for name in (*sources, "presets"):
        assert f"({name}.md)" in index
        assert configs(f"{name}.md")


@pytest.mark.parametrize("page", ["bundled.md", "file.md", "yahoo.md", "fred.md", "presets.md"])
def test_the_config_of_a_page_runs(page: str, tmp_path: Path) -> None:
    load_prices().to_csv(tmp_path / "prices.csv")
    (text,) = configs(page)
    config = config_from_dict(tomllib.loads(text), where=page)
    result = run_study(config, base=tmp_path)
    assert len(result.estimates.kept) == 1


def test_the_contracts_of_the_page_can_be_joined(tmp_path: Path) -> None:
    text = (PAGES / "file.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```toml\n(\[prices\].*?)^```", text, flags=re.S | re.M)
    spot = load_prices()["2023-01-01":]
    columns = {"May24": spot[:"2024-03-28"], "Jun24": 1.01 * spot[:"2024-04-30"], "Jul24": spot}
    pd.DataFrame(columns).to_csv(tmp_path / "contracts.csv")
    data: dict[str, Any] = tomllib.loads(block) | {"study": {"name": "s"}}
    data["events"] = {"since": "2024-01-01", "until": "2024-04-30"}
    data["prices"] |= {"close": "19:30", "timezone": "Europe/London"}
    result = run_study(config_from_dict(data, where="s"), base=tmp_path)
    assert result.estimates.market.series.findings[0].count == 2
