"""Episodes above a level and its last crossing: the spring of 2024, and brute force."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import brent, catalogue, dated, fit_brent, prices_on

from oilshock.levels import Crossing, episodes_above, last_crossing, run_up_return
from oilshock.results import StudyResult
from oilshock.study import EventStudy

# Few values, so that prices at the level and equal peaks are common.
PRICES = st.lists(st.sampled_from([88.0, 89.5, 90.0, 90.5, 95.0]), min_size=1, max_size=30)


@lru_cache
def study() -> StudyResult:
    return fit_brent(catalogue().filter(ids=["iran-attacks-israel-apr2024"]), levels=[90.0])


def april() -> pd.Series:
    frame = study().table("levels")
    inside = (frame["first_session"] <= "2024-04-05") & (frame["last_session"] >= "2024-04-05")
    assert inside.sum() == 1
    return frame[inside].iloc[0]


def test_april_2024() -> None:
    episode = april()
    assert f"{episode['first_session']:%Y-%m-%d}" == "2024-04-03"
    assert f"{episode['last_session']:%Y-%m-%d}" == "2024-04-16"
    assert episode["sessions_above"] == 10
    assert episode["peak"] == 93.12
    assert f"{episode['peak_session']:%Y-%m-%d}" == "2024-04-12"
    assert round(episode["run_up_return"], 4) == 0.0467
    assert round(episode["abnormal_part"], 4) == 0.0527


def test_abnormal_part_is_a_car_with_day_0_nine_sessions_before() -> None:
    sessions = study().estimates.market.sessions
    day0 = sessions[sessions.get_loc(pd.Timestamp("2024-04-03")) - 9]
    car = fit_brent(dated(f"{day0:%Y-%m-%d}"), window=(0, 9)).car(0, 9)
    assert april()["abnormal_part"] == pytest.approx(car["car"].iloc[0], rel=1e-12)


def test_events_of_an_episode_are_known_ones_from_nine_sessions_before_to_its_end() -> None:
    estimates = study().estimates
    first = estimates.market.sessions.get_loc(pd.Timestamp("2024-04-03"))
    last = estimates.market.sessions.get_loc(pd.Timestamp("2024-04-16"))
    positions = estimates.known_positions
    expected = positions[(positions >= first - 9) & (positions <= last)]
    listed = april()["events"].split(";")
    assert listed == expected.index.tolist()
    assert "iran-attacks-israel-apr2024" in listed
    assert len(listed) > 1, "catalogue events outside the study belong to it too"


def test_endogenous_events_are_never_listed() -> None:
    frame = catalogue().to_frame()
    endogenous = set(frame.loc[frame["endogenous"], "id"])
    assert len(endogenous) == 3
    # Asked for by name and kept: still not listed.
    wanted = fit_brent(
        catalogue().filter(ids=sorted(endogenous)),
        include_endogenous=True,
        levels=[20.0, 90.0, 100.0],
    )
    assert set(wanted.estimates.ids) == endogenous
    listed = {name for names in wanted.table("levels")["events"] for name in names.split(";")}
    assert "iran-attacks-israel-apr2024" in listed
    assert not listed & endogenous


def test_an_open_episode_has_no_last_session_and_a_short_history_no_run_up() -> None:
    values = np.full(60, 80.0) + np.sin(np.arange(60))
    values[3:6], values[-2:] = 95.0, 96.0
    options = {"estimation": 12, "gap": 3, "window": (-1, 1), "levels": [90.0]}
    frame = EventStudy(prices_on(values), dated("2020-02-01"), **options).fit().table("levels")  # type: ignore[arg-type]
    assert frame["sessions_above"].tolist() == [3, 2]
    assert frame["last_session"].isna().tolist() == [False, True]
    assert frame["run_up_return"].isna().tolist() == [True, False]
    assert frame["abnormal_part"].isna().tolist() == [True, False]


def test_no_episode_is_an_empty_table_with_its_columns() -> None:
    frame = fit_brent(dated("2024-04-13"), levels=[500.0]).table("levels")
    assert len(frame) == 0
    assert list(frame.columns) == list(study().table("levels").columns)


@given(PRICES)
def test_episodes_equal_brute_force(values: list[float]) -> None:
    found = episodes_above(np.array(values), level=90.0)
    runs: list[list[int]] = []
    for session, price in enumerate(values):
        if price > 90.0:
            if runs and runs[-1][-1] == session - 1:
                runs[-1].append(session)
            else:
                runs.append([session])
    assert len(found) == len(runs)
    for episode, run in zip(found, runs, strict=True):
        assert (episode.first, episode.sessions_above) == (run[0], len(run))
        assert episode.last == (None if run[-1] == len(values) - 1 else run[-1])
        prices = [values[session] for session in run]
        assert episode.peak == max(prices)
        assert episode.peak_session == run[prices.index(max(prices))]


@pytest.mark.parametrize(("first", "short"), [(9, True), (10, False)])
def test_run_up_needs_ten_sessions(first: int, short: bool) -> None:
    prices = np.linspace(80.0, 90.0, 12)
    found = run_up_return(prices, first=first)
    assert np.isnan(found) == short
    if not short:
        assert found == pytest.approx(np.log(prices[10] / 80.0))


def test_run_up_from_a_price_below_zero_is_missing() -> None:
    prices = np.concatenate([[-37.0], np.full(10, 20.0)])
    assert np.isnan(run_up_return(prices, first=10))


@given(PRICES, st.data())
def test_last_crossing_equals_brute_force_and_its_mirror(
    values: list[float], data: st.DataObject
) -> None:
    until = data.draw(st.integers(0, len(values) - 1))
    expected: Crossing | None = None
    side = ""
    for session, price in enumerate(values[: until + 1]):
        now = "above" if price > 90.0 else "below" if price < 90.0 else side
        if side and now != side:
            expected = Crossing(session, now)  # type: ignore[arg-type]
        side = now
    assert last_crossing(np.array(values), level=90.0, until=until) == expected
    # 180 - P swaps the sides exactly; the crossing stays, its side turns.
    mirror = last_crossing(180.0 - np.array(values), level=90.0, until=until)
    if expected is None:
        assert mirror is None
    else:
        assert mirror is not None
        assert mirror.session == expected.session
        assert {mirror.side, expected.side} == {"above", "below"}


def test_90_was_crossed_on_3_april_2024_and_its_mirror_fell_below_it_that_day() -> None:
    prices = brent().prices
    until = prices.index.get_loc(pd.Timestamp("2024-04-15"))
    for values, side in ((prices, "above"), (90.0**2 / prices, "below")):
        found = last_crossing(values.to_numpy(), level=90.0, until=until)
        assert found is not None
        assert (f"{prices.index[found.session]:%Y-%m-%d}", found.side) == ("2024-04-03", side)
