"""Bad input: the exit code of the contract, one readable block, and nothing left behind."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

HEAD = '[study]\nname = "s"\n'
ATTACK = '[events]\nids = ["iran-attacks-israel-apr2024"]\n'
FILE = '[prices]\nsource = "file"\nsymbol = "p.csv"\n'
CSV = '[events]\nsource = "e.csv"\n'
DAY = '[events]\nsource = "inline"\nitems = [{ id = "x", date = 2024-03-05, title = "T" }]\n'
TIMED = DAY.replace("title", 'time = "20:00Z", title')


def prices(*, changed: dict[int, str] | None = None, more: str = "") -> str:
    """Write 250 rows of prices; `changed` rows get other cells."""
    rows = []
    day = dt.date(2023, 6, 1)
    while len(rows) < 250:
        if day.weekday() < 5:
            rows.append(f"{day},{80 + len(rows) * 7919 % 97 / 50}")
        day += dt.timedelta(days=1)
    for number, cells in (changed or {}).items():
        rows[number] = cells
    return "date,price\n" + "\n".join(rows) + "\n" + more


def events(*rows: str) -> str:
    return "id,date,title\n" + "".join(f"{row}\n" for row in rows)


# name: config, files beside it, exit code, parts of the message
CASES: dict[str, tuple[str, dict[str, str | bytes], int, tuple[str, ...]]] = {
    "price file empty": (FILE + DAY, {"p.csv": ""}, 3, ("p.csv", "empty", "Give a file")),
    "price file header only": (FILE + DAY, {"p.csv": "date,price\n"}, 3, ("p.csv", "0 prices")),
    "price file wrong columns": (
        FILE + DAY,
        {"p.csv": "a,b\n1,2\n"},
        3,
        ("p.csv", "date_column", '"a", "b"', "Set price_column"),
    ),
    "price file missing": (FILE + DAY, {}, 3, ("p.csv", "no such file")),
    "price file binary": (FILE + DAY, {"p.csv": b"\x00\xff"}, 3, ("p.csv", "binary")),
    "text price": (
        FILE + DAY,
        {"p.csv": prices(changed={4: "2023-06-07,abc"})},
        3,
        ("p.csv, row 6, price", '"abc" is not a number', "83.12"),
    ),
    "infinite price": (
        FILE + DAY,
        {"p.csv": prices(changed={4: "2023-06-07,inf"})},
        3,
        ("p.csv, row 6, price", '"inf" is not a finite price'),
    ),
    "negative price, log": (
        FILE + DAY,
        {"p.csv": prices(changed={4: "2023-06-07,-3"})},
        3,
        (
            "p.csv, row 6, price: 1 price of zero or less",
            "-3 on 2023-06-07. Correct the row; if the price is real, set",
            'returns.kind = "difference"',
        ),
    ),
    "two prices below zero": (
        FILE + DAY,
        {"p.csv": prices(changed={4: "2023-06-07,-3", 6: "2023-06-09,0"})},
        3,
        ("p.csv, price: 2 prices", "-3 on 2023-06-07 (row 6), 0 on 2023-06-09 (row 8)"),
    ),
    "two prices a day": (
        FILE + DAY,
        {"p.csv": prices(more="2023-06-07,99\n")},
        3,
        ("p.csv, rows 6 and 252", "two prices", "99"),
    ),
    "price date 2024-13-01": (
        FILE + DAY,
        {"p.csv": prices(changed={4: "2024-13-01,80"})},
        3,
        ("p.csv, row 6, date", '"2024-13-01" is not a date', "YYYY-MM-DD"),
    ),
    "ambiguous stamp": (
        FILE + DAY,
        {"p.csv": prices(changed={4: "2023-06-07T23:30-05:00,80"})},
        3,
        ("p.csv, row 6", "not clear", "Give dates without a time"),
    ),
    "yahoo": (
        '[prices]\nsource = "yahoo"\nsymbol = "BZ=F"\n',
        {},
        3,
        ("[prices]", 'yahoo "BZ=F": no connection', "--offline"),
    ),
    "fred": (
        '[prices]\nsource = "fred"\nsymbol = "X"\n',
        {},
        3,
        ("[prices]", 'fred "X": no connection', "bundled"),
    ),
    "hamilton": (
        '[model]\nkind = "factors"\nfactors = ["hamilton"]\n',
        {},
        3,
        ('["hamilton"], yahoo "HG=F": no connection', "--offline"),
    ),
    "unknown bundled series": (
        '[prices]\nsymbol = "brent"\n',
        {},
        2,
        ('"brent"', 'Did you mean "brent-spot"?'),
    ),
    "no price in the span": (
        "[prices]\nstart = 2030-01-01\n" + ATTACK,
        {},
        3,
        ("2030-01-01", "Change start or end"),
    ),
    "events empty": (CSV, {"e.csv": ""}, 3, ("e.csv", "is empty", "id, date, title")),
    "events header only": (CSV, {"e.csv": events()}, 3, ("e.csv", "no event")),
    "events wrong columns": (CSV, {"e.csv": "x\n1\n"}, 3, ("e.csv", 'no column "id"', '"x"')),
    "events binary": (CSV, {"e.csv": b"\xff\xfe\x00"}, 3, ("e.csv", "not text in UTF-8")),
    "events missing": (CSV, {}, 3, ("e.csv", "no such file")),
    "event date 2024-13-01": (
        CSV,
        {"e.csv": events("a,2024-13-01,T")},
        3,
        ("e.csv, row 2, date", '"2024-13-01" is not a date', "YYYY-MM-DD"),
    ),
    "same id, other content": (
        CSV,
        {"e.csv": events("a,2024-03-01,T", "a,2024-03-04,T")},
        3,
        ("e.csv, row 3, id", '"a" is also row 2', "id of its own"),
    ),
    "inline event without a date": (
        DAY.replace("date = 2024-03-05, ", ""),
        {},
        2,
        ("s.toml, events.items, item 1, date", "is missing"),
    ),
    "inline event date 2024-13-01": (
        DAY.replace("2024-03-05", '"2024-13-01"'),
        {},
        2,
        ("events.items, item 1, date", '"2024-13-01" is not a date'),
    ),
    "unknown id": (
        ATTACK.replace("attacks", "attack"),
        {},
        2,
        ("events, ids", 'Did you mean "iran-attacks-israel-apr2024"?'),
    ),
    "unknown category": (
        '[events]\ncategories = ["conflct"]\n',
        {},
        2,
        ("events, categories", '"conflct"', '"conflict"'),
    ),
    "filter leaves nothing": (
        "[events]\nsince = 1990-01-01\nuntil = 1990-01-02\n",
        {},
        3,
        ("no event is left of 194", "Widen ids"),
    ),
    "unknown group": (
        '[inference]\ngroups = ["categry"]\n',
        {},
        2,
        ("inference.groups", '"categry"', '"category"'),
    ),
    "unknown key": (
        "[windows]\nestimaton = 60\n",
        {},
        2,
        ("s.toml, windows.estimaton", 'Did you mean "estimation"?'),
    ),
    "several errors": (
        "[windows]\nestimaton = 60\ngap = 1\n[levels]\nusd = [-5]\n",
        {},
        2,
        ("Error: 3 problems.", "windows.estimaton", "windows.gap", "levels.usd, item 1: -5"),
    ),
    "window reversed": ("[windows]\nevent = [5, -5]\n", {}, 2, ("windows.event", "[5, -5]")),
    "gap below w0": ("[windows]\ngap = 3\n", {}, 2, ("windows.gap", "Set gap = 5 or more")),
    "CAR window outside": (
        "[windows]\ncar = [[0, 50]]\n",
        {},
        2,
        ("s.toml, windows.car, item 1: [0, 50] is not inside",),
    ),
    "estimation of length 0": ("[windows]\nestimation = 0\n", {}, 2, ("windows.estimation: 0",)),
    "estimation longer than the data": (
        "[windows]\nestimation = 9976\n" + ATTACK,
        {},
        2,
        ("windows.estimation", "need more than 9987 sessions; brent-spot has 9987", "Shorten"),
    ),
    "endless estimation": (
        f"[windows]\nestimation = {10**30}\n" + ATTACK,
        {},
        2,
        ("windows.estimation", "Shorten"),
    ),
    "endless event window": (
        "[windows]\nevent = [0, 1000000000]\n" + ATTACK,
        {},
        2,
        ("windows.event", "5,000"),
    ),
    "level of -5": ("[levels]\nusd = [-5.0]\n", {}, 2, ("levels.usd, item 1: -5.0", "above 0")),
    "unknown test": ('[inference]\ntests = ["bpm"]\n', {}, 2, ("inference.tests", '"bpm"', "bmp")),
    "unknown adjustment": ('[inference]\nadjust = "romano"\n', {}, 2, ('"romano"', "holm")),
    "unknown model": ('[model]\nkind = "gach"\n', {}, 2, ("model.kind", '"gach"', "garch")),
    "timed event, file without close": (
        FILE + TIMED,
        {"p.csv": prices()},
        2,
        ("close", "timezone", "(x)", "16:30"),
    ),
    "every event left out": (
        DAY.replace("2024-03-05", "2027-03-05"),
        {},
        4,
        ("every event is left out", "x", "after the last session"),
    ),
    "reserved series": (
        '[series."results.json"]\nsymbol = "usd-broad"\n',
        {},
        2,
        ("series.results.json", "reserved"),
    ),
}


def leftovers(folder: Path, *known: str) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name not in known)


@pytest.mark.parametrize("name", CASES)
def test_bad_input(call: Any, tmp_path: Path, name: str) -> None:
    text, files, code, parts = CASES[name]
    (tmp_path / "s.toml").write_text(HEAD + text)
    for file, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / file).write_bytes(data)
    outcome = call("run", "s.toml", "--out", "results")
    assert outcome.code == code
    assert outcome.out == ""
    assert outcome.err.startswith("Error: ")
    assert "Traceback" not in outcome.err
    for part in parts:
        assert part in outcome.err
    assert leftovers(tmp_path, "s.toml", *files) == []


@pytest.mark.parametrize("content", [b"", b"\x00\x01\xff", b"this is no toml", b"PK\x03\x04"])
def test_a_config_that_is_no_toml(call: Any, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.toml").write_bytes(content)
    outcome = call("run", "s.toml")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("Error: s.toml: is ")
    assert leftovers(tmp_path, "s.toml") == []


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_missing_config_and_a_folder(call: Any, command: str) -> None:
    outcome = call(command, "no.toml")
    assert (outcome.code, outcome.out) == (2, "")
    assert "no.toml: there is no such file" in outcome.err
    outcome = call(command, ".")
    assert (outcome.code, outcome.out) == (2, "")
    assert "Is a directory" in outcome.err


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["foo"], "No such command 'foo'"),
        (["rnu"], "Did you mean 'run'?"),
        (["run"], "Missing argument 'CONFIG'"),
        (["run", "s.toml", "--nope"], "No such option '--nope'"),
        (["run", "s.toml", "--format", "xml"], "'xml' is not one of 'text', 'json'"),
        (["run", "s.toml", "--reports", "docx"], '"docx" is not one of pdf, html, png, none'),
        (["run", "s.toml", "--reports", ""], '"" is not one of pdf, html, png, none'),
        (["event"], "Missing argument 'WHEN'"),
        (["events", "list", "--min-severity", "4"], "4 is not in the range 1<=x<=3"),
    ],
)
def test_wrong_usage_is_code_2_with_the_usage(call: Any, args: list[str], part: str) -> None:
    outcome = call(*args)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("Usage: oilshock")
    assert part in outcome.err.replace("'--nope'.", "'--nope'")


@pytest.mark.parametrize("command", ["check", "run", "calibrate", "dynamics", "scan", "power"])
def test_a_missing_time_zone_is_sought_in_the_config(
    call: Any, tmp_path: Path, command: str
) -> None:
    (tmp_path / "p.csv").write_text(prices())
    (tmp_path / "s.toml").write_text(HEAD + FILE + 'close = "16:30"\n' + TIMED)
    outcome = call(command, "s.toml")
    assert (outcome.code, outcome.out) == (2, "")
    said = "s.toml, prices.timezone: 1 event has a time (x), but the time zone of the close is not"
    assert said in " ".join(outcome.err.split())
