"""Fixtures of the chart tests: real prices and events."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from chart_data import Frames, event_frames, load_events, load_prices


@pytest.fixture(scope="session")
def prices() -> pd.Series:
    return load_prices()


@pytest.fixture(scope="session")
def events(prices: pd.Series) -> pd.DataFrame:
    return load_events(prices)


@pytest.fixture(scope="session")
def crowded(events: pd.DataFrame) -> pd.DataFrame:
    """25 events in six weeks, several on one session."""
    first = events[(events["date"] >= "2026-02-28") & (events["date"] <= "2026-04-18")]
    again = first.iloc[: 25 - len(first)]
    return (
        pd.concat([first, again])
        .sort_values("session", kind="stable")
        .assign(number=range(1, 26))
        .reset_index(drop=True)
    )


@pytest.fixture(scope="session")
def six_months(prices: pd.Series) -> pd.Series:
    return prices.loc["2025-11-15":"2026-05-15"]


@pytest.fixture(scope="session")
def frames_at(prices: pd.Series) -> Callable[[str], Frames]:
    """Return a function that gives the frames of the event of a date."""
    return lambda date: event_frames(prices, int(prices.index.searchsorted(pd.Timestamp(date))))
