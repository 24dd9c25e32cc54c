"""P values and adjustments against scipy and statsmodels; sizes measured, not assumed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from strategies import dated, fit_brent, mean_model, p_values

from oilshock.abnormal import cumulate
from oilshock.inference import (
    benjamini_hochberg,
    holm,
    portfolio_t,
    realised_size,
    t_critical,
    t_p_value,
    t_statistic,
)
from oilshock.typing import Float

ADJUSTMENTS = {"holm": holm, "fdr_bh": benjamini_hochberg}


@pytest.mark.parametrize("df", [1, 5, 119, 5000])
def test_t_p_values_equal_scipy_far_into_the_tail(df: int) -> None:
    statistic = np.array([0.0, 0.5, -1.96, 3.0, 8.5, -40.0])
    found = t_p_value(statistic, np.full(6, df))
    np.testing.assert_allclose(found, 2 * stats.t.sf(np.abs(statistic), df), rtol=1e-10)
    assert (found > 0).all()


@pytest.mark.parametrize("alpha", [0.1, 0.05, 0.01])
def test_t_critical_is_where_the_p_value_is_alpha(alpha: float) -> None:
    df = np.array([2, 119, 119])
    np.testing.assert_allclose(t_p_value(t_critical(alpha, df), df), alpha, rtol=1e-10)
    np.testing.assert_allclose(t_critical(alpha, df), stats.t.isf(alpha / 2, df), rtol=1e-10)


def test_no_error_no_t() -> None:
    found = t_statistic(np.array([1.0, 1.0, np.nan, 3.0]), np.array([0.0, np.nan, 1.0, 2.0]))
    np.testing.assert_array_equal(found, [np.nan, np.nan, np.nan, 1.5])
    np.testing.assert_array_equal(np.isnan(t_p_value(found, np.full(4, 9))), [True] * 3 + [False])


@pytest.mark.parametrize("name", list(ADJUSTMENTS))
@pytest.mark.parametrize("seed", range(8))
def test_adjusted_p_values_equal_statsmodels(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.random(1 + 6 * seed) ** 3
    values[rng.random(len(values)) < 0.2] = values[0]  # ties
    values[1:][rng.random(len(values) - 1) < 0.2] = np.nan
    present = ~np.isnan(values)
    expected = np.full(len(values), np.nan)
    expected[present] = multipletests(values[present], method=name)[1]
    np.testing.assert_allclose(ADJUSTMENTS[name](values), expected, rtol=1e-12)


def plain_adjustment(name: str, values: list[float]) -> list[float]:
    """Straight from the definitions: the largest, or smallest, weighted p value on the way."""
    ordered, n = sorted(values), len(values)
    if name == "holm":
        steps = [(n - rank) * p for rank, p in enumerate(ordered)]
        adjusted = [min(1.0, max(steps[: rank + 1])) for rank in range(n)]
    else:
        steps = [n * p / (rank + 1) for rank, p in enumerate(ordered)]
        adjusted = [min(1.0, *steps[rank:]) for rank in range(n)]
    return [adjusted[ordered.index(p)] for p in values]


@pytest.mark.parametrize("name", list(ADJUSTMENTS))
@given(values=p_values())
def test_adjusted_p_values_equal_the_plain_twin_and_leave_missing_ones_out(
    name: str, values: Float
) -> None:
    found = ADJUSTMENTS[name](values)
    present = ~np.isnan(values)
    assert np.isnan(found[~present]).all()
    expected = plain_adjustment(name, values[present].tolist())
    np.testing.assert_allclose(found[present], expected, rtol=1e-12, atol=1e-300)


@given(p_values(with_missing=False), st.randoms(use_true_random=False))
def test_holm_does_not_depend_on_order_and_never_shrinks(values: Float, random: object) -> None:
    order = list(range(len(values)))
    random.shuffle(order)  # type: ignore[attr-defined]
    np.testing.assert_array_equal(holm(values[order]), holm(values)[order])
    assert (holm(values) >= values).all()
    assert (holm(values) >= benjamini_hochberg(values) * (1 - 1e-12)).all()


def test_portfolio_t_by_hand() -> None:
    """(0.03 + 0.01 - 0.01) / sqrt(0.01^2 + 0.02^2 + 0.02^2) = 0.03 / 0.03 = 1."""
    car = np.array([0.03, 0.01, -0.01, np.nan, 0.5])
    error = np.array([0.01, 0.02, 0.02, np.nan, 0.0])
    found = portfolio_t(car, error)
    assert found.statistic == pytest.approx(1.0)
    assert found.p_value == pytest.approx(0.3173105, abs=1e-7)
    assert (found.n_events, found.test, found.distribution) == (3, "t", "normal")
    assert np.isnan(found.df)


def test_portfolio_t_far_into_the_tail_is_not_zero() -> None:
    assert 0 < portfolio_t(np.array([0.3]), np.array([0.01])).p_value < 1e-100


def test_portfolio_t_without_events_says_why() -> None:
    found = portfolio_t(np.array([np.nan]), np.array([0.1]))
    assert np.isnan(found.statistic)
    assert (found.n_events, found.reason) == (0, "no complete event")


@pytest.mark.parametrize(
    ("tests", "source"), [(["t"], "p_value"), (["t", "placebo"], "p_calibrated")]
)
@pytest.mark.parametrize("adjust", ["holm", "bh", "none"])
def test_the_family_is_one_car_window(adjust: str, tests: list[str], source: str) -> None:
    events = dated("2019-09-14", "2022-02-24", "2024-04-13", "2026-09-25")
    frame = fit_brent(events, adjust=adjust, tests=tests).table("car")
    for _, family in frame.groupby(["start", "end"]):
        p = family[source].to_numpy()
        expected = {"holm": holm, "bh": benjamini_hochberg}.get(adjust)
        np.testing.assert_array_equal(
            family["p_adjusted"], np.full(4, np.nan) if expected is None else expected(p)
        )
    # The last event has no day 10: outside that family, and empty.
    last = frame[(frame["event_id"] == "2026-09-25") & (frame["end"] == 10)]
    assert last[[source, "p_adjusted"]].isna().all(axis=None)


def test_across_events_only_complete_ones_count_and_n_is_said() -> None:
    study = fit_brent(dated("2019-09-14", "2022-02-24", "2026-09-25"))
    tests = study.table("tests").query("group == 'all' and test == 't'").set_index(["start", "end"])
    assert tests.index.is_unique
    assert tests.loc[(0, 0), "n_events"] == 3
    assert tests.loc[(-5, 10), "n_events"] == 2
    cars = study.car(-5, 10)
    expected = cars["car"].sum() / np.sqrt((cars["std_error"] ** 2).sum())
    assert tests.loc[(-5, 10), "statistic"] == pytest.approx(expected)


def test_shares_below_each_level() -> None:
    p = np.array([0.004, 0.01, 0.05, 0.06, 0.2, np.nan])
    assert realised_size(p) == (0.8, 0.4, 0.2)
    assert all(np.isnan(share) for share in realised_size(np.array([np.nan])))


def test_realised_size_on_brent() -> None:
    """Measured once elsewhere: 6.4 % at 5 %, 2.7 % at 1 %, over 9,846 sessions, CAR[0, 0]."""
    size = fit_brent(dated("2024-04-13")).calibrate((0, 0)).size
    day0 = size[(size["test"] == "t") & (size["sessions"] == "all")].iloc[0]
    assert day0["n_sessions"] == 9_846
    assert 0.063 <= day0["reject_5"] < 0.0645
    assert round(day0["reject_1"], 3) == 0.027


def test_p_values_are_uniform_and_intervals_cover_on_pure_noise() -> None:
    """Normal returns: t(L - 1) holds exactly. Windows far apart, so draws are independent."""
    rng = np.random.default_rng(9)
    length, n = 10, 4_000
    position = 20 + 20 * np.arange(n)
    returns = rng.normal(0.001, 0.02, 20 * n + 40)
    abnormal = mean_model(returns, position, window=(0, 5), length=length, gap=2)
    for window in ((0, 0), (0, 5)):
        found = cumulate(abnormal, window=window)
        p = t_p_value(t_statistic(found.car, found.std_error), abnormal.fit.df)
        for level, share in zip((0.10, 0.05, 0.01), realised_size(p), strict=True):
            assert abs(share - level) < 3 * np.sqrt(level * (1 - level) / n)
        assert stats.kstest(p, "uniform").pvalue > 0.001
        # The true CAR is 0, whatever the drift.
        half = t_critical(0.05, abnormal.fit.df) * found.std_error
        covered = float((np.abs(found.car) <= half).mean())
        assert abs(covered - 0.95) < 3 * np.sqrt(0.95 * 0.05 / n)
