"""Per event and per day, against figures computed elsewhere; tests/reference/README.md."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from reference import (
    LAST_SESSION,
    RELATIVE,
    ReferenceEvent,
    per_day,
    per_window,
    reference_events,
    tests_per_day,
)
from strategies import brent, dated

from oilshock.abnormal import cumulate
from oilshock.inference import corrado_zivney, standardised_ranks
from oilshock.options import ACROSS_TESTS
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
    tests = list(ACROSS_TESTS)
    return EventStudy(series.prices, events, car=[*per_window(), (0, 0)], tests=tests).fit()


def across(name: str) -> pd.DataFrame:
    """Rows of `tests.csv` of one test over all events, by window."""
    tests = study().table("tests")
    rows = tests[(tests["group"] == "all") & (tests["test"] == name)]
    assert (rows["n_events"] == 18).all()
    return rows.set_index(["start", "end"])


def each_day(name: str) -> pd.DataFrame:
    return across(name).loc[[(day, day) for day in range(-5, 11)]]


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


PER_DAY = {
    "cross_sectional_t": "cross-sectional",
    "patell_z": "patell",
    "bmp_t": "bmp",
    "sign_z": "sign",
    "generalized_sign_z": "generalized-sign",
    "corrado_rank_z": "rank",
    "brown_warner_1985_t": "crude-dependence",
    "wilcoxon_v": "wilcoxon",
}


def test_every_test_of_the_reference_is_checked() -> None:
    assert set(tests_per_day()) == set(PER_DAY) | {"aar"}
    assert set(PER_DAY.values()) <= set(ACROSS_TESTS)


@pytest.mark.parametrize(("theirs", "ours"), PER_DAY.items(), ids=PER_DAY)
def test_statistic_of_each_day(theirs: str, ours: str) -> None:
    """All 16 days differ in the reference: a test that repeats the first day's value fails."""
    expected = per_day(theirs)["statistic"]
    found = each_day(ours)["statistic"].to_numpy()
    np.testing.assert_allclose(found, expected, rtol=RELATIVE, atol=1e-13)
    if ours == "rank":
        assert len(set(found)) == 16


@pytest.mark.parametrize("theirs", ["cross_sectional_t", "patell_z", "bmp_t"])
def test_p_value_of_each_day(theirs: str) -> None:
    found = each_day(PER_DAY[theirs])["p_value"].to_numpy()
    np.testing.assert_allclose(found, per_day(theirs)["p_value"], rtol=RELATIVE)


def test_complete_events_give_corrado_z_whatever_the_missing_day_correction() -> None:
    """Ranks divided by 1 + M are the same ranks when no event lacks a day."""
    estimates = study().estimates
    fit, ar = estimates.abnormal.fit, estimates.abnormal.ar
    ranks = standardised_ranks(np.hstack([fit.residuals, ar]))
    found = [corrado_zivney(ranks, days=np.array([120 + day])).statistic for day in range(16)]
    expected = per_day("corrado_rank_z")["statistic"]
    np.testing.assert_allclose(found, expected, rtol=RELATIVE, atol=1e-13)


@pytest.mark.parametrize("window", list(per_window()))
@pytest.mark.parametrize("theirs", ["cross_sectional_t", "bmp_t", "sign_z", "generalized_sign_z"])
def test_statistic_of_each_window(window: tuple[int, int], theirs: str) -> None:
    found = across(PER_DAY[theirs]).loc[window, "statistic"]
    assert found == pytest.approx(per_window()[window][theirs], rel=RELATIVE, abs=1e-13)


@pytest.mark.parametrize("window", list(per_window()))
def test_patell_of_a_window_differs_from_the_serially_independent_form_by_a_known_factor(
    window: tuple[int, int],
) -> None:
    """The reference adds daily SARs and divides by sqrt(m Q), Q the summed (M-1)/(M-3).

    That is rebuilt here. Ours divides the CAR by its full standard error: it is smaller by
    sqrt((1 + 1/L) / (1 + m/L)), the estimation error that all days of the window share.
    """
    estimates = study().estimates
    abnormal, days = estimates.abnormal, window[1] - window[0] + 1
    sar = abnormal.ar / (abnormal.fit.sigma[:, None] * np.sqrt(1 + 1 / 120))
    q = 18 * 119 / 117
    rebuilt = sar[:, abnormal.columns(window)].sum() / np.sqrt(days * q)
    theirs = per_window()[window]["patell_z_serially_independent"]
    assert rebuilt == pytest.approx(theirs, rel=RELATIVE)
    factor = np.sqrt((1 + 1 / 120) / (1 + days / 120))
    ours = across("patell").loc[window, "statistic"]
    assert ours == pytest.approx(theirs * factor, rel=RELATIVE)
    found = cumulate(abnormal, window=window)
    by_hand = (found.car / found.std_error).sum() / np.sqrt(q)
    assert ours == pytest.approx(by_hand, rel=1e-12)
