"""Dates on an axis: steps that suit any span, and words that are the same in every locale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator

from oilshock.charts.labels import axes_points
from oilshock.typing import Float

# The date classes of matplotlib carry no types.
_DATES: Any = mdates

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_numbers(dates: Any) -> Float:
    """Return dates, or ISO strings, as matplotlib's day numbers; what is empty becomes NaN."""
    stamps = pd.to_datetime(pd.Series(dates).replace("", None)).to_numpy(dtype="datetime64[ns]")
    return np.asarray(_DATES.date2num(stamps), dtype=np.float64)


def day_month(stamp: pd.Timestamp, *, year: bool) -> str:
    """Write a date as ``15 Apr`` or ``15 Apr 2024``, the same in every locale."""
    text = f"{stamp.day} {MONTHS[stamp.month - 1]}"
    return f"{text} {stamp.year}" if year else text


def date_ticks(low: float, high: float, *, most: int) -> list[float]:
    """Choose the finest calendar step that gives at most so many ticks inside low..high.

    Days, every second day, Mondays, firsts and middles of months, months, then years; days since
    1970.
    """
    days = pd.date_range(
        pd.Timestamp(math.ceil(low), unit="D"), pd.Timestamp(math.floor(high), unit="D")
    )
    first = days[days.day == 1]
    steps = [days, days[::2], days[days.day_of_week == 0]]
    steps += [days[(days.day == 1) | (days.day == 15)]]
    steps += [first[(first.month - 1) % months == 0] for months in (1, 2, 3, 6)]
    steps += [
        first[(first.month == 1) & (first.year % years == 0)] for years in (1, 2, 5, 10, 20, 50)
    ]
    chosen = next((step for step in steps if len(step) <= most), days[:1])
    return [float(tick) for tick in date_numbers(chosen)]


def date_words(ticks: Sequence[float]) -> list[str]:
    r"""Write ticks as years, months or days; the first one and each new year say their year.

    Examples
    --------
    >>> date_words([19723.0, 19754.0, 20089.0])
    ['Jan\n2024', 'Feb', 'Jan\n2025']
    """
    stamps = [pd.Timestamp(tick, unit="D") for tick in ticks]
    if len(stamps) > 1 and all(stamp.day_of_year == 1 for stamp in stamps):
        return [str(stamp.year) for stamp in stamps]
    is_months = all(stamp.day == 1 for stamp in stamps) and len(stamps) > 1
    words = [
        MONTHS[stamp.month - 1] if is_months else day_month(stamp, year=False) for stamp in stamps
    ]
    years = [0, *(stamp.year for stamp in stamps)]
    return [
        word if stamp.year == before else f"{word}\n{stamp.year}"
        for word, stamp, before in zip(words, stamps, years, strict=False)
    ]


def set_date_axis(ax: Axes, low: float, high: float) -> None:
    """Put date ticks on the x axis, inside low..high only."""
    room = axes_points(ax)[0] * (high - low) / float(np.ptp(ax.get_xlim()))
    most = int(np.clip(room / 42, 3, 10))
    ticks = date_ticks(low, high, most=most)
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_major_formatter(FixedFormatter(date_words(ticks)))
