"""Excel files of prices, read cell by cell as they were last calculated."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from typing import Any

from oilshock.errors import PriceError, Problem, nearest
from oilshock.price_columns import Choice, find_header
from oilshock.price_rows import Cells
from oilshock.price_settings import key_to_set
from oilshock.price_text import Numbered, table_cells

_FIX = "Save it anew as .xlsx, or as CSV."


def excel_cells(data: bytes, *, where: str, choice: Choice) -> Cells:
    """Read the dates and prices of an Excel file (.xlsx, .xlsm).

    Parameters
    ----------
    data : bytes
        The whole file.
    where : str
        Its name in messages.
    choice : Choice
        What the user said of it.

    Returns
    -------
    Cells
        Of the sheet named, or of the one sheet that has dates and prices.

    Raises
    ------
    PriceError
        When it is no Excel file, or no sheet or several could be meant.
    """
    sheets = _sheets(data, where=where)
    if choice.sheet is not None:
        if choice.sheet not in sheets:
            names = ", ".join(f'"{name}"' for name in sheets)
            message = f'there is no sheet "{choice.sheet}"; the sheets are {names}.'
            fix = f"{nearest(choice.sheet, sheets)} {key_to_set('sheet')}".strip()
            raise PriceError(Problem(where, message, "sheet", fix))
        wanted = [choice.sheet]
    else:
        wanted = [
            name
            for name, rows in sheets.items()
            if find_header([row for _, row in rows], choice=choice) is not None
        ]
    if len(wanted) > 1:
        names = ", ".join(f'"{name}"' for name in wanted)
        message = f"the sheets {names} each have dates and prices."
        raise PriceError(Problem(where, message, "sheet", key_to_set("sheet")))
    rows = sheets[wanted[0]] if wanted else next((rows for rows in sheets.values() if rows), [])
    if not rows:
        fix = "Give a file with a date and a price column."
        raise PriceError(Problem(where, "the file is empty.", fix=fix))
    return table_cells(rows, where=where, choice=choice)


def _sheets(data: bytes, *, where: str) -> dict[str, Numbered]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            # openpyxl tells of styles and extensions that it leaves out; cells are all we take.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return {sheet.title: _rows(sheet) for sheet in book.worksheets}
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        message = "this is not an Excel file that can be read"
        raise PriceError(Problem(where, f"{message}: {error}.", fix=_FIX)) from error


def _rows(sheet: Any) -> Numbered:
    rows = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            rows.append((number, texts))
    return rows


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        is_midnight = cell.time() == dt.time()
        return cell.date().isoformat() if is_midnight else cell.isoformat(timespec="seconds")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()
