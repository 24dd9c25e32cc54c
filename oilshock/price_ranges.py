"""High and low of each session, where a price file has them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from oilshock.price_columns import Choice
from oilshock.price_files import CSV_SUFFIXES
from oilshock.price_text import csv_header
from oilshock.prices import PriceSeries, read_file
from oilshock.quality import Finding, iso_dates, listed

COLUMNS = ("high", "low")


def with_ranges(series: PriceSeries, path: Path, *, shown_as: str, choice: Choice) -> PriceSeries:
    """Add high and low to a series read from a file that has columns of these names.

    Parameters
    ----------
    series : PriceSeries
        The prices, as `read_file` gave them.
    path : Path
        Their file.
    shown_as : str
        How messages name it.
    choice : Choice
        What the user said of the file.

    Returns
    -------
    PriceSeries
        The same prices. Where one of the two is missing, or they do not hold the price between
        them, the session has no range and a finding says so. Without both columns: as it came.
    """
    if not has_ranges(path, choice=choice):
        return series
    index = series.prices.index
    sides = {
        name: read_file(
            path,
            name=name,
            shown_as=shown_as,
            date_column=choice.date,
            price_column=name,
            timezone=series.timezone,
            date_order=choice.order,
            decimal=choice.decimal,
        ).prices.reindex(index)
        for name in COLUMNS
    }
    frame = pd.DataFrame(sides)
    price = series.prices.to_numpy()
    usable = (frame["low"] > 0) & (frame["low"] <= price) & (frame["high"] >= price)
    frame = frame.where(usable)
    return replace(series, ranges=frame, findings=(*series.findings, *_findings(frame)))


def has_ranges(path: Path, *, choice: Choice) -> bool:
    """Say whether a price file has one column named high and one named low, whatever the case."""
    if path.suffix.lower() not in (*CSV_SUFFIXES, ".parquet"):
        return False
    if path.suffix.lower() in CSV_SUFFIXES:
        names = csv_header(path.read_bytes(), where=str(path), choice=choice)
    else:
        from pyarrow.parquet import read_schema

        names = read_schema(path).names
    folded = [name.strip().lower() for name in names]
    return all(folded.count(name) == 1 for name in COLUMNS)


def _findings(frame: pd.DataFrame) -> list[Finding]:
    without = frame.index[frame.isna().any(axis=1).to_numpy(dtype=np.bool_)]
    if without.empty:
        return []
    days = iso_dates(pd.DatetimeIndex(without))
    message = (
        f"{len(without)} sessions have no usable high and low, so that their range is not known: "
        f"{listed(days)}."
    )
    return [Finding(kind="no_range", count=len(without), message=message, dates=tuple(days))]
