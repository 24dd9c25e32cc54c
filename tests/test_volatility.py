"""The EWMA variance against the recursion written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from strategies import brent_returns, daily_returns

from oilshock.inference.volatility import ewma_variance
from oilshock.typing import Float


def recursion(returns: Float, decay: float) -> list[float]:
    """v_t = decay v_{t-1} + (1 - decay) r_t^2, from the mean square of the first 60 returns."""
    first = [float(r) ** 2 for r in returns[1:61]]
    found = [sum(first) / len(first)]
    for value in returns[1:]:
        found.append(decay * found[-1] + (1 - decay) * (0.0 if np.isnan(value) else value**2))
    return found


@given(daily_returns(150))
def test_the_filter_is_the_recursion(returns: Float) -> None:
    for decay in (0.94, 0.8):
        expected = recursion(returns, decay)
        np.testing.assert_allclose(ewma_variance(returns, decay=decay), expected, rtol=1e-10)


def test_on_the_bundled_series_the_decay_is_that_of_riskmetrics() -> None:
    returns = brent_returns()
    np.testing.assert_allclose(ewma_variance(returns), recursion(returns, 0.94), rtol=1e-9)


def test_the_recursion_is_that_of_arch() -> None:
    """arch dates a variance by the session it is for, one later than ours."""
    from arch.univariate import EWMAVariance

    returns = brent_returns()[1:]
    start = float(np.mean(returns[:60] ** 2))
    model, sigma2 = EWMAVariance(0.94), np.empty(len(returns))
    bounds = np.tile([0.0, 1e9], (len(returns), 1))
    model.compute_variance(np.empty(0), returns, sigma2, start, bounds)
    np.testing.assert_allclose(ewma_variance(brent_returns())[:-1], sigma2, rtol=1e-9)


def test_no_variance_uses_a_later_return() -> None:
    returns = brent_returns()[:500].copy()
    before = ewma_variance(returns)
    returns[300] += 0.2
    after = ewma_variance(returns)
    np.testing.assert_array_equal(after[:300], before[:300])
    assert after[300] - before[300] == pytest.approx(
        0.06 * (returns[300] ** 2 - (returns[300] - 0.2) ** 2)
    )


def test_a_series_shorter_than_the_start_and_one_without_a_return() -> None:
    short = np.array([np.nan, 0.01, 0.03])
    # Mean square (1e-4 + 9e-4) / 2 = 5e-4; then 0.94 x 5e-4 + 0.06 x 1e-4 = 4.76e-4;
    # then 0.94 x 4.76e-4 + 0.06 x 9e-4 = 5.0144e-4.
    np.testing.assert_allclose(ewma_variance(short), [5e-4, 4.76e-4, 5.0144e-4])
    assert ewma_variance(np.array([np.nan])).tolist() == [0.0]
