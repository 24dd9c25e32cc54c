"""All tests across events from one sample: equal to the plain functions, whatever the group."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from oilshock import inference as osi
from oilshock.abnormal import abnormal_returns, cumulate
from oilshock.inference import ACROSS, EventSample, TestResult, across_events, select
from oilshock.models import build_design, fit_ols
from oilshock.options import ACROSS_TESTS, ONE_EVENT_TESTS, Alternative
from oilshock.typing import Bool, Float, Int, Window
from oilshock.windows import estimation_windows, event_windows

N, LENGTH, GAP, EVENT = 400, 40, 6, (-3, 5)
WINDOWS: list[Window] = [(0, 0), (-1, 1), (0, 5), (-3, 5)]


def sample_of(
    returns: Float,
    position: Int,
    *,
    factor: Float | None = None,
    length: int = LENGTH,
    blocked: Bool | None = None,
) -> EventSample:
    factors = np.empty((len(returns), 0)) if factor is None else factor[:, np.newaxis]
    kind = "mean" if factor is None else "market"
    design = build_design(kind, factors=factors, names=() if factor is None else ("f",))
    estimation = estimation_windows(position, length=length, gap=GAP, blocked=blocked)
    fit = fit_ols(returns[estimation.index], design.x[estimation.index], mask=estimation.mask)
    index, present = event_windows(position, window=EVENT, n_sessions=len(returns))
    abnormal = abnormal_returns(
        returns, design, fit=fit, index=index, present=present, window=EVENT
    )
    return EventSample(abnormal=abnormal, estimation=estimation, position=position, x=design.x)


@lru_cache
def mixed() -> EventSample:
    """Clustered events, a factor, ties, a cut window, and one short estimation window."""
    rng = np.random.default_rng(11)
    returns = rng.standard_t(5, N).round(1)
    blocked = np.zeros(N, dtype=bool)
    blocked[:25] = True
    position = np.array([60, 90, 92, 92, 150, 200, 205, 300, 350, N - 3])
    return sample_of(returns, position, factor=rng.normal(size=N), blocked=blocked)


def plainly(name: str, sample: EventSample, window: Window, among: Bool) -> TestResult:
    """The same test by the public functions, on arrays cut out by hand."""
    abnormal, fit = sample.abnormal, sample.abnormal.fit
    columns = abnormal.columns(window)
    rows = np.flatnonzero(among & ~np.isnan(abnormal.ar[:, columns]).any(axis=1))
    found = cumulate(abnormal, window=window)
    car, error = found.car[rows], found.std_error[rows]
    scar, df, past, ar = car / error, fit.df[rows], fit.residuals[rows], abnormal.ar[rows]
    days = LENGTH + np.arange(columns.start, columns.stop)
    weights = osi.car_weights(
        sample.position[rows],
        window=window,
        index=sample.estimation.index[rows],
        mask=sample.estimation.mask[rows],
        x=sample.x,
    )
    scaled = past / fit.sigma[rows, np.newaxis]
    ranks = osi.generalised_ranks(scar, residuals=scaled)
    share = np.nanmean(np.where(np.isnan(past), np.nan, past > 0), axis=1)
    r = osi.mean_correlation(weights)
    calls: dict[str, Callable[[], TestResult]] = {
        "t": lambda: osi.portfolio_t(car, error),
        "cross-sectional": lambda: osi.cross_sectional(car),
        "crude-dependence": lambda: osi.crude_dependence(
            ar[:, columns].mean(axis=0),
            estimation_aar=np.nanmean(past, axis=0),
            n_events=len(rows),
        ),
        "patell": lambda: osi.patell(scar, df=df),
        "patell-kp": lambda: osi.patell_kp(scar, df=df, correlation=r),
        "bmp": lambda: osi.bmp(scar),
        "bmp-kp": lambda: osi.bmp_kp(scar, correlation=r),
        "skewness-adjusted": lambda: osi.skewness_adjusted(car),
        "rank": lambda: osi.corrado_rank(osi.rank_deviations(np.hstack([past, ar])), days=days),
        "corrado-zivney": lambda: osi.corrado_zivney(
            osi.standardised_ranks(
                np.hstack([scaled, osi.restandardise(ar, sigma=fit.sigma[rows])])
            ),
            days=days,
        ),
        "grank-t": lambda: osi.grank_t(ranks),
        "grank-z": lambda: osi.grank_z(ranks),
        "generalized-sign": lambda: osi.generalized_sign(car, positive_share=share),
        "sign": lambda: osi.sign_test(car),
        "wilcoxon": lambda: osi.wilcoxon(car),
    }
    return calls[name]()


GROUPS = {
    "all": np.ones(10, dtype=bool),
    "some": np.array([True, False, True, True, False, True, True, False, True, True]),
}


@pytest.mark.parametrize("name", list(ACROSS))
@pytest.mark.parametrize("group", list(GROUPS))
def test_each_test_of_a_group_is_the_plain_function_on_its_events(name: str, group: str) -> None:
    assert mixed().estimation.n_obs.min() < LENGTH
    for window in WINDOWS:
        expected = plainly(name, mixed(), window, GROUPS[group])
        chosen = select(mixed(), window, among=GROUPS[group])
        found = ACROSS[name](chosen, "two-sided")
        assert found.test == expected.test == name
        assert found.n_events == expected.n_events
        assert found.reason == expected.reason == ""
        figures = (found.statistic, found.p_value, found.df)
        same = (expected.statistic, expected.p_value, expected.df)
        assert figures == pytest.approx(same, rel=1e-9, abs=1e-12, nan_ok=True)


def test_a_run_gives_each_group_window_and_test_once_in_order() -> None:
    found = list(across_events(mixed(), windows=WINDOWS, groups=GROUPS))
    keys = [(each.group, each.window, each.result.test) for each in found]
    assert keys == [(g, w, t) for g in GROUPS for w in WINDOWS for t in ACROSS]
    for each in found:
        again = ACROSS[each.result.test](
            select(mixed(), each.window, among=GROUPS[each.group]), "two-sided"
        )
        assert again.statistic == each.result.statistic


def test_only_events_with_the_whole_window_count() -> None:
    """The last event is at N - 3: it has days -3 to 2."""
    counts = [select(mixed(), window).n_events for window in WINDOWS]
    assert counts == [10, 10, 9, 9]


@pytest.mark.parametrize("name", list(ACROSS))
def test_alternatives_of_each_test(name: str) -> None:
    chosen = select(mixed(), (-1, 1))
    two, up, down = (ACROSS[name](chosen, side) for side in ("two-sided", "greater", "less"))  # type: ignore[arg-type]
    assert two.statistic == up.statistic == down.statistic
    assert two.p_value == pytest.approx(min(1.0, 2 * min(up.p_value, down.p_value)), rel=1e-9)
    total = up.p_value + down.p_value
    # A law with steps counts the value itself on both sides.
    assert total > 1 if name == "sign" else total == pytest.approx(1)


@pytest.mark.parametrize("name", list(ACROSS))
def test_no_event_and_one_event_say_why_or_have_a_figure(name: str) -> None:
    nobody = ACROSS[name](select(mixed(), (0, 0), among=np.zeros(10, dtype=bool)), "two-sided")
    assert (nobody.reason[:17], nobody.n_events) == ("no complete event", 0)
    assert np.isnan([nobody.statistic, nobody.p_value]).all()
    one = ACROSS[name](select(mixed(), (0, 0), among=np.arange(10) == 4), "two-sided")
    assert one.n_events == 1
    assert bool(one.reason) == bool(np.isnan(one.statistic))
    assert nobody.null == one.null != ""


def test_a_series_without_variance_gives_reasons_and_no_figures() -> None:
    sample = sample_of(np.zeros(N), np.array([100, 200, 300]))
    for name, test in ACROSS.items():
        found = test(select(sample, (0, 0)), "two-sided")
        if name == "sign":
            assert found.p_value == 0.25
        else:
            assert found.reason
            assert np.isnan(found.p_value)


def test_an_event_whose_past_does_not_move_is_outside_the_standardised_tests() -> None:
    returns = np.random.default_rng(13).normal(size=N)
    returns[50:95] = 0.0
    found = select(sample_of(returns, np.array([100, 200, 300, 350])), (0, 0))
    for name, test in ACROSS.items():
        n = 4 if name in ("cross-sectional", "crude-dependence", "skewness-adjusted") else 3
        n = 4 if name in ("rank", "generalized-sign", "sign", "wilcoxon") else n
        assert test(found, "two-sided").n_events == n, name


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3))
def test_scale_and_order_of_events_change_no_statistic(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    returns = rng.normal(0.0, 0.02, N)
    position = rng.integers(60, N - 10, 8)
    order = rng.permutation(8)
    first = select(sample_of(returns, position), (0, 5))
    other = select(sample_of(scale * returns, position[order]), (0, 5))
    for name, test in ACROSS.items():
        a, b = test(first, "two-sided"), test(other, "two-sided")
        assert (a.n_events, a.reason) == (b.n_events, b.reason), name
        assert b.statistic == pytest.approx(a.statistic, rel=1e-6, abs=1e-8, nan_ok=True), name


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.floats(-0.5, 0.5))
def test_a_drift_is_no_abnormal_return(seed: int, drift: float) -> None:
    rng = np.random.default_rng(seed)
    returns, position = rng.normal(0.0, 0.02, N), rng.integers(60, N - 10, 8)
    first, other = (
        select(sample_of(each, position), (0, 5)) for each in (returns, returns + drift)
    )
    for name, test in ACROSS.items():
        a, b = test(first, "two-sided"), test(other, "two-sided")
        assert b.statistic == pytest.approx(a.statistic, rel=1e-6, abs=1e-6, nan_ok=True), name


SIDES: tuple[Alternative, ...] = ("two-sided", "greater")
DRAWS = 500


@lru_cache
def p_values_on_noise() -> dict[str, Float]:
    """P values of all tests on 500 samples of 24 separate events, iid normal returns."""
    rng = np.random.default_rng(12)
    position = 60 + 50 * np.arange(24)
    drawn: dict[str, list[list[float]]] = {name: [] for name in ACROSS}
    for _ in range(DRAWS):
        chosen = select(sample_of(rng.normal(size=1300), position), (0, 1))
        for name, test in ACROSS.items():
            drawn[name].append([test(chosen, side).p_value for side in SIDES])
    return {name: np.array(values) for name, values in drawn.items()}


@pytest.mark.parametrize("name", list(ACROSS))
@pytest.mark.parametrize("side", [0, 1], ids=SIDES)
def test_size_on_noise(name: str, side: int) -> None:
    """Within three Monte Carlo errors of 5 and 10 %; `sign` has steps, so it may stay below."""
    p = p_values_on_noise()[name][:, side]
    for level in (0.05, 0.10):
        share = (p < level).mean()
        error = np.sqrt(level * (1 - level) / DRAWS)
        exact = level
        if name == "sign":  # the largest size below the level that 24 coins allow
            law = stats.binom(24, 0.5)
            tails = law.sf(np.arange(24) - 1) * (2 if side == 0 else 1)
            exact = tails[tails < level].max()
        if name == "skewness-adjusted":  # normal law for a t statistic with 23 degrees of freedom
            exact = float(2 * stats.t.sf(stats.norm.isf(level / 2), 23)) if side == 0 else level
        assert abs(share - exact) < 3 * error, (name, share)


def test_names_of_the_config_are_those_that_run_or_plug_in() -> None:
    assert set(ACROSS_TESTS) == set(ACROSS) | {"placebo"}
    assert not (set(ONE_EVENT_TESTS) - {"t", "placebo"}) & set(ACROSS)
