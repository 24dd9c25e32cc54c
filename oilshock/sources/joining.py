"""Prices held and prices fetched, joined so that no revision goes unseen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.typing import Record


@dataclass(frozen=True, eq=False)
class Merged:
    """Old and new prices joined, and what changed where both had a day.

    Parameters
    ----------
    prices : Series
        The old prices up to the first new one, then the new.
    revisions : tuple of dict
        One for each day whose price changed or went: date, old, new (None when it went).
    """

    prices: pd.Series
    revisions: tuple[Record, ...]


def join_prices(old: pd.Series, new: pd.Series) -> Merged:
    """Join prices held with prices fetched; the source's word holds, and each change is listed.

    Parameters
    ----------
    old, new : Series
        On ascending dates; the new ones start inside the old.

    Returns
    -------
    Merged
        The prices, and the revisions.

    Raises
    ------
    ValueError
        When the new prices do not reach as far as the old, or share no day with them.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-04-11", "2024-04-12", "2024-04-15"])
    >>> old, new = pd.Series([1.0, 2.0], days[:2]), pd.Series([2.5, 3.0], days[1:])
    >>> join_prices(old, new).revisions
    ({'date': '2024-04-12', 'old': 2.0, 'new': 2.5},)
    """
    first = new.index[0]
    before, overlap = old[old.index < first], old[old.index >= first]
    shared = overlap.index.intersection(new.index)
    if new.index[-1] < old.index[-1] or not len(shared):
        message = (
            f"prices from {first:%Y-%m-%d} to {new.index[-1]:%Y-%m-%d} do not continue those "
            f"held, which end on {old.index[-1]:%Y-%m-%d}"
        )
        raise ValueError(message)
    inside = new.index[new.index <= old.index[-1]].union(overlap.index)
    revisions: list[Record] = []
    for day, was, now in zip(inside, old.reindex(inside), new.reindex(inside), strict=True):
        if was != now:
            values = {"old": _or_none(was), "new": _or_none(now)}
            revisions.append({"date": f"{day:%Y-%m-%d}", **values})
    return Merged(pd.concat([before, new]), tuple(revisions))


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
