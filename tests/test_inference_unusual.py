"""Unusual sessions: false discoveries on simulated series, the law, and ranks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from oilshock.inference.unusual import (
    bound_returns,
    censored_student,
    garch_volatility,
    rank_by_size,
    unusual_sessions,
)


def shocked(seed: int, *, n: int = 2500, shocks: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Return normal noise with 6-sigma shocks, and where they are."""
    rng = np.random.default_rng(seed)
    returns = rng.standard_normal(n + 1)
    at = rng.choice(np.arange(100, n), shocks, replace=False)
    returns[at] += 6.0 * rng.choice([-1.0, 1.0], shocks)
    truth = np.zeros(n + 1, dtype=bool)
    truth[at] = True
    returns[0] = np.nan
    return returns, truth


def test_false_discoveries_keep_below_the_level() -> None:
    """A small version of the study in docs/studies/scan.py, which has 50 series."""
    proportions, recalls = [], []
    for seed in range(12):
        returns, truth = shocked(seed)
        found = unusual_sessions(returns).q_value < 0.05
        proportions.append((found & ~truth).sum() / max(found.sum(), 1))
        recalls.append((found & truth).sum() / truth.sum())
    error = np.std(proportions, ddof=1) / np.sqrt(len(proportions))
    assert np.mean(proportions) <= 0.05 + 2 * error
    assert np.mean(recalls) >= 0.90


def test_pure_noise_gives_hardly_a_discovery() -> None:
    rng = np.random.default_rng(9)
    found = [
        (unusual_sessions(np.append(np.nan, rng.standard_normal(1500))).q_value < 0.05).any()
        for _ in range(12)
    ]
    assert np.mean(found) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 12)


def test_a_shock_does_not_hide_the_next_one() -> None:
    rng = np.random.default_rng(2)
    returns = 0.01 * rng.standard_normal(1500)
    returns[700], returns[705] = 0.08, -0.08
    scaled = np.abs(unusual_sessions(returns).scaled)
    assert scaled[705] > 6.0
    assert unusual_sessions(returns).q_value[705] < 0.01


def test_volatility_after_a_shock_is_bounded() -> None:
    """In a GARCH(1,1) with a = 0.1, b = 0.85 a shock of 10 sigma would multiply sigma by 3.3;
    bounded at 3.5 sigma it multiplies it by about (0.85 + 0.1 * 12.25 + 0.05)^0.5 = 1.46.
    """
    rng = np.random.default_rng(8)
    returns, variance = np.empty(3000), 1.0
    for place in range(3000):
        returns[place] = np.sqrt(variance) * rng.standard_normal()
        variance = 0.05 + 0.10 * returns[place] ** 2 + 0.85 * variance
    calm, _ = garch_volatility(returns)
    returns[2000] = 10.0 * calm[2000]
    volatility, reason = garch_volatility(returns)
    assert reason == ""
    assert 1.2 < volatility[2001] / volatility[2000] < 2.0


def test_the_volatility_of_a_session_does_not_know_its_return() -> None:
    returns, _ = shocked(1, n=800, shocks=3)
    moved = returns.copy()
    moved[-1] = -moved[-1]
    one, other = (garch_volatility(each[1:])[0] for each in (returns, moved))
    assert one[-1] == pytest.approx(other[-1], rel=1e-3)


def test_unit_and_sign_do_not_matter() -> None:
    returns, _ = shocked(5, n=900)
    base, scaled = unusual_sessions(returns), unusual_sessions(-0.02 * returns)
    np.testing.assert_allclose(scaled.scaled, -base.scaled, rtol=1e-4, atol=1e-6)
    assert scaled.df == pytest.approx(base.df, rel=0.02)


def test_p_values_are_the_tail_of_the_law() -> None:
    returns, _ = shocked(6, n=900)
    found = unusual_sessions(returns)
    expected = 2 * stats.t.sf(np.abs(found.scaled[1:]) / found.scale, found.df)
    np.testing.assert_allclose(found.p_value[1:], expected, rtol=1e-10)
    adjusted = stats.false_discovery_control(found.p_value[1:])
    np.testing.assert_allclose(found.q_value[1:], adjusted, rtol=1e-10)


def test_censoring_leaves_the_size_of_the_largest_out() -> None:
    sizes = np.abs(np.random.default_rng(0).standard_t(5, 3000))
    wild = np.sort(sizes)
    wild[-20:] *= 1000.0
    assert censored_student(sizes) == censored_student(wild)
    scale, df = censored_student(sizes)
    assert scale == pytest.approx(1.0, abs=0.06)
    assert 3.5 < df < 8.0


@pytest.mark.parametrize(
    ("returns", "reason"),
    [
        (np.full(100, 0.01), "needs 250 returns, has 99"),
        (np.append(np.nan, np.full(400, 0.01)), "at least half of the returns are equal"),
    ],
    ids=["short", "constant"],
)
def test_what_has_no_model_says_why(returns: np.ndarray, reason: str) -> None:
    found = unusual_sessions(returns)
    assert found.reason == reason
    assert np.isnan(found.q_value).all()


def test_bounding_on_paper() -> None:
    # Standard deviation 1 (median 0.6745 of the sizes); 3.5 * 1 bounds 10; then the variance is
    # 0.94 + 0.06 * 12.25 = 1.675, so the next bound is 3.5 * 1.2942 = 4.5298.
    unit = 0.6744897501960817
    found = bound_returns(np.array([10.0, -10.0, unit, unit, unit]), bound=3.5)
    assert found[0] == pytest.approx(3.5)
    assert found[1] == pytest.approx(-3.5 * np.sqrt(0.94 + 0.06 * 12.25))
    assert found[2] == unit


@given(arrays(np.float64, st.integers(1, 40), elements=st.floats(-9, 9)))
def test_ranks_are_scipys(values: np.ndarray) -> None:
    expected = stats.rankdata(-np.abs(values), method="ordinal")
    np.testing.assert_array_equal(rank_by_size(values), expected)
