"""What every source offers."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from oilshock.price_series import PriceSeries

OFFLINE_FIX = (
    "Check the network. `--offline` uses what was fetched before; "
    'source = "bundled" needs no network.'
)
"""The cure of every error that a missing network can cause."""


class Source(Protocol):
    """A place that prices come from."""

    def fetch(self, symbol: str, *, start: date | None, end: date | None) -> PriceSeries:
        """Fetch the prices of a symbol.

        Parameters
        ----------
        symbol : str
            What the source calls the series.
        start, end : date or None
            First and last day wanted; None means no limit.

        Returns
        -------
        PriceSeries
            The prices, their provenance and what is odd about them.

        Raises
        ------
        SourceError
            When the source gives no prices, or prices that cannot be right.
        """
        ...
