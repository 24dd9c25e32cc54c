"""Paths of single events: peak, half-life and the reversal test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from oilshock.beyond.classes import ProjectionChoices
from oilshock.beyond.paths import (
    EventPaths,
    Reversals,
    event_frame,
    placebo_paths,
    test_reversals,
)
from oilshock.inference.response import NEVER_LEFT
from oilshock.models import build_design
from oilshock.placebo import EventPlacebos, build_pool

HORIZON = 20


def placebos(position: list[int], *, n: int = 2500, past_only: bool = False) -> EventPlacebos:
    rng = np.random.default_rng(5)
    returns = rng.normal(0, 0.02, n)
    returns[0] = np.nan
    design = build_design("mean", factors=np.empty((n, 0)), names=())
    pool = build_pool(
        returns, design, length=60, gap=5, window=(0, HORIZON), left_out=np.array([], dtype=int)
    )
    return EventPlacebos(pool, np.array(position), np.full(len(position), 0.02), past_only)


def test_placebo_paths_are_the_cumulated_abnormal_returns() -> None:
    own = placebos([500]).pool
    paths = placebo_paths(own, horizon=HORIZON)
    assert paths.shape == (len(own), HORIZON + 1)
    returns = np.diff(own.fit.running_y)
    place = 300
    position, beta = own.position[place], own.fit.beta[own.used][place, 0]
    expected = np.cumsum(returns[position : position + HORIZON + 1] - beta)
    assert paths[place] == pytest.approx(expected, abs=1e-12)


def test_reversals_are_ranked_among_placebos_that_went_through_the_same_search() -> None:
    own = placebos([700, 1200])
    ordinary = placebo_paths(own.pool, horizon=HORIZON)
    rows = np.searchsorted(own.pool.position, own.position)
    found = test_reversals(ordinary[rows], own, ordinary=ordinary, peak_within=5, sessions=10)
    for event in range(2):
        # The slow twin: one placebo after the other.
        def back(path: np.ndarray, position: int) -> tuple[float, float]:
            peak = int(np.argmax(np.abs(path[:6])))
            gone = -np.sign(path[peak]) * (path[peak + 10] - path[peak])
            return gone, gone / np.sqrt(own.pool.variance[position + peak])

        mine = back(ordinary[rows[event]], int(own.position[event]))
        others = [
            back(path, int(position))[1]
            for path, position in zip(ordinary, own.pool.position, strict=True)
            if abs(position - own.position[event]) > own.pool.reach
        ]
        assert found.back[event] == pytest.approx(mine[0])
        larger = sum(other >= mine[1] for other in others)
        assert found.n_placebos[event] == len(others)
        assert found.p_value[event] == pytest.approx((1 + larger) / (len(others) + 1))


def test_p_values_of_ordinary_sessions_are_uniform_though_peaks_are_picked() -> None:
    own = placebos(list(range(400, 2300, 19)))
    ordinary = placebo_paths(own.pool, horizon=HORIZON)
    rows = np.searchsorted(own.pool.position, own.position)
    found = test_reversals(ordinary[rows], own, ordinary=ordinary, peak_within=5, sessions=10)
    # 100 p values: the mean has a standard error of 0.03.
    assert found.p_value.mean() == pytest.approx(0.5, abs=0.1)
    assert (found.p_value < 0.1).mean() < 0.22


def test_a_move_turned_back_at_once_has_a_small_p_value() -> None:
    own = placebos([1000])
    ordinary = placebo_paths(own.pool, horizon=HORIZON)
    path = np.where(np.arange(HORIZON + 1) < 3, 0.25, -0.1)[np.newaxis]
    found = test_reversals(path, own, ordinary=ordinary, peak_within=5, sessions=10)
    assert found.back[0] == pytest.approx(0.35)
    assert found.p_value[0] < 0.01


def test_past_only_ranks_among_sessions_before() -> None:
    every, past = placebos([1000]), placebos([1000], past_only=True)
    ordinary = placebo_paths(every.pool, horizon=HORIZON)
    path = ordinary[[500]]
    n = [
        test_reversals(path, own, ordinary=ordinary, peak_within=5, sessions=10).n_placebos[0]
        for own in (every, past)
    ]
    assert n[1] == (every.pool.position < 1000 - every.pool.reach).sum()
    assert n[0] > n[1]


def test_a_path_that_ends_too_early_is_not_tested() -> None:
    own = placebos([1000])
    ordinary = placebo_paths(own.pool, horizon=HORIZON)
    short = ordinary[[500]].copy()
    short[0, 8:] = np.nan
    found = test_reversals(short, own, ordinary=ordinary, peak_within=5, sessions=10)
    assert np.isnan(found.p_value[0])


def test_the_frame_says_what_is_not_defined() -> None:
    sessions = pd.bdate_range("2024-01-01", periods=100)
    car = np.array([[0.01, 0.08, 0.02, 0.02], [0.01, 0.0, 0.01, np.nan]])
    frame = event_frame(
        ("a", "b"),
        sessions,
        position=np.array([10, 96]),
        paths=EventPaths(car, np.full((2, 3), 0.05)),
        reversals=Reversals(np.zeros(2), np.full(2, 0.5), np.array([300, 300])),
        choices=ProjectionChoices(horizon=3, peak_within=2, given_back=(2, 3)),
    )
    a, b = frame.to_dict("records")
    assert (a["peak_day"], a["peak"], a["half_life"], a["reason"]) == (1, 0.08, 1.0, "")
    assert a["given_back_2"] == pytest.approx(0.75)
    assert a["peak_session"] == sessions[11]
    assert np.isnan(b["half_life"])
    assert np.isnan(b["given_back_2"])
    assert (b["last_day"], b["reason"]) == (2, f"{NEVER_LEFT}; prices end on session 2")
