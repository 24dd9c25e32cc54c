"""Rolls of futures: joined without jumps, and marked where they were joined with them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oilshock.errors import PriceError
from oilshock.rolls import (
    continuous_finding,
    delivery_month,
    join_contracts,
    suspicious_rolls,
)

DAYS = pd.bdate_range("2024-04-22", "2024-05-10")  # 15 sessions; April ends on day 6


def contract(prices: list[float], *, start: int = 0) -> pd.Series:
    return pd.Series(prices, DAYS[start : start + len(prices)], dtype=float)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("BRNM4", (2024, 6)),
        ("BRNM24", (2024, 6)),
        ("M2024", (2024, 6)),
        ("Jun24", (2024, 6)),
        ("Jun-24", (2024, 6)),
        ("June 2024", (2024, 6)),
        ("2024-06", (2024, 6)),
        ("Brent 202406", (2024, 6)),
        ("BRNF3", (2033, 1)),
        ("BRNF5", (2025, 1)),
        ("CO1 Comdty", None),
        ("2024-13", None),
        ("front", None),
    ],
)
def test_the_month_of_delivery(name: str, month: tuple[int, int] | None) -> None:
    assert delivery_month(name, first_year=2024) == month


def test_the_return_of_the_roll_day_is_that_of_the_new_contract() -> None:
    # May is held to its last session but one (roll_days = 1), 23 April; June follows.
    old = contract([80.0, 84.0, 100.0])
    new = contract([90.0, 91.0, 95.0, 96.0])
    joined = join_contracts({"M24": new, "K24": old}, roll_days=1)
    # Ratio on 23 April: 91 / 84; so 80 becomes 80 x 91 / 84 = 86.667, and 84 becomes 91.
    assert joined.rolls == (("2024-04-24", "K24", "M24", pytest.approx(91 / 84)),)
    assert joined.prices.tolist() == pytest.approx([80 * 91 / 84, 91.0, 95.0, 96.0])
    returns = joined.prices.pct_change().dropna().tolist()
    assert returns == pytest.approx([84 / 80 - 1, 95 / 91 - 1, 96 / 95 - 1])
    assert "2024-04-24 K24 to M24 (ratio 1.0833)" in joined.finding().message


def test_two_rolls_scale_twice() -> None:
    first, second = contract([10.0, 10.0]), contract([20.0, 20.0, 22.0])
    third = contract([5.0, 5.0, 5.5, 6.0])
    joined = join_contracts({"K4": first, "M4": second, "N4": third}, roll_days=0)
    # Rolls after day 1 (ratio 20/10 = 2) and after day 2 (ratio 5.5/22 = 1/4).
    assert joined.prices.tolist() == pytest.approx([5.0, 5.0, 5.5, 6.0])
    assert [day for day, *_ in joined.rolls] == ["2024-04-24", "2024-04-25"]


def test_a_contract_that_still_trades_is_held() -> None:
    joined = join_contracts({"K24": contract([1.0] * 5), "M24": contract([2.0] * 5)}, roll_days=1)
    assert joined.rolls == ()
    assert joined.prices.tolist() == [1.0] * 5


@given(
    st.lists(st.floats(20, 150), min_size=15, max_size=15),
    st.floats(0.8, 1.25),
    st.integers(0, 5),
)
def test_a_constant_spread_between_contracts_leaves_the_returns(
    prices: list[float], ratio: float, roll_days: int
) -> None:
    spot = np.array(prices)
    old, new = contract(list(spot[:10])), contract(list(ratio * spot))
    joined = join_contracts({"K24": old, "M24": new}, roll_days=roll_days)
    assert joined.prices.to_numpy() == pytest.approx(ratio * spot)
    assert len(joined.rolls) == 1


@pytest.mark.parametrize(
    ("contracts", "words"),
    [
        ({"front": contract([1.0] * 3), "M24": contract([1.0] * 5)}, '"front" name no month'),
        ({"K24": contract([1.0] * 3), "May24": contract([1.0] * 5)}, "same month of delivery"),
        ({"K24": contract([1.0] * 3), "M24": contract([1.0] * 5, start=3)}, "M24 has no price on"),
        ({"K24": contract([1.0]), "M24": contract([1.0] * 5)}, "K24 is past its roll"),
        (
            {"K24": contract([1.0, -36.98, 1.0]), "M24": contract([1.0] * 5)},
            "2024-04-23 has a price",
        ),
    ],
)
def test_what_cannot_be_joined_says_why(contracts: dict[str, pd.Series], words: str) -> None:
    with pytest.raises(PriceError, match=words):
        join_contracts(contracts, roll_days=1)


def market(n: int = 250) -> tuple[pd.Series, pd.Series]:
    """Spot, and futures that follow it closely."""
    days = pd.bdate_range("2023-06-01", periods=n)
    rng = np.random.default_rng(7)
    spot = 80 * np.exp(np.cumsum(rng.normal(scale=0.02, size=n)))
    futures = spot * np.exp(rng.normal(scale=0.002, size=n))
    return pd.Series(futures, days), pd.Series(spot, days)


def test_no_jump_no_suspicion() -> None:
    futures, spot = market()
    assert suspicious_rolls(futures, spot) is None


def test_a_jump_at_the_end_of_a_month_is_marked() -> None:
    futures, spot = market()
    futures[futures.index >= "2024-01-31"] *= 1.04
    finding = suspicious_rolls(futures, spot)
    assert finding is not None
    assert finding.dates == ("2024-01-31",)
    assert "2024-01-31 (+" in finding.message


@pytest.mark.parametrize("day", ["2024-01-16", "2024-02-12"])
def test_a_jump_in_the_middle_of_a_month_is_news(day: str) -> None:
    futures, spot = market()
    futures[futures.index >= day] *= 1.04
    assert suspicious_rolls(futures, spot) is None


def test_a_move_after_the_assessment_of_spot_is_no_roll() -> None:
    futures, spot = market()
    futures["2024-01-31"] *= 1.04  # spot follows, so to speak, the day after
    assert suspicious_rolls(futures, spot) is None


def test_prices_of_zero_or_less_are_left_alone() -> None:
    futures, spot = market()
    futures["2024-01-30"] = -36.98
    assert suspicious_rolls(futures, spot) is None


def test_the_warning_names_the_series() -> None:
    assert continuous_finding("Brent futures").message.startswith("Brent futures is a continuous")
