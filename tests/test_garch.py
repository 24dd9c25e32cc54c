"""The GARCH model against arch itself: parameters, forecasts, laws, and every way to fail."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from arch.univariate import GARCH, LS, ConstantMean, StudentsT
from scipy import stats
from strategies import brent, brent_returns

from oilshock.abnormal import cumulate, cumulate_path, garch_abnormal_returns
from oilshock.inference import t_critical, t_p_value
from oilshock.models import (
    Design,
    GarchFit,
    fit_garch,
    forecast_variance,
    garch_fit,
    select,
)
from oilshock.typing import Float
from oilshock.windows import EstimationWindows, estimation_windows

SAME_CALL = 1e-9  # the same optimiser on the same numbers
OTHER_SCALE = 2e-2  # another scale takes SLSQP along another path to the same flat top
LENGTH, GAP, N = 500, 10, 620
POSITION = np.array([540, 575])


def simulate(n: int, *, seed: int, nu: float = 6.0) -> Float:
    """Returns of a GARCH(1,1) process with t errors, about 2 % a day; no return on session 0."""
    rng = np.random.default_rng(seed)
    z = rng.standard_t(nu, n) * np.sqrt((nu - 2) / nu)
    e, h = np.zeros(n), np.full(n, 4e-4)
    for t in range(1, n):
        h[t] = 2e-5 + 0.15 * e[t - 1] ** 2 + 0.8 * h[t - 1]
        e[t] = np.sqrt(h[t]) * z[t]
    y = 5e-4 + e
    y[0] = np.nan
    return y


def windows(position: Any = POSITION, *, length: int = LENGTH) -> EstimationWindows:
    return estimation_windows(np.asarray(position), length=length, gap=GAP)


def ones(n: int = N) -> Float:
    return np.ones((n, 1))


@lru_cache
def series() -> Float:
    return simulate(N, seed=3)


@lru_cache
def fitted() -> GarchFit:
    return fit_garch(series(), ones(), estimation=windows())


def of_arch(y: Float, *, last: int | None = None, scale: float = 1.0) -> Any:
    model = ConstantMean(y * scale, volatility=GARCH(), distribution=StudentsT(), rescale=False)
    return model.fit(disp="off", show_warning=False, last_obs=last)


def test_parameters_are_those_of_arch_with_its_own_constant_mean() -> None:
    for row, position in enumerate(POSITION):
        sample = series()[position - GAP - LENGTH : position - GAP]
        unit = sample.std()
        own = of_arch(sample / unit)
        fit = fitted()
        assert (fit.flag[row], fit.failure[row], fit.n_obs[row]) == (0, "", LENGTH)
        got = [fit.beta[row, 0] / unit, fit.omega[row] / unit**2, fit.alpha[row]]
        got += [fit.garch_beta[row], fit.nu[row]]
        assert got == pytest.approx(own.params.tolist(), rel=SAME_CALL)
        h = own.conditional_volatility[-1] ** 2 * unit**2
        assert fit.last_variance[row] == pytest.approx(h, rel=SAME_CALL)
        assert fit.persistence[row] == pytest.approx(own.params.iloc[2:4].sum(), rel=SAME_CALL)


def test_per_cent_returns_give_the_same_parameters() -> None:
    sample = series()[POSITION[0] - GAP - LENGTH : POSITION[0] - GAP]
    own, fit = of_arch(sample, scale=100.0), fitted()
    assert fit.beta[0, 0] * 100 == pytest.approx(own.params["mu"], rel=OTHER_SCALE)
    assert fit.omega[0] * 1e4 == pytest.approx(own.params["omega"], rel=OTHER_SCALE)
    assert fit.alpha[0] == pytest.approx(own.params["alpha[1]"], rel=OTHER_SCALE)
    assert fit.garch_beta[0] == pytest.approx(own.params["beta[1]"], rel=OTHER_SCALE)
    assert fit.nu[0] == pytest.approx(own.params["nu"], rel=OTHER_SCALE)


def test_the_forecast_is_that_of_arch_from_the_same_session() -> None:
    position, horizon = POSITION[0], 16
    first, origin = position - GAP - LENGTH, position - 6
    y = series()[first : origin + 1]
    unit = y[:LENGTH].std()
    own = of_arch(y / unit, last=LENGTH)
    expected = own.forecast(horizon=horizon, start=len(y) - 1).variance.to_numpy()[0] * unit**2
    got = forecast_variance(
        series(), ones(), fit=select(fitted(), np.array([0])), origin=np.array([origin]), horizon=16
    )
    np.testing.assert_allclose(got[0], expected, rtol=1e-7)


def test_a_factor_mean_is_the_regression_of_arch() -> None:
    rng = np.random.default_rng(0)
    factor = rng.normal(0.0, 0.004, N)
    x = np.column_stack([np.ones(N), factor])
    y = series() + 2.0 * factor
    fit = fit_garch(y, x, estimation=windows())
    inside = slice(POSITION[0] - GAP - LENGTH, POSITION[0] - GAP)
    unit, width = y[inside].std(), np.sqrt((factor[inside] ** 2).mean())
    model = LS(y[inside] / unit, factor[inside, None] / width, rescale=False)
    model.volatility, model.distribution = GARCH(), StudentsT()
    own = model.fit(disp="off", show_warning=False).params
    expected = [own.iloc[0] * unit, own.iloc[1] * unit / width]
    np.testing.assert_allclose(fit.beta[0], expected, rtol=1e-5)
    assert fit.beta[0, 1] == pytest.approx(2.0, abs=0.5)


def test_the_means_covariance_is_near_that_of_arch() -> None:
    # Expected information against a numerical Hessian: equal as the sample grows.
    y = simulate(4001, seed=9)
    fit = fit_garch(y, ones(4001), estimation=windows([4000], length=3900))
    sample = y[4000 - GAP - 3900 : 4000 - GAP]
    model = ConstantMean(sample * 100, volatility=GARCH(), distribution=StudentsT(), rescale=False)
    own = model.fit(disp="off", cov_type="classic").std_err["mu"] / 100
    error = fit.sigma[0] * np.sqrt(fit.xtx_inverse[0, 0, 0])
    assert error == pytest.approx(own, rel=0.05)


def test_sigma_df_and_residuals_mean_what_they_mean_in_least_squares() -> None:
    fit = fitted()
    sample = series()[POSITION[0] - GAP - LENGTH : POSITION[0] - GAP]
    np.testing.assert_allclose(fit.residuals[0], sample - fit.beta[0, 0], rtol=1e-12)
    assert fit.df[0] == LENGTH - 1
    rest = sample - fit.beta[0, 0]
    assert fit.sigma[0] == pytest.approx(np.sqrt((rest**2).sum() / (LENGTH - 1)))


@pytest.mark.parametrize("factor", [100.0, 1e-3, 7.3])
def test_another_unit_changes_nothing_but_the_unit(factor: float) -> None:
    fit, other = fitted(), fit_garch(series() * factor, ones(), estimation=windows())
    np.testing.assert_allclose(other.beta, fit.beta * factor, rtol=1e-4)
    np.testing.assert_allclose(other.omega, fit.omega * factor**2, rtol=1e-4)
    np.testing.assert_allclose(other.alpha, fit.alpha, rtol=1e-4)
    np.testing.assert_allclose(other.nu, fit.nu, rtol=1e-4)
    np.testing.assert_allclose(other.sigma, fit.sigma * factor, rtol=1e-6)


def take(y: Float, fit: GarchFit, *, window: tuple[int, int] = (-5, 10)) -> Any:
    design = Design(offset=np.zeros(len(y)), x=ones(len(y)), names=("constant",))
    return garch_abnormal_returns(y, design, fit=fit, position=POSITION, window=window)


def test_standard_errors_know_nothing_of_the_event_window_and_all_before_it() -> None:
    base = take(series(), fitted()).std_error
    inside, before = series().copy(), series().copy()
    inside[POSITION[0] - 5] += 0.5  # the first session of the event window
    before[POSITION[0] - 6] += 0.5  # the last one before it
    np.testing.assert_array_equal(take(inside, fitted()).std_error[0], base[0])
    assert (take(before, fitted()).std_error[0] > 2 * base[0]).all()


def test_car_errors_sum_the_daily_variances_and_the_means_error() -> None:
    abnormal, fit = take(series(), fitted()), fitted()
    h = forecast_variance(series(), ones(), fit=fit, origin=POSITION - 6, horizon=16)
    shocks = abnormal.fit.sigma[:, None] ** 2 * abnormal.relative_variance
    np.testing.assert_allclose(shocks, h, rtol=1e-12)
    mean = fit.sigma**2 * fit.xtx_inverse[:, 0, 0]
    np.testing.assert_allclose(abnormal.std_error, np.sqrt(h + mean[:, None]), rtol=1e-12)
    for window in ((0, 0), (-1, 1), (-5, 10)):
        m = window[1] - window[0] + 1
        expected = np.sqrt(h[:, window[0] + 5 : window[1] + 6].sum(axis=1) + m**2 * mean)
        np.testing.assert_allclose(cumulate(abnormal, window=window).std_error, expected)
    path = cumulate_path(abnormal, start=-5).std_error[:, -1]
    np.testing.assert_allclose(path, cumulate(abnormal, window=(-5, 10)).std_error, rtol=1e-12)


def test_the_law_is_students_t_with_unit_variance() -> None:
    fit = fitted()
    statistic = np.array([2.5, -4.0])
    p = t_p_value(statistic, fit.law_df, scale=fit.law_scale)
    for row in range(2):
        law = stats.t(fit.nu[row], scale=np.sqrt((fit.nu[row] - 2) / fit.nu[row]))
        assert law.var() == pytest.approx(1.0)
        assert p[row] == pytest.approx(2 * law.sf(abs(statistic[row])), rel=1e-10)
        critical = t_critical(0.05, fit.law_df, scale=fit.law_scale)[row]
        assert critical == pytest.approx(law.isf(0.025), rel=1e-9)


def test_normal_errors_have_the_normal_law() -> None:
    fit = fit_garch(series(), ones(), estimation=windows(), errors="normal")
    assert np.isinf(fit.nu).all()
    p = t_p_value(np.array([1.96, 10.0]), fit.law_df, scale=fit.law_scale)
    np.testing.assert_allclose(p, 2 * stats.norm.sf([1.96, 10.0]), rtol=1e-10)


def test_an_expanding_sample_is_all_history_and_nothing_later() -> None:
    short = windows(length=60)
    fit = fit_garch(series(), ones(), estimation=short, span="expanding")
    assert fit.n_obs.tolist() == (POSITION - GAP - 1).tolist()
    unit = series()[1 : POSITION[0] - GAP].std()
    own = of_arch(series()[1 : POSITION[0] - GAP] / unit)
    assert fit.alpha[0] == pytest.approx(own.params["alpha[1]"], rel=SAME_CALL)
    later = series().copy()
    later[POSITION[0] - GAP :] *= 3.0
    again = fit_garch(later, ones(), estimation=short, span="expanding")
    assert again.alpha[0] == fit.alpha[0]
    assert (fit.residuals.shape, fit.df[0]) == ((2, 60), 59)


def test_failures_say_why_and_carry_constant_variance() -> None:
    y = series().copy()
    y[POSITION[1] - GAP - 120 : POSITION[1] - GAP] = 0.25
    constant = fit_garch(y, ones(), estimation=windows([POSITION[1]], length=120))
    y = series()
    short = fit_garch(y, ones(), estimation=windows([POSITION[0]], length=49))
    assert constant.failure == ("GARCH did not converge (the returns do not vary)",)
    assert short.failure == ("GARCH needs 50 returns, has 49",)
    assert (constant.flag[0], short.flag[0]) == (garch_fit.NOT_ASKED, garch_fit.NOT_ASKED)
    sample = y[POSITION[0] - GAP - 49 : POSITION[0] - GAP]
    assert short.sigma[0] == pytest.approx(sample.std(ddof=1))
    assert (short.law_df[0], short.law_scale[0]) == (48, 1.0)
    h = forecast_variance(y, ones(), fit=short, origin=POSITION[:1], horizon=3)
    np.testing.assert_allclose(h, sample.var(ddof=1))
    assert np.isnan([short.alpha[0], short.nu[0], short.persistence[0]]).all()


def test_no_clusters_is_a_failure_and_not_a_drifting_variance() -> None:
    # Large and small moves take turns: a large one makes a small one likely, so alpha is 0.
    rng = np.random.default_rng(1)
    y = rng.standard_normal(N) * np.where(np.arange(N) % 2, 0.03, 0.005)
    fit = fit_garch(y, ones(), estimation=windows())
    assert all("alpha is 0" in text for text in fit.failure)
    assert fit.flag.tolist() == [0, 0]


def test_a_flag_of_arch_is_a_failure_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(y: Float, x: Float, *, errors: str) -> Any:
        return np.ones(5), np.ones(len(y)), 8, ("Positive directional derivative",)

    monkeypatch.setattr(garch_fit, "_call_arch", stuck)
    fit = fit_garch(series(), ones(), estimation=windows())
    assert fit.failure == ("GARCH did not converge (flag 8)",) * 2
    assert fit.notes[0] == ("Positive directional derivative",)
    assert fit.flag.tolist() == [8, 8]


def test_archs_warnings_are_kept_and_never_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    own = LS.fit

    def loud(self: Any, **options: Any) -> Any:
        warnings.warn("starting values", RuntimeWarning, stacklevel=1)
        warnings.warn("starting values", RuntimeWarning, stacklevel=1)
        return own(self, **options)

    monkeypatch.setattr(LS, "fit", loud)
    before = list(warnings.filters)
    fit = fit_garch(series(), ones(), estimation=windows())
    assert fit.notes == (("starting values",),) * 2
    assert warnings.filters == before


def test_some_of_the_events_are_those_events() -> None:
    one = select(fitted(), np.array([1]))
    alone = fit_garch(series(), ones(), estimation=windows(POSITION[1:]))
    for name in ("beta", "omega", "alpha", "nu", "sigma", "last_variance", "residuals"):
        np.testing.assert_array_equal(getattr(one, name), getattr(alone, name))


def test_progress_is_told() -> None:
    calls: list[tuple[str, int, int]] = []
    fit_garch(series(), ones(), estimation=windows(), progress=lambda *call: calls.append(call))
    assert [(done, total) for _, done, total in calls] == [(0, 2), (1, 2), (2, 2)]


def test_the_scale_follows_the_volatility_of_the_moment_on_brent() -> None:
    # The summer before, and the weeks after the price fell by half in a day.
    y = brent_returns()
    calm, wild = brent().prices.index.searchsorted(["2019-08-01", "2020-05-05"])
    design = Design(offset=np.zeros(len(y)), x=ones(len(y)), names=("constant",))
    position = np.array([calm, wild])
    found = estimation_windows(position, length=1000, gap=GAP)
    fit = fit_garch(y, ones(len(y)), estimation=found)
    abnormal = garch_abnormal_returns(y, design, fit=fit, position=position, window=(0, 0))
    ratio = abnormal.std_error[:, 0] / fit.sigma
    assert ratio[0] < 1.5 < 2.0 < ratio[1]
