"""Ranks in history."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from oilshock.beyond.history import (
    NO_CATEGORY,
    NO_MOVE,
    NO_OTHER,
    history_frame,
    move_measures,
    rank_of,
    share_smaller,
    strip_frame,
)
from oilshock.inference.volatility import ewma_variance

MOVES = np.array([np.nan, 0.05, -0.03, 0.02, 0.02, 0.0, -0.10])


def test_ranks_on_paper() -> None:
    # Rises: .05, then .02 twice; falls: -.10, -.03.
    assert rank_of(0.05, MOVES) == (1, 6)
    assert rank_of(0.02, MOVES) == (2, 6)
    assert rank_of(-0.10, MOVES) == (1, 6)
    assert rank_of(-0.03, MOVES) == (2, 6)


def test_shares_on_paper() -> None:
    # A rise of .02 against .05, -.03 and .01: two moved less to that side.
    assert share_smaller(0.02, np.array([0.05, -0.03, 0.01])) == pytest.approx(2 / 3)
    # A fall of -.04 against the same: all moved less to that side.
    assert share_smaller(-0.04, np.array([0.05, -0.03, 0.01])) == 1.0
    assert np.isnan(share_smaller(0.02, np.array([np.nan])))


@given(st.lists(st.integers(-20, 20).filter(bool), min_size=1, max_size=40))
def test_ranks_are_those_of_scipy(values: list[int]) -> None:
    moves = np.array(values, dtype=float)
    for move in moves:
        method = rankdata(-moves if move > 0 else moves, method="min")
        assert rank_of(move, moves)[0] == method[moves == move][0]


def test_measures_of_a_move() -> None:
    prices = np.array([50.0, 55.0, 49.5])
    found = move_measures(prices)
    assert found["usd"] == pytest.approx([np.nan, 5.0, -5.5], nan_ok=True)
    assert found["per_cent"] == pytest.approx([np.nan, 0.1, -0.1], nan_ok=True)
    log = np.log([55 / 50, 49.5 / 55])
    before = np.sqrt(ewma_variance(np.concatenate([[np.nan], log])))
    assert found["scaled"][2] == pytest.approx(log[1] / before[1])


def test_prices_at_zero_have_dollars_alone() -> None:
    found = move_measures(np.array([5.0, -1.0, 2.0, 4.0]))
    assert found["usd"].tolist()[1:] == [-6.0, 3.0, 2.0]
    assert np.isnan(found["per_cent"][:3]).all()
    assert found["per_cent"][3] == pytest.approx(1.0)


def frame_of(position: list[int], category: list[str]) -> pd.DataFrame:
    return history_frame(
        [f"e{place}" for place in range(len(position))],
        pd.bdate_range("2024-01-01", periods=7),
        position=np.array(position),
        category=category,
        known={"attack": np.array([1, 2, 3]), "policy": np.array([4])},
        measures={"per_cent": MOVES},
    )


def test_an_event_is_placed_among_the_other_sessions_of_its_category() -> None:
    (row,) = frame_of([3], ["attack"]).to_dict("records")
    assert (row["rank"], row["n_sessions"], row["side"]) == (2, 6, "rise")
    # The others of its category moved .05 and -.03.
    assert (row["n_category"], row["share_smaller"]) == (2, 0.5)
    assert row["reason"] == ""


def test_what_has_no_rank_says_why() -> None:
    frame = frame_of([5, 4, 1, 0], ["attack", "policy", "", "attack"])
    assert frame["reason"].tolist() == [NO_MOVE, NO_OTHER, NO_CATEGORY, "there is no such move"]
    assert frame["rank"].isna().tolist() == [True, False, False, True]


def test_strips_hold_every_move_once() -> None:
    frame = strip_frame({"per_cent": MOVES}, known={"a": np.array([1, 1, 2])}, measure="per_cent")
    assert frame.groupby("strip", sort=False).size().to_dict() == {"all": 6, "a": 2}


def test_the_crash_of_1991_is_in_its_place() -> None:
    # Two facts of the series: the largest falls are those of 21 April 2020 and 17 January 1991.
    import oilshock as osk

    prices = osk.load_prices()
    moves = move_measures(prices.to_numpy())["per_cent"]
    place = {day: prices.index.get_loc(pd.Timestamp(day)) for day in ("2020-04-21", "1991-01-17")}
    ranks = {day: rank_of(moves[at], moves) for day, at in place.items()}
    assert ranks == {"2020-04-21": (1, 9986), "1991-01-17": (2, 9986)}
