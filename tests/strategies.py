"""What several test files build: the bundled series, small studies, random returns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from oilshock.abnormal import AbnormalReturns, abnormal_returns
from oilshock.events import EventCatalogue, load_events
from oilshock.models import build_design, fit_ols
from oilshock.prices import PriceSeries, read_bundled
from oilshock.results import StudyResult
from oilshock.returns import compute_returns
from oilshock.study import EventStudy
from oilshock.typing import Float, Int, Window
from oilshock.windows import estimation_windows, event_windows

CLOSE = {"close": "16:30", "timezone": "Europe/London"}


@lru_cache
def brent() -> PriceSeries:
    return read_bundled("brent-spot")


@lru_cache
def brent_returns() -> Float:
    returns = compute_returns(brent().prices.to_numpy(dtype=np.float64))
    returns.flags.writeable = False
    return returns


@lru_cache
def catalogue() -> EventCatalogue:
    return load_events()


def dated(*dates: str) -> list[dict[str, Any]]:
    """Events known by a date alone; the id is the date."""
    return [{"id": date, "date": date, "title": f"Event of {date}"} for date in dates]


def fit_brent(events: Any, **options: Any) -> StudyResult:
    return EventStudy(brent().prices, events, **{**CLOSE, **options}).fit()


def prices_on(values: Sequence[float] | Float, *, start: str = "2020-01-01") -> pd.Series:
    """Prices on consecutive days, weekends included: session number = days since `start`."""
    days = pd.date_range(start, periods=len(values), freq="D")
    return pd.Series(np.asarray(values, dtype=np.float64), index=days, name="toy")


def mean_model(
    returns: Float, position: Int, *, window: Window, length: int, gap: int
) -> AbnormalReturns:
    """ARs under the mean model, straight from arrays of returns."""
    design = build_design("mean", factors=np.empty((len(returns), 0)), names=())
    estimation = estimation_windows(position, length=length, gap=gap)
    fit = fit_ols(returns[estimation.index], design.x[estimation.index], mask=estimation.mask)
    index, present = event_windows(position, window=window, n_sessions=len(returns))
    return abnormal_returns(returns, design, fit=fit, index=index, present=present, window=window)


def daily_returns(size: int) -> st.SearchStrategy[Float]:
    """Noise of a few per cent plus what hypothesis thinks up, so that no window is constant."""
    bumps = hnp.arrays(np.float64, size, elements=st.floats(-0.25, 0.25, width=32))
    noise = st.integers(0, 2**32 - 1).map(
        lambda seed: np.random.default_rng(seed).normal(0.0, 0.02, size)
    )
    return st.tuples(bumps, noise).map(lambda parts: _without_first(parts[0] + parts[1]))


def _without_first(returns: Float) -> Float:
    returns[0] = np.nan
    return returns


def p_values(*, with_missing: bool = True) -> st.SearchStrategy[Float]:
    value = st.floats(0.0, 1.0)
    element = st.one_of(value, st.just(np.nan)) if with_missing else value
    return st.lists(element, min_size=1, max_size=30).map(np.array)
