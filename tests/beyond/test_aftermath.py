"""What followed events of a kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from oilshock.beyond.aftermath import (
    FEW_EVENTS,
    NONE_KNOWN,
    TOO_FEW,
    Moment,
    OrdinarySessions,
    aftermath_frame,
    moves_after,
    nearest_sessions,
    warnings_for,
)
from oilshock.beyond.kinds import events_of_kind, kind_words

RNG = np.random.default_rng(0)
RETURNS = RNG.normal(0, 0.02, 1500) * np.where(np.arange(1500) < 750, 1.0, 2.0)
PRICES = 80.0 * np.exp(np.cumsum(RETURNS))
POSITION = np.arange(100, 1500)
VARIANCE = np.where(POSITION < 750, 4e-4, 16e-4) * RNG.uniform(0.9, 1.1, len(POSITION))
ORDINARY = OrdinarySessions(POSITION, VARIANCE, VARIANCE.copy())


def frame_of(events: list[int], *, variance: float = 16e-4) -> pd.DataFrame:
    moment = Moment(1500, 100.0, variance, variance)
    return aftermath_frame(
        PRICES,
        events=np.array(events, dtype=int),
        ordinary=ORDINARY,
        moment=moment,
        sessions=(1, 5),
        is_difference=False,
    )[0].set_index(["sessions", "sample"])


def test_moves_run_from_the_close_before() -> None:
    prices = np.array([50.0, 55.0, 60.5, 40.0])
    log = moves_after(prices, np.array([1, 2, 3]), sessions=2, is_difference=False)
    assert np.exp(log[:2]) == pytest.approx([60.5 / 50, 40 / 55])
    assert np.isnan(log[2])


def test_quantiles_are_those_of_the_events() -> None:
    events = [200, 300, 400, 500, 600]
    found = frame_of(events).loc[(5, "events")]
    own = [PRICES[at + 4] / PRICES[at - 1] - 1 for at in events]
    assert found["q50"] == pytest.approx(np.median(own))
    assert found["q05"] == pytest.approx(np.quantile(own, 0.05))
    assert found["usd_q95"] == pytest.approx(100.0 * np.quantile(own, 0.95))
    assert found["share_up"] == np.mean(np.array(own) > 0)
    assert found["n"] == 5


def test_ordinary_sessions_are_those_of_like_volatility() -> None:
    calm, rough = frame_of([200], variance=4e-4), frame_of([200], variance=16e-4)
    spread = [f.loc[(1, "ordinary"), "q95"] for f in (calm, rough)]
    assert spread == pytest.approx([1.645 * 0.02, 1.645 * 0.04], rel=0.3)
    assert calm.loc[(1, "ordinary"), "n"] == len(POSITION) // 5


def test_nearest_sessions_take_the_fifth_on_both_sides() -> None:
    variance = np.arange(1.0, 101.0)
    own = OrdinarySessions(np.arange(100), variance, variance)
    chosen = nearest_sessions(own, Moment(0, 1.0, 50.5, 50.5))
    assert np.flatnonzero(chosen).tolist() == list(range(40, 60))
    top = nearest_sessions(own, Moment(0, 1.0, 1e9, 1.0))
    assert np.flatnonzero(top).tolist() == list(range(80, 100))


def test_scaling_brings_moves_of_calm_times_to_a_rough_moment() -> None:
    # Events in the calm half, a moment with four times the variance: moves about twice as large.
    events = list(range(110, 740, 9))
    found = frame_of(events, variance=16e-4)
    spread = [
        np.log1p(found.loc[(1, sample), "q95"]) - np.log1p(found.loc[(1, sample), "q05"])
        for sample in ("events", "events_scaled")
    ]
    assert spread[1] / spread[0] == pytest.approx(2.0, rel=0.15)
    # Nothing happened on them: about a tenth move more than nine in ten ordinary sessions.
    assert found.loc[(1, "events"), "share_large"] == pytest.approx(0.1, abs=0.1)


def test_no_event_leaves_the_ordinary_sessions() -> None:
    found = frame_of([])
    assert found.loc[(1, "events"), "reason"] == NONE_KNOWN
    assert found.loc[(1, "events"), "n"] == 0
    assert found.loc[(1, "ordinary"), "n"] > 200


def test_too_few_sessions_scale_nothing() -> None:
    few = OrdinarySessions(POSITION[:50], VARIANCE[:50].copy(), VARIANCE[:50].copy())
    frame, _ = aftermath_frame(
        PRICES,
        events=np.array([120]),
        ordinary=few,
        moment=Moment(1500, 100.0, 4e-4, 4e-4),
        sessions=(1,),
        is_difference=True,
    )
    assert frame.set_index("sample")["reason"].to_dict() == {
        "events": "",
        "events_scaled": TOO_FEW,
        "ordinary": "",
    }
    own = frame.set_index("sample").loc["events"]
    assert own["q50"] == own["usd_q50"] == pytest.approx(PRICES[120] - PRICES[119])


def test_events_of_a_kind_are_one_a_session_without_the_own_one() -> None:
    known = pd.DataFrame(
        {
            "position": [5, 3, 3, 9, 10, 7],
            "category": ["a", "a", "a", "a", "a", "b"],
            "direction": ["+", "+", "+", "-", "+", "+"],
        }
    )
    options = {"n_sessions": 10, "left_out": 5}
    plus = events_of_kind(known, category="a", direction="+", **options)
    assert plus["position"].tolist() == [3]
    every = events_of_kind(known, category="", direction="", **options)
    assert every["position"].tolist() == [3, 7, 9]


def test_words() -> None:
    assert kind_words("sanctions", "-") == "sanctions, expected to ease"
    assert warnings_for(FEW_EVENTS, kind="x") == ()
    assert "Only 3 other sessions" in warnings_for(3, kind="x")[0]
    assert "only ordinary sessions speak" in warnings_for(0, kind="x")[0]
