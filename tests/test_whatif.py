"""The path without the event: its identities, its band, its probabilities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from strategies import brent, daily_returns, dated, fit_brent, mean_model

from oilshock.errors import ConfigError
from oilshock.options import ReturnKind
from oilshock.typing import Float
from oilshock.whatif import WhatIf, student_forecast, what_if

KINDS: tuple[ReturnKind, ...] = ("log", "simple", "difference")
EVENT = "2024-04-13"
SIZE, WINDOW = 60, (-2, 4)


def path_of(returns: Float, *, kind: ReturnKind = "log", levels: tuple[float, ...] = ()) -> WhatIf:
    prices = 80.0 * np.exp(np.nancumsum(returns))
    position = np.array([30, 45])
    abnormal = mean_model(returns, position, window=WINDOW, length=15, gap=3)
    forecast = student_forecast(abnormal, alpha=0.05)
    return what_if(prices, abnormal, position=position, kind=kind, forecast=forecast, levels=levels)


def test_by_hand() -> None:
    """Estimation returns 1, 3, 2, 2 per cent: mean 2, sigma^2 = 2/3, t(3) at 2.5 % = 3.182446.

    Base 100: the path is 100 e^0.02 = 102.02013, then 100 e^0.04 = 104.08108. Its log has
    variance sigma^2 (1 + 1/4) = 5/6, then sigma^2 (2 + 4/4) = 2 (in per cent squared).
    """
    returns = np.array([np.nan, 0.01, 0.03, 0.02, 0.02, 0.99, 0.05, 0.04])
    abnormal = mean_model(returns, np.array([6]), window=(0, 1), length=4, gap=1)
    prices = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 100.0, 105.0, 110.0])
    path = what_if(
        prices,
        abnormal,
        position=np.array([6]),
        kind="log",
        forecast=student_forecast(abnormal, alpha=0.05),
        levels=(100.0,),
    )
    np.testing.assert_allclose(path.expected_price, [[102.02013, 104.08108]], atol=1e-5)
    np.testing.assert_allclose(path.usd, [[2.97987, 5.91892]], atol=1e-5)
    half = 3.182446 * 0.01 * np.sqrt([[5 / 6, 2.0]])
    np.testing.assert_allclose(np.log(path.high / path.expected_price), half, rtol=1e-6)
    np.testing.assert_allclose(np.log(path.low / path.expected_price), -half, rtol=1e-6)
    chance = stats.t.cdf([[0.02 / 0.01 / np.sqrt(5 / 6), 0.04 / 0.01 / np.sqrt(2)]], 3)
    np.testing.assert_allclose(path.p_above[0], chance, rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_identities_of_the_table(kind: ReturnKind) -> None:
    study = fit_brent(dated(EVENT), returns=kind, levels=[90.0])
    frame = study.table("whatif").set_index("relative_day")
    days = study.table("abnormal_returns").set_index("relative_day")
    before, after = frame.loc[:-1], frame.loc[0:]
    assert len(before) == 5
    for column in ("expected_price", "low", "high"):
        pd.testing.assert_series_equal(before[column], before["price"], check_names=False)
    assert (before["usd"] == 0).all()
    expected_chance = (before["price"] > 90).astype(float)
    pd.testing.assert_series_equal(before["p_above_90"], expected_chance, check_names=False)
    expected, base = days.loc[0:, "expected_return"], frame.loc[-1, "price"]
    path = {
        "log": base * np.exp(expected.cumsum()),
        "simple": base * (1 + expected).cumprod(),
        "difference": base + expected.cumsum(),
    }[kind]
    np.testing.assert_allclose(after["expected_price"], path, rtol=1e-12)
    np.testing.assert_allclose(after["usd"], after["price"] - path, atol=1e-10)
    assert (after["low"] < after["expected_price"]).all()
    assert (after["expected_price"] < after["high"]).all()
    # The same figure as the CAR in USD/bbl of that day.
    assert study.car(0, 7)["usd"].iloc[0] == pytest.approx(frame.loc[7, "usd"])


@pytest.mark.parametrize("kind", KINDS)
@given(returns=daily_returns(SIZE), levels=st.lists(st.floats(20.0, 300.0), min_size=2, max_size=6))
def test_chance_falls_with_the_level_and_the_band_holds_the_median(
    kind: ReturnKind, returns: Float, levels: list[float]
) -> None:
    path = path_of(returns, kind=kind, levels=tuple(sorted(levels)))
    assert ((path.p_above >= 0) & (path.p_above <= 1)).all()
    assert (np.diff(path.p_above, axis=0) <= 1e-12).all()
    assert (path.low <= path.expected_price).all()
    assert (path.expected_price <= path.high).all()


@pytest.mark.parametrize("kind", KINDS)
def test_chances_and_band_come_from_one_law(kind: ReturnKind) -> None:
    """Above the median with 50 %, above the low edge with 97.5 %, above the high with 2.5 %."""
    returns = np.concatenate([[np.nan], np.random.default_rng(1).normal(0, 0.01, SIZE - 1)])
    plain = path_of(returns, kind=kind)
    for row in range(2):
        for column in range(2, 7):
            levels = tuple(
                float(values[row, column])
                for values in (plain.low, plain.expected_price, plain.high)
            )
            chances = path_of(returns, kind=kind, levels=levels).p_above[:, row, column]
            np.testing.assert_allclose(chances, [0.975, 0.5, 0.025], atol=1e-9)


def test_before_day_0_the_chance_is_whether_the_price_was_strictly_above() -> None:
    study = fit_brent(dated(EVENT))
    before = study.table("whatif").query("relative_day < 0")["price"].to_numpy()
    assert len(set(before)) == 5
    for level in before:
        found = study.what_if(EVENT, level=level).to_frame().iloc[:5, -1]
        assert found.tolist() == [float(price > level) for price in before]


def test_the_band_widens_from_day_to_day() -> None:
    frame = fit_brent(dated(EVENT)).table("whatif").query("relative_day >= 0")
    assert (np.diff(np.log(frame["high"] / frame["low"])) > 0).all()


def test_a_wider_confidence_gives_a_wider_band() -> None:
    narrow = fit_brent(dated(EVENT), alpha=0.1).table("whatif").query("relative_day == 0").iloc[0]
    wide = fit_brent(dated(EVENT), alpha=0.01).table("whatif").query("relative_day == 0").iloc[0]
    assert wide["low"] < narrow["low"] < narrow["expected_price"] < narrow["high"] < wide["high"]
    assert wide["expected_price"] == narrow["expected_price"]


def test_days_after_the_last_session_are_no_rows() -> None:
    frame = fit_brent(dated("2026-09-25"), levels=[90.0]).table("whatif")
    assert frame["session"].max() == brent().prices.index[-1]
    assert frame.notna().all(axis=None)
    assert frame["relative_day"].max() == 2


def test_level_columns_are_the_shortest_decimals_in_order() -> None:
    frame = fit_brent(dated(EVENT), levels=[92.5, 90.0]).table("whatif")
    assert list(frame.columns[-2:]) == ["p_above_92.5", "p_above_90"]


def test_what_if_of_one_event_at_a_level() -> None:
    study = fit_brent(dated("2019-09-14", EVENT))
    found = study.what_if(EVENT, level=90.0)
    assert found.levels == (90.0,)
    assert set(found.to_frame()["event_id"]) == {EVENT}
    assert "p_above_90" in found.to_frame()
    with pytest.raises(ConfigError, match="above 0"):
        study.what_if(EVENT, level=-5.0)
    with pytest.raises(ConfigError, match="not in the study"):
        study.what_if("nothing", level=90.0)
