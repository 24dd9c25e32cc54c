"""The report as PDF, set by typst with fixed fonts and a fixed time stamp."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Literal

import pandas as pd
import typst

from oilshock.errors import ConfigError, Problem
from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.market import Factor
from oilshock.report.context import build_context
from oilshock.report.figures import Charts, draw_charts
from oilshock.report.fonts import fixed_fonts, glyph_notes
from oilshock.report.screen import SCREEN
from oilshock.typing import Record, silent

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
    template = resources.files("oilshock.report").joinpath("templates/report.typ").read_bytes()
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


def render_pdf(
    estimates: StudyEstimates,
    facts: Sequence[EventFacts],
    *,
    factors: Mapping[str, Factor],
    charts: Charts | None = None,
    compared: Mapping[str, StudyEstimates] | None = None,
) -> bytes:
    """Render the PDF report of a study.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.
    facts : sequence of EventFacts
        The kept events.
    factors : mapping of str to Factor
        Factors of the model.
    charts : Charts, optional
        Charts that are drawn already.
    compared : mapping of str to StudyEstimates, optional
        The same study on other series.

    Returns
    -------
    bytes
        The PDF file.
    """
    drawn = charts or draw_charts(estimates, facts, progress=silent, compared=compared)
    context = build_context(estimates, facts, charts=drawn, factors=factors, compared=compared)
    return pdf_from(context, timestamp=creation_time(estimates.market.sessions[-1]))
