"""The price path without one event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from oilshock.notebook import table_html

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class WhatIfResult:
    """The price path without one event.

    Parameters
    ----------
    frame : DataFrame
        Rows of `whatif.csv` of the event.
    levels : tuple of float
        Price levels, USD/bbl.
    title : str
        Title of the event.
    confidence : float
        What the band covers.
    """

    frame: pd.DataFrame = field(repr=False)
    levels: tuple[float, ...]
    title: str
    confidence: float

    def to_frame(self) -> pd.DataFrame:
        """Return the path as a fresh frame."""
        return self.frame.copy()

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the path against the actual price."""
        from oilshock.charts import plot_what_if

        return plot_what_if(self.frame, levels=self.levels, confidence=self.confidence, ax=ax)

    def _repr_html_(self) -> str:
        return table_html(
            self.frame.drop(columns="event_id"),
            heading=f"The price without “{self.title}”",
            notes=[f"USD/bbl; low and high hold {100 * self.confidence:g} % of such prices."],
        )
