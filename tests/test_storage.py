"""Folders and files written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from oilshock.errors import OutputError
from oilshock.storage import refuse_foreign, replacing, write_file, write_new_file


def make_ours(folder: Path, *, content: str = "old") -> None:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"generator": "oilshock"}))
    (folder / "content.txt").write_text(content)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_new(target: Path) -> None:
    with replacing(target) as folder:
        (folder / "manifest.json").write_text(json.dumps({"generator": "oilshock"}))
        (folder / "content.txt").write_text("new")


def write_half(target: Path, *, error: BaseException, beside: str = "") -> None:
    with replacing(target) as folder:
        (folder / "half.txt").write_text("half")
        if beside:
            (target.parent / beside).mkdir()
        raise error


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    write_new(tmp_path / "a" / "b" / "study")
    assert names(tmp_path / "a" / "b") == ["study"]


def test_the_folder_has_the_rights_of_any_new_folder(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    write_new(tmp_path / "study")
    assert (tmp_path / "study").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_folder_of_ours_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "study"
    make_ours(target)
    (target / "stale.csv").write_text("x")
    write_new(target)
    assert names(target) == ["content.txt", "manifest.json"]
    assert (target / "content.txt").read_text() == "new"
    assert names(tmp_path) == ["study"]


@pytest.mark.parametrize("kind", ["empty", "full", "file", "symlink", "broken", "foreign", "list"])
def test_what_is_not_ours_is_refused_and_stays(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "study"
    if kind in ("empty", "full", "foreign", "list"):
        target.mkdir()
    if kind == "full":
        (target / "thesis.docx").write_text("x")
    if kind == "foreign":
        (target / "manifest.json").write_text('{"generator": "webpack"}')
    if kind == "list":
        (target / "manifest.json").write_text("[]")
    if kind == "file":
        target.write_text("x")
    if kind == "symlink":
        make_ours(tmp_path / "real")
        target.symlink_to(tmp_path / "real")
    if kind == "broken":
        target.symlink_to(tmp_path / "nowhere")
    before = names(tmp_path)
    with pytest.raises(OutputError, match=r"is not replaced\. Choose another --out") as caught:
        write_new(target)
    assert caught.value.problems[0].where == str(target)
    assert names(tmp_path) == before


def test_a_path_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="is not a folder one can write to"):
        refuse_foreign(tmp_path / "file" / "deep" / "study")


def test_a_folder_without_the_right_to_write_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="cannot be written"):
        refuse_foreign(tmp_path / "study")


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), SystemExit(1)])
def test_after_any_error_the_old_folder_is_intact(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "study"
    make_ours(target)
    with pytest.raises(type(error)):
        write_half(target, error=error)
    assert (target / "content.txt").read_text() == "old"
    assert names(tmp_path) == ["study"]


def test_after_an_error_no_parent_folder_is_left(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "a" / "b" / "study"):
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_a_parent_that_holds_something_stays(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path / "a" / "study", error=KeyboardInterrupt(), beside="other")
    assert names(tmp_path) == ["a"]
    assert names(tmp_path / "a") == ["other"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.EIO, "I/O error")])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("which", ["old", "fresh"])
def test_a_rename_that_fails_brings_the_old_folder_back(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    *,
    after: bool,
    which: str,
) -> None:
    target = tmp_path / "study"
    make_ours(target)
    rename = Path.rename
    failed: list[Path] = []

    def fail_once(self: Path, other: Path) -> Path:
        is_it = (self == target) if which == "old" else (other == target)
        if is_it and not failed:
            failed.append(self)
            if after and which == "old":
                rename(self, other)
            raise error
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises((KeyboardInterrupt, OutputError)):
        write_new(target)
    assert failed
    assert (target / "content.txt").read_text() == "old"
    assert names(tmp_path) == ["study"]


def test_a_full_disk_is_an_output_error(tmp_path: Path) -> None:
    target = tmp_path / "study"
    make_ours(target)
    with (
        pytest.raises(OutputError, match=r"No space left on device\. Free some space"),
        replacing(target),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert (target / "content.txt").read_text() == "old"
    assert names(tmp_path) == ["study"]


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "deep" / "report.html"
    write_file(path, "old")

    def fail(self: Path, other: Path) -> Path:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_file(path, "new")
    assert path.read_text() == "old"
    assert names(path.parent) == ["report.html"]


def test_bytes_and_any_text_are_written_as_they_are(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"\x00\r\n")
    write_file(tmp_path / "b", "−2,25 هجوم\n")
    assert (tmp_path / "a").read_bytes() == b"\x00\r\n"
    assert (tmp_path / "b").read_bytes() == "−2,25 هجوم\n".encode()


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    write_new_file(path, "first")
    with pytest.raises(OutputError, match="exists already"):
        write_new_file(path, "second")
    assert path.read_text() == "first"
