"""Rows whose date stands out: out of the order of the file, or on a weekend.

Files with day and month swapped in some rows are common, and every swapped date is a valid one.
What gives it away is its place: the swapped date fits between its neighbours, the written one
does not.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from oilshock.price_rows import Days, PriceRows
from oilshock.quality import Finding, counted, listed
from oilshock.typing import Int

AWAY_DAYS = 7
"""Calendar days off its neighbours from which a row out of order is named."""

WEEKEND_SHARE = 0.05
"""Largest share of weekend prices in what counts as a series of weekdays."""

MOST_ROWS = 5
"""How many rows a finding names."""

_FIX = "Put the dates right in the file, or take the rows out."

_WEEKDAYS = ("Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday")


@dataclass(frozen=True)
class Misplaced:
    """A row whose date does not fit between its neighbours.

    Parameters
    ----------
    row : int
        Row number in the file.
    day : datetime64[D]
        The date as written.
    before, after : datetime64[D]
        Dates of the nearest rows in order, NaT where there is none.
    swapped : datetime64[D]
        With day and month swapped, if that fits between the two; else NaT.
    """

    row: int
    day: np.datetime64
    before: np.datetime64
    after: np.datetime64
    swapped: np.datetime64

    def sentence(self) -> str:
        """Say where the row stands, and which date would fit."""
        text = f"row {self.row} has {self.day}, a {weekday(self.day)}, {self.place()}"
        if np.isnat(self.swapped):
            return text
        return f"{text}; perhaps day and month are swapped ({self.swapped} fits)"

    def place(self) -> str:
        """Say between which dates the row stands."""
        if np.isnat(self.before):
            return f"before {self.after}"
        if np.isnat(self.after):
            return f"after {self.before}"
        return f"between {self.before} and {self.after}"


def weekday(day: np.datetime64) -> str:
    """Return the name of the weekday.

    Examples
    --------
    >>> weekday(np.datetime64("2024-04-13"))
    'Saturday'
    """
    return _WEEKDAYS[int(day.astype("datetime64[D]").astype(np.int64)) % 7]


def misplaced_rows(rows: PriceRows) -> tuple[Misplaced, ...]:
    """Find rows far off their neighbours in a file that is in order otherwise.

    Parameters
    ----------
    rows : PriceRows
        In the order of the file, ascending or descending.

    Returns
    -------
    tuple of Misplaced
        Empty where fewer than half of the rows are in one order.
    """
    priced = np.flatnonzero(~np.isnat(rows.days) & ~np.isnan(rows.prices))
    days = rows.days[priced]
    if runs_backwards(days):
        priced, days = priced[::-1], days[::-1]
    out = rows_out_of_order(days)
    if 2 * out.size > days.size:
        return ()
    in_order = np.setdiff1d(np.arange(days.size), out)
    at = np.searchsorted(in_order, out)
    found = []
    for i, place in zip(out.tolist(), at.tolist(), strict=True):
        before = days[in_order[place - 1]] if place else np.datetime64("NaT", "D")
        after = days[in_order[place]] if place < in_order.size else np.datetime64("NaT", "D")
        if _is_away(days[i], before=before, after=after):
            swapped = _swapped(days[i])
            if not _fits(swapped, before=before, after=after):
                swapped = np.datetime64("NaT", "D")
            row = int(rows.numbers[priced[i]])
            found.append(Misplaced(row, days[i], before, after, swapped))
    return tuple(sorted(found, key=lambda one: one.row))


def runs_backwards(days: Days) -> bool:
    """Say whether rows mostly stand below a later one, as in a file with the newest on top.

    Parameters
    ----------
    days : ndarray of datetime64[D]
        In the order of the file, without NaT.

    Returns
    -------
    bool
        False where the rows have no order, or the usual one.
    """
    steps = np.diff(days).astype(np.int64)
    return bool(np.count_nonzero(steps < 0) > 2 * np.count_nonzero(steps > 0))


def order_findings(rows: PriceRows) -> tuple[Finding, ...]:
    """Word the rows that are out of place, and the weekends of a series of weekdays.

    Parameters
    ----------
    rows : PriceRows
        In the order of the file.

    Returns
    -------
    tuple of Finding
        Of the kinds misplaced and weekend, with the rows.
    """
    found = []
    misplaced = [one for one in misplaced_rows(rows) if not _is_repeated(one, rows)]
    if misplaced:
        said = counted(len(misplaced), one="date does", many="dates do")
        words = listed([one.sentence() for one in misplaced], most=MOST_ROWS, apart="; ")
        message = f"{said} not fit the rows around: {words}. {_FIX}"
        dates = tuple(str(one.day) for one in misplaced)
        found.append(Finding("misplaced", len(misplaced), message, dates))
    named = {one.row for one in misplaced}
    weekend = np.array([i for i in _weekend_rows(rows) if rows.numbers[i] not in named], np.intp)
    if weekend.size:
        said = counted(weekend.size, one="price", many="prices")
        words = listed(_weekend_words(rows, weekend), most=MOST_ROWS, apart="; ")
        message = f"{said} on a weekend in a series of weekdays: {words}. {_FIX}"
        dates = tuple(str(rows.days[i]) for i in weekend.tolist())
        found.append(Finding("weekend", weekend.size, message, dates))
    return tuple(found)


def rows_out_of_order(days: Days) -> Int:
    """Return the fewest rows to take out for the dates of the others never to fall.

    Parameters
    ----------
    days : ndarray of datetime64[D]
        In the order of the file, without NaT.

    Returns
    -------
    ndarray of int
        Their positions, ascending.

    Examples
    --------
    >>> days = ["2024-04-02", "2024-04-30", "2024-04-03", "2024-04-04"]
    >>> rows_out_of_order(np.array(days, dtype="datetime64[D]")).tolist()
    [1]
    """
    if not (days[1:] < days[:-1]).any():
        return np.array([], dtype=np.intp)
    return np.setdiff1d(np.arange(days.size), _longest_in_order(days))


def _is_repeated(one: Misplaced, rows: PriceRows) -> bool:
    """Say whether another row has the same date and price, so that this one changes nothing."""
    price = rows.prices[rows.numbers == one.row]
    return bool(np.count_nonzero((rows.days == one.day) & (rows.prices == price)) > 1)


def _weekend_words(rows: PriceRows, weekend: Int) -> list[str]:
    """Name each row; where the swapped date is a weekday without a price, that is likely meant."""
    priced = set(rows.days[~np.isnan(rows.prices)].tolist())
    words = []
    for i in weekend.tolist():
        text = f"row {rows.numbers[i]} has {rows.days[i]}, a {weekday(rows.days[i])}"
        swapped = _swapped(rows.days[i])
        if not np.isnat(swapped) and np.is_busday(swapped) and swapped.item() not in priced:
            text += f", perhaps with day and month swapped ({swapped} has no price)"
        words.append(text)
    return words


def _weekend_rows(rows: PriceRows) -> Int:
    """Return the priced rows on a weekend, none where weekends are usual."""
    priced = np.flatnonzero(~np.isnat(rows.days) & ~np.isnan(rows.prices))
    weekend = priced[~np.is_busday(rows.days[priced])]
    return weekend if weekend.size <= WEEKEND_SHARE * priced.size else weekend[:0]


def _longest_in_order(days: Days) -> Int:
    """Return the positions of a longest run of rows, gaps allowed, whose dates never fall."""
    values = days.astype(np.int64).tolist()
    ends: list[int] = []
    last: list[int] = []
    earlier: list[int] = []
    for i, value in enumerate(values):
        at = bisect_right(ends, value)
        earlier.append(last[at - 1] if at else -1)
        ends[at : at + 1] = [value]
        last[at : at + 1] = [i]
    run = [last[-1]]
    while earlier[run[-1]] >= 0:
        run.append(earlier[run[-1]])
    return np.array(run[::-1], dtype=np.intp)


def _is_away(day: np.datetime64, *, before: np.datetime64, after: np.datetime64) -> bool:
    """Say whether a day lies more than a week outside the two; NaT compares as never."""
    away = np.timedelta64(AWAY_DAYS, "D")
    return bool(day < before - away or day > after + away)


def _fits(day: np.datetime64, *, before: np.datetime64, after: np.datetime64) -> bool:
    return bool(
        not np.isnat(day)
        and (np.isnat(before) or before < day)
        and (np.isnat(after) or day < after)
    )


def _swapped(day: np.datetime64) -> np.datetime64:
    """Swap day and month; NaT where that gives no other date."""
    year, month, date = str(day.astype("datetime64[D]")).split("-")
    if month == date or int(date) > 12:
        return np.datetime64("NaT", "D")
    return np.datetime64(f"{year}-{date}-{month}", "D")
