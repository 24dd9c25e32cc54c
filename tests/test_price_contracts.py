"""Files with several contracts, long and wide, through the config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oilshock.config import config_from_dict
from oilshock.errors import ConfigError, PriceError
from oilshock.inputs import read_inputs
from oilshock.prices import PriceSeries, read_contracts

LONG = """TRADE DATE,STRIP,SETTLEMENT PRICE
2024-04-22,Jun24,90
2024-04-22,May24,80
2024-04-23,May24,84
2024-04-23,Jun24,91
2024-04-24,May24,100
2024-04-24,Jun24,95
2024-04-25,Jun24,96
"""
WIDE = """Datum;Mai;May24;Jun24
22.04.2024;x;80,0;90,0
23.04.2024;x;84,0;91,0
24.04.2024;x;100,0;95,0
25.04.2024;x;;96,0
"""
# As in tests/test_rolls.py: the ratio is that of 23 April, 91 / 84.
EXPECTED = [80 * 91 / 84, 91.0, 95.0, 96.0]


def read(folder: Path, text: str, contracts: Any, **given: Any) -> PriceSeries:
    (folder / "p.csv").write_text(text)
    options = {"name": "x", "shown_as": "p.csv", "roll_days": 1} | given
    return read_contracts(folder / "p.csv", contracts=contracts, **options)


def test_long_and_wide_files_give_the_same(tmp_path: Path) -> None:
    long = read(tmp_path, LONG, "strip")
    wide = read(tmp_path, WIDE, ["May24", "Jun24"])
    for series in (long, wide):
        assert series.prices.tolist() == pytest.approx(EXPECTED)
        assert series.findings[0].dates == ("2024-04-24",)
        assert series.provenance["kind"] == "ratio-adjusted futures"
        assert "2024-04-24 May24 to Jun24" in series.provenance["note"]
        assert len(series.provenance["sha256"]) == 64


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LONG.replace("2024-04-23,May24", "2024-04-23,"), "row 4, STRIP.*no contract|row 4, strip"),
        (LONG.replace("May24", "Jun24"), "2024-04-22 has two prices"),
        (LONG.replace("84\n", "x\n"), '"x" is not a number'),
        (LONG.replace("STRIP", "PIT"), 'no column "strip"'),
        ("TRADE DATE,STRIP,PRICE\n2024-04-22,Jun24,9\n2024-04-23,Jun24,9\n", "there is 1 contract"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(PriceError, match=words):
        read(tmp_path, text, "strip")


def config(**prices: Any) -> Any:
    about = {"source": "file", "symbol": "p.csv", "close": "19:30", "timezone": "Europe/London"}
    returns = {"kind": prices.pop("kind", "log")}
    events = {"ids": ["iran-attacks-israel-apr2024"]}
    return config_from_dict(
        {
            "study": {"name": "s"},
            "prices": about | prices,
            "events": events,
            "returns": returns,
        },
        where="s.toml",
    )


def test_the_config_joins_contracts(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(LONG)
    inputs = read_inputs(config(contract_column="STRIP", roll_days=1), base=tmp_path)
    assert inputs.series.prices.tolist() == pytest.approx(EXPECTED)
    assert inputs.series.findings[0].kind == "roll"


def test_a_file_said_to_be_continuous_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("date,price\n2024-04-22,80\n2024-04-23,81\n")
    series = read_inputs(config(continuous=True, label="ICE Brent"), base=tmp_path).series
    assert series.findings[0].kind == "continuous"
    assert series.findings[0].message.startswith("ICE Brent is a continuous future")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"contract_column": "a", "contract_columns": ["b", "c"]}, "excludes contract_column"),
        ({"contract_column": "a", "kind": "difference"}, "joins contracts by ratios"),
        ({"contract_columns": ["a"]}, "at least 2"),
        ({"source": "bundled", "symbol": "brent-spot", "decimal": ","}, 'for source = "file"'),
    ],
)
def test_keys_that_do_not_fit(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        config(**given)
