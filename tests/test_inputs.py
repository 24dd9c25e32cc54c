"""What a config asks for, read: sources, presets, filters, relative paths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oilshock.config import Config, config_from_dict
from oilshock.errors import ConfigError, EventError, SourceError
from oilshock.inputs import read_events, read_inputs, read_series

ATTACK = "iran-attacks-israel-apr2024"
PRICES = "date,price\n2024-01-02,80\n2024-01-03,81\n2024-01-04,82\n"


def config_of(**tables: Any) -> Config:
    data = {"study": {"name": "s"}, "events": {"ids": [ATTACK]}, **tables}
    return config_from_dict(data, where="s.toml")


def test_bundled_by_default() -> None:
    inputs = read_inputs(config_of(), base=Path())
    assert inputs.series.name == "brent-spot"
    assert (inputs.series.close, inputs.series.timezone) == ("16:30", "Europe/London")
    assert inputs.events.to_frame()["id"].tolist() == [ATTACK]
    assert (dict(inputs.factors), dict(inputs.compared)) == ({}, {})


def test_the_span_is_cut() -> None:
    prices = {"start": "2020-01-02", "end": "2020-12-31"}
    index = read_inputs(config_of(prices=prices), base=Path()).series.prices.index
    assert (str(index[0])[:10], str(index[-1])[:10]) == ("2020-01-02", "2020-12-31")


def test_a_stated_close_wins() -> None:
    prices = {"close": "19:30", "timezone": "Asia/Tokyo"}
    series = read_inputs(config_of(prices=prices), base=Path()).series
    assert (series.close, series.timezone) == ("19:30", "Asia/Tokyo")


@pytest.mark.parametrize("absolute", [False, True])
def test_paths_start_from_the_config(tmp_path: Path, *, absolute: bool) -> None:
    (tmp_path / "p.csv").write_text(PRICES)
    (tmp_path / "e.csv").write_text("id,date,title\nx,2024-01-03,T\n")
    base = tmp_path if absolute else Path()
    config = config_of(
        prices={"source": "file", "symbol": str(base / "p.csv")},
        events={"source": str(base / "e.csv")},
    )
    inputs = read_inputs(config, base=tmp_path)
    assert inputs.series.name == "p"
    assert inputs.series.close is None
    assert inputs.events.to_frame()["id"].tolist() == ["x"]


def test_named_series_are_factors_and_the_others_are_compared() -> None:
    config = config_of(
        model={"kind": "factors", "factors": ["usd", "dollar"]},
        series={
            "usd": {"symbol": "usd-broad", "returns": "simple"},
            "other": {"symbol": "usd-broad"},
        },
    )
    inputs = read_inputs(config, base=Path())
    assert {name: factor.kind for name, factor in inputs.factors.items()} == {
        "usd": "simple",
        "dollar": "log",
    }
    assert list(inputs.compared) == ["other"]


@pytest.mark.parametrize("source", ["yahoo", "fred"])
@pytest.mark.parametrize("table", ["prices", "series.x"])
def test_a_source_that_does_not_answer_says_so(source: str, table: str) -> None:
    about = {"source": source, "symbol": "X"}
    config = config_of(prices=about) if table == "prices" else config_of(series={"x": about})
    with pytest.raises(SourceError, match=rf'\[{table}\], {source} "X": no connection'):
        read_inputs(config, base=Path())


def test_a_preset_without_network_names_itself_and_its_series() -> None:
    config = config_of(model={"kind": "factors", "factors": ["hamilton"]})
    with pytest.raises(SourceError, match=r'factors = \["hamilton"\], yahoo "HG=F": no conn'):
        read_inputs(config, base=Path())


def test_filters_that_leave_nothing() -> None:
    config = config_of(events={"ids": [ATTACK], "until": "2020-01-01"})
    with pytest.raises(EventError, match="no event is left of 194"):
        read_events(config, base=Path())


@pytest.mark.parametrize(
    ("key", "value"), [("ids", "iran-attack"), ("categories", "war"), ("regions", "Mars")]
)
def test_an_unknown_filter_value_names_its_key(key: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f'"{value}" is not a known') as caught:
        read_events(config_of(events={key: [value]}), base=Path())
    (problem,) = caught.value.problems
    assert (problem.where, problem.field) == ("events", key)


def test_an_unknown_group_is_refused_with_the_nearest() -> None:
    config = config_of(inference={"groups": ["categry", "region"]})
    with pytest.raises(ConfigError, match='"categry" is no column') as caught:
        read_inputs(config, base=Path())
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].fix == 'Did you mean "category"?'


def test_a_column_of_ones_own_can_be_a_group(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("id,date,title,actor\nx,2024-01-03,T,Iran\n")
    config = config_of(events={"source": "e.csv"}, inference={"groups": ["actor"]})
    assert read_events(config, base=tmp_path).to_frame()["actor"].tolist() == ["Iran"]


@pytest.mark.parametrize(
    ("table", "asked"),
    [
        ({"label": "Brent futures"}, True),
        ({"label": "Brent futures", "continuous": False}, False),
        ({"label": "Brent futures", "continuous": True}, False),
        ({"label": "Dated Brent"}, False),
        ({}, False),
        ({"symbol": "brent-front-month.csv"}, True),
    ],
)
def test_a_file_that_says_futures_is_asked_about_rolls(
    tmp_path: Path, table: dict[str, Any], asked: bool
) -> None:
    table = {"source": "file", "symbol": "p.csv", **table}
    (tmp_path / table["symbol"]).write_text(PRICES)
    config = config_of(prices=table, events={"source": "bundled"})
    found = read_inputs(config, base=tmp_path).series.findings
    assert ("perhaps_continuous" in [finding.kind for finding in found]) is asked


@pytest.mark.parametrize("name", ["prices", "series.wti"])
def test_a_path_without_its_source_is_told_the_source(name: str) -> None:
    table = config_from_dict(
        {"study": {"name": "s"}, "prices": {"symbol": "my-prices.csv"}}, where="s.toml"
    ).prices
    with pytest.raises(ConfigError, match="bundled prices, symbol") as caught:
        read_series(table, name=name, base=Path())
    assert caught.value.problems[0].fix == f'Set source = "file" under [{name}].'
