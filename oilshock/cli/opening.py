"""Find the report of a run, and open it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from oilshock.config import load_config
from oilshock.errors import OutputError, Problem, nearest
from oilshock.storage import MANIFEST, is_ours

REPORTS = ("html", "pdf")
"""Formats of a report, the one that is opened first."""


def find_report(study: str | None, *, out: Path, report: str | None) -> Path:
    """Find the report of a study.

    Parameters
    ----------
    study : str or None
        Name of a study, path of its config or of a folder; None for the newest run in `out`.
    out : Path
        The folder of all runs.
    report : {"html", "pdf"} or None
        Which one; None for the first that is there.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        When there is no such run, or it wrote no such report.
    ConfigError
        When a config is wrong.
    """
    if study is None:
        return _newest(out, report=report)
    if study.endswith(".toml"):
        folder = out / load_config(study).study.name
        return _report_of(folder, report=report, run=f"oilshock run {study}")
    folder = Path(study)
    if folder.stem == "report" and folder.is_file() and is_ours(folder.parent):
        return folder
    if is_ours(folder):
        return _report_of(folder, report=report, run="oilshock run CONFIG")
    if is_ours(out / study):
        return _report_of(out / study, report=report, run="oilshock run CONFIG")
    if folder.is_dir() and runs_in(folder):
        return _newest(folder, report=report)
    known = [run.name for run in runs_in(out)]
    fix = nearest(study, known) or (
        f"Runs: {', '.join(known)}." if known else "Run it first: oilshock run CONFIG"
    )
    raise OutputError(Problem(study, f"no run of this name is in {out}.", fix=fix))


def runs_in(out: Path) -> list[Path]:
    """List the folders of runs, the newest first."""
    try:
        folders = [folder for folder in sorted(out.iterdir()) if is_ours(folder)]
    except OSError:
        return []
    return sorted(folders, key=lambda folder: -(folder / MANIFEST).stat().st_mtime_ns)


def _newest(out: Path, *, report: str | None) -> Path:
    for folder in runs_in(out):
        found = _reports(folder, report=report)
        if found:
            return found[0]
    if not runs_in(out):
        fix = "Run a study first, such as: oilshock event 2024-04-13T20:00Z"
        raise OutputError(Problem(str(out), "holds no run.", fix=fix))
    message = f"holds no run with {'a PDF' if report == 'pdf' else 'an HTML'} report."
    fix = f"Write one: oilshock run CONFIG --reports {report or 'html'}"
    raise OutputError(Problem(str(out), message, fix=fix))


def _reports(folder: Path, *, report: str | None) -> list[Path]:
    wanted = REPORTS if report is None else (report,)
    paths = [folder / f"report.{ending}" for ending in wanted]
    return [path for path in paths if path.is_file()]


def _report_of(folder: Path, *, report: str | None, run: str) -> Path:
    if not is_ours(folder):
        message = "there is no such run."
        raise OutputError(Problem(str(folder), message, fix=f"Run it first: {run}"))
    found = _reports(folder, report=report)
    if found:
        return found[0]
    if report and (other := _reports(folder, report=None)):
        fix = f"It has {other[0].name}: --report {other[0].suffix[1:]}"
    else:
        fix = f"Write it: {run} --reports {report or 'html,pdf'}"
    message = f"the run wrote no {f'report.{report}' if report else 'report'}."
    raise OutputError(Problem(str(folder), message, fix=fix))


def without_screen(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """Say why nothing can be opened here; empty where it can."""
    if environ.get("CI"):
        return "CI is set"
    needs_display = platform not in ("darwin", "win32", "cygwin")
    if needs_display and not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        return "this session has no screen"
    return ""


def opened(path: Path) -> bool:
    """Open a file with the program that the system has for it; False where that fails."""
    return click.launch(str(path.resolve())) == 0
