"""Dates and prices found in CSV, Excel, Parquet or a Series; nothing is guessed."""

from __future__ import annotations

import io

import pandas as pd

from oilshock.errors import PriceError
from oilshock.price_columns import Choice, choose
from oilshock.price_excel import excel_cells
from oilshock.price_rows import Cells, PriceRows, parse
from oilshock.price_text import csv_cells

CSV_SUFFIXES = (".csv", ".txt", ".tsv")
EXCEL_SUFFIXES = (".xlsx", ".xlsm")
PARQUET_SUFFIXES = (".parquet", ".pq")
FILE_SUFFIXES = CSV_SUFFIXES + EXCEL_SUFFIXES + PARQUET_SUFFIXES


def read_file_as_rows(data: bytes, *, suffix: str, where: str, choice: Choice) -> PriceRows:
    """Read the content of a CSV, Excel or Parquet file, told apart by its suffix.

    Parameters
    ----------
    data : bytes
        The whole file.
    suffix : str
        The suffix of its name, with the dot.
    where : str
        Its name in messages.
    choice : Choice
        Columns and zone.

    Returns
    -------
    PriceRows
        In the order of the file.

    Raises
    ------
    PriceError
        If the file is not what its suffix says, is empty, or lacks a column.
    """
    check_suffix(suffix, where=where)
    return parse(read_cells(data, suffix=suffix, where=where, choice=choice), zone=choice.zone)


def read_cells(data: bytes, *, suffix: str, where: str, choice: Choice) -> Cells:
    """Read the dates and prices of a file as they stand in it, by the suffix of its name."""
    if suffix.lower() in CSV_SUFFIXES:
        return csv_cells(data, where=where, choice=choice)
    if suffix.lower() in EXCEL_SUFFIXES:
        return excel_cells(data, where=where, choice=choice)
    return _parquet_cells(data, where=where, choice=choice)


def check_suffix(suffix: str, *, where: str) -> None:
    """Refuse a file that is neither CSV, Excel nor Parquet by its name.

    Parameters
    ----------
    suffix : str
        The suffix of its name, with the dot.
    where : str
        Its name in messages.

    Raises
    ------
    PriceError
        If no reader knows the suffix.
    """
    known = FILE_SUFFIXES
    if suffix.lower() not in known:
        ends = f'the name ends in "{suffix}"' if suffix else "the name has no ending"
        message = f"{ends}; files that end in {', '.join(known)} are read."
        fix = "Save the prices as CSV, .xlsx or Parquet."
        raise PriceError.of(where, message, fix=fix)


def read_series_as_rows(prices: pd.Series, *, where: str, choice: Choice) -> PriceRows:
    """Read a Series indexed by dates.

    Parameters
    ----------
    prices : Series
        Any index of dates, any numbers or texts; left as it is.
    where : str
        Its name in messages.
    choice : Choice
        Only the zone is used.

    Returns
    -------
    PriceRows
        In the order of the Series.

    Raises
    ------
    PriceError
        If the index cannot hold dates.
    """
    if pd.api.types.is_numeric_dtype(prices.index.dtype):
        raise PriceError.of(
            where,
            f"the index holds {prices.index.dtype}, dates are expected.",
            field="index",
            fix="Give the Series a DatetimeIndex, as in prices.index = pd.to_datetime(dates).",
        )
    numbers = range(1, len(prices) + 1)
    dates = prices.index.to_series()
    return parse(Cells(where, "index", "price", numbers, dates, prices), zone=choice.zone)


def _parquet_cells(data: bytes, *, where: str, choice: Choice) -> Cells:
    try:
        frame = pd.read_parquet(io.BytesIO(data), engine="pyarrow")
    except ImportError as error:
        message = "reading Parquet needs pyarrow, which is not installed."
        raise PriceError.of(where, message, fix="Run: pip install pyarrow") from error
    except (ValueError, OSError, NotImplementedError) as error:
        message = f"this is not Parquet: {str(error).splitlines()[0].rstrip('.')}."
        fix = "Write the file anew, or give the prices as CSV."
        raise PriceError.of(where, message, fix=fix) from error
    if isinstance(frame.index, pd.DatetimeIndex) and frame.index.name is None:
        frame = frame.rename_axis("date")
    has_index = any(name is not None for name in frame.index.names)
    if has_index:
        frame = frame.reset_index(allow_duplicates=True)
    header = [str(name) for name in frame.columns]
    date, price = choose(header, where=where, choice=choice)
    dates, prices = frame.iloc[:, date], frame.iloc[:, price]
    numbers = range(1, len(frame) + 1)
    return Cells(
        where,
        header[date],
        header[price],
        numbers,
        dates,
        prices,
        order=choice.order,
        decimal=choice.decimal,
    )
