"""What is odd about a price series: findings that are said, while the run goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from oilshock.typing import Float, Int, Record

GAP_DAYS = 5
STALE_SESSIONS = 4
SPIKE_MULTIPLE = 8.0
SPIKE_FLOOR = 0.03
SPIKE_REVERSAL = 0.5
SPIKE_HISTORY = 60
SPIKE_HISTORY_MIN = 20

_ROW_WORDS = {
    "unsorted": ("{n} stood out of order; the series was sorted", "row", "rows"),
    "no_price": ("{n} had no price and so no session", "row", "rows"),
    "duplicate_row": ("{n} repeated a date at the same price; one was kept", "row", "rows"),
    "holiday_row": (
        "{n} without trade repeated the price before, as on a holiday, and made no session",
        "row",
        "rows",
    ),
}
DOUBTED_DATES = ("misplaced", "weekend")
"""Kinds of findings that say that dates are likely wrong: to be told wherever a user looks."""

_SERIES_KINDS = ("gap", "stale", "spike")


@dataclass(frozen=True)
class Finding:
    """One kind of oddity of a price series, with every date concerned.

    Parameters
    ----------
    kind : str
        What was found: in the rows (unsorted, no_price, duplicate_row, holiday_row,
        misplaced, weekend), in the
        series (gap, stale, spike), or by its source (layout, footer, revision, roll, ...).
    count : int
        How many rows, gaps, runs or spikes.
    message : str
        One sentence with figures.
    dates : tuple of str
        ISO dates of the rows concerned; the session that ends each gap, every
        session of each stale run, the session of each spike.
    """

    kind: str
    count: int
    message: str
    dates: tuple[str, ...]


def finding_record(finding: Finding) -> Record:
    """Turn a quality finding into plain data."""
    return {
        "kind": finding.kind,
        "count": finding.count,
        "message": finding.message,
        "dates": list(finding.dates),
    }


def iso_dates(days: npt.NDArray[np.datetime64] | pd.DatetimeIndex) -> tuple[str, ...]:
    """Return the days as ISO dates.

    Examples
    --------
    >>> iso_dates(pd.DatetimeIndex(["2024-04-12"]))
    ('2024-04-12',)
    """
    values = np.asarray(days, dtype="datetime64[D]")
    return tuple(np.datetime_as_string(values, unit="D").tolist())


def counted(count: int, *, one: str, many: str) -> str:
    """Return the count with its noun.

    Examples
    --------
    >>> counted(1, one="gap", many="gaps"), counted(2, one="gap", many="gaps")
    ('1 gap', '2 gaps')
    """
    return f"{count:,} {one if count == 1 else many}"


def listed(words: Sequence[str], *, most: int = 5, apart: str = ", ") -> str:
    """Join the first few words and say how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c", "d", "e", "f"])
    'a, b, c, d, e and 1 more'
    """
    shown = apart.join(words[:most])
    return shown if len(words) <= most else f"{shown} and {len(words) - most:,} more"


def find_in_rows(
    *,
    unsorted: Sequence[str] = (),
    no_price: Sequence[str] = (),
    duplicate_row: Sequence[str] = (),
    holiday_row: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Word what was found in the rows as they came, before they became a series.

    Parameters
    ----------
    unsorted : sequence of str
        ISO dates of the fewest rows without which the others are in order.
    no_price : sequence of str
        ISO dates of the rows without a price.
    duplicate_row : sequence of str
        ISO dates of the rows left out because the same date and price came before.
    holiday_row : sequence of str
        ISO dates of the bars without trade that repeat the price before.

    Returns
    -------
    tuple of Finding
        One for each kind that occurred.
    """
    dates_of = {
        "unsorted": unsorted,
        "no_price": no_price,
        "duplicate_row": duplicate_row,
        "holiday_row": holiday_row,
    }
    return tuple(_row_finding(kind, dates) for kind, dates in dates_of.items() if dates)


def clip_row_findings(findings: Iterable[Finding], *, first: str, last: str) -> tuple[Finding, ...]:
    """Restrict findings to the ISO dates from `first` to `last`.

    Parameters
    ----------
    findings : iterable of Finding
        Of any kind; those on the series are left out, as they must be found anew, and
        those of the source stay as they are.
    first, last : str
        ISO dates, both included.

    Returns
    -------
    tuple of Finding
        The kinds that still occur.
    """
    kept = []
    for finding in findings:
        if finding.kind in _ROW_WORDS:
            dates = [date for date in finding.dates if first <= date <= last]
            kept += [_row_finding(finding.kind, dates)] if dates else []
        elif finding.kind in DOUBTED_DATES:
            kept += [finding] if any(first <= date <= last for date in finding.dates) else []
        elif finding.kind not in _SERIES_KINDS:
            kept.append(finding)
    return tuple(kept)


def find_in_series(prices: pd.Series) -> tuple[Finding, ...]:
    """Find gaps, stale runs and spikes in a sorted series.

    Parameters
    ----------
    prices : Series
        Float64 without NaN, on an ascending unique DatetimeIndex.

    Returns
    -------
    tuple of Finding
        One for each kind that occurred.

    Notes
    -----
    A spike is a log return larger than 8 times the median absolute return of the 60
    sessions before (at least 20) and above 3 %, followed by a return of opposite sign
    and at least half the size. A series with a price of zero or less is read in
    differences; its 3 % are of the median absolute price of those sessions.

    Examples
    --------
    >>> days = pd.DatetimeIndex(["2024-04-02", "2024-04-03", "2024-04-15"])
    >>> find_in_series(pd.Series([90.0, 91.0, 92.0], index=days))[0].message
    '1 gap longer than 5 calendar days: 2024-04-03 to 2024-04-15.'
    """
    values = prices.to_numpy(dtype=np.float64)
    days = prices.index.to_numpy().astype("datetime64[D]")
    found = (_gaps(days), _stale_runs(values, days), _spikes(values, days))
    return tuple(finding for finding in found if finding is not None)


def _row_finding(kind: str, dates: Sequence[str]) -> Finding:
    template, one, many = _ROW_WORDS[kind]
    said = template.format(n=counted(len(dates), one=one, many=many))
    unique = list(dict.fromkeys(dates))
    return Finding(kind, len(dates), f"{said}: {listed(unique)}.", tuple(dates))


def _gaps(days: npt.NDArray[np.datetime64]) -> Finding | None:
    ends = np.flatnonzero(np.diff(days) > np.timedelta64(GAP_DAYS, "D")) + 1
    if not ends.size:
        return None
    last = iso_dates(days[ends])
    spans = [f"{a} to {b}" for a, b in zip(iso_dates(days[ends - 1]), last, strict=True)]
    said = counted(ends.size, one="gap", many="gaps")
    message = f"{said} longer than {GAP_DAYS} calendar days: {listed(spans)}."
    return Finding("gap", ends.size, message, last)


def _stale_runs(values: Float, days: npt.NDArray[np.datetime64]) -> Finding | None:
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    ends = np.r_[starts[1:], values.size]
    long = ends - starts >= STALE_SESSIONS
    if not long.any():
        return None
    runs = list(zip(starts[long].tolist(), ends[long].tolist(), strict=True))
    dates = iso_dates(np.concatenate([days[a:b] for a, b in runs]))
    words = [f"{days[a]} to {days[b - 1]} ({b - a} sessions at {values[a]:.10g})" for a, b in runs]
    said = counted(len(runs), one="run", many="runs")
    message = f"{said} of {STALE_SESSIONS} or more sessions at one price: {listed(words)}."
    return Finding("stale", len(runs), message, dates)


def _spikes(values: Float, days: npt.NDArray[np.datetime64]) -> Finding | None:
    at = _spike_positions(values)
    if not at.size:
        return None
    dates = iso_dates(days[at])
    words = [
        f"{date} (from {values[i - 1]:.10g} to {values[i]:.10g})"
        for date, i in zip(dates, at.tolist(), strict=True)
    ]
    said = counted(at.size, one="single-day spike", many="single-day spikes")
    message = f"{said} that reverted the next session, kept and perhaps real: {listed(words)}."
    return Finding("spike", at.size, message, dates)


def _spike_positions(values: Float) -> Int:
    """Return the sessions whose move is a spike; needs the session after, so never the last."""
    moves, floor = _moves_and_floor(values)
    size = np.abs(moves)
    usual = _median_before(size)
    with np.errstate(invalid="ignore", over="ignore"):
        large = (size > SPIKE_MULTIPLE * usual) & (size > floor)
        opposite = np.sign(moves[1:]) == -np.sign(moves[:-1])
        reverts = opposite & (size[1:] >= SPIKE_REVERSAL * size[:-1])
    return np.flatnonzero(large[:-1] & reverts) + 1


def _moves_and_floor(values: Float) -> tuple[Float, Float]:
    """Return log returns with a floor of 3 %, or differences with 3 % of the usual price."""
    if (values > 0.0).all():
        moves = np.diff(np.log(values))
        return moves, np.full(moves.size, SPIKE_FLOOR)
    with np.errstate(over="ignore"):
        moves = np.diff(values)
    return moves, SPIKE_FLOOR * _median_before(np.abs(values[:-1]), lag=0)


def _median_before(sizes: Float, *, lag: int = 1) -> Float:
    """Return the median of the sizes before each position; NaN where too few came before."""
    window = pd.Series(sizes).rolling(SPIKE_HISTORY, min_periods=SPIKE_HISTORY_MIN).median()
    return window.shift(lag).to_numpy(dtype=np.float64)
