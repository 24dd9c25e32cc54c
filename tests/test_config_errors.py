"""What a wrong config is told: key path, value, expectation and fix, all at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from oilshock.config import config_from_dict, load_config
from oilshock.errors import ConfigError, Problem


def problems_of(data: dict[str, Any]) -> tuple[Problem, ...]:
    full = {"study": {"name": "demo"}, **data}
    with pytest.raises(ConfigError) as caught:
        config_from_dict(full, where="s.toml")
    return caught.value.problems


ITEM = {"id": "x", "date": "2024-03-05", "title": "T"}

ONE_WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    # table, field, part of the message (with the value), part of the fix
    ({"windows": {"estimaton": 5}}, "windows.estimaton", "not a known key", '"estimation"'),
    ({"estimation": 60}, "estimation", "not a known key", "estimation belongs under [windows]."),
    ({"levels": {"car": 3}}, "levels.car", "not a known key", "car belongs under [windows]."),
    ({"levels": {"kind": "log"}}, "levels.kind", "known key", "under [returns] or [model]."),
    ({"extra": 1}, "extra", "not a known key", "Known keys: "),
    ({"windows": {"event": [5, -5]}}, "windows.event", "[5, -5] starts after", "[-5, 5]"),
    ({"windows": {"event": [1, 5]}}, "windows.event", "does not contain day 0", "[-5, 10]"),
    ({"windows": {"event": [-20, 5]}}, "windows.gap", "10 is smaller than the 20", "gap = 20"),
    ({"windows": {"event": [0, 6000]}}, "windows.event", "more than 5,000", "shorter"),
    ({"windows": {"car": [[0, 50]]}}, "windows.car[0]", "[0, 50] is not inside", "widen"),
    ({"windows": {"car": [[3, 1]]}}, "windows.car[0]", "[3, 1] starts after", "[1, 3]"),
    ({"windows": {"car": []}}, "windows.car", "[] is not valid", "CAR windows"),
    ({"windows": {"event": 5}}, "windows.event", "5 is not valid: a list is expected", "[-5, 10]"),
    ({"windows": {"event": [0, 1, 2]}}, "windows.event", "at most 2 expected", "[-5, 10]"),
    ({"windows": {"estimation": "9"}}, "windows.estimation", '"9" is not valid: a whole', "120"),
    ({"prices": {"start": "2022"}}, "prices.start", "a date is expected, YYYY-MM-DD", "2022"),
    ({"prices": {"timezone": "BST"}}, "prices.timezone", "not a known", '= "Europe/London"'),
    ({"prices": {"timezone": "London"}}, "prices.timezone", "not a known", '"Europe/London"?'),
    ({"windows": {"estimation": 0}}, "windows.estimation", "0 is not valid", "= 120"),
    ({"windows": {"estimation": True}}, "windows.estimation", "True is not", "= 120"),
    ({"windows": {"estimation": 60.0}}, "windows.estimation", "60.0 is not", "= 120"),
    ({"windows": {"min_estimation": 500}}, "windows.min_estimation", "500 is larger", "Lower"),
    ({"windows": 3}, "windows", "3 is not a table", "[windows]"),
    ({"levels": {"usd": [-5]}}, "levels.usd[0]", "-5 is not valid", "usd = [90.0]"),
    ({"levels": {"usd": [0]}}, "levels.usd[0]", "0 is not valid", "above 0"),
    ({"levels": {"usd": [float("inf")]}}, "levels.usd[0]", "inf is not valid", "above 0"),
    ({"levels": {"usd": 90}}, "levels.usd", "90 is not valid", "usd = [90.0]"),
    ({"inference": {"tests": ["t2"]}}, "inference.tests[0]", '"t2" is not one of', ""),
    ({"inference": {"tests": ["bpm"]}}, "inference.tests[0]", '"bpm" is not one of', '"bmp"'),
    ({"inference": {"tests": []}}, "inference.tests", "[] is not valid", '"bmp"'),
    ({"inference": {"alternative": "more"}}, "inference.alternative", '"more" is not', ""),
    ({"inference": {"adjust": "hol"}}, "inference.adjust", '"hol" is not one of', '"holm"'),
    ({"inference": {"alpha": 0.7}}, "inference.alpha", "0.7 is not valid", "= 0.05"),
    ({"model": {"kind": "markt"}}, "model.kind", '"markt" is not one of', '"market"'),
    ({"model": {"kind": "market"}}, "model.factors", "exactly one", '["dollar"]'),
    ({"model": {"kind": "factors"}}, "model.factors", "names no factor", "dollar"),
    ({"model": {"factors": ["dollar"]}}, "model.factors", "not used", 'kind = "factors"'),
    (
        {"model": {"kind": "factors", "factors": ["dollar", "dollar"]}},
        "model.factors",
        "one twice",
        "each once",
    ),
    (
        {"model": {"kind": "market", "factors": ["copper"]}},
        "model.factors",
        '"copper" is neither',
        "[series.copper]",
    ),
    ({"prices": {"source": "file"}}, "prices.symbol", "is needed", "Give a path"),
    ({"prices": {"source": "fil"}}, "prices.source", '"fil" is not one of', '"file"'),
    ({"prices": {"close": "25:00"}}, "prices.close", '"25:00"', '"16:30"'),
    ({"prices": {"close": "7:30 pm"}}, "prices.close", "not a 24-hour time", 'close = "19:30".'),
    ({"prices": {"close": "12 a.m."}}, "prices.close", "not a 24-hour time", 'close = "00:00".'),
    ({"prices": {"close": "9:05"}}, "prices.close", "not a 24-hour time", 'close = "09:05".'),
    ({"prices": {"close": "19h30"}}, "prices.close", "not a 24-hour time", 'close = "19:30".'),
    ({"prices": {"close": dt.time(19, 30)}}, "prices.close", "19:30:00", 'close = "19:30".'),
    ({"prices": {"close": "13:00 pm"}}, "prices.close", '"13:00 pm"', 'close = "16:30".'),
    ({"prices": {"close": "noon"}}, "prices.close", '"noon"', 'close = "16:30".'),
    ({"prices": {"timezone": "Europe/Londn"}}, "prices.timezone", "Londn", '"Europe/London"'),
    ({"prices": {"start": 86400}}, "prices.start", "86400 is not valid", "2022-01-01"),
    ({"prices": {"start": "2024-13-01"}}, "prices.start", '"2024-13-01"', "2022-01-01"),
    (
        {"prices": {"start": dt.date(2024, 1, 1), "end": dt.date(2023, 1, 1)}},
        "prices.start",
        "2024-01-01 is after end = 2023-01-01",
        "Swap",
    ),
    ({"prices": {"source": "file", "symbol": "a\0b"}}, "prices.symbol", "not valid", "path"),
    ({"events": {"source": "inline"}}, "events.items", "is empty", "[[events.items]]"),
    ({"events": {"items": [ITEM]}}, "events.source", '"bundled" does not read', "inline"),
    ({"events": {"source": "inline", "items": [3]}}, "events.items[0]", "3 is not a table", ""),
    ({"events": {"min_severity": 4}}, "events.min_severity", "4 is not valid", "= 2"),
    ({"events": {"directions": ["up"]}}, "events.directions[0]", '"up" is not one of', ""),
    (
        {"events": {"since": dt.date(2024, 1, 1), "until": dt.date(2023, 1, 1)}},
        "events.since",
        "is after until",
        "Swap",
    ),
    (
        {"events": {"source": "inline", "items": [{**ITEM, "date": 5}]}},
        "events.items[0].date",
        "5 is not valid",
        "2019-09-14",
    ),
    (
        {"events": {"source": "inline", "items": [{**ITEM, "time": 20}]}},
        "events.items[0].time",
        "20 is not valid",
        "20:00Z",
    ),
    (
        {
            "events": {
                "source": "inline",
                "items": [{**ITEM, "date": dt.datetime(2024, 4, 13, 20, tzinfo=dt.UTC)}],
            }
        },
        "events.items[0].date",
        "date alone",
        "2019-09-14",
    ),
    ({"report": {"formats": ["docx"]}}, "report.formats[0]", '"docx" is not one of', "pdf"),
    ({"report": {"tables": ["word"]}}, "report.tables[0]", '"word" is not one of', "latex"),
    ({"report": {"stars": [5]}}, "report.stars[0]", "5", "1"),
    ({"series": {"tables": {}}}, "series.tables", "reserved name", "another name"),
    ({"series": {"Results.json": {}}}, "series.Results.json", "reserved name", "another name"),
    ({"series": {"a/b": {}}}, "series.a/b", "not valid", "Further series"),
    ({"study": {"name": "../x"}}, "study.name", '"../x" is not valid', '"april-2024"'),
    ({"study": {"name": "."}}, "study.name", '"." is not valid', '"april-2024"'),
    ({"study": {"name": "a\n"}}, "study.name", "is not valid", '"april-2024"'),
    ({"study": {"name": 3}}, "study.name", "3 is not valid", '"april-2024"'),
    ({"study": {}}, "study.name", "is missing", '"april-2024"'),
    ({"study": {"name": "x", "seed": -1}}, "study.seed", "-1 is not valid", "= 0"),
]


@pytest.mark.parametrize(
    ("data", "field", "message", "fix"), ONE_WRONG, ids=[str(case[0])[:60] for case in ONE_WRONG]
)
def test_one_wrong_key_is_named_with_its_value_and_the_fix(
    data: dict[str, Any], field: str, message: str, fix: str
) -> None:
    (problem,) = problems_of(data)
    assert problem.where == "s.toml"
    assert problem.field == field
    assert message in problem.message
    assert fix in problem.fix


def test_all_errors_come_at_once_even_between_keys() -> None:
    found = problems_of(
        {
            "study": {"name": "a b"},
            "model": {"kind": "gach"},
            "windows": {"estimaton": 3, "gap": 1},
            "inference": {"tests": ["bpm", "t", "rnk"], "adjust": "romano"},
            "levels": {"usd": [-5]},
            "prices": {"source": "file"},
        }
    )
    fields = sorted(problem.field for problem in found)
    assert fields == [
        "inference.adjust",
        "inference.tests[0]",
        "inference.tests[2]",
        "levels.usd[0]",
        "model.kind",
        "prices.symbol",
        "study.name",
        "windows.estimaton",
        "windows.gap",
    ]


def test_a_long_value_is_cut() -> None:
    (problem,) = problems_of({"study": {"name": "x" * 5000}})
    assert len(problem.message) < 300


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\x00\x01\xff", "is not text in UTF-8"),
        (b"not toml", "is not valid TOML"),
        (b"[study]\nname = april", "is not valid TOML"),
        (b"[study\n", "is not valid TOML"),
        (b"PK\x03\x04", "is not valid TOML"),
    ],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(path)
    assert caught.value.problems[0].where == str(path)
    assert caught.value.problems[0].fix


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no such file.*oilshock init"):
        load_config(tmp_path / "no.toml")
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_config(tmp_path)


def test_a_file_is_told_places_in_lists_from_one(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(
        '[study]\nname = "s"\n[windows]\ncar = [[0, 1], [0, 30]]\n[levels]\nusd = [-1]\n'
        '[comparison]\ncontrasts = [["a=b"]]\n'
        '[events]\nsource = "inline"\nitems = [{ id = "x", title = "T" }]\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    said = {problem.field: problem.message for problem in caught.value.problems}
    assert set(said) == {
        "windows.car, item 2",
        "levels.usd, item 1",
        "events.items, item 1, date",
        "comparison.contrasts, item 1, place 2",
    }
    assert said["windows.car, item 2"] == "[0, 30] is not inside windows.event = [-5, 10]."


def test_a_gap_too_small_counts_sessions() -> None:
    (problem,) = problems_of({"windows": {"event": [-1, 5], "gap": 0}})
    assert "smaller than the 1 session that windows.event = [-1, 5] holds" in problem.message


@pytest.mark.parametrize(
    ("name", "text", "message", "fix"),
    [
        ("s.toml", '[prices]\nsymbol = "C:\\data"\n', "line 2", "Write a Windows path with /"),
        ("s.toml", "[prices]\n[prices]\n", "Cannot declare [prices] twice", "each table"),
        ("s.toml", "[a.b]\n[a.b]\n", "Cannot declare [a.b] twice", "each table"),
        ("s.toml", "a = 1\na = 2\n", "Cannot overwrite", "each key once"),
        ("p.csv", "date,price\n", "is not valid TOML", "CONFIG is a TOML file"),
    ],
)
def test_a_slip_in_toml_has_its_own_fix(
    tmp_path: Path, name: str, text: str, message: str, fix: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / name)
    assert message in caught.value.problems[0].message
    assert fix in caught.value.problems[0].fix
