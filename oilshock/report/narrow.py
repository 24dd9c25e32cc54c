"""Charts with a row for each event, as a list for a page too narrow for them: a telephone.

Each row is a line of words and a strip as wide as the page, on which positions are per cent of its
width, so that it needs no sideways scrolling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from matplotlib.ticker import MaxNLocator

from oilshock.charts.canvas import plain_number
from oilshock.typing import Record

TICKS = 4
"""Numbers under the strips, about: a telephone is 350 pixels wide."""


@dataclass(frozen=True)
class NarrowRow:
    """One event.

    Parameters
    ----------
    name : str
        Its number and title.
    link : str
        Its place in the report.
    words : str
        What the strip shows, in figures.
    mark : float
        Where its mark stands, in the unit of the axis; NaN for none.
    span : (float, float)
        From where to where its line or bar goes; NaN for none.
    stroke : float, default NaN
        Where a stroke across the strip stands.
    shape : {"+", "-", "0"}, default "0"
        The direction expected beforehand: triangle up, triangle down, dot.
    is_filled : bool, default False
        Whether the mark is filled.
    """

    name: str
    link: str
    words: str
    mark: float
    span: tuple[float, float]
    stroke: float = float("nan")
    shape: str = "0"
    is_filled: bool = False


@dataclass(frozen=True)
class NarrowChart:
    """The rows with the axis that they share.

    Parameters
    ----------
    key : str
        What the marks mean.
    axis : str
        Name of the axis, with its unit.
    limits : (float, float)
        Its ends.
    zero : float
        Where the line of no effect stands.
    rows : tuple of NarrowRow
        From top to bottom.
    ticks : tuple of (float, str), default ()
        Where numbers stand and what they say; by default a few round ones.
    is_bar : bool, default False
        Whether spans are bars rather than lines.
    """

    key: str
    axis: str
    limits: tuple[float, float]
    zero: float
    rows: tuple[NarrowRow, ...]
    ticks: tuple[tuple[float, str], ...] = ()
    is_bar: bool = False

    def to_record(self) -> Record:
        """Return the chart as plain data, positions in per cent of the width."""
        ticks = self.ticks or _round_ticks(self.limits)
        return {
            "key": self.key,
            "axis": self.axis,
            "zero": self._place(self.zero),
            "ticks": [(self._place(at), words) for at, words in ticks],
            "is_bar": self.is_bar,
            "rows": [self._row(row) for row in self.rows],
        }

    def _row(self, row: NarrowRow) -> Record:
        low, high = row.span
        return {
            **asdict(row),
            "mark": self._place(row.mark),
            "low": self._place(low),
            "high": self._place(high),
            "stroke": self._place(row.stroke),
        }

    def _place(self, value: float) -> float | None:
        """Return a place on the axis in per cent, inside its ends; None for none."""
        if np.isnan(value):
            return None
        low, high = self.limits
        return round(float(np.clip(100 * (value - low) / (high - low), 0, 100)), 1)


def _round_ticks(limits: tuple[float, float]) -> Sequence[tuple[float, str]]:
    found = MaxNLocator(nbins=TICKS, steps=[1, 2, 2.5, 5, 10]).tick_values(*limits)
    inside = [float(tick) for tick in found if limits[0] <= tick <= limits[1]]
    return [(tick, plain_number(tick)) for tick in inside]
