"""Price series: bundled, from a file or from a Series, checked before anything uses them."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from oilshock.errors import ConfigError, PriceError, Problem, nearest
from oilshock.options import ReturnKind
from oilshock.price_files import Choice, check_suffix, read_file_as_rows, read_series_as_rows
from oilshock.price_rows import Days, PriceRows, raise_problems
from oilshock.quality import (
    Finding,
    clip_row_findings,
    counted,
    find_in_rows,
    find_in_series,
    iso_dates,
    listed,
)
from oilshock.typing import Bool, Float, Int

BUNDLED_PRICES = ("brent-spot", "usd-broad")
"""Symbols of the bundled series."""

_DEFAULT_ZONE = "Europe/London"
_CLOSE = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_PROVENANCE = (
    "label",
    "title",
    "kind",
    "unit",
    "publisher",
    "series_id",
    "licence",
    "as_of",
    "sha256",
    "file",
    "note",
)


@dataclass(frozen=True, eq=False)
class PriceSeries:
    """A checked price series and what is known about it.

    Parameters
    ----------
    name : str
        Short name, in tables and charts.
    prices : Series
        Float64 without NaN, on an ascending unique DatetimeIndex of midnights.
    close : str or None
        When the market closes, as HH:MM; None if not stated.
    timezone : str or None
        The zone of `close`; None if not stated.
    findings : tuple of Finding
        What is odd about the series, none of which stops a study.
    provenance : dict of str to str
        Keys title, kind, unit, publisher, series_id, licence, as_of, sha256, file, note.
    ranges : DataFrame or None
        Columns high and low on the index of `prices`; None where the source has none.
    """

    name: str
    prices: pd.Series
    close: str | None
    timezone: str | None
    findings: tuple[Finding, ...]
    provenance: dict[str, str]
    ranges: pd.DataFrame | None = None

    def __repr__(self) -> str:
        days = self.prices.index
        span = f"{days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}"
        return f"PriceSeries({self.name!r}, {len(days):,} sessions, {span})"


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
        fix = f"{nearest(symbol, BUNDLED_PRICES)} A file is given by its path.".strip()
        raise ConfigError.of("bundled prices", message, field="symbol", fix=fix)
    entry = known[symbol]
    data = (folder / entry["file"]).read_bytes()
    choice = Choice(zone=_zone(entry["timezone"]))
    rows = read_file_as_rows(data, suffix=".csv", where=entry["file"], choice=choice)
    facts = {key: entry[key] for key in _PROVENANCE}
    facts["sha256"] = hashlib.sha256(data).hexdigest()
    build = partial(_build, name=symbol, close=entry["close"], timezone=entry["timezone"])
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
) -> PriceSeries:
    """Read a CSV or Parquet file of dates and prices.

    Columns are found by their usual names, whatever the case, or given. Nothing is
    guessed: two columns that could be meant, a text for a price or a stamp whose date
    depends on the zone are refused with the row and the fix.

    Parameters
    ----------
    path : str or Path
        A file that ends in .csv, .txt, .parquet or .pq.
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
    choice = Choice(zone=_zone(timezone), date=date_column, price=price_column)
    _check_close(close)
    data = _read_bytes(Path(path), where=where)
    rows = read_file_as_rows(data, suffix=Path(path).suffix, where=where, choice=choice)
    facts = dict.fromkeys(_PROVENANCE, "") | {
        "title": Path(path).name,
        "kind": "file",
        "sha256": hashlib.sha256(data).hexdigest(),
        "file": where,
    }
    return _build(rows, name=name, close=close, timezone=timezone, provenance=facts)


def from_series(
    prices: pd.Series, *, close: str | None = None, timezone: str | None = None
) -> PriceSeries:
    """Check a Series and take it as prices; the Series stays as it is.

    Parameters
    ----------
    prices : Series
        Prices on an index of dates.
    close, timezone : str or None, default None
        When and where the market closes; None takes `prices.attrs`.

    Returns
    -------
    PriceSeries
        Sorted, one price a date, with findings.

    Raises
    ------
    PriceError
        If a row cannot be used, as for a file.
    ConfigError
        If `close` or `timezone` is none.

    Examples
    --------
    >>> days = pd.DatetimeIndex(["2024-04-12", "2024-04-15"])
    >>> from_series(pd.Series([93.12, 91.1], index=days, name="brent"))
    PriceSeries('brent', 2 sessions, 2024-04-12 to 2024-04-15)
    """
    if not isinstance(prices, pd.Series):
        message = f"{type(prices).__name__} came, a pandas Series of prices is expected."
        fix = 'Take one column, as in frame["Close"].'
        raise PriceError.of("prices", message, fix=fix)
    name = "prices" if prices.name is None else str(prices.name)
    close = prices.attrs.get("close") if close is None else close
    timezone = prices.attrs.get("timezone") if timezone is None else timezone
    _check_close(close)
    choice = Choice(zone=_zone(timezone))
    rows = read_series_as_rows(prices, where=f'Series "{name}"', choice=choice)
    facts = dict.fromkeys(_PROVENANCE, "") | {
        "label": str(prices.attrs.get("label", name)),
        "title": name,
        "kind": str(prices.attrs.get("kind", "series")),
        "note": "Given as a pandas Series.",
    }
    return _build(rows, name=name, close=close, timezone=timezone, provenance=facts)


def clip(series: PriceSeries, *, start: date | None, end: date | None) -> PriceSeries:
    """Keep the sessions from `start` to `end`, both included, and find anew what is odd.

    Parameters
    ----------
    series : PriceSeries
        The whole series.
    start, end : date or None
        None means no limit.

    Returns
    -------
    PriceSeries
        As if only those rows had come.

    Raises
    ------
    PriceError
        If no price is left.

    Examples
    --------
    >>> clip(read_bundled(), start=date(2024, 4, 1), end=date(2024, 4, 15))
    PriceSeries('brent-spot', 10 sessions, 2024-04-02 to 2024-04-15)
    """
    if start is None and end is None:
        return series
    first = pd.Timestamp.min if start is None else pd.Timestamp(start)
    last = pd.Timestamp.max if end is None else pd.Timestamp(end)
    days = series.prices.index
    prices = series.prices[(days >= first) & (days <= last)]
    if prices.empty:
        asked = f"{start or 'the start'} to {end or 'the end'}"
        message = f"no price from {asked}; there are prices from {_span(days)}."
        fix = "Change start or end under [prices]."
        raise PriceError.of(series.name, message, field="start, end", fix=fix)
    kept = clip_row_findings(
        series.findings,
        first=start.isoformat() if start else "",
        last=end.isoformat() if end else "9999-12-31",
    )
    ranges = None if series.ranges is None else series.ranges.loc[prices.index]
    found = kept + find_in_series(prices)
    return replace(series, prices=prices, ranges=ranges, findings=found)


def refuse_non_positive(series: PriceSeries, *, kind: ReturnKind) -> None:
    """Refuse prices of zero or less, of which there is no log or simple return.

    Parameters
    ----------
    series : PriceSeries
        Any series.
    kind : {"log", "simple", "difference"}
        The returns asked for; differences take any price.

    Raises
    ------
    PriceError
        With the first dates and prices.
    """
    low = series.prices[series.prices <= 0.0]
    if kind == "difference" or low.empty:
        return
    days = iso_dates(pd.DatetimeIndex(low.index))
    words = [f"{low.iloc[i]:.10g} on {day}" for i, day in enumerate(days)]
    said = counted(len(low), one="price", many="prices")
    message = f"{said} of zero or less, of which there is no {kind} return: {listed(words)}."
    fix = 'Set returns.kind = "difference".'
    raise PriceError.of(series.name, message, field="price", fix=fix)


def load_prices(
    source: str | Path = "brent-spot",
    *,
    date_column: str | None = None,
    price_column: str | None = None,
    close: str | None = None,
    timezone: str | None = None,
) -> pd.Series:
    """Load a bundled series or a file as a pandas Series.

    Parameters
    ----------
    source : str or Path, default "brent-spot"
        Name of a bundled series, or a path to a CSV or Parquet file.
    date_column, price_column : str or None, default None
        Columns of a file; None finds them.
    close, timezone : str or None, default None
        When and where the market closes; None keeps what the bundled series states.

    Returns
    -------
    Series
        Its name is the symbol or the file's stem; `attrs` holds close and timezone if known.

    Raises
    ------
    ConfigError
        If there is no such bundled series, or columns are given for one.
    PriceError
        If the file cannot be used.

    Examples
    --------
    >>> prices = load_prices()
    >>> float(prices["2024-04-12"]), prices.attrs["close"]
    (93.12, '16:30')
    """
    if isinstance(source, Path) or Path(source).suffix or "/" in source or "\\" in source:
        stem = Path(source).stem
        read = partial(read_file, source, name=stem, close=close, timezone=timezone)
        series = read(date_column=date_column, price_column=price_column)
    elif date_column is None and price_column is None:
        series = read_bundled(source)
    else:
        message = "date_column and price_column are for files; a bundled series needs none."
        raise ConfigError.of("load_prices", message, fix="Leave them out, or give a path.")
    _zone(timezone)
    _check_close(close)
    known = {
        "close": close or series.close,
        "timezone": timezone or series.timezone,
        "label": series.provenance["label"] or None,
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
            raise PriceError.of(where, "this is a folder.", fix="Give a CSV or Parquet file.")
        check_suffix(path.suffix, where=where)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise PriceError.of(where, "there is no such file.", fix="Check the path.") from error
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}."
        fix = "Check the path and that you may read it."
        raise PriceError.of(where, message, fix=fix) from error


def _zone(timezone: str | None) -> tzinfo:
    name = _DEFAULT_ZONE if timezone is None else timezone
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError) as error:
        message = f'"{name}" is not a time zone.'
        fix = 'Use a name such as "Europe/London".'
        raise ConfigError.of("prices", message, field="timezone", fix=fix) from error


def _check_close(close: Any) -> None:
    if close is not None and not (isinstance(close, str) and _CLOSE.fullmatch(close)):
        message = f'"{close}" is not a time of day.'
        raise ConfigError.of("prices", message, field="close", fix='Use HH:MM, such as "16:30".')


def _span(days: pd.Index) -> str:
    return f"{days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}"


def _build(
    rows: PriceRows,
    *,
    name: str,
    close: str | None,
    timezone: str | None,
    provenance: dict[str, str],
) -> PriceSeries:
    """Turn rows into a series: sorted, one price a date, or an error with all that is wrong."""
    priced = ~np.isnat(rows.days) & ~np.isnan(rows.prices)
    order = np.flatnonzero(priced)
    order = order[np.argsort(rows.days[order], kind="stable")]
    days, values = rows.days[order], rows.prices[order]
    same_day = np.zeros(days.size, dtype=np.bool_)
    same_day[1:] = days[1:] == days[:-1]
    raise_problems([*rows.problems, *_conflicts(rows, order=order, same_day=same_day)])
    keep = ~same_day
    if keep.sum() < 2:
        said = counted(int(keep.sum()), one="price", many="prices")
        fix = "Give a series with dates and prices."
        raise PriceError.of(rows.where, f"{said} found, at least 2 are needed.", fix=fix)
    prices = _series(values[keep], days=days[keep], name=name)
    in_rows = find_in_rows(
        unsorted=_out_of_order(rows.days),
        no_price=iso_dates(rows.days[~np.isnat(rows.days) & np.isnan(rows.prices)]),
        duplicate_row=iso_dates(days[same_day]),
    )
    return PriceSeries(name, prices, close, timezone, in_rows + find_in_series(prices), provenance)


def _conflicts(rows: PriceRows, *, order: Int, same_day: Bool) -> list[tuple[int, Problem]]:
    """Return a problem for each row whose date came before with another price."""
    firsts = np.maximum.accumulate(np.where(same_day, 0, np.arange(order.size)))
    problems = []
    for at in np.flatnonzero(rows.prices[order] != rows.prices[order[firsts]]).tolist():
        one, other = int(order[firsts[at]]), int(order[at])
        pair = f"{rows.prices[one]:.10g} and {rows.prices[other]:.10g}"
        numbers = f"{rows.numbers[one]} and {rows.numbers[other]}"
        message = f"{rows.days[one]} has two prices, {pair}."
        field = f"rows {numbers}, {rows.field}"
        fix = "Keep the right one of the rows."
        problems.append((int(rows.numbers[other]), Problem(rows.where, message, field, fix)))
    return problems


def _out_of_order(days: Days) -> tuple[str, ...]:
    dated = days[~np.isnat(days)]
    late = np.maximum.accumulate(dated) > dated
    return iso_dates(np.sort(dated[late]))


def _series(values: Float, *, days: Days, name: str) -> pd.Series:
    index = pd.DatetimeIndex(days.astype("datetime64[ns]"), name="date")
    return pd.Series(values, index=index, name=name, dtype=np.float64)
