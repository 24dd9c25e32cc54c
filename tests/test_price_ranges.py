"""High and low of a price file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from oilshock.price_columns import Choice
from oilshock.price_ranges import has_ranges, with_ranges
from oilshock.price_series import zone_of
from oilshock.prices import clip, read_file

CHOICE = Choice(zone_of(None))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


GOOD = (
    "Date,Open,High,Low,Close\n2024-01-02,75,77,74,76\n2024-01-03,76,78,75,77\n"
    "2024-01-04,77,76,75,77.5\n2024-01-05,77,,75,76\n"
)


def read(path: Path):
    series = read_file(path, name="x", close="16:30", timezone="Europe/London")
    return with_ranges(series, path, shown_as=path.name, choice=CHOICE)


def test_high_and_low_are_found_by_name(tmp_path: Path) -> None:
    series = read(write(tmp_path / "a.csv", GOOD))
    assert series.ranges is not None
    assert series.ranges["high"].tolist()[:2] == [77.0, 78.0]
    assert series.ranges["low"].tolist()[:2] == [74.0, 75.0]


def test_a_session_without_a_usable_range_is_named(tmp_path: Path) -> None:
    series = read(write(tmp_path / "a.csv", GOOD))
    assert series.ranges is not None
    # A high below the close, and a missing one.
    assert series.ranges.isna().all(axis=1).tolist() == [False, False, True, True]
    (finding,) = [finding for finding in series.findings if finding.kind == "no_range"]
    assert finding.dates == ("2024-01-04", "2024-01-05")


@pytest.mark.parametrize("header", ["date,close,high", "date,close", "date,close,high,high,low"])
def test_without_both_columns_there_are_no_ranges(tmp_path: Path, header: str) -> None:
    row = "2024-01-02" + ",5" * header.count(",")
    path = write(tmp_path / "a.csv", f"{header}\n{row}\n{row.replace('-02', '-03')}\n")
    assert not has_ranges(path, choice=CHOICE)
    assert read(path).ranges is None


def test_parquet_files_have_ranges_too(tmp_path: Path) -> None:
    days = pd.bdate_range("2024-01-01", periods=3)
    frame = pd.DataFrame({"date": days, "close": 5.0, "HIGH": 6.0, "low": 4.0})
    frame.to_parquet(tmp_path / "a.parquet")
    series = read(tmp_path / "a.parquet")
    assert series.ranges is not None
    assert (series.ranges["high"] == 6.0).all()


def test_a_clipped_series_keeps_its_ranges(tmp_path: Path) -> None:
    series = read(write(tmp_path / "a.csv", GOOD))
    cut = clip(series, start=pd.Timestamp("2024-01-03").date(), end=None)
    assert cut.ranges is not None
    assert cut.ranges.index.equals(cut.prices.index)
    assert np.isfinite(cut.ranges["high"].iloc[0])


def test_a_european_file_has_ranges_too(tmp_path: Path) -> None:
    text = "Kurse\n\nDate;High;Low;Close\n03.04.2024;77,5;74;76\n04.04.2024;78;75,5;77\n"
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("utf-16"))
    series = read_file(path, name="x", date_order="dmy")
    choice = Choice(zone_of(None), order="dmy")
    ranged = with_ranges(series, path, shown_as="a.csv", choice=choice)
    assert ranged.ranges is not None
    assert ranged.ranges["high"].tolist() == [77.5, 78.0]
    assert ranged.ranges["low"].tolist() == [74.0, 75.5]
