"""The tables of a study as a plain Excel workbook: one sheet per table, numbers as numbers."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pandas as pd

from oilshock import __version__
from oilshock.errors import OutputError, Problem
from oilshock.estimates import StudyEstimates
from oilshock.narrative import series_label
from oilshock.papers.describe import SHEETS, describe
from oilshock.papers.notes import data_note, model_note
from oilshock.report.pdf import creation_time
from oilshock.tables import TABLES

READ_ME = "read me"
MOST_ROWS = 1_048_575
"""Rows of a sheet, less its header."""

MOST_CHARACTERS = 32_767
"""Characters of a cell."""

CUT = "\N{HORIZONTAL ELLIPSIS} (cut: too long for a cell; whole in the CSV file)"
WIDEST = 60
DATE = "yyyy-mm-dd"
PLACES = {
    "price": "0.00",
    "expected_price": "0.00",
    "low": "0.00",
    "high": "0.00",
    "usd": "0.00",
    "peak": "0.00",
    "level": "0.##",
    "t_stat": "0.00",
    "statistic": "0.00",
    "p_value": "0.0000",
    "p_calibrated": "0.0000",
    "p_adjusted": "0.0000",
}
"""Number formats; a cell shows these digits and holds all."""


def workbook_bytes(estimates: StudyEstimates) -> bytes:
    """Write every table of the contract into one workbook.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.

    Returns
    -------
    bytes
        The file: the same for the same study. Cells are values: a title that begins with `=` is
        text. The time in its properties is SOURCE_DATE_EPOCH, else that of the last session.

    Raises
    ------
    OutputError
        When a table has more rows than a sheet can hold.
    """
    created = dt.datetime.fromtimestamp(creation_time(estimates.market.sessions[-1]), tz=dt.UTC)
    frames = {name: sheet_frame(estimates, name) for name in TABLES}
    stream = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with pd.ExcelWriter(
        stream, engine="xlsxwriter", datetime_format=DATE, engine_kwargs={"options": options}
    ) as writer:
        book: Any = writer.book
        book.set_properties(
            {
                "title": estimates.config.title,
                "author": f"oilshock {__version__}",
                "created": created.replace(tzinfo=None),
            }
        )
        _read_me(estimates, frames, writer)
        for name, frame in frames.items():
            frame.to_excel(writer, sheet_name=name, index=False)
            _lay_out(writer.sheets[name], frame, book=book)
    return stream.getvalue()


def sheet_frame(estimates: StudyEstimates, name: str) -> pd.DataFrame:
    """Return a table as its sheet holds it: texts that no cell can hold are cut, and say so."""
    source: pd.DataFrame = getattr(estimates, "ledger" if name == "events" else name)
    frame = source.copy()
    if len(frame) > MOST_ROWS:
        raise OutputError(
            Problem(
                f"sheet {name}",
                f"has {len(frame):,} rows, but a sheet holds {MOST_ROWS:,}.",
                fix="Take fewer events or a shorter event window, or leave excel out of the "
                "tables: the CSV files hold everything.",
            )
        )
    for column in frame.columns:
        if not pd.api.types.is_string_dtype(frame[column].dtype):
            continue
        long = frame[column].str.len() > MOST_CHARACTERS
        if long.any():
            kept = frame.loc[long, column].str.slice(0, MOST_CHARACTERS - len(CUT))
            frame.loc[long, column] = kept + CUT
    return frame


def _lay_out(sheet: Any, frame: pd.DataFrame, *, book: Any) -> None:
    """Freeze and filter the header; set widths and number formats."""
    sheet.freeze_panes(1, 0)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
    for place, name in enumerate(frame.columns):
        column = frame[name]
        style = None
        if pd.api.types.is_datetime64_any_dtype(column.dtype):
            width, style = len(DATE), book.add_format({"num_format": DATE})
        elif pd.api.types.is_float_dtype(column.dtype):
            width = 10
            style = book.add_format({"num_format": PLACES.get(str(name), "0.000000")})
        else:
            width = int(column.astype("string").str.len().max()) if len(column) else 0
        sheet.set_column(place, place, min(max(width, len(str(name)) + 3), WIDEST), style)


def _read_me(
    estimates: StudyEstimates, frames: dict[str, pd.DataFrame], writer: pd.ExcelWriter[Any]
) -> None:
    """Write the first sheet: what the study, the sheets and the columns are."""
    config = estimates.config
    about = [
        ("study", config.study.name, ""),
        ("title", config.title, ""),
        ("series", series_label(estimates), data_note(estimates).strip()),
        ("method", config.model.kind, model_note(estimates).strip()),
        ("made by", f"oilshock {__version__}", ""),
    ]
    rows = [
        *about,
        ("", "", ""),
        ("sheet", "column", "what it holds"),
        *(
            row
            for name, frame in frames.items()
            for row in [
                (name, "", SHEETS[name]),
                *(("", str(column), describe(str(column))) for column in frame.columns),
            ]
        ),
    ]
    frame = pd.DataFrame(rows)
    frame.to_excel(writer, sheet_name=READ_ME, index=False, header=False)
    sheet: Any = writer.sheets[READ_ME]
    book: Any = writer.book
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 18, wrapped)
    sheet.set_column(1, 1, 28, wrapped)
    sheet.set_column(2, 2, 90, wrapped)
