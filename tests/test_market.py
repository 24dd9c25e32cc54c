"""Common sessions: returns that span the same days, and nothing filled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import CLOSE, brent, dated, fit_brent, prices_on

from oilshock.errors import PriceError
from oilshock.market import Factor, build_market
from oilshock.prices import from_series, read_bundled
from oilshock.study import EventStudy


def series_of(values: dict[str, float], *, name: str = "toy") -> pd.Series:
    return pd.Series(values, name=name).rename(index=pd.Timestamp)


def test_returns_span_the_shared_sessions_by_hand() -> None:
    """The factor lacks the 3rd: both returns of the 6th run from the 2nd, over two moves."""
    prices = series_of({"2024-01-02": 100.0, "2024-01-03": 110.0, "2024-01-06": 121.0})
    factor = series_of({"2024-01-01": 7.0, "2024-01-02": 10.0, "2024-01-06": 15.0})
    market = build_market(
        from_series(prices),
        kind="simple",
        factors={"f": Factor(from_series(factor), kind="difference")},
    )
    assert list(market.sessions) == [pd.Timestamp("2024-01-02"), pd.Timestamp("2024-01-06")]
    assert list(market.lost_sessions) == [pd.Timestamp("2024-01-03")]
    np.testing.assert_allclose(market.returns[1], 0.21)
    np.testing.assert_allclose(market.factors[1], [5.0])
    assert np.isnan(market.returns[0])
    assert np.isnan(market.factors[0, 0])
    assert market.prices.tolist() == [100.0, 121.0]


@given(st.sets(st.integers(0, 39), min_size=3), st.sets(st.integers(0, 39), min_size=3))
def test_common_sessions_are_the_shared_days_and_levels_are_never_made_up(
    own: set[int], others: set[int]
) -> None:
    shared = sorted(own & others)
    prices = prices_on(np.exp(np.sin(np.arange(40.0)))).iloc[sorted(own)]
    factor = prices_on(np.exp(np.cos(np.arange(40.0)))).iloc[sorted(others)]
    factors = {"f": Factor(from_series(factor), kind="log")}
    if len(shared) < 2:
        with pytest.raises(PriceError, match="fewer than 2 sessions"):
            build_market(from_series(prices), kind="log", factors=factors)
        return
    market = build_market(from_series(prices), kind="log", factors=factors)
    assert (market.sessions - pd.Timestamp("2020-01-01")).days.tolist() == shared
    np.testing.assert_allclose(market.returns[1:], np.diff(np.sin(shared)), atol=1e-12)
    np.testing.assert_allclose(market.factors[1:, 0], np.diff(np.cos(shared)), atol=1e-12)
    assert len(market.lost_sessions) == len(own - others)


def test_without_factors_every_session_stays() -> None:
    market = build_market(brent(), kind="log", factors={})
    assert market.sessions.equals(brent().prices.index)
    assert len(market.lost_sessions) == 0
    assert market.factors.shape == (len(market.sessions), 0)


def test_the_dollar_costs_sessions_and_they_are_counted() -> None:
    market = fit_brent(dated("2019-09-14"), model="market", factors=["dollar"]).estimates.market
    own, dollar = set(brent().prices.index), set(read_bundled("usd-broad").prices.index)
    assert set(market.sessions) == own & dollar
    assert set(market.lost_sessions) == own - dollar
    inner = market.lost_sessions[market.lost_sessions > market.sessions[0]]
    assert 0 < len(inner) < 500
    assert len(market.sessions) + len(market.lost_sessions) == len(own)


def test_an_event_on_a_day_that_the_factor_lacks_moves_and_says_so() -> None:
    """4 July 2023: London trades, the dollar index has no value."""
    study = fit_brent(dated("2023-07-04"), model="market", factors=["dollar"])
    row = study.events.iloc[0]
    assert f"{row['session']:%Y-%m-%d}" == "2023-07-05"
    assert row[["shift_days", "shift_reason"]].tolist() == [1, "no common session"]
    day0 = study.table("abnormal_returns").query("relative_day == 0")["return"].iloc[0]
    prices = brent().prices
    assert day0 == pytest.approx(np.log(prices["2023-07-05"] / prices["2023-07-03"]))
    plain = fit_brent(dated("2023-07-04")).events.iloc[0]
    assert plain["shift_reason"] == ""


def test_every_reason_of_a_move_is_joined() -> None:
    """Friday after the close, and the Monday is a day that the factor lacks."""
    days = pd.bdate_range("2023-01-02", periods=80)
    wave = pd.Series(80.0 + np.sin(np.arange(80.0)), index=days, name="toy")
    factor = pd.Series(50.0 + np.cos(np.arange(80.0) ** 2), index=days, name="f")
    friday, monday = days[59], days[60]
    assert (friday.day_name(), monday.day_name()) == ("Friday", "Monday")
    event = {"id": "e", "date": f"{friday:%Y-%m-%d}", "time": "20:00Z", "title": "E"}
    options = {"estimation": 20, "gap": 3, "window": (-1, 1), **CLOSE}
    study = EventStudy(wave, [event], model="market", factors=factor.drop(monday), **options)  # type: ignore[arg-type]
    row = study.fit().events.iloc[0]
    assert row["session"] == days[61]
    assert row["shift_days"] == 4
    assert row["shift_reason"] == "after close;no session;no common session"


def test_a_negative_price_is_refused_for_log_returns_of_a_factor_too() -> None:
    prices = prices_on([10.0, 11.0, 12.0, 13.0])
    bad = prices_on([10.0, -37.0, 12.0, 13.0]).rename("bad")
    with pytest.raises(PriceError, match="bad"):
        build_market(
            from_series(prices), kind="log", factors={"bad": Factor(from_series(bad), kind="log")}
        )
    market = build_market(
        from_series(prices),
        kind="log",
        factors={"bad": Factor(from_series(bad), kind="difference")},
    )
    assert market.factors[1:, 0].tolist() == [-47.0, 49.0, 1.0]
