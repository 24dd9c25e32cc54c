"""Factor presets: what they hold, and that they are counted and named rightly."""

from __future__ import annotations

from pathlib import Path

import pytest

from oilshock.config import config_from_dict
from oilshock.errors import ConfigError
from oilshock.presets import PRESETS, count_factors

DOCS = Path(__file__).parents[1] / "docs" / "sources" / "presets.md"


def test_hamilton_is_copper_the_broad_dollar_and_the_change_of_the_yield() -> None:
    parts = [(part.source, part.symbol, part.kind) for part in PRESETS["hamilton"]]
    assert parts == [
        ("yahoo", "HG=F", "log"),
        ("fred", "DTWEXBGS", "log"),
        ("fred", "DGS10", "difference"),
    ]


def test_dollar_needs_no_network() -> None:
    assert [part.source for part in PRESETS["dollar"]] == ["bundled"]


@pytest.mark.parametrize("name", PRESETS)
def test_each_is_documented_with_its_series_and_when_it_is_endogenous(name: str) -> None:
    _, _, section = DOCS.read_text(encoding="utf-8").partition(f"## `{name}`")
    section = section.partition("\n## ")[0]
    for part in PRESETS[name]:
        assert f"`{part.symbol}`" in section
    assert "ndogenous" in section


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ({"kind": "market", "factors": ["hamilton"]}, "has 3 series; market takes exactly one"),
        ({"kind": "factors", "factors": ["hamiltn"]}, "neither a .* nor a preset"),
    ],
)
def test_the_factors_of_a_preset_count_as_what_they_are(
    model: dict[str, object], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        config_from_dict({"study": {"name": "s"}, "model": model}, where="s.toml")
    assert count_factors(["hamilton", "dollar"]) == 4


def test_a_series_may_not_take_the_name_of_a_factor() -> None:
    data = {
        "study": {"name": "s"},
        "model": {"kind": "factors", "factors": ["hamilton"]},
        "series": {"copper": {"symbol": "usd-broad"}},
    }
    with pytest.raises(ConfigError, match=r"series\.copper: .*is a factor of a preset"):
        config_from_dict(data, where="s.toml")


def test_the_windows_must_hold_all_factors() -> None:
    data = {
        "study": {"name": "s"},
        "model": {"kind": "factors", "factors": ["hamilton", "dollar"]},
        "windows": {"estimation": 6},
    }
    with pytest.raises(ConfigError, match="too short for 5 parameters"):
        config_from_dict(data, where="s.toml")
