"""Price series that need no network: bundled, or from a file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TypedDict

import pandas as pd

from oilshock.errors import ConfigError, PriceError, nearest
from oilshock.price_columns import Choice
from oilshock.price_contracts import join_long_file, join_wide_file
from oilshock.price_dialect import DateOrder, Decimal
from oilshock.price_files import FILE_SUFFIXES, check_suffix, read_file_as_rows
from oilshock.price_order import order_findings
from oilshock.price_series import (
    PROVENANCE,
    PriceSeries,
    check_close,
    clip,
    from_series,
    low_rows,
    refuse_non_positive,
    series_from_rows,
    zone_of,
)
from oilshock.price_settings import as_argument, key_to_set, named_as
from oilshock.quality import Finding
from oilshock.rolls import JOINED
from oilshock.storage import no_such_file

__all__ = [
    "BUNDLED_PRICES",
    "PriceSeries",
    "check_prices",
    "clip",
    "from_series",
    "load_prices",
    "read_bundled",
    "read_contracts",
    "read_file",
    "refuse_non_positive",
]


class _Said(TypedDict):
    """What may be said of how a file is read."""

    date_column: str | None
    price_column: str | None
    date_order: DateOrder | None
    decimal: Decimal | None
    sheet: str | None


BUNDLED_PRICES = ("brent-spot", "usd-broad")
"""Symbols of the bundled series."""


def read_bundled(symbol: str = "brent-spot") -> PriceSeries:
    """Read a series that comes with the package; needs no network.

    Parameters
    ----------
    symbol : {"brent-spot", "usd-broad"}, default "brent-spot"
        Brent spot in USD/bbl since 1987, or the broad dollar index since 2006.

    Returns
    -------
    PriceSeries
        With its publisher, licence and as-of date.

    Raises
    ------
    ConfigError
        If there is no such series.

    Examples
    --------
    >>> read_bundled()
    PriceSeries('brent-spot', 9,987 sessions, 1987-05-20 to 2026-09-29)
    """
    folder = resources.files("oilshock") / "data"
    known = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    if symbol not in BUNDLED_PRICES:
        message = f'"{symbol}" is not a bundled series; there are {", ".join(BUNDLED_PRICES)}.'
        is_file = Path(symbol).suffix.lower() in FILE_SUFFIXES
        fix = nearest(symbol, BUNDLED_PRICES) or "A file is given by its path."
        fix = key_to_set('source = "file"') if is_file else fix
        raise ConfigError.of("bundled prices", message, field="symbol", fix=fix)
    entry = known[symbol]
    data = (folder / entry["file"]).read_bytes()
    choice = Choice(zone=zone_of(entry["timezone"]))
    rows = read_file_as_rows(data, suffix=".csv", where=entry["file"], choice=choice)
    facts = {key: entry[key] for key in PROVENANCE}
    facts["sha256"] = hashlib.sha256(data).hexdigest()
    build = partial(series_from_rows, name=symbol, close=entry["close"], timezone=entry["timezone"])
    return build(rows, provenance=facts)


def read_file(
    path: str | Path,
    *,
    name: str,
    shown_as: str = "",
    date_column: str | None = None,
    price_column: str | None = None,
    close: str | None = None,
    timezone: str | None = None,
    date_order: DateOrder | None = None,
    decimal: Decimal | None = None,
    sheet: str | None = None,
) -> PriceSeries:
    """Read a CSV, Excel or Parquet file of dates and prices.

    Columns are found by their usual names, whatever the case, or given. Nothing is
    guessed: two columns that could be meant, a text for a price or a stamp whose date
    depends on the zone are refused with the row and the fix.

    Parameters
    ----------
    path : str or Path
        A file that ends in .csv, .txt, .tsv, .xlsx, .xlsm, .parquet or .pq.
    name : str
        Name of the series.
    shown_as : str, default ""
        How messages name the file; empty means the path as given.
    date_column, price_column : str or None, default None
        Column names; None finds the column.
    close : str or None, default None
        When the market closes, as HH:MM.
    timezone : str or None, default None
        The market's zone; stamps with an offset are checked in Europe/London if None.
    date_order : {"ymd", "dmy", "mdy"} or None, default None
        How dates such as 03/04/2024 are meant; None takes only what the dates prove.
    decimal : {".", ","} or None, default None
        The decimal sign; None takes only what the numbers prove.
    sheet : str or None, default None
        Sheet of an Excel file; None takes the one that has dates and prices.

    Returns
    -------
    PriceSeries
        Sorted, one price a date, with findings.

    Raises
    ------
    PriceError
        If the file cannot be read or a row cannot be used; the first five are named.
    ConfigError
        If `close` or `timezone` is none.
    """
    where = shown_as or str(path)
    choice = Choice(zone_of(timezone), date_column, price_column, date_order, decimal, sheet)
    check_close(close)
    data = _read_bytes(Path(path), where=where)
    rows = read_file_as_rows(data, suffix=Path(path).suffix, where=where, choice=choice)
    facts = dict.fromkeys(PROVENANCE, "") | {
        "title": Path(path).name,
        "kind": "file",
        "sha256": hashlib.sha256(data).hexdigest(),
        "file": where,
    }
    build = partial(series_from_rows, rows, name=name, close=close, timezone=timezone)
    series = build(provenance=facts)
    return replace(series, findings=(*order_findings(rows), *series.findings), low=low_rows(rows))


def read_contracts(
    path: str | Path,
    *,
    name: str,
    contracts: str | Sequence[str],
    roll_days: int = 5,
    shown_as: str = "",
    date_column: str | None = None,
    price_column: str | None = None,
    close: str | None = None,
    timezone: str | None = None,
    date_order: DateOrder | None = None,
    decimal: Decimal | None = None,
    sheet: str | None = None,
) -> PriceSeries:
    """Read a file with several futures contracts as one series whose returns mix no two of them.

    Parameters
    ----------
    path : str or Path
        A file as for `read_file`.
    name : str
        Name of the series.
    contracts : str or sequence of str
        The column that names the contract of each row, or the columns of the contracts.
        Their names tell the month of delivery: BRNM4, Jun24 or 2024-06.
    roll_days : int, default 5
        Sessions before the last of a contract on which the next one takes over.
    shown_as : str, default ""
        How messages name the file; empty means the path as given.
    date_column, price_column : str or None, default None
        Column names; None finds the column.
    close, timezone : str or None, default None
        When and where the market closes.
    date_order : {"ymd", "dmy", "mdy"} or None, default None
        How dates such as 03/04/2024 are meant.
    decimal : {".", ","} or None, default None
        The decimal sign.
    sheet : str or None, default None
        Sheet of an Excel file.

    Returns
    -------
    PriceSeries
        Ratio-adjusted: the last contract as it is, earlier ones scaled. A finding states
        each roll day.

    Raises
    ------
    PriceError
        If the file cannot be used, or the contracts cannot be joined.
    ConfigError
        If `close` or `timezone` is none.
    """
    where = shown_as or str(path)
    choice = Choice(zone_of(timezone), date_column, price_column, date_order, decimal, sheet)
    check_close(close)
    data = _read_bytes(Path(path), where=where)
    suffix = Path(path).suffix
    check_suffix(suffix, where=where)
    if isinstance(contracts, str):
        join = partial(join_long_file, data, column=contracts)
    else:
        join = partial(join_wide_file, data, columns=contracts)
    series, joined = join(suffix=suffix, where=where, choice=choice, roll_days=roll_days)
    facts = dict.fromkeys(PROVENANCE, "") | {
        "title": Path(path).name,
        "kind": JOINED,
        "sha256": hashlib.sha256(data).hexdigest(),
        "file": where,
        "note": joined.finding().message,
    }
    findings = (joined.finding(), *series.findings)
    return PriceSeries(name, series.prices.rename(name), close, timezone, findings, facts)


def load_prices(
    source: str | Path = "brent-spot",
    *,
    date_column: str | None = None,
    price_column: str | None = None,
    date_order: DateOrder | None = None,
    decimal: Decimal | None = None,
    sheet: str | None = None,
    close: str | None = None,
    timezone: str | None = None,
    label: str | None = None,
) -> pd.Series:
    """Load a bundled series or a file as a pandas Series.

    Parameters
    ----------
    source : str or Path, default "brent-spot"
        Name of a bundled series, or a path to a CSV, Excel or Parquet file.
    date_column, price_column : str or None, default None
        Columns of a file; None finds them.
    date_order : {"ymd", "dmy", "mdy"} or None, default None
        How dates such as 03/04/2024 are meant; None takes only what the dates prove.
    decimal : {".", ","} or None, default None
        The decimal sign; None takes only what the numbers prove.
    sheet : str or None, default None
        Sheet of an Excel file; None takes the one that has dates and prices.
    close, timezone : str or None, default None
        When and where the market closes; None keeps what the bundled series states.
    label : str or None, default None
        What texts and charts call the series; None keeps what the bundled series states, and
        the name for a file.

    Returns
    -------
    Series
        Its name is the symbol or the file's stem; `attrs` holds close, timezone and label if known.

    Raises
    ------
    ConfigError
        If there is no such bundled series, or more is said of one than a file needs.
    PriceError
        If the file cannot be used.

    Examples
    --------
    >>> prices = load_prices()
    >>> float(prices["2024-04-12"]), prices.attrs["close"]
    (93.12, '16:30')
    """
    said: _Said = {
        "date_column": date_column,
        "price_column": price_column,
        "date_order": date_order,
        "decimal": decimal,
        "sheet": sheet,
    }
    if isinstance(source, Path) or Path(source).suffix or "/" in source or "\\" in source:
        with named_as(as_argument):
            stem = Path(source).stem
            series = read_file(source, name=stem, close=close, timezone=timezone, **said)
    elif not any(said.values()):
        series = read_bundled(source)
    else:
        message = f"{', '.join(said)} are for files; a bundled series needs none."
        raise ConfigError.of("load_prices", message, fix="Leave them out, or give a path.")
    zone_of(timezone)
    check_close(close)
    known = {
        "close": close or series.close,
        "timezone": timezone or series.timezone,
        "label": label or series.provenance["label"] or None,
        "kind": series.provenance["kind"] if series.provenance["label"] else None,
    }
    prices = series.prices.copy()
    prices.attrs = {key: value for key, value in known.items() if value is not None}
    return prices


def check_prices(prices: pd.Series) -> tuple[Finding, ...]:
    """Find what is odd about a Series of prices.

    Parameters
    ----------
    prices : Series
        Prices on an index of dates.

    Returns
    -------
    tuple of Finding
        Empty if nothing is odd.

    Raises
    ------
    PriceError
        If the Series cannot be used at all.

    Examples
    --------
    >>> check_prices(load_prices())[0].message
    '2 gaps longer than 5 calendar days: 1999-12-23 to 1999-12-29, 2018-12-21 to 2018-12-27.'
    """
    return from_series(prices).findings


def _read_bytes(path: Path, *, where: str) -> bytes:
    try:
        if path.is_dir():
            raise PriceError.of(where, "this is a folder.", fix="Give a CSV or Excel file.")
        check_suffix(path.suffix, where=where)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise PriceError(no_such_file(path, where=where)) from error
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}."
        fix = "Check the path and that you may read it."
        raise PriceError.of(where, message, fix=fix) from error
