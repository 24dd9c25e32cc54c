"""The three sizes of charts, and which of them holds now.

Charts are laid out once, in the inches and points of a printed report. A size says how wide that
layout is and how many times larger all of it comes out, text and lines alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import get_args

from oilshock.errors import DataError
from oilshock.options import ChartSize


@dataclass(frozen=True)
class Measures:
    """What a size fixes.

    Parameters
    ----------
    width : float
        Width of the layout, in inches before it is enlarged.
    tallest : float
        Height that a figure keeps to where its content allows, likewise.
    rows : int
        The most rows, such as events, of one page of a chart.
    key_lines : int
        Lines above the first row in which the key to the marks finds room.
    one_column : int
        The most events whose names stand in one column below the price; more stand in two.
    scale : float
        How many times larger everything comes out.
    """

    width: float
    tallest: float
    rows: int
    key_lines: int
    one_column: int
    scale: float


SIZES: dict[ChartSize, Measures] = {
    # The text width of an A4 page; text of 7.5 points.
    "report": Measures(6.9, tallest=9.6, rows=45, key_lines=1, one_column=12, scale=1.0),
    # A slide of 13.33 by 7.5 inches; text of 14.3 points.
    "slide": Measures(7.0, tallest=3.93, rows=15, key_lines=1, one_column=6, scale=1.905),
    # The column of an article, 660 pixels; text of 13 pixels.
    "web": Measures(5.3, tallest=9.6, rows=45, key_lines=2, one_column=30, scale=1.3),
}

_NOW: ContextVar[Measures] = ContextVar("oilshock_chart_size", default=SIZES["report"])


def measures() -> Measures:
    """Return the measures of the size that holds now.

    Examples
    --------
    >>> measures().width
    6.9
    """
    return _NOW.get()


def enlarged(value: float) -> float:
    """Return a length of the layout (points or inches) as it comes out.

    Examples
    --------
    >>> with sized("slide"):
    ...     round(enlarged(7.5), 1)
    14.3
    """
    return value * measures().scale


def fitted(height: float) -> float:
    """Return a height in inches of the layout, cut to the tallest of the size that holds."""
    return min(height, measures().tallest)


@contextmanager
def sized(size: ChartSize) -> Iterator[None]:
    """Let a size hold inside a ``with`` block; the one of before comes back at the end.

    Raises
    ------
    DataError
        When there is no such size.
    """
    if size not in SIZES:
        known = ", ".join(get_args(ChartSize))
        raise DataError.of("size", f'"{size}" is not a size of charts.', fix=f"Use: {known}.")
    token = _NOW.set(SIZES[size])
    try:
        yield
    finally:
        _NOW.reset(token)
