"""`oilshock view`: which report it opens, and what it says when there is none."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from oilshock.cli.opening import without_screen


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what would be opened, on a machine with a screen."""
    opened: list[str] = []

    def launch(url: str, *, wait: bool = False, locate: bool = False) -> int:
        del wait, locate
        opened.append(url)
        return 0

    monkeypatch.setattr("click.launch", launch)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("CI", raising=False)
    return opened


def make_run(folder: Path, *reports: str, age: int = 0, generator: str = "oilshock") -> Path:
    folder.mkdir(parents=True)
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({"generator": generator}))
    os.utime(manifest, (1_700_000_000 - age, 1_700_000_000 - age))
    for name in reports:
        (folder / f"report.{name}").write_text("x")
    return folder


def test_without_an_argument_the_newest_report_is_opened(
    call: Any, tmp_path: Path, launched: list[str]
) -> None:
    make_run(tmp_path / "outputs/old", "html", "pdf", age=100)
    newest = make_run(tmp_path / "outputs/new", "html", "pdf", age=50)
    make_run(tmp_path / "outputs/tables-only", age=10)
    make_run(tmp_path / "outputs/foreign", "html", generator="other")
    done = call("view")
    assert (done.code, done.out, done.err) == (0, "outputs/new/report.html\n", "")
    assert launched == [str(newest / "report.html")]


@pytest.mark.parametrize(
    "named", ["april", "outputs/april", "outputs/april/report.html", "april.toml", "outputs"]
)
def test_a_study_is_named_in_any_way(
    call: Any, tmp_path: Path, launched: list[str], named: str
) -> None:
    run = make_run(tmp_path / "outputs/april", "html", "pdf")
    (tmp_path / "april.toml").write_text('[study]\nname = "april"\n')
    done = call("view", named)
    assert (done.code, done.out.strip(), done.err) == (0, "outputs/april/report.html", "")
    assert launched == [str(run / "report.html")]


def test_the_pdf_when_asked_for_or_alone(call: Any, tmp_path: Path, launched: list[str]) -> None:
    make_run(tmp_path / "o/both", "html", "pdf")
    make_run(tmp_path / "o/alone", "pdf")
    for args in (["both", "--report", "pdf"], ["alone"]):
        assert call("view", *args, "--out", "o").code == 0
    assert [Path(path).parent.name for path in launched] == ["both", "alone"]
    assert {Path(path).name for path in launched} == {"report.pdf"}


def test_print_opens_nothing(call: Any, tmp_path: Path, launched: list[str]) -> None:
    make_run(tmp_path / "outputs/a", "html")
    done = call("view", "--print")
    assert (done.code, done.out, done.err, launched) == (0, "outputs/a/report.html\n", "", [])


def test_as_json(call: Any, tmp_path: Path, launched: list[str]) -> None:
    make_run(tmp_path / "outputs/a", "html")
    document = json.loads(call("view", "--format", "json").out)
    assert document == {"schema_version": 1, "report": "outputs/a/report.html", "opened": True}
    assert len(launched) == 1


def test_in_ci_it_is_only_printed(
    call: Any, tmp_path: Path, launched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_run(tmp_path / "outputs/a", "html")
    monkeypatch.setenv("CI", "true")
    done = call("view")
    assert (done.code, done.out, launched) == (0, "outputs/a/report.html\n", [])
    assert done.err == "Not opened: CI is set.\n"


def test_no_program_to_open_it_with_is_said(
    call: Any, tmp_path: Path, launched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_run(tmp_path / "outputs/a", "html")
    monkeypatch.setattr("click.launch", lambda url: 1)
    done = call("view")
    assert (done.code, launched) == (0, [])
    assert done.err == "Not opened: no program for it was found.\n"


@pytest.mark.parametrize(
    ("environ", "platform", "reason"),
    [
        ({}, "linux", "this session has no screen"),
        ({"DISPLAY": ":0"}, "linux", ""),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", ""),
        ({}, "darwin", ""),
        ({}, "win32", ""),
        ({"CI": "1"}, "darwin", "CI is set"),
    ],
)
def test_where_nothing_can_be_opened(environ: dict[str, str], platform: str, reason: str) -> None:
    assert without_screen(environ, platform) == reason


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "outputs: holds no run with an HTML report. Write one: oilshock run CONFIG"),
        (["--report", "pdf"], "outputs: holds no run with a PDF report. Write one: oilshock run"),
        (["--out", "nowhere"], "nowhere: holds no run. Run a study first"),
        (["aprl"], 'aprl: no run of this name is in outputs. Did you mean "april"?'),
        (["xyz"], "no run of this name is in outputs. Runs: april."),
        (["xyz", "--out", "nowhere"], "Run it first: oilshock run CONFIG"),
        (["new.toml"], "outputs/new: there is no such run. Run it first: oilshock run new.toml"),
        (
            ["april.toml"],
            "outputs/april: the run wrote no report. "
            "Write it: oilshock run april.toml --reports html,pdf",
        ),
        (["april", "--report", "pdf"], "wrote no report.pdf. Write it: oilshock run CONFIG"),
        (["no.toml"], "no.toml"),
    ],
)
def test_what_is_not_there_is_code_2_and_says_what_to_do(
    call: Any, tmp_path: Path, launched: list[str], args: list[str], said: str
) -> None:
    make_run(tmp_path / "outputs/april")
    for name in ("new", "april"):
        (tmp_path / f"{name}.toml").write_text(f'[study]\nname = "{name}"\n')
    done = call("view", *args)
    assert (done.code, done.out, launched) == (2, "", [])
    assert said in done.err


def test_the_other_report_is_offered(call: Any, tmp_path: Path, launched: list[str]) -> None:
    make_run(tmp_path / "outputs/april", "html")
    done = call("view", "april", "--report", "pdf")
    assert (done.code, launched) == (2, [])
    assert "the run wrote no report.pdf. It has report.html: --report html" in done.err


def test_a_run_says_how_to_open_its_report(call: Any, attack: Path, launched: list[str]) -> None:
    done = call("run", attack, "--reports", "html")
    assert done.out.endswith("\nOpen the report: oilshock view outputs/attack\n")
    assert call("view", "outputs/attack").code == 0
    assert len(launched) == 1
