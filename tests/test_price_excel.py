"""Excel files: sheets, typed cells, and what is no Excel file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from oilshock.errors import PriceError
from oilshock.prices import PriceSeries, read_file

HEADER = ["observation_date", "DCOILBRENTEU"]
ROWS: list[list[Any]] = [
    HEADER,
    [dt.datetime(2024, 4, 12), 93.5],
    [dt.date(2024, 4, 15), 90],
    ["2024-04-16", None],
    ["2024-04-17", "90.25"],
]


def book(folder: Path, **sheets: list[list[Any]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(folder / "p.xlsx")
    return folder / "p.xlsx"


def read(path: Path, **given: str) -> PriceSeries:
    return read_file(path, name="x", shown_as=path.name, **given)  # type: ignore[arg-type]


def test_dates_and_numbers_as_excel_keeps_them(tmp_path: Path) -> None:
    notes = [["FRED", "Federal Reserve Economic Data"], ["Title", "Brent"]]
    series = read(book(tmp_path, README=notes, Daily=[["EIA via FRED"], [], *ROWS, ["Source"]]))
    days = [f"{day:%Y-%m-%d}" for day in series.prices.index]
    assert days == ["2024-04-12", "2024-04-15", "2024-04-17"]
    assert series.prices.tolist() == [93.5, 90.0, 90.25]
    assert [finding.kind for finding in series.findings] == ["layout", "layout", "no_price"]


def test_several_sheets_must_be_told_apart(tmp_path: Path) -> None:
    path = book(tmp_path, Spot=ROWS, Futures=[HEADER, *[[row[0], 1] for row in ROWS[1:]]])
    with pytest.raises(PriceError, match='sheets "Spot", "Futures" each have dates and prices'):
        read(path)
    assert read(path, sheet="Futures").prices.unique().tolist() == [1.0]
    with pytest.raises(PriceError, match=r'no sheet "Futurs".*Did you mean "Futures"'):
        read(path, sheet="Futurs")


def test_what_is_no_price_sheet(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match="no column is named as a date is"):
        read(book(tmp_path, A=[["a", "b"], [1, 2]]))
    with pytest.raises(PriceError, match="the file is empty"):
        read(book(tmp_path, A=[]))


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old"])
def test_what_is_no_excel_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "p.xlsx"
    path.write_bytes(data)
    with pytest.raises(PriceError, match="not an Excel file that can be read"):
        read(path)


def test_an_old_excel_file_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "p.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(PriceError, match=r'ends in "\.xls"; files that end in .*\.xlsx'):
        read(path)
