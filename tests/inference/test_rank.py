"""Corrado and Corrado-Zivney: by hand, a plain twin, and the traps of both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from strategies import dated, fit_brent

from oilshock.inference import (
    corrado_rank,
    corrado_zivney,
    rank_deviations,
    restandardise,
    standardised_ranks,
)
from oilshock.typing import Float

# Three events; three days of estimation and two of the event window.
VALUES = np.array(
    [
        [0.1, 0.3, -0.2, 0.5, 0.0],  # ranks 3 4 1 5 2
        [-0.1, 0.2, 0.0, 0.4, 0.1],  # ranks 1 4 2 5 3
        [0.0, -0.3, 0.2, 0.1, 0.6],  # ranks 2 1 4 3 5
    ]
)


def days(*columns: int) -> np.ndarray:
    return np.array(columns)


def test_corrado_by_hand() -> None:
    """Mean deviations from 3: -1, 0, -2/3, 4/3, 1/3; squares sum to 30/9; S = sqrt(2/3)."""
    deviations = rank_deviations(VALUES)
    np.testing.assert_allclose(deviations.mean(axis=0), [-1, 0, -2 / 3, 4 / 3, 1 / 3], atol=1e-15)
    s = np.sqrt(2 / 3)
    first, second = (corrado_rank(deviations, days=days(day)) for day in (3, 4))
    assert first.statistic == pytest.approx(4 / 3 / s)
    assert second.statistic == pytest.approx(1 / 3 / s)
    both = corrado_rank(deviations, days=days(3, 4))
    assert both.statistic == pytest.approx(5 / 3 / (np.sqrt(2) * s))
    assert both.p_value == pytest.approx(2 * stats.norm.sf(5 / 3 / (np.sqrt(2) * s)))
    assert (both.n_events, both.distribution) == (3, "normal")


def test_ties_share_their_rank() -> None:
    np.testing.assert_array_equal(
        rank_deviations(np.array([[0.0, 0.2, 0.0, 0.0, 0.1]])), [[-1.0, 2.0, -1.0, -1.0, 1.0]]
    )


def test_corrado_zivney_by_hand() -> None:
    """The third event lacks the first day: its ranks 1 3 2 4 over 5, the others over 6.

    U: 0 1/6 -1/3 1/3 -1/6; -1/3 1/6 -1/6 1/3 0; - -3/10 1/10 -1/10 3/10.
    Sums -1/3, 1/30, -2/5, 17/30, 2/15; over sqrt(2), then sqrt(3).
    """
    gap = VALUES.copy()
    gap[2, 0] = np.nan
    z = np.array([-1 / 3, 1 / 30, -2 / 5, 17 / 30, 2 / 15]) / np.sqrt([2, 3, 3, 3, 3])
    s = np.sqrt((z**2).sum() / 5)
    ranks = standardised_ranks(gap)
    assert corrado_zivney(ranks, days=days(3)).statistic == pytest.approx(z[3] / s)
    window = corrado_zivney(ranks, days=days(3, 4))
    assert window.statistic == pytest.approx((z[3] + z[4]) / (np.sqrt(2) * s))


def test_restandardise_by_hand() -> None:
    """SARs 1, 2, 6 differ by sqrt(7); an event without the day is outside."""
    ar = np.array([[0.01], [0.04], [0.18], [np.nan]])
    found = restandardise(ar, sigma=np.array([0.01, 0.02, 0.03, 0.01]))
    np.testing.assert_allclose(found[:, 0], np.array([1, 2, 6, np.nan]) / np.sqrt(7))


def test_restandardise_has_no_figure_for_one_event_or_equal_ones() -> None:
    ar = np.array([[0.01, np.nan], [0.01, 0.02]])
    assert np.isnan(restandardise(ar, sigma=np.full(2, 0.01))).all()


def test_a_variance_that_rises_at_the_event_leaves_corrado_zivney_at_its_size() -> None:
    """Event day four times as volatile: plain ranks reject too often, restandardised do not."""
    rng = np.random.default_rng(5)
    rejected = {"rank": 0, "corrado-zivney": 0}
    for _ in range(400):
        past, event = rng.normal(size=(25, 60)), 4 * rng.normal(size=(25, 1))
        plain = corrado_rank(rank_deviations(np.hstack([past, event])), days=days(60))
        scaled = restandardise(event, sigma=past.std(axis=1, ddof=1))
        scaled_past = past / past.std(axis=1, ddof=1)[:, None]
        ranks = standardised_ranks(np.hstack([scaled_past, scaled]))
        rejected["rank"] += plain.p_value < 0.05
        rejected["corrado-zivney"] += corrado_zivney(ranks, days=days(60)).p_value < 0.05
    assert rejected["rank"] / 400 > 0.08
    assert abs(rejected["corrado-zivney"] / 400 - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 400)


def plain_corrado(values: Float, columns: list[int]) -> float:
    """Straight from Corrado (1989), one event and one day at a time."""
    n, t = values.shape
    ranks = [stats.rankdata(row) for row in values]
    means = [sum(ranks[i][day] - (t + 1) / 2 for i in range(n)) / n for day in range(t)]
    s = (sum(mean**2 for mean in means) / t) ** 0.5
    return float(sum(means[day] for day in columns) / len(columns) * len(columns) ** 0.5 / s)


@given(
    hnp.arrays(np.float64, (4, 9), elements=st.integers(-3, 3).map(float)),
    st.lists(st.integers(5, 8), min_size=1, max_size=4, unique=True),
)
def test_corrado_equals_the_plain_twin_with_ties(values: Float, columns: list[int]) -> None:
    found = corrado_rank(rank_deviations(values), days=np.array(columns))
    if found.reason:
        assert np.ptp(stats.rankdata(values, axis=1).mean(axis=0)) < 1e-12
        return
    assert found.statistic == pytest.approx(plain_corrado(values, columns), rel=1e-9, abs=1e-12)
    full = corrado_zivney(standardised_ranks(values), days=np.array(columns))
    assert full.statistic == pytest.approx(found.statistic, rel=1e-9, abs=1e-12)


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100))
def test_order_of_events_and_scale_do_not_matter(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(6, 20))
    order = rng.permutation(6)
    for ranked, test in ((rank_deviations, corrado_rank), (standardised_ranks, corrado_zivney)):
        first = test(ranked(values), days=days(18, 19))
        again = test(ranked(scale * values[order]), days=days(18, 19))
        assert again.statistic == pytest.approx(first.statistic, rel=1e-9, abs=1e-12)
        flipped = test(ranked(-values), days=days(18, 19))
        assert flipped.statistic == pytest.approx(-first.statistic, rel=1e-9, abs=1e-12)


def test_events_without_the_day_are_outside_and_n_says_so() -> None:
    cut = np.vstack([VALUES, [0.1, 0.2, 0.3, 0.4, np.nan]])
    found = corrado_rank(rank_deviations(cut), days=days(4))
    alone = corrado_rank(rank_deviations(VALUES), days=days(4))
    assert (found.statistic, found.n_events) == (pytest.approx(alone.statistic), 3)
    assert corrado_rank(rank_deviations(cut), days=days(3)).n_events == 4


def test_what_cannot_be_computed_says_why() -> None:
    missing = np.full((2, 4), np.nan)
    for found in (
        corrado_rank(rank_deviations(missing), days=days(3)),
        corrado_zivney(standardised_ranks(missing), days=days(3)),
    ):
        assert (found.n_events, found.reason[:17]) == (0, "no complete event")
    flat = corrado_rank(rank_deviations(np.zeros((2, 4))), days=days(3))
    assert flat.reason == "no variance in the estimation windows"


@pytest.mark.parametrize("name", ["rank", "corrado-zivney"])
def test_each_day_has_its_own_rank_statistic(name: str) -> None:
    """A known mistake repeats the first day's z for every day of the window."""
    study = fit_brent(dated("2014-11-28", "2019-09-14", "2022-02-24"), tests=[name])
    tests = study.table("tests").query("group == 'all' and start == end")
    assert len(tests) == tests["statistic"].nunique() == 16
    ar, residuals = study.estimates.abnormal.ar, study.estimates.abnormal.fit.residuals
    if name == "rank":
        values = np.hstack([residuals, ar])
        expected = [plain_corrado(values, [120 + day]) for day in range(16)]
        np.testing.assert_allclose(tests["statistic"], expected, rtol=1e-9, atol=1e-12)


def test_one_event_has_no_spread_among_events() -> None:
    study = fit_brent(dated("2019-09-14"), tests=["rank", "corrado-zivney"])
    assert np.isfinite(study.test("rank", 0, 0)["statistic"].iloc[0])
    row = study.test("corrado-zivney", 0, 0).iloc[0]
    assert np.isnan(row["statistic"])
    assert "there is one only" in row["reason"]
