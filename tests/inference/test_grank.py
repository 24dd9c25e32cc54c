"""GRANK-T and GRANK-Z: by hand, a plain twin, and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from oilshock.inference import generalised_ranks, grank_t, grank_z
from oilshock.typing import Float

# Three events, five days of estimation. SCARs 2, 1, -3: mean 0, squares 14, s = sqrt(7), so the
# CARs stand at 0.756, 0.378 and -1.134.
SCAR = np.array([2.0, 1.0, -3.0])
RESIDUALS = np.array(
    [
        [-1.0, 0.5, 1.2, -0.3, 0.1],  # with 0.756: ranks 1 4 6 2 3 and 5
        [0.2, 0.9, -0.8, -0.1, 0.6],  # with 0.378: ranks 3 6 1 2 5 and 4
        [0.4, -1.5, 0.3, 1.1, -0.2],  # with -1.134: ranks 5 1 4 6 3 and 2
    ]
)


def test_both_by_hand() -> None:
    """T = 6. Sums of ranks 9 11 11 10 11, CARs 11; U = sum / 21 - 1/2, in units of 1/42:

    -3, 1, 1, -1, 1, and 1 for the CARs. Squares sum to 14.
    S = sqrt(14 / 6) / 42, Z = sqrt(6 / 14), t = Z sqrt(4 / (5 - 6/14)).
    GRANK-Z: (1/42) sqrt(12 x 3 x 7 / 5) = 0.169031.
    """
    ranks = generalised_ranks(SCAR, residuals=RESIDUALS)
    np.testing.assert_allclose(42 * ranks.days, [-3, 1, 1, -1, 1], atol=1e-12)
    assert 42 * ranks.car == pytest.approx(1)
    t, z = grank_t(ranks), grank_z(ranks)
    big_z = np.sqrt(6 / 14)
    assert t.statistic == pytest.approx(big_z * np.sqrt(4 / (5 - 6 / 14)))
    assert (t.df, t.distribution, t.n_events) == (4, "Student t", 3)
    assert z.statistic == pytest.approx(0.169031, abs=1e-6)
    assert z.distribution == "normal"


def plain(scar: Float, residuals: Float) -> tuple[float, float]:
    """Kolari and Pynnonen (2011) step by step: GSAR, ranks, U, S, Z, t; and GRANK-Z."""
    n = len(scar)
    car = scar / np.std(scar, ddof=1)
    u = []
    for i in range(n):
        present = residuals[i][~np.isnan(residuals[i])]
        gsar = np.append(present, car[i])
        u_present = stats.rankdata(gsar) / (len(gsar) + 1) - 0.5
        row = np.full(residuals.shape[1] + 1, np.nan)
        row[:-1][~np.isnan(residuals[i])] = u_present[:-1]
        row[-1] = u_present[-1]
        u.append(row)
    matrix = np.array(u)
    counts = (~np.isnan(matrix)).sum(axis=0)
    means = np.nansum(matrix, axis=0) / counts
    t = len(means)
    s = np.sqrt((counts / n * means**2).sum() / t)
    z = means[-1] / s
    sizes = (~np.isnan(matrix)).sum(axis=1).mean()
    return (
        float(z * np.sqrt((t - 2) / (t - 1 - z**2))),
        float(means[-1] / np.sqrt((sizes - 1) / (12 * n * (sizes + 1)))),
    )


@given(st.integers(0, 2**32 - 1), st.integers(2, 7), st.booleans())
def test_both_equal_the_plain_twin(seed: int, n: int, gaps: bool) -> None:
    rng = np.random.default_rng(seed)
    scar, residuals = rng.normal(size=n), rng.normal(size=(n, 15)).round(1)
    if gaps:
        residuals[0, :4] = np.nan
    ranks = generalised_ranks(scar, residuals=residuals)
    expected = plain(scar, residuals)
    assert grank_t(ranks).statistic == pytest.approx(expected[0], rel=1e-9, abs=1e-10)
    assert grank_z(ranks).statistic == pytest.approx(expected[1], rel=1e-9, abs=1e-10)


def test_a_car_equal_to_a_residual_shares_its_rank() -> None:
    scar = np.array([1.0, -1.0])  # s = sqrt(2), so 0.707 and -0.707
    value = 1.0 / np.std(scar, ddof=1)
    residuals = np.array([[value, -2.0, 2.0], [0.0, 1.0, 2.0]])
    ranks = generalised_ranks(scar, residuals=residuals)
    # Ranks of the CARs: 2.5 and 1 of 4; of the residuals 2.5 1 4 and 2 3 4.
    assert ranks.car == pytest.approx((2.5 + 1) / 10 - 0.5)
    np.testing.assert_allclose(ranks.days, np.array([4.5, 4, 8]) / 10 - 0.5)


@given(st.integers(0, 2**32 - 1))
def test_a_change_of_variance_or_of_order_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scar, residuals = rng.normal(size=8), rng.normal(size=(8, 30))
    order = rng.permutation(8)
    first = generalised_ranks(scar, residuals=residuals)
    for other in (
        generalised_ranks(5.0 * scar, residuals=residuals),
        generalised_ranks(scar[order], residuals=residuals[order]),
        generalised_ranks(np.append(scar, np.nan), residuals=np.vstack([residuals, residuals[:1]])),
    ):
        for test in (grank_t, grank_z):
            assert test(other).statistic == pytest.approx(
                test(first).statistic, rel=1e-9, abs=1e-12
            )
    flipped = generalised_ranks(-scar, residuals=-residuals)
    assert grank_t(flipped).statistic == pytest.approx(
        -grank_t(first).statistic, rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize(
    ("scar", "reason"),
    [
        ([np.nan, np.nan], "no complete event"),
        ([np.nan, 1.0], "needs at least two events, has 1"),
        ([1.0, 1.0], "the events do not differ"),
    ],
)
def test_what_cannot_be_computed_says_why(scar: list[float], reason: str) -> None:
    ranks = generalised_ranks(np.array(scar), residuals=RESIDUALS[:2])
    for test in (grank_t, grank_z):
        found = test(ranks)
        assert np.isnan(found.statistic)
        assert found.reason == reason


def test_no_residuals_no_rank() -> None:
    ranks = generalised_ranks(SCAR, residuals=np.full((3, 5), np.nan))
    assert "no residuals" in grank_z(ranks).reason
    assert "no variance" in grank_t(ranks).reason
