"""A checked price series: sorted, one price a date, and what is known and odd about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from oilshock.errors import ConfigError, PriceError, Problem
from oilshock.options import ReturnKind
from oilshock.price_columns import Choice
from oilshock.price_files import read_series_as_rows
from oilshock.price_order import (
    Misplaced,
    misplaced_rows,
    order_findings,
    rows_out_of_order,
    runs_backwards,
)
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

_DEFAULT_ZONE = "Europe/London"
_CLOSE = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
PROVENANCE = (
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
"""Keys of the provenance of a series."""


@dataclass(frozen=True)
class LowRows:
    """Where prices of zero or less stand in a file: its price column, and a row for each date."""

    column: str
    row: Mapping[str, int]


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
    low : LowRows or None
        The rows of prices of zero or less; None where the source is no file.
    """

    name: str
    prices: pd.Series
    close: str | None
    timezone: str | None
    findings: tuple[Finding, ...]
    provenance: dict[str, str]
    ranges: pd.DataFrame | None = None
    low: LowRows | None = None

    @property
    def label(self) -> str:
        """What the series is called in running text."""
        return self.provenance.get("label") or self.name

    def __repr__(self) -> str:
        days = self.prices.index
        span = f"{days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}"
        return f"PriceSeries({self.name!r}, {len(days):,} sessions, {span})"


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
    check_close(close)
    choice = Choice(zone=zone_of(timezone))
    rows = read_series_as_rows(prices, where=f'Series "{name}"', choice=choice)
    facts = dict.fromkeys(PROVENANCE, "") | {
        "label": str(prices.attrs.get("label", name)),
        "title": name,
        "kind": str(prices.attrs.get("kind", "series")),
        "note": "Given as a pandas Series.",
    }
    build = partial(series_from_rows, rows, name=name, close=close, timezone=timezone)
    series = build(provenance=facts)
    return replace(series, findings=(*order_findings(rows), *series.findings))


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
    >>> from oilshock.prices import read_bundled
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
    where, field, what = series.name, "price", "price"
    if series.low is not None:
        where, field, what = series.provenance["file"], series.low.column, "row"
        rows = [series.low.row[day] for day in days]
        if len(rows) == 1:
            field = f"row {rows[0]}, {field}"
        else:
            words = [f"{word} (row {row})" for word, row in zip(words, rows, strict=True)]
    said = counted(len(low), one="price", many="prices")
    message = f"{said} of zero or less, of which there is no {kind} return: {listed(words)}."
    fix = f'Correct the {what}; if the price is real, set returns.kind = "difference".'
    raise PriceError.of(where, message, field=field, fix=fix)


def zone_of(timezone: str | None) -> tzinfo:
    """Return the zone of that name, London's if None; a `ConfigError` says that there is none."""
    name = _DEFAULT_ZONE if timezone is None else timezone
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError) as error:
        message = f'"{name}" is not a time zone.'
        fix = 'Use a name such as "Europe/London".'
        raise ConfigError.of("prices", message, field="timezone", fix=fix) from error


def check_close(close: Any) -> None:
    """Refuse a close that is no HH:MM; None is none."""
    if close is not None and not (isinstance(close, str) and _CLOSE.fullmatch(close)):
        message = f'"{close}" is not a time of day.'
        raise ConfigError.of("prices", message, field="close", fix='Use HH:MM, such as "16:30".')


def _span(days: pd.Index) -> str:
    return f"{days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}"


def series_from_rows(
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
    misplaced = misplaced_rows(rows)
    conflicts = _conflicts(rows, order=order, same_day=same_day, misplaced=misplaced)
    raise_problems([*rows.problems, *conflicts])
    keep = ~same_day
    if keep.sum() < 2:
        said = counted(int(keep.sum()), one="price", many="prices")
        fix = "Give a series with dates and prices."
        raise PriceError.of(rows.where, f"{said} found, at least 2 are needed.", fix=fix)
    prices = _series(values[keep], days=days[keep], name=name)
    backwards, unsorted = _order_of(rows.days)
    in_rows = find_in_rows(
        unsorted=unsorted,
        no_price=iso_dates(rows.days[~np.isnat(rows.days) & np.isnan(rows.prices)]),
        duplicate_row=iso_dates(days[same_day]),
    )
    findings = (*rows.notes, *backwards, *in_rows, *find_in_series(prices))
    return PriceSeries(name, prices, close, timezone, findings, provenance)


def low_rows(rows: PriceRows) -> LowRows:
    """Return the column and the rows of prices of zero or less, by date; the first row of each."""
    low = np.flatnonzero(~np.isnat(rows.days) & (rows.prices <= 0.0))[::-1]
    numbers = rows.numbers[low].tolist()
    return LowRows(rows.field, dict(zip(iso_dates(rows.days[low]), numbers, strict=True)))


def _conflicts(
    rows: PriceRows, *, order: Int, same_day: Bool, misplaced: tuple[Misplaced, ...]
) -> list[tuple[int, Problem]]:
    """Return a problem for each row whose date came before with another price."""
    firsts = np.maximum.accumulate(np.where(same_day, 0, np.arange(order.size)))
    problems = []
    for at in np.flatnonzero(rows.prices[order] != rows.prices[order[firsts]]).tolist():
        one, other = int(order[firsts[at]]), int(order[at])
        pair = f"{rows.prices[one]:.10g} and {rows.prices[other]:.10g}"
        numbers = f"{rows.numbers[one]} and {rows.numbers[other]}"
        message = f"{rows.days[one]} has two prices, {pair}."
        field = f"rows {numbers}, {rows.field}"
        pair_rows = (int(rows.numbers[one]), int(rows.numbers[other]))
        fix = "Keep the right one of the rows."
        for odd in misplaced:
            if odd.row in pair_rows and not np.isnat(odd.swapped):
                fix = (
                    f"Perhaps day and month are swapped in row {odd.row}, which stands "
                    f"{odd.place()}: as {odd.swapped} it would fit. Else keep the right row."
                )
        problems.append((min(pair_rows), Problem(rows.where, message, field, fix)))
    return problems


def _order_of(days: Days) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Say whether the newest row comes first, and return the dates that stand out of order."""
    dated = days[~np.isnat(days)]
    is_backwards = runs_backwards(dated)
    dated = dated[::-1] if is_backwards else dated
    message = "The rows run from the newest date to the oldest; the series was sorted."
    notes = (Finding("layout", 1, message, ()),) if is_backwards else ()
    return notes, iso_dates(np.sort(dated[rows_out_of_order(dated)]))


def _series(values: Float, *, days: Days, name: str) -> pd.Series:
    index = pd.DatetimeIndex(days.astype("datetime64[ns]"), name="date")
    return pd.Series(values, index=index, name=name, dtype=np.float64)
