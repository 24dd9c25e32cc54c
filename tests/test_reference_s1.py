"""Per event and per day, against figures computed elsewhere; tests/reference/README.md."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np
import pytest
from reference import LAST_SESSION, RELATIVE, ReferenceEvent, per_day, per_window, reference_events
from strategies import brent, dated

from oilshock.prices import clip
from oilshock.results import StudyResult
from oilshock.study import EventStudy

EVENTS = reference_events()
EXACT = 1e-16
"""Absolute floor for figures that are 0 up to rounding."""


@lru_cache
def study() -> StudyResult:
    series = clip(brent(), start=None, end=dt.date.fromisoformat(LAST_SESSION))
    events = dated(*(event.date for event in EVENTS))
    return EventStudy(series.prices, events, car=[*per_window(), (0, 0)]).fit()


def test_there_are_18_events_all_kept() -> None:
    assert len(EVENTS) == 18
    assert study().events["status"].tolist() == ["ok"] * 18
    assert study().estimates.market.sessions[-1].strftime("%Y-%m-%d") == LAST_SESSION


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.date)
def test_event(event: ReferenceEvent) -> None:
    estimates = study().estimates
    row = estimates.ids.index(event.date)
    assert f"{estimates.ledger['session'].iloc[row]:%Y-%m-%d}" == event.session
    assert event.relative_day == tuple(range(-5, 11))
    np.testing.assert_allclose(estimates.abnormal.ar[row], event.ar, rtol=RELATIVE, atol=EXACT)
    np.testing.assert_allclose(
        estimates.abnormal.ar[row], event.ar_estudy2, rtol=RELATIVE, atol=EXACT
    )
    assert estimates.abnormal.fit.sigma[row] == pytest.approx(event.sigma, rel=RELATIVE)
    assert estimates.abnormal.fit.df[row] == event.df == 119


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.date)
def test_t_with_and_without_the_forecast_error(event: ReferenceEvent) -> None:
    estimates = study().estimates
    row = estimates.ids.index(event.date)
    without = estimates.abnormal.ar[row] / estimates.abnormal.fit.sigma[row]
    np.testing.assert_allclose(without, event.t_without_forecast_error, rtol=RELATIVE, atol=1e-14)
    frame = study().table("abnormal_returns")
    ours = frame.loc[frame["event_id"] == event.date, "t_stat"].to_numpy()
    np.testing.assert_allclose(
        ours, event.t_without_forecast_error / np.sqrt(1 + 1 / 120), rtol=RELATIVE, atol=1e-14
    )


def test_aar_of_each_day() -> None:
    average = study().table("average")
    ours = average.loc[average["group"] == "all", "aar"].to_numpy()
    np.testing.assert_allclose(ours, per_day("aar")["statistic"], rtol=RELATIVE, atol=EXACT)


def test_cross_sectional_error_of_each_day() -> None:
    average = study().table("average").query("group == 'all'")
    ours = (average["aar"] / average["aar_std_error"]).to_numpy()
    expected = per_day("cross_sectional_t")["statistic"]
    np.testing.assert_allclose(ours, expected, rtol=RELATIVE)


@pytest.mark.parametrize("window", list(per_window()))
def test_caar_of_each_window(window: tuple[int, int]) -> None:
    cars = study().car(*window)["car"]
    assert len(cars) == 18
    assert cars.mean() == pytest.approx(per_window()[window]["caar"], rel=RELATIVE)
    t = cars.mean() / (cars.std(ddof=1) / np.sqrt(18))
    assert t == pytest.approx(per_window()[window]["cross_sectional_t"], rel=RELATIVE)
