"""The rank of a design matrix and what it confuses, against numpy's and by construction."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from oilshock.models.identification import identify


@given(st.integers(1, 30), st.integers(1, 6), st.integers(0, 4), st.integers(0, 10_000))
def test_rank_equals_numpy_whatever_the_units(n: int, own: int, extra: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = rng.normal(size=(n, own))
    x = np.hstack([base, base @ rng.integers(-2, 3, size=(own, extra))])
    x = x[:, rng.permutation(x.shape[1])]
    units = 10.0 ** rng.integers(-6, 7, size=x.shape[1])
    found = identify(x * units)
    assert found.rank == np.linalg.matrix_rank(x)
    assert np.linalg.matrix_rank(x[:, found.columns]) == found.rank
    scaled = np.divide(x * units, found.length)
    np.testing.assert_allclose(scaled @ found.null, 0, atol=1e-10)


def test_what_is_confused_is_named_and_nothing_else() -> None:
    rng = np.random.default_rng(1)
    a, b, c = rng.normal(size=(3, 20))
    x = np.column_stack([a, b, a + b, c])
    found = identify(x)
    assert found.rank == 3
    for unit in np.eye(4)[:3]:
        assert found.confused(unit).tolist() == [True, True, True, False]
    assert not found.confused(np.eye(4)[3]).any()
    # a's effect with that of a + b is what the data show: b_1 + b_3.
    assert not found.confused(np.array([1.0, 0.0, 1.0, 0.0])).any()
    assert found.confused(np.array([1.0, 0.0, -1.0, 0.0])).any()


def test_two_separate_confusions_are_kept_apart() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 20))
    found = identify(np.column_stack([a, 2 * a, b, -b]))
    assert found.confused(np.eye(4)[0]).tolist() == [True, True, False, False]
    assert found.confused(np.eye(4)[3]).tolist() == [False, False, True, True]


def test_an_empty_column_and_no_rows_identify_nothing() -> None:
    found = identify(np.column_stack([np.ones(5), np.zeros(5)]))
    assert found.columns.tolist() == [0]
    assert found.confused(np.array([0.0, 1.0])).tolist() == [False, True]
    assert not found.confused(np.array([1.0, 0.0])).any()
    assert identify(np.empty((0, 2))).rank == 0
    assert identify(np.empty((5, 0))).rank == 0


def test_nearly_the_same_is_not_the_same() -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(size=50)
    assert identify(np.column_stack([a, a + 1e-6 * rng.normal(size=50)])).rank == 2
    assert identify(np.column_stack([a, a + 1e-10 * rng.normal(size=50)])).rank == 1
