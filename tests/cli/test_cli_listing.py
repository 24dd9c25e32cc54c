"""`events`, `prices`, `init` and the help of every command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from oilshock.cli import cli


def commands(group: click.Group, *path: str) -> Iterator[list[str]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield [*path, name]


COMMANDS = list(commands(cli))


def test_the_commands_are_those_of_the_contract() -> None:
    assert {" ".join(path) for path in COMMANDS} >= {
        "run",
        "event",
        "init",
        "check",
        "events list",
        "events show",
        "events check",
        "prices show",
        "prices check",
    }


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_has_an_example(call: Any, path: list[str], flag: str) -> None:
    done = call(*path, flag)
    assert (done.code, done.err) == (0, "")
    assert f"  oilshock {' '.join(path)}" in done.out
    assert "Example" in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines())


@pytest.mark.parametrize("path", [[], ["events"], ["prices"]])
def test_help_of_groups(call: Any, path: list[str]) -> None:
    assert call(*path, "--help").code == 0
    assert call(*path).code == 2


def test_the_help_of_the_group_cuts_no_line_and_begins_with_the_main_command(call: Any) -> None:
    lines = call("--help").out.split("Commands:\n")[1].splitlines()
    assert [line.split()[0] for line in lines] == list(cli.commands)
    assert lines[0].startswith("  run ")
    assert not [line for line in lines if line.endswith("...")]


def test_version(call: Any) -> None:
    from oilshock import __version__

    assert call("--version").out == f"oilshock, version {__version__}\n"


def test_events_list(call: Any) -> None:
    done = call("events", "list")
    assert (done.code, done.err) == (0, "")
    assert "194 events; 0 do not pass the filters." in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines())
    document = json.loads(call("events", "list", "--format", "json").out)
    assert len(document["events"]) == 194
    assert len(document["provenance"]["sha256"]) == 64


def test_events_list_filters(call: Any) -> None:
    args = ["--category", "sanctions", "--since", "2022-01-01", "--direction", "+"]
    document = json.loads(call("events", "list", *args, "--format", "json").out)
    found = document["events"]
    assert found
    assert {event["category"] for event in found} == {"sanctions"}
    assert {event["direction"] for event in found} == {"+"}
    assert min(event["date"] for event in found) >= "2022-01-01"
    assert len(found) + document["n_rejected"] == 194


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["events", "list", "--since", "foo"], '"foo" is not a date'),
        (["events", "list", "--category", "foo"], '"foo" is not a known category'),
        (["events", "list", "--region", "foo"], '"foo" is not a known region'),
        (["events", "show", "iran-attack-israel-apr2024"], "iran-attacks-israel-apr2024"),
        (
            ["events", "show", "Abqaiq"],
            "Did you mean abqaiq-failed-attack-2006 and abqaiq-khurais-attack-2019?",
        ),
        (["prices", "show", "wti"], '"wti" is not a bundled series'),
    ],
)
def test_what_is_unknown_is_code_2(call: Any, args: list[str], part: str) -> None:
    done = call(*args)
    assert (done.code, done.out) == (2, "")
    assert part in done.err


def test_events_show_has_source_and_confidence(call: Any) -> None:
    done = call("events", "show", "abqaiq-khurais-attack-2019")
    assert (done.code, done.err) == (0, "")
    names = [line.split()[0] for line in done.out.splitlines() if line[:1].strip()]
    assert {"id", "source", "confidence", "source_read"} <= set(names)
    assert all(len(line) <= 80 for line in done.out.splitlines())
    as_json = call("events", "show", "abqaiq-khurais-attack-2019", "--format", "json").out
    assert json.loads(as_json)["id"] == "abqaiq-khurais-attack-2019"


def test_events_check(call: Any, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("id,date,time,title\na,2024-03-05,20:00,T\nb,2024-03-05,,T\n")
    done = call("events", "check", "e.csv")
    assert (done.code, done.err) == (0, "")
    assert "e.csv is valid: 2 events, 2024-03-05 to 2024-03-05." in done.out
    assert "taken as UTC: a" in done.out
    findings = json.loads(call("events", "check", "e.csv", "--format", "json").out)["findings"]
    assert {finding["kind"] for finding in findings} == {"bare_time", "same_day_title"}


def test_events_check_of_a_wrong_file(call: Any, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("id,date,title\na,2024-13-05,T\n,x,\n")
    done = call("events", "check", "e.csv")
    assert (done.code, done.out) == (3, "")
    assert 'row 2, date: "2024-13-05" is not a date' in done.err
    assert "row 3" in done.err


def test_prices_show(call: Any) -> None:
    done = call("prices", "show")
    assert (done.code, done.err) == (0, "")
    assert all(len(line) <= 80 for line in done.out.splitlines())
    for part in ("brent-spot", "usd-broad", "1987-05-20", "2026-09-29", "sha256", "licence"):
        assert part in done.out
    series = json.loads(call("prices", "show", "brent-spot", "--format", "json").out)["series"]
    assert [one["symbol"] for one in series] == ["brent-spot"]


def test_prices_check(call: Any, tmp_path: Path) -> None:
    assert "brent-spot is valid: 9,987 sessions" in call("prices", "check").out
    (tmp_path / "p.csv").write_text("Day,Close\n2024-01-03,80\n2024-01-02,81\n2024-01-04,\n")
    done = call("prices", "check", "p.csv")
    assert (done.code, done.err) == (0, "")
    assert "p.csv is valid: 2 sessions, 2024-01-02 to 2024-01-03." in done.out
    assert done.out.count("\n- ") == 2
    assert call("prices", "check", "no.csv").code == 3
    assert call("prices", "check", "p.csv", "--price-column", "Last").code == 3


def test_init_writes_a_config_that_runs_and_never_overwrites(call: Any, tmp_path: Path) -> None:
    done = call("init", "my study.toml")
    assert (done.code, done.err) == (0, "")
    path = tmp_path / "my study.toml"
    text = path.read_text(encoding="utf-8")
    assert 'name = "my-study"' in text
    assert call("run", path, "--reports", "none").code == 0
    assert (tmp_path / "outputs/my-study/results.json").exists()
    again = call("init", "my study.toml")
    assert (again.code, again.out) == (2, "")
    assert "exists already" in again.err
    assert path.read_text(encoding="utf-8") == text


def test_init_schema(call: Any, tmp_path: Path) -> None:
    done = call("init", "--schema")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["title"] == "oilshock config"
    assert call("init", "--schema", "s.json").code == 0
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == done.out


def test_init_without_a_path_writes_study_toml(call: Any, tmp_path: Path) -> None:
    assert call("init").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]
