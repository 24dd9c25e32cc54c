"""Local projections: coefficients, standard errors, bands, and how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from oilshock.inference.local_projection import (
    LocalProjection,
    count_events,
    local_projection,
    pointwise_critical,
    project_events,
    projection_rows,
    sup_t_critical,
)
from oilshock.typing import Float

HORIZON = 8
# Both sides sum the same products in another order.
RELATIVE = 1e-9


def simulated(seed: int = 0, n: int = 600, n_events: int = 40) -> tuple[Float, Float]:
    """Draw returns with heavier noise on some sessions, and event dummies in clusters."""
    rng = np.random.default_rng(seed)
    dummy = np.zeros(n)
    starts = rng.choice(np.arange(5, n - 5), size=n_events // 2, replace=False)
    dummy[starts] = 1.0
    dummy[starts + 2] = 1.0
    returns = rng.normal(0, 0.02, n) * (1 + (np.arange(n) % 50 < 10)) + 0.03 * dummy
    returns[0] = np.nan
    return returns, dummy


def regression(returns: Float, dummy: Float, *, h: int, lags: int) -> tuple[Float, Float]:
    """Build y and X of one horizon, row by row."""
    y, x = [], []
    for t in range(1 + lags, len(returns) - h):
        y.append(returns[t : t + h + 1].sum())
        row = [dummy[t], 1.0]
        for lag in range(1, lags + 1):
            row += [returns[t - lag], dummy[t - lag]]
        x.append(row)
    return np.array(y), np.array(x)


def own_hac(x: Float, residual: Float, *, lag: int) -> Float:
    """Write Newey and West (1987) out: (X'X)^-1 S (X'X)^-1, S by a loop over lags."""
    n, k = x.shape
    scores = x * residual[:, np.newaxis]
    total = scores.T @ scores
    for j in range(1, lag + 1):
        gamma = scores[j:].T @ scores[:-j]
        total += (1 - j / (lag + 1)) * (gamma + gamma.T)
    inverse = np.linalg.inv(x.T @ x)
    return n / (n - k) * inverse @ total @ inverse


@pytest.mark.parametrize("lags", [0, 2])
def test_hac_errors_are_those_of_the_matrix_formula_and_of_statsmodels(lags: int) -> None:
    returns, dummy = simulated()
    found = local_projection(returns, dummy, horizon=HORIZON, lags=lags)
    for h in range(HORIZON + 1):
        y, x = regression(returns, dummy, h=h, lags=lags)
        model = sm.OLS(y, x)
        fit = model.fit(cov_type="HAC", cov_kwds={"maxlags": h, "use_correction": True})
        by_hand = own_hac(x, y - x @ np.linalg.lstsq(x, y, rcond=None)[0], lag=h)
        assert found.response[h] == pytest.approx(fit.params[0], rel=RELATIVE)
        assert found.std_error[h] == pytest.approx(fit.bse[0], rel=RELATIVE)
        assert found.std_error[h] == pytest.approx(np.sqrt(by_hand[0, 0]), rel=RELATIVE)


def test_lag_augmented_errors_are_white_errors_of_the_regression_with_lags() -> None:
    returns, dummy = simulated(1)
    found = local_projection(returns, dummy, horizon=HORIZON, errors="lag-augmented", lags=2)
    for h in (0, 3, HORIZON):
        y, x = regression(returns, dummy, h=h, lags=2)
        fit = sm.OLS(y, x).fit(cov_type="HC1")
        assert found.response[h] == pytest.approx(fit.params[0], rel=RELATIVE)
        assert found.std_error[h] == pytest.approx(fit.bse[0], rel=RELATIVE)


def test_without_controls_a_response_is_a_difference_of_means() -> None:
    # Sums of two returns from sessions 1 to 4: .01, -.01, .02, .03; the event is on session 3.
    returns = np.array([np.nan, 0.03, -0.02, 0.01, 0.01, 0.02])
    dummy = np.array([0, 0, 0, 1.0, 0, 0])
    rows = projection_rows(returns, dummy, horizon=1)
    # Day 0: .01 less the mean of .03, -.02, .01, .02, which is .01; two days: .02 less .01.
    assert rows.response == pytest.approx([0.0, 0.01], abs=1e-15)
    assert rows.n_obs.tolist() == [5, 4]


def test_covariance_over_horizons_is_that_of_the_stacked_scores() -> None:
    returns, dummy = simulated(2)
    rows = projection_rows(returns, dummy, horizon=3)
    found = project_events(rows, errors="hac", n_events=count_events(dummy, horizon=3))
    scores = rows.shock * rows.residual / (rows.shock**2).sum(axis=0)
    total = scores.T @ scores
    for j in range(1, 4):
        gamma = scores[j:].T @ scores[:-j]
        total += (1 - j / 4) * (gamma + gamma.T)
    scale = np.sqrt(np.diagonal(total))
    expected = total / np.outer(scale, scale)
    error = np.sqrt(np.diagonal(found.covariance))
    assert error == pytest.approx(found.std_error, rel=1e-12)
    assert found.covariance / np.outer(error, error) == pytest.approx(expected, rel=1e-9)


def test_events_are_counted_as_far_as_their_horizon_goes() -> None:
    dummy = np.array([0, 1, 0, 0, -1.0, 1])
    assert count_events(dummy, horizon=2).tolist() == [3, 2, 1]


@given(st.floats(0.1, 50), st.floats(-0.01, 0.01))
def test_responses_scale_with_returns_and_ignore_drift(scale: float, drift: float) -> None:
    returns, dummy = simulated(3, n=200, n_events=14)
    one = local_projection(returns, dummy, horizon=4)
    other = local_projection(scale * returns + drift, dummy, horizon=4)
    assert other.response == pytest.approx(scale * one.response, rel=1e-8, abs=1e-10)
    assert other.std_error == pytest.approx(scale * one.std_error, rel=1e-8)


def test_turning_the_dummy_turns_the_response() -> None:
    returns, dummy = simulated(4)
    one = local_projection(returns, dummy, horizon=4)
    other = local_projection(returns, -dummy, horizon=4)
    assert other.response == pytest.approx(-one.response, rel=1e-12)
    assert other.covariance == pytest.approx(one.covariance, rel=1e-12)


def _projection(correlation: Float, df: int) -> LocalProjection:
    k = len(correlation)
    return LocalProjection(np.zeros(k), np.ones(k), correlation, np.full(k, df + 1), df)


def test_sup_t_critical_values_at_their_limits() -> None:
    # One horizon, or horizons that move as one: the pointwise value. Independent ones: the Sidak
    # value, here 2.632 for ten normal ones at 5 %, as P(|Z| < c)^10 = 0.95.
    same = _projection(np.ones((10, 10)), df=100_000)
    apart = _projection(np.eye(10), df=100_000)
    assert pointwise_critical(same, alpha=0.05) == pytest.approx(1.95996, abs=1e-4)
    draws = 200_000
    assert sup_t_critical(same, alpha=0.05, draws=draws) == pytest.approx(1.96, abs=0.02)
    from scipy.special import ndtri

    sidak = float(ndtri((1 + 0.95 ** (1 / 10)) / 2))
    assert sup_t_critical(apart, alpha=0.05, draws=draws) == pytest.approx(sidak, abs=0.02)


def test_sup_t_is_the_same_for_the_same_seed_and_wider_for_few_events() -> None:
    few, many = _projection(np.eye(5), df=9), _projection(np.eye(5), df=500)
    assert sup_t_critical(few, alpha=0.05) == sup_t_critical(few, alpha=0.05)
    assert sup_t_critical(few, alpha=0.05) > sup_t_critical(many, alpha=0.05) + 0.3


def test_intervals_and_band_hold_a_known_response() -> None:
    # The small version of docs/studies/dynamics.py: with 120 series the standard error of a
    # coverage of 95 % is 2 points, so that less than 89 % is four of them below 95.
    n, horizon, n_series = 4000, 20, 120
    truth = 0.03 * np.exp(-np.arange(100) / 15.0)
    steps = np.diff(truth, prepend=0.0)
    inside, whole = np.zeros(horizon + 1), 0
    for series in range(n_series):
        rng = np.random.default_rng(series)
        dummy = np.zeros(n)
        dummy[rng.choice(np.arange(1, n), size=80, replace=False)] = 1.0
        returns = rng.normal(0, 0.02, n) + np.convolve(dummy, steps)[:n]
        returns[0] = np.nan
        found = local_projection(returns, dummy, horizon=horizon)
        t = np.abs(found.response - truth[: horizon + 1]) / found.std_error
        inside += t < pointwise_critical(found, alpha=0.05)
        whole += t.max() < sup_t_critical(found, alpha=0.05, draws=1000)
    assert inside.min() / n_series > 0.87
    assert inside.mean() / n_series == pytest.approx(0.95, abs=0.03)
    assert whole / n_series > 0.89
    assert whole < inside.min() + 1 + 0.06 * n_series
