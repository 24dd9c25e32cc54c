"""A run that may not begin or does not end: what stood in the folder before stays as it was."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from oilshock.config import load_config
from oilshock.output import write_study
from oilshock.results import StudyResult
from oilshock.study import run_study


def make_target(tmp_path: Path, kind: str) -> str:
    """Make something in the way of the output folder; return --out."""
    target = tmp_path / "out" / "attack"
    if kind == "under a file":
        (tmp_path / "out").write_text("x")
        return "out/deep"
    if kind == "out is a file":
        (tmp_path / "out").write_text("x")
        return "out"
    target.parent.mkdir()
    if kind in ("empty", "not ours", "foreign manifest"):
        target.mkdir()
    if kind == "not ours":
        (target / "thesis.docx").write_text("x")
    if kind == "foreign manifest":
        (target / "manifest.json").write_text('{"generator": "webpack"}')
    if kind == "file":
        target.write_text("x")
    if kind == "symlink":
        (tmp_path / "elsewhere").mkdir()
        target.symlink_to(tmp_path / "elsewhere")
    return "out"


@pytest.mark.parametrize(
    "kind",
    [
        "empty",
        "not ours",
        "foreign manifest",
        "file",
        "symlink",
        "under a file",
        "out is a file",
    ],
)
def test_an_output_folder_that_is_not_ours(
    call: Any, tmp_path: Path, attack: Path, kind: str
) -> None:
    out = make_target(tmp_path, kind)
    before = sorted(tmp_path.rglob("*"))
    outcome = call("run", attack, "--out", out, "--reports", "none")
    assert (outcome.code, outcome.out) == (2, "")
    assert "out" in outcome.err
    assert "Traceback" not in outcome.err
    assert sorted(tmp_path.rglob("*")) == before


def test_an_unwritable_output_folder(
    call: Any, attack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    outcome = call("run", attack, "--reports", "none")
    assert (outcome.code, outcome.out) == (2, "")
    assert "cannot be written" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["attack.toml"]


def test_the_output_folder_is_refused_before_the_work(
    call: Any, tmp_path: Path, attack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_target(tmp_path, "not ours")
    monkeypatch.setattr("oilshock.cli.job.run_study", lambda *_, **__: pytest.fail("it ran"))
    assert call("run", attack, "--out", "out").code == 2


def fail_with(error: BaseException) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


STUDY = '[study]\nname = "attack"\n[events]\nids = ["iran-attacks-israel-apr2024"]\n'
INSIDE = ["oilshock.cli.job.run_study", "oilshock.output.to_document", "oilshock.output.manifest"]


STOPS = [
    (KeyboardInterrupt(), 130, "Interrupted"),
    (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), 2, "No space left on device"),
    (ZeroDivisionError("x"), 1, "this is a bug of oilshock (ZeroDivisionError: x)"),
]


STOPPED = [
    (place, *stop)
    for place in INSIDE
    for stop in STOPS
    if place != INSIDE[0] or not isinstance(stop[0], OSError)  # the disk fills up in writing
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[StudyResult, Path]:
    """The study of `attack`, and the folder that a run of it left."""
    place = tmp_path_factory.mktemp("finished")
    (place / "s.toml").write_text(STUDY)
    result = run_study(load_config(place / "s.toml"))
    write_study(result, place / "attack", formats=())
    return result, place / "attack"


@pytest.mark.parametrize("with_old", [False, True])
@pytest.mark.parametrize(("place", "error", "code", "part"), STOPPED)
def test_a_run_that_stops_leaves_the_old_output_intact(
    call: Any,
    tmp_path: Path,
    attack: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    error: BaseException,
    code: int,
    part: str,
    *,
    with_old: bool,
    finished: tuple[StudyResult, Path],
) -> None:
    result, old = finished
    if with_old:
        shutil.copytree(old, tmp_path / "outputs" / "attack")
    monkeypatch.setattr("oilshock.cli.job.run_study", lambda *_, **__: result)
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    monkeypatch.setattr(place, fail_with(error))
    outcome = call("run", attack, "--reports", "none")
    assert (outcome.code, outcome.out) == (code, "")
    assert part in outcome.err
    assert "Traceback" not in outcome.err
    after = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    assert after == before


def test_a_bug_says_how_to_report_it_and_debug_shows_the_traceback(
    call: Any, attack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oilshock.cli import main

    monkeypatch.setattr("oilshock.cli.job.run_study", fail_with(ZeroDivisionError("x")))
    outcome = call("run", attack)
    assert f"oilshock --debug run {attack}" in outcome.err
    with pytest.raises(ZeroDivisionError):
        main(["--debug", "run", str(attack)])


def test_debug_raises_an_error_of_the_user_too(call: Any) -> None:
    from oilshock.cli import main
    from oilshock.errors import ConfigError

    with pytest.raises(ConfigError):
        main(["--debug", "run", "no.toml"])
