"""Variance forecasts from every session, against those of arch."""

from __future__ import annotations

import numpy as np
import pytest
from arch import arch_model

from oilshock.inference.variance import FEWEST_RETURNS, summed_variance, variance_forecast
from oilshock.inference.volatility import ewma_variance
from oilshock.typing import Float


def garch_returns(n: int = 2000, seed: int = 0) -> Float:
    rng = np.random.default_rng(seed)
    returns, variance = np.empty(n), 4e-4
    for t in range(n):
        returns[t] = np.sqrt(variance) * rng.standard_t(6) / np.sqrt(1.5)
        variance = 2e-5 + 0.1 * returns[t] ** 2 + 0.85 * variance
    returns[0] = np.nan
    return returns


def test_forecasts_are_those_of_arch() -> None:
    returns = garch_returns()
    own = variance_forecast(returns)
    scale = returns[1:].std()
    model = arch_model(returns[1:] / scale, mean="Zero", vol="GARCH", dist="t", rescale=False)
    fit = model.fit(disp="off")
    # arch counts from the first return: its row 999 is session 1000.
    theirs = fit.forecast(horizon=10, start=999, reindex=False).variance.iloc[0].to_numpy()
    ours = [summed_variance(own, np.array([1000]), days=days)[0] for days in (1, 4, 10)]
    expected = [theirs[:days].sum() * scale**2 for days in (1, 4, 10)]
    assert own.model == "garch"
    assert ours == pytest.approx(expected, rel=1e-6)


def test_a_later_return_does_not_change_the_state_given_the_parameters() -> None:
    returns = garch_returns()
    own = variance_forecast(returns)
    # The recursion itself, from the model's own parameters: persistence and long run give omega.
    omega = own.long_run * (1 - own.persistence)
    step = own.next_variance[500] - omega
    beta_and_alpha = np.linalg.lstsq(
        np.column_stack([own.next_variance[400:900], returns[401:901] ** 2]),
        own.next_variance[401:901] - omega,
        rcond=None,
    )[0]
    assert beta_and_alpha.sum() == pytest.approx(own.persistence, rel=1e-6)
    assert step == pytest.approx(
        beta_and_alpha @ [own.next_variance[499], returns[500] ** 2], rel=1e-6
    )


def test_ewma_has_no_long_run() -> None:
    returns = garch_returns(400)
    own = variance_forecast(returns, model="ewma")
    expected = 5 * ewma_variance(returns)[300]
    assert summed_variance(own, np.array([300]), days=5) == pytest.approx([expected])


@pytest.mark.parametrize(
    ("returns", "reason"),
    [
        (garch_returns(FEWEST_RETURNS), "needs more than 500"),
        (np.zeros(900), "no variance"),
    ],
)
def test_where_garch_cannot_be_fitted_ewma_stands_in_and_says_why(
    returns: Float, reason: str
) -> None:
    own = variance_forecast(returns)
    assert own.model == "ewma"
    assert reason in own.reason


@pytest.mark.parametrize("scale", [1e-4, 0.3, 1e3])
def test_the_unit_of_returns_does_not_matter(scale: float) -> None:
    returns = garch_returns(800)
    one, other = variance_forecast(returns), variance_forecast(scale * returns)
    assert other.next_variance == pytest.approx(scale**2 * one.next_variance, rel=1e-4)
