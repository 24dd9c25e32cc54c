"""Returns and the way back, and the USD identities of CARs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import dated, fit_brent

from oilshock.options import ReturnKind
from oilshock.returns import compute_returns, project
from oilshock.typing import Float

KINDS: tuple[ReturnKind, ...] = ("log", "simple", "difference")
PRICES = hnp.arrays(np.float64, st.integers(2, 30), elements=st.floats(5.0, 200.0))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("log", [0.0953102, -0.1053605]), ("simple", [0.1, -0.1]), ("difference", [10.0, -11.0])],
)
def test_by_hand(kind: ReturnKind, expected: list[float]) -> None:
    """100 -> 110 -> 99: the base of a simple return is the earlier price."""
    returns = compute_returns(np.array([100.0, 110.0, 99.0]), kind=kind)
    assert np.isnan(returns[0])
    np.testing.assert_allclose(returns[1:], expected, atol=1e-7)


@given(PRICES, st.sampled_from(KINDS))
def test_projecting_the_returns_gives_the_prices_back(prices: Float, kind: ReturnKind) -> None:
    returns = compute_returns(prices, kind=kind)
    path = project(prices[:1], returns[np.newaxis, 1:], kind=kind)
    np.testing.assert_allclose(path[0], prices[1:], rtol=1e-11)


@given(PRICES, st.floats(0.1, 10.0))
def test_a_change_of_unit_leaves_log_and_simple_returns_alone(prices: Float, unit: float) -> None:
    for kind in ("log", "simple"):
        np.testing.assert_allclose(
            compute_returns(unit * prices, kind=kind),
            compute_returns(prices, kind=kind),
            atol=1e-12,
        )
    np.testing.assert_allclose(
        compute_returns(unit * prices, kind="difference"),
        unit * compute_returns(prices, kind="difference"),
        atol=1e-10,
    )


def test_differences_take_prices_at_or_below_zero() -> None:
    assert compute_returns(np.array([10.0, -37.0, 0.0]), kind="difference")[1:].tolist() == [
        -47.0,
        37.0,
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("window", [(0, 0), (-1, 1), (-5, 10)])
def test_usd_of_a_car_is_the_price_less_the_projected_one(
    kind: ReturnKind, window: tuple[int, int]
) -> None:
    """Written out by the formula of each kind, from the published table alone."""
    study = fit_brent(dated("2022-02-24"), returns=kind)
    a, b = window
    days = study.table("abnormal_returns").set_index("relative_day")
    expected = days.loc[a:b, "expected_return"]
    prices = study.estimates.market.prices
    base = prices[study.estimates.position[0] + a - 1]
    projected = {
        "log": base * np.exp(expected.sum()),
        "simple": base * (1 + expected).prod(),
        "difference": base + expected.sum(),
    }[kind]
    usd = study.car(a, b)["usd"].iloc[0]
    assert usd == pytest.approx(days.loc[b, "price"] - projected, rel=1e-9)
    if kind == "difference":
        assert usd == pytest.approx(study.car(a, b)["car"].iloc[0], rel=1e-9)
