"""The workbook: what is read back is what was written."""

from __future__ import annotations

import os
import time
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import openpyxl
import pandas as pd
import pytest

from oilshock.errors import ConfigError, OutputError
from oilshock.papers import excel
from oilshock.papers.describe import SAME, describe
from oilshock.papers.excel import workbook_bytes
from oilshock.results import StudyResult
from oilshock.tables import COLUMNS, TABLES


@pytest.fixture(scope="module")
def content(nasty: StudyResult) -> bytes:
    return workbook_bytes(nasty.estimates)


def test_there_is_a_sheet_for_each_table_and_one_to_read_first(content: bytes) -> None:
    assert openpyxl.load_workbook(BytesIO(content)).sheetnames == ["read me", *TABLES]


@pytest.mark.parametrize("name", TABLES)
def test_a_sheet_read_back_is_the_table(study: StudyResult, name: str) -> None:
    frame = study.table(name)
    read = pd.read_excel(
        BytesIO(workbook_bytes(study.estimates)), sheet_name=name, keep_default_na=False,
        na_values={column: [""] for column in frame.columns if frame[column].dtype != "str"},
    )  # fmt: skip
    assert read.columns.tolist() == frame.columns.tolist()
    assert len(read) == len(frame)
    for column in frame.columns:
        own = frame[column]
        if pd.api.types.is_datetime64_any_dtype(own.dtype):
            # NaT equals nothing, not even itself.
            days = pd.to_datetime(read[column])
            assert days.fillna(pd.Timestamp(0)).tolist() == own.fillna(pd.Timestamp(0)).tolist()
        elif pd.api.types.is_numeric_dtype(own.dtype):
            given = own.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
            # A workbook holds 16 digits.
            np.testing.assert_allclose(read[column].to_numpy(dtype=float), given, rtol=1e-15)
        else:
            assert read[column].astype(str).tolist() == own.tolist()


def test_dates_are_dates_and_missing_cells_are_empty(nasty: StudyResult, content: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book["events"]
    place = COLUMNS["events"].index("session") + 1
    cell = sheet.cell(2, place)
    assert cell.value == datetime(2024, 4, 15)
    assert cell.number_format == "yyyy-mm-dd"
    car = nasty.table("car")
    empty = int(np.flatnonzero(car["car"].isna().to_numpy())[0])
    assert book["car"].cell(empty + 2, 4).value is None


def test_a_title_that_begins_like_a_formula_is_text(content: bytes) -> None:
    sheet = openpyxl.load_workbook(BytesIO(content))["events"]
    cell = sheet.cell(3, 2)
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    with ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets" in name]
    assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)


def test_headers_are_frozen_and_filtered(content: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(content))
    for name in TABLES:
        assert book[name].freeze_panes == "A2"
        assert (book[name].auto_filter.ref is None) == (name == "levels")
        assert book[name].column_dimensions["A"].width >= 8


def test_the_same_bytes_whatever_the_clock_says(
    nasty: StudyResult, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 1e6)
    assert workbook_bytes(nasty.estimates) == content
    monkeypatch.setitem(os.environ, "SOURCE_DATE_EPOCH", "1000000000")
    dated = workbook_bytes(nasty.estimates)
    created = openpyxl.load_workbook(BytesIO(dated)).properties.created
    assert created == datetime(2001, 9, 9, 1, 46, 40)
    first = openpyxl.load_workbook(BytesIO(content)).properties.created
    assert first == nasty.estimates.market.sessions[-1]


def test_the_first_sheet_says_what_every_column_is(nasty: StudyResult, content: bytes) -> None:
    read = pd.read_excel(BytesIO(content), sheet_name="read me", header=None, dtype=str)
    told = {(row[1], row[2]) for row in read.itertuples(index=False) if isinstance(row[1], str)}
    for name in TABLES:
        for column in nasty.table(name).columns:
            assert (column, describe(column)) in told
    assert "100 % & more" in read[1].tolist()


def test_no_description_is_left_over() -> None:
    assert set(SAME) == {column for columns in COLUMNS.values() for column in columns}


def test_what_no_cell_can_hold_is_cut_and_says_so(
    nasty: StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MOST_CHARACTERS", 60)
    frame = excel.sheet_frame(nasty.estimates, "events")
    assert frame["title"].iloc[1] == "=1+1"
    assert frame["title"].iloc[0].endswith(excel.CUT)
    assert len(frame["title"].iloc[0]) == 60
    assert not nasty.table("events")["title"].iloc[0].endswith(excel.CUT)


def test_a_table_too_long_for_a_sheet_is_refused(
    nasty: StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MOST_ROWS", 5)
    with pytest.raises(OutputError, match="a sheet holds 5"):
        workbook_bytes(nasty.estimates)


def test_the_workbook_is_written_where_asked(nasty: StudyResult, tmp_path: Path) -> None:
    path = nasty.to_excel(tmp_path / "new" / "all.xlsx")
    assert path.read_bytes() == workbook_bytes(nasty.estimates)
    with pytest.raises(OutputError, match="does not end in"):
        nasty.to_excel(tmp_path / "all.csv")


def test_tables_are_exported_into_a_folder(nasty: StudyResult, tmp_path: Path) -> None:
    files = nasty.export_tables(tmp_path / "t", formats=("latex", "markdown"))
    names = {path.name for path in files}
    assert names == {path.name for path in (tmp_path / "t").iterdir()}
    assert {"car.tex", "car.md", "p_values.tex", "average.md", "tests.tex"} <= names
    assert not any(name.startswith("levels") for name in names), "no level, no table"
    assert (tmp_path / "t" / "car.md").read_text("utf-8") == nasty.paper_table("car").to_markdown()
    with pytest.raises(ConfigError, match='"word" is not a format'):
        nasty.export_tables(tmp_path, formats=("word",))  # type: ignore[arg-type]
