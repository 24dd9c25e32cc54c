"""How far series of one unit lay apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.estimates import StudyEstimates
from oilshock.narrative import series_label
from oilshock.price_series import PriceSeries
from oilshock.rolls import JOINED
from oilshock.words import day, number


@dataclass(frozen=True)
class Gap:
    """How far two series of one unit lay apart over the span of a study.

    Parameters
    ----------
    first, second : str
        Labels of the two.
    unit : str
        Their unit.
    session : Timestamp
        Where they lay furthest apart.
    first_price, second_price : float
        Their prices then.
    median : float
        The usual gap over the span, first less second.
    """

    first: str
    second: str
    unit: str
    session: pd.Timestamp
    first_price: float
    second_price: float
    median: float

    @property
    def size(self) -> float:
        """First less second."""
        return self.first_price - self.second_price

    def sentence(self) -> str:
        """Word the largest gap."""
        return (
            f"{self.first} and {self.second} lay furthest apart on {day(self.session)}: "
            f"{number(self.first_price)} and {number(self.second_price)}, a gap of "
            f"{number(self.size, sign='+')} {self.unit} (median over the study's span "
            f"{number(self.median, sign='+')})."
        )


def gaps(estimates: StudyEstimates, compared: Mapping[str, StudyEstimates]) -> list[Gap]:
    """Find where the main series and each other of the same unit lay furthest apart.

    Parameters
    ----------
    estimates : StudyEstimates
        The study on its main series.
    compared : mapping of str to StudyEstimates
        The same study on other series.

    Returns
    -------
    list of Gap
        None for a series of another unit, or of one that is not known.
    """
    start, end = _span(estimates)
    main = estimates.market.series
    found = []
    for other in compared.values():
        series = other.market.series
        if not _is_comparable(main, series):
            continue
        both = pd.concat([main.prices, series.prices], axis=1, join="inner", keys=[0, 1])
        both = both[(both.index >= start) & (both.index <= end)]
        if both.empty:
            continue
        apart = both[0] - both[1]
        at = int(np.argmax(np.abs(apart.to_numpy())))
        found.append(
            Gap(
                series_label(estimates),
                series_label(other),
                main.provenance["unit"],
                pd.Timestamp(both.index[at]),
                float(both[0].iloc[at]),
                float(both[1].iloc[at]),
                float(np.median(apart.to_numpy())),
            )
        )
    return found


def _span(estimates: StudyEstimates, *, more: int = 0) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last session of all event windows, and so many more on both sides."""
    w0, w1 = estimates.abnormal.window
    sessions = estimates.market.sessions
    first = max(int(estimates.position.min()) + w0 - more, 0)
    last = min(int(estimates.position.max()) + w1 + more, len(sessions) - 1)
    return sessions[first], sessions[last]


def _is_comparable(one: PriceSeries, other: PriceSeries) -> bool:
    """Say whether the prices of two series are quotes in one unit."""
    unit = one.provenance.get("unit")
    is_scaled = JOINED in (one.provenance.get("kind"), other.provenance.get("kind"))
    return bool(unit) and unit == other.provenance.get("unit") and not is_scaled


def series_frame(estimates: StudyEstimates, compared: Mapping[str, StudyEstimates]) -> pd.DataFrame:
    """Lay out the prices of the series of one unit round the study's span.

    Parameters
    ----------
    estimates : StudyEstimates
        The study on its main series.
    compared : mapping of str to StudyEstimates
        The same study on other series.

    Returns
    -------
    DataFrame
        Columns series, session, price.
    """
    start, end = _span(estimates, more=20)
    main = estimates.market.series
    shown = [estimates]
    shown += [one for one in compared.values() if _is_comparable(main, one.market.series)]
    frames = []
    for one in shown:
        prices = one.market.series.prices[start:end]
        frame = pd.DataFrame({"session": prices.index, "price": prices.to_numpy()})
        frames.append(frame.assign(series=series_label(one)))
    return pd.concat(frames, ignore_index=True)
