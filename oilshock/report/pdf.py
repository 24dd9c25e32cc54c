"""The report as PDF, set by typst with fixed fonts and a fixed time stamp."""

from __future__ import annotations

import json
import os
from importlib import resources
from typing import Any, Literal

import pandas as pd
import typst

from oilshock.errors import ConfigError, Problem
from oilshock.report.fonts import fixed_fonts, glyph_notes
from oilshock.report.screen import SCREEN
from oilshock.typing import Record

EPOCH = "SOURCE_DATE_EPOCH"

STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: tagged, so that a screen reader finds headings, tables and what a figure shows."""


def pdf_from(context: Record, *, timestamp: int) -> bytes:
    """Set the PDF template; texts are data and never markup.

    Parameters
    ----------
    context : dict
        From `build_context`.
    timestamp : int
        Creation date written into the file, seconds since 1970.

    Returns
    -------
    bytes
        The PDF file.
    """
    # The compiler takes a project as a dict of its files; its stubs do not say so.
    template: Any = _template()
    titles = [context["title"], *(event["title"] for event in context["events"])]
    printed = {name: part for name, part in context.items() if name != SCREEN}
    printed["glyph_notes"] = glyph_notes(titles)
    compiled = typst.compile(
        template,
        format="pdf",
        sys_inputs={"data": json.dumps(printed, ensure_ascii=False)},
        font_paths=fixed_fonts(),
        timestamp=timestamp,
        pdf_standards=STANDARD,
    )
    if not isinstance(compiled, bytes):
        raise TypeError("the compiler gave no single file")
    return compiled


def _template() -> dict[str, bytes]:
    """Read the files of the template; the compiler starts with `main.typ`."""
    folder = resources.files("oilshock.report") / "templates"
    return {
        "main.typ": (folder / "report.typ").read_bytes(),
        **{
            name: (folder / name).read_bytes() for name in ("columns.typ", "pages.typ", "parts.typ")
        },
    }


def creation_time(last_session: pd.Timestamp) -> int:
    """Return the time stamp of a report: SOURCE_DATE_EPOCH, else the last session.

    Raises
    ------
    ConfigError
        When SOURCE_DATE_EPOCH is not a whole number of seconds.
    """
    given = os.environ.get(EPOCH, "")
    if not given:
        return int(last_session.timestamp())
    if not given.isascii() or not given.isdigit():
        raise ConfigError(
            Problem(EPOCH, f'"{given}" is not a number of seconds.', fix="Unset it, or give one.")
        )
    return int(given)
