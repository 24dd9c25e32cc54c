"""The law of a sum of GARCH shocks: exact for a day, simulated for more, right under the null."""

from __future__ import annotations

import numpy as np
import pytest
from arch.univariate import GARCH, StudentsT, ZeroMean
from scipy import stats
from test_garch import ones, simulate

from oilshock.inference.garch import garch_p_value
from oilshock.models import fit_garch, forecast_variance
from oilshock.windows import estimation_windows

OMEGA, ALPHA, BETA, NU = 2e-5, 0.15, 0.8, 6.0


def p_of(total: float, *, h: float = 4e-4, days: int, nu: float = NU, **options: int) -> float:
    one = np.ones(1)
    given = {"omega": OMEGA * one, "alpha": ALPHA * one, "beta": BETA * one, "nu": nu * one}
    return float(garch_p_value(total * one, h * one, **given, days=days, **options)[0])


@pytest.mark.parametrize("total", [0.0, 0.03, -0.05, 1.0])
def test_one_day_is_the_law_of_the_errors(total: float) -> None:
    scaled = stats.t(NU, scale=np.sqrt(4e-4 * (NU - 2) / NU))
    assert p_of(total, days=1) == pytest.approx(2 * scaled.sf(abs(total)), rel=1e-10)
    normal = 2 * stats.norm.sf(abs(total) / 0.02)
    assert p_of(total, days=1, nu=np.inf) == pytest.approx(normal, rel=1e-9)


def test_several_days_are_the_law_that_arch_simulates() -> None:
    rng = np.random.default_rng(5)
    past = np.array([0.01, -0.02, 0.015] * 30)
    model = ZeroMean(past * 100, volatility=GARCH(), distribution=StudentsT(), rescale=False)
    fixed = model.fix([OMEGA * 1e4, ALPHA, BETA, NU])
    draws = 40_000
    found = fixed.forecast(
        horizon=6,
        method="simulation",
        simulations=draws,
        rng=lambda size: rng.standard_t(NU, size) * np.sqrt((NU - 2) / NU),
    )
    sums = np.abs(found.simulations.residuals[-1].sum(axis=1)) / 100
    first = fixed.forecast(horizon=1).variance.to_numpy()[-1, 0] / 1e4
    for total in np.quantile(sums, [0.5, 0.9, 0.99]):
        share = (sums >= total).mean()
        error = np.sqrt(share * (1 - share) / draws)
        got = p_of(float(total), h=float(first), days=6, draws=20_000)
        assert got == pytest.approx(share, abs=5 * error)


def test_p_values_repeat_are_smooth_and_never_0() -> None:
    assert p_of(0.05, days=6, draws=200) == p_of(0.05, days=6, draws=200)
    assert p_of(0.05, days=6, draws=200) != p_of(0.05, days=6, draws=200, seed=1)
    far = [p_of(total, days=6, draws=200) for total in (0.0, 0.1, 0.3, 1.0, 5.0)]
    assert far[0] == pytest.approx(1.0)
    assert (np.diff(far) < 0).all()
    assert 0 < far[-1] < 1e-4


def test_the_unit_does_not_matter_and_neither_does_the_sign() -> None:
    one = np.ones(1)
    own = {"alpha": ALPHA * one, "beta": BETA * one, "nu": NU * one, "days": 3}
    usd = garch_p_value(-5.0 * one, 4.0 * one, omega=0.2 * one, **own)
    assert p_of(0.05, days=3) == pytest.approx(float(usd[0]), rel=1e-9)


def test_an_event_without_a_model_has_no_p_value() -> None:
    nan, one = np.full(1, np.nan), np.ones(1)
    p = garch_p_value(one, one, omega=nan, alpha=nan, beta=nan, nu=nan, days=3)
    assert np.isnan(p).all()


@pytest.mark.parametrize("days", [1, 4])
def test_p_values_are_uniform_on_the_process_itself(days: int) -> None:
    y = simulate(12_002, seed=21) - 5e-4
    e = np.where(np.isnan(y), 0.0, y)
    h = np.full(len(e), 4e-4)
    for t in range(1, len(e)):
        h[t] = OMEGA + ALPHA * e[t - 1] ** 2 + BETA * h[t - 1]
    start = np.arange(100, 12_000 - days, 10)
    total = np.array([e[s : s + days].sum() for s in start])
    n = np.ones(len(start))
    p = garch_p_value(
        total, h[start], omega=OMEGA * n, alpha=ALPHA * n, beta=BETA * n, nu=NU * n,
        days=days, draws=400,
    )  # fmt: skip
    assert stats.kstest(p, "uniform").pvalue > 0.01
    for level in (0.10, 0.05, 0.01):
        assert abs((p < level).mean() - level) < 3 * np.sqrt(level * (1 - level) / len(start))


def test_fitted_models_hold_their_size_where_the_variance_is_high() -> None:
    # A constant variance would reject far too often after a burst of volatility.
    y = simulate(9_000, seed=30)
    position = np.arange(700, 8_900, 60)
    fit = fit_garch(y, ones(9_000), estimation=estimation_windows(position, length=600, gap=10))
    h = forecast_variance(y, ones(9_000), fit=fit, origin=position - 1, horizon=1)[:, 0]
    ok = ~fit.failed
    assert ok.mean() > 0.95
    p = garch_p_value(
        y[position] - fit.beta[:, 0], h, omega=fit.omega, alpha=fit.alpha, beta=fit.garch_beta,
        nu=fit.nu, days=1,
    )[ok]  # fmt: skip
    wild = h[ok] > np.quantile(h[ok], 0.75)
    bound = 3 * np.sqrt(0.10 * 0.90 / wild.sum())
    assert abs((p < 0.10).mean() - 0.10) < 3 * np.sqrt(0.10 * 0.90 / len(p))
    assert (p[wild] < 0.10).mean() < 0.10 + bound
