"""Classes of events: dummies, responses, shapes, and the words for what is not defined."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from oilshock.beyond.classes import (
    FEWEST_EVENTS,
    ProjectionChoices,
    class_dynamics,
    event_dummies,
    shape_columns,
    shape_reason,
    undefined,
)
from oilshock.inference.local_projection import local_projection, pointwise_critical
from oilshock.inference.response import NEVER_LEFT, NO_RESPONSE

CHOICES = ProjectionChoices(horizon=12, peak_within=5, given_back=(3, 8), draws=100)


def moves(*, size: float, back: float = 0.0, n: int = 3000, every: int = 50) -> tuple:
    """Draw returns with events here and there: up on day 0, back on day 2."""
    rng = np.random.default_rng(0)
    returns = rng.normal(0, 0.01, n)
    dummy = np.zeros(n)
    dummy[rng.choice(np.arange(20, n - 20), size=n // every, replace=False)] = 1.0
    returns += size * dummy - back * np.roll(dummy, 2)
    returns[0] = np.nan
    return returns, dummy


def test_dummies_of_each_value_and_of_the_sign() -> None:
    events = pd.DataFrame(
        {
            "position": [2, 2, 5, 5, 5, 7, 0, 9],
            "direction": ["+", "+", "+", "-", "-", "0", "+", "-"],
            "category": ["a", "b", "a", "a", "", "b", "a", "a"],
        }
    )
    found = event_dummies(events, columns=["direction", "category"], n_sessions=9)
    sessions = {name: np.flatnonzero(dummy).tolist() for name, dummy in found.items()}
    # Session 0 has no return and session 9 is not there; an empty value is no class.
    assert sessions == {
        "direction=+": [2, 5],
        "direction=-": [5],
        "direction=0": [7],
        "category=a": [2, 5],
        "category=b": [2, 7],
        "signed": [2, 5],
    }
    assert found["direction=+"][2] == 1.0
    assert (found["signed"][2], found["signed"][5]) == (1.0, -1.0)


def test_a_response_has_interval_and_wider_band() -> None:
    returns, dummy = moves(size=0.03)
    frame, _ = class_dynamics(returns, {"x": dummy}, choices=CHOICES)
    twin = local_projection(returns, dummy, horizon=12)
    half = pointwise_critical(twin, alpha=0.05) * twin.std_error
    assert frame["response"].to_numpy() == pytest.approx(twin.response)
    assert (frame["ci_high"] - frame["response"]).to_numpy() == pytest.approx(half)
    assert (frame["band_high"] > frame["ci_high"]).all()
    assert frame["n_events"].tolist() == [60] * 13


def test_a_move_given_back_has_a_short_half_life() -> None:
    returns, dummy = moves(size=0.05, back=0.04)
    _, shapes = class_dynamics(returns, {"x": dummy}, choices=CHOICES)
    row = shapes.iloc[0]
    # 5 % on days 0 and 1, 1 % from day 2 on: half of it is gone on day 2, four fifths stay gone.
    assert row["half_life"] == 2
    assert row["peak_day"] in (0, 1)
    assert row["base_response"] == pytest.approx(0.05, abs=0.005)
    assert row["given_back_3"] == pytest.approx(0.8, abs=0.15)
    assert row["given_back_3_low"] < 0.8 < row["given_back_3_high"]
    assert (row["half_life_low"], row["half_life_high"]) == (2, 2)
    assert row["reason"] == ""


def test_a_move_that_lasts_has_an_open_half_life() -> None:
    returns, dummy = moves(size=0.05)
    _, shapes = class_dynamics(returns, {"x": dummy}, choices=CHOICES)
    row = shapes.iloc[0]
    assert np.isnan([row["half_life"], row["half_life_high"]]).all()
    assert row["reason"] == "half-life not reached by session 12"
    assert row["given_back_8_low"] < 0 < row["given_back_8_high"]


def test_shares_are_those_of_the_base_session() -> None:
    # Half of the move comes a session late: of what stands on session 1 nothing is given back.
    returns, dummy = moves(size=0.03, back=0.0)
    returns[1:] += 0.03 * np.roll(dummy, 1)[1:]
    late = ProjectionChoices(horizon=12, peak_within=5, given_back=(3, 8), draws=100, base=1)
    zero, one = (
        class_dynamics(returns, {"x": dummy}, choices=choices)[1].iloc[0]
        for choices in (CHOICES, late)
    )
    assert zero["given_back_3"] == pytest.approx(-1.0, abs=0.25)
    assert one["given_back_3"] == pytest.approx(0.0, abs=0.15)


def test_no_move_has_no_half_life() -> None:
    returns, dummy = moves(size=0.0)
    _, shapes = class_dynamics(returns, {"x": dummy}, choices=CHOICES)
    assert shapes["reason"].tolist() == [NO_RESPONSE]
    decay = [name for name in shapes if name.startswith(("half_life", "given_back"))]
    assert shapes[decay].isna().all(axis=None)
    assert shapes[["peak", "base_response"]].notna().all(axis=None)


def test_a_late_response_has_no_share_of_the_day_before_it() -> None:
    returns, dummy = moves(size=0.0)
    returns[1:] += 0.05 * np.roll(dummy, 3)[1:]
    _, shapes = class_dynamics(returns, {"x": dummy}, choices=CHOICES)
    expected = "not defined: the response on session 0 is inside its band"
    assert shapes["reason"].tolist() == [expected]


def test_too_few_events_are_a_row_with_the_reason() -> None:
    returns, _ = moves(size=0.0)
    dummy = np.zeros(len(returns))
    dummy[100 : 100 + FEWEST_EVENTS - 1] = 1.0
    frame, shapes = class_dynamics(returns, {"x": dummy}, choices=CHOICES)
    assert frame.empty
    assert shapes["reason"].tolist() == ["needs 10 sessions with an event, has 9"]
    assert list(shapes.columns) == shape_columns((3, 8))


def test_words_for_what_is_not_defined() -> None:
    band = np.ones(4)
    assert undefined(np.array([0.5, 2.0, 0, 0]), band, peak_within=2) == ""
    assert undefined(np.zeros(4), band, peak_within=2) == NEVER_LEFT
    late = undefined(np.array([0, 0, 0, 2.0]), band, peak_within=2)
    assert late == "not defined: CAR was inside the path band up to session 2"
    assert undefined(np.ones(4), np.full(4, np.nan), peak_within=2).endswith("there is no band")
    assert shape_reason(np.inf, 4.0, CHOICES) == (
        "half-life not reached by session 12; "
        "no share given back by session 3: the peak comes later"
    )
