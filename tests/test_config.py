"""The config: defaults, what is accepted, the schema, and the six configs."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from oilshock.config import Config, config_from_dict, json_schema, load_config
from oilshock.errors import ConfigError

CONFIGS = sorted((Path(__file__).parents[1] / "configs").glob("*.toml"))
NAMES = [
    "abqaiq-2019",
    "april-2024",
    "catalogue",
    "iran-war-2026",
    "opec-decisions",
    "ukraine-2022",
]


def config_of(**tables: Any) -> Config:
    return config_from_dict({"study": {"name": "demo"}, **tables}, where="demo.toml")


def test_every_key_has_the_default_of_the_contract() -> None:
    config = config_of()
    assert (config.prices.source, config.events.source) == ("bundled", "bundled")
    assert config.returns.kind == "log"
    assert (config.model.kind, config.model.factors) == ("mean", ())
    windows = config.windows
    assert (windows.estimation, windows.gap, windows.event) == (120, 10, (-5, 10))
    assert windows.car_windows == ((0, 0), (-1, 1), (0, 5), (-5, 10))
    assert config.inference.alpha == 0.05
    assert config.inference.alternative == "two-sided"
    assert config.inference.tests == (
        "t",
        "patell",
        "bmp",
        "rank",
        "generalized-sign",
        "placebo",
    )
    assert (config.inference.adjust, config.inference.draws) == ("holm", 10000)
    assert config.inference.groups == ("category", "direction")
    assert config.levels.usd == ()
    assert config.report.formats == ("pdf", "html", "png")
    assert config.report.tables == ()
    assert config.report.stars == ()
    assert not config.events.include_endogenous
    assert config.study.seed == 0


def test_only_the_name_is_needed() -> None:
    with pytest.raises(ConfigError, match=r"study\.name: is missing"):
        config_from_dict({}, where="demo.toml")


def test_the_title_falls_back_on_the_name() -> None:
    assert config_of().title == "demo"
    assert config_of(study={"name": "demo", "title": "A title"}).title == "A title"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ((0, 0), ((0, 0),)),
        ((-1, 1), ((0, 0), (-1, 1))),
        ((0, 5), ((0, 0), (0, 5))),
        ((-5, 10), ((0, 0), (-1, 1), (0, 5), (-5, 10))),
    ],
)
def test_default_car_windows_are_those_that_fit(
    event: tuple[int, int], expected: tuple[tuple[int, int], ...]
) -> None:
    assert config_of(windows={"event": list(event)}).windows.car_windows == expected


@given(st.integers(-30, 0), st.integers(0, 30))
def test_default_car_windows_lie_inside_and_are_unique(w0: int, w1: int) -> None:
    windows = config_of(windows={"event": [w0, w1], "gap": 30}).windows.car_windows
    assert len(set(windows)) == len(windows)
    assert all(w0 <= a <= b <= w1 for a, b in windows)
    assert (w0, w1) in windows


def test_doubled_windows_and_levels_count_once() -> None:
    config = config_of(windows={"car": [[0, 1], [0, 1]]}, levels={"usd": [90, 90.0, 92.5]})
    assert config.windows.car_windows == ((0, 1),)
    assert config.levels.unique == (90.0, 92.5)


def test_a_config_cannot_be_changed() -> None:
    config = config_of()
    with pytest.raises(ValidationError):
        config.windows.gap = 3  # type: ignore[misc]


def test_dates_are_read_as_dates_or_iso_texts() -> None:
    config = config_of(prices={"start": dt.date(2020, 1, 1), "end": "2024-01-01"})
    assert config.prices.end == dt.date(2024, 1, 1)


def test_min_estimation_defaults_to_the_estimation_window() -> None:
    assert config_of(windows={"estimation": 60}).windows.fewest == 60
    assert config_of(windows={"min_estimation": 40}).windows.fewest == 40


def test_a_file_with_byte_order_mark_and_crlf_is_read(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(b'\xef\xbb\xbf[study]\r\nname = "demo"\r\n')
    assert load_config(path).study.name == "demo"


def test_the_six_configs_are_there() -> None:
    assert [path.stem for path in CONFIGS] == NAMES


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_each_config_loads_under_its_own_name_and_says_what_one_learns(path: Path) -> None:
    assert load_config(path).study.name == path.stem
    comments = [line for line in path.read_text().splitlines() if line.startswith("#")]
    assert any("What one learns:" in line for line in comments)


def test_the_catalogue_uses_the_default_windows() -> None:
    path = next(path for path in CONFIGS if path.stem == "catalogue")
    assert load_config(path).windows == config_of().windows


def resolve(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    name = node.get("$ref", "").rpartition("/")[2]
    return schema["$defs"][name] if name else node


def test_the_schema_knows_every_key_with_a_default_and_no_other() -> None:
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert schema["required"] == ["study"]
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(Config.model_fields)
    for name, node in schema["properties"].items():
        if name == "series":
            continue
        # allOf: older schema writers; anyOf: a table that may be absent
        table = resolve(schema, node.get("anyOf", node.get("allOf", [node]))[0])
        assert table["additionalProperties"] is False, name
        assert table.get("required", []) == (["name"] if name == "study" else [])
        for key, about in table["properties"].items():
            assert about.get("description"), f"{name}.{key}"


def test_the_schema_accepts_the_six_configs() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    import tomllib

    for path in CONFIGS:
        text = path.read_text(encoding="utf-8")
        document = json.loads(json.dumps(tomllib.loads(text), default=str))
        jsonschema.validate(document, json_schema())


def test_placebo_sessions_may_lie_anywhere_unless_it_is_said() -> None:
    data: dict[str, Any] = {"study": {"name": "x"}}
    placebo = config_from_dict(data, where="x.toml").placebo
    assert (placebo.exclude, placebo.past_only) == ("none", False)
    data["placebo"] = {"exclude": "severity3", "past_only": True}
    assert config_from_dict(data, where="x.toml").placebo.exclude == "severity3"
    data["placebo"]["exclude"] = "studdy"
    with pytest.raises(ConfigError, match=r'placebo.exclude: "studdy" is not one of.*"study"'):
        config_from_dict(data, where="x.toml")
