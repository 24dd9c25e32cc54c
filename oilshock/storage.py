"""Folders written whole or not at all, and checksums."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from oilshock.errors import OutputError, Problem, nearest

MANIFEST = "manifest.json"
GENERATOR = "oilshock"


def refuse_foreign(target: Path) -> None:
    """Refuse a target that exists and does not hold a manifest of ours.

    Raises
    ------
    OutputError
        When the target is a file, or a folder that something else wrote.
    """
    if os.path.lexists(target) and not is_ours(target):
        raise OutputError(
            Problem(
                str(target),
                f"exists and holds no {MANIFEST} of ours, so it is not replaced.",
                fix="Choose another --out or study.name, or move it away.",
            )
        )
    _refuse_unwritable(target)


def is_ours(target: Path) -> bool:
    """Say whether a folder holds a manifest of ours."""
    if target.is_symlink() or not target.is_dir():
        return False
    try:
        manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("generator") == GENERATOR


def _refuse_unwritable(target: Path) -> None:
    folder = target.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(
            Problem(
                str(target),
                f"cannot be written: {folder} is not a folder one can write to.",
                fix="Choose another --out.",
            )
        )


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a new folder to write to; on success it takes the place of `target`.

    Parameters
    ----------
    target : Path
        The folder to make or replace.

    Yields
    ------
    Path
        A temporary folder beside it. After any error it is gone and `target` is as it was.

    Raises
    ------
    OutputError
        When the target is not ours, or the disk refuses.
    """
    refuse_foreign(target)
    made = [folder for folder in target.parents if not folder.exists()]
    try:
        with _mapped(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            with _mapped(target):
                fresh.chmod(0o777 & ~_umask())
                yield fresh
                _swap(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except BaseException:
        for folder in made:  # innermost first; one that holds anything stays
            with suppress(OSError):
                folder.rmdir()
        raise


def _swap(fresh: Path, target: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    old = fresh.with_name(f"{fresh.name}-old")
    try:
        target.rename(old)
        fresh.rename(target)
    except BaseException:
        # Also after Ctrl-C between the two renames, so both stand inside the try.
        if old.exists() and not target.exists():
            with suppress(OSError):
                old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def no_such_file(path: Path, *, where: str, otherwise: str = "") -> Problem:
    """Say that a file is not there, where it was looked for, and which name is near.

    Parameters
    ----------
    path : Path
        The file.
    where : str
        How messages name it.
    otherwise : str, default ""
        What else can be done than to check the path.

    Returns
    -------
    Problem
        With the nearest name in the folder, if one is near.
    """
    at = "" if str(path) == where else f" at {path}"
    names = sorted(one.name for one in path.parent.glob("*") if one.is_file())
    check = f"Check the path, {otherwise}." if otherwise else "Check the path."
    fix = nearest(path.name, names) or check
    return Problem(where, f"there is no such file{at}.", fix=fix)


@contextmanager
def _mapped(target: Path) -> Iterator[None]:
    """Turn an error of the disk into one of ours."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            Problem(
                str(target),
                f"cannot be written: {error.strerror or error}.",
                fix="Free some space, or choose another --out.",
            )
        ) from error


def write_file(path: Path, content: str | bytes) -> None:
    """Write one file by a temporary file and a rename.

    Raises
    ------
    OutputError
        When the disk refuses.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    with _mapped(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            fresh.chmod(0o666 & ~_umask())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def write_new_file(path: Path, content: str) -> None:
    """Write a file that must not be there yet.

    Raises
    ------
    OutputError
        When there is one, or the disk refuses.
    """
    if path.exists():
        raise OutputError(
            Problem(str(path), "exists already.", fix="Name another file, or delete it.")
        )
    write_file(path, content)
