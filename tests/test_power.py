"""The power of a study: moments, dollars, and what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import oilshock as osk
from oilshock.config import config_from_dict
from oilshock.inference.power import textbook_minimum
from oilshock.power import NEXT, SHOCKS, PowerResult
from oilshock.results import StudyResult
from oilshock.study import run_study

EVENTS = {"ids": ["iran-attacks-israel-apr2024", "abqaiq-khurais-attack-2019"]}


def study(**tables: object) -> StudyResult:
    return run_study(
        config_from_dict({"study": {"name": "p"}, "events": EVENTS, **tables}, where="p")
    )


@pytest.fixture(scope="module")
def result() -> StudyResult:
    return study(power={"draws": 500})


@pytest.fixture(scope="module")
def power(result: StudyResult) -> PowerResult:
    return result.power()


def test_every_event_and_the_next_session_have_a_row(power: PowerResult) -> None:
    frame = power.minimum
    assert len(frame) == 4 * 3
    assert frame["event_id"].iloc[:3].tolist() == [
        "abqaiq-khurais-attack-2019",
        "iran-attacks-israel-apr2024",
        NEXT,
    ]
    assert (frame["minimum_calibrated"] > 0).all()
    assert (frame["minimum_textbook"] > 0).all()


def test_the_textbook_minimum_of_an_event_follows_its_standard_error(
    result: StudyResult, power: PowerResult
) -> None:
    car = result.car(0, 5)
    rows = power.minimum[(power.minimum["end"] == 5) & (power.minimum["event_id"] != NEXT)]
    expected = textbook_minimum(car["std_error"].to_numpy(), df=119, alpha=0.05, target=0.8)
    np.testing.assert_allclose(rows["minimum_textbook"], expected, rtol=1e-12)
    np.testing.assert_allclose(rows["car"], car["car"], rtol=1e-12)


def test_the_next_session_is_that_after_the_last(power: PowerResult) -> None:
    """Mean model: sigma of the returns N-130..N-11, standard error sigma sqrt(d + d^2 / 120)."""
    returns = np.diff(np.log(osk.load_prices().to_numpy()))
    sigma = returns[len(returns) - 130 : len(returns) - 10].std(ddof=1)
    ahead = power.minimum[(power.minimum["event_id"] == NEXT) & (power.minimum["end"] == 5)]
    expected = textbook_minimum(
        np.array([sigma * np.sqrt(6 + 36 / 120)]), df=119, alpha=0.05, target=0.8
    )
    np.testing.assert_allclose(ahead["minimum_textbook"], expected, rtol=1e-9)


def test_dollars_are_at_the_last_price(power: PowerResult) -> None:
    last = osk.load_prices().iloc[-1]
    assert power.last_price == last
    for kind in ("calibrated", "textbook"):
        move = power.minimum[f"minimum_{kind}"]
        expected = last * (np.exp(move) - 1)
        np.testing.assert_allclose(power.minimum[f"minimum_{kind}_usd"], expected, rtol=1e-12)


def test_dollars_of_simple_and_difference_returns() -> None:
    simple = study(returns={"kind": "simple"}, power={"draws": 100}).power()
    move = simple.minimum["minimum_textbook"]
    np.testing.assert_allclose(
        simple.minimum["minimum_textbook_usd"], move * simple.last_price, rtol=1e-12
    )
    usd = study(returns={"kind": "difference"}, power={"draws": 100}).power()
    np.testing.assert_array_equal(
        usd.minimum["minimum_textbook_usd"], usd.minimum["minimum_textbook"]
    )
    assert usd.curves["shock"].max() == 10.0


def test_a_tenser_moment_needs_a_larger_move(power: PowerResult) -> None:
    day0 = power.minimum[(power.minimum["start"] == 0) & (power.minimum["end"] == 0)]
    calm, tense = day0.iloc[1], day0.iloc[2]  # April 2024; after September 2026
    assert tense["minimum_calibrated"] > 1.5 * calm["minimum_calibrated"]


def test_a_higher_target_needs_a_larger_move(result: StudyResult, power: PowerResult) -> None:
    more = study(power={"draws": 100, "target": 0.95}).power()
    assert (more.minimum["minimum_calibrated"] > power.minimum["minimum_calibrated"]).all()


def test_curves_have_the_shocks_asked_for(power: PowerResult) -> None:
    assert tuple(power.curves["shock"].unique()) == SHOCKS
    own = study(power={"draws": 100, "shocks": [0.0, 0.05], "events": [3]}).power().curves
    assert sorted(own["shock"].unique()) == [0.0, 0.05]
    assert own["n_events"].unique().tolist() == [3]
    t = power.curves[(power.curves["test"] == "t") & (power.curves["end"] == 0)]
    for _, curve in t.groupby("n_events"):
        assert (curve["power"].diff().dropna() > -0.05).all(), "more is found of a larger move"


def test_the_same_seed_gives_the_same_curves(result: StudyResult, power: PowerResult) -> None:
    pd.testing.assert_frame_equal(result.power().curves, power.curves)


def test_a_short_series_has_the_textbook_figure_alone() -> None:
    prices = osk.load_prices().loc["2024-01-02":"2024-10-01"]
    events = osk.load_events().filter(ids=["us-sanctions-iran-apr2024"])
    short = osk.EventStudy(prices, events, estimation=40, window=(-1, 2)).fit().power()
    assert short.minimum["minimum_calibrated"].isna().all()
    assert (short.minimum["minimum_textbook"] > 0).all()
    assert short.minimum["reason"].str.startswith("fewer than 200 placebo sessions").all()
    assert set(short.curves["test"]) == {"t", "cross-sectional"}
