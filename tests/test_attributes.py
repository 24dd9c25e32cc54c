"""The regression on attributes, against statsmodels and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS, WLS

from oilshock.inference import attribute_design, regress_attributes
from oilshock.inference.attributes import is_numeric
from oilshock.typing import Bool

KINDS = ["war"] * 7 + ["talks"] * 6 + ["cut"] * 5


def every(n: int) -> Bool:
    return np.ones(n, dtype=np.bool_)


def sample(seed: int = 0) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Events with two attributes, their CARs and the variances of these."""
    rng = np.random.default_rng(seed)
    events = pd.DataFrame({"kind": KINDS, "severity": rng.integers(1, 4, 18)})
    events["severity"] = events["severity"].astype("Int64")
    return events, rng.normal(0.0, 0.03, 18), rng.uniform(1e-4, 1e-3, 18)


def dummies(events: pd.DataFrame) -> np.ndarray:
    kinds = events["kind"].to_numpy()
    columns = [np.ones(len(events)), kinds == "cut", kinds == "talks", events["severity"]]
    return np.column_stack([np.asarray(column, dtype=float) for column in columns])


def test_equal_weights_are_ols_with_hc3_of_statsmodels() -> None:
    events, car, _ = sample()
    design = attribute_design(events, every(18), attributes=["kind", "severity"])
    assert design.terms == ("constant", "kind=cut", "kind=talks", "severity")
    assert design.bases == {"kind=war": 7}
    assert design.n_events == (18, 5, 6, 18)
    found = regress_attributes(car, design, alpha=0.1)
    fitted = OLS(car, dummies(events)).fit(cov_type="HC3", use_t=True)
    np.testing.assert_allclose(found.estimate, fitted.params, rtol=1e-9)
    np.testing.assert_allclose(found.std_error, fitted.bse, rtol=1e-9)
    np.testing.assert_allclose(found.p_value, fitted.pvalues, rtol=1e-9)
    interval = np.column_stack([found.ci_low, found.ci_high])
    np.testing.assert_allclose(interval, fitted.conf_int(0.1), rtol=1e-9)
    assert found.df == 14


def test_inverse_variance_is_wls_with_hc3_of_statsmodels() -> None:
    events, car, variance = sample(1)
    design = attribute_design(events, every(18), attributes=["kind", "severity"])
    found = regress_attributes(car, design, variance=variance)
    fitted = WLS(car, dummies(events), weights=1.0 / variance).fit(cov_type="HC3", use_t=True)
    np.testing.assert_allclose(found.estimate, fitted.params, rtol=1e-9)
    np.testing.assert_allclose(found.std_error, fitted.bse, rtol=1e-9)
    np.testing.assert_allclose(found.p_value, fitted.pvalues, rtol=1e-9)


def test_hc3_by_hand() -> None:
    # Levels a: 1, 3, 1, 3, 2 (mean 2) and b: 5, 7, 5, 7, 6, 6 (mean 6). Leverages 1/5 and 1/6.
    # HC3 variance of a mean: sum of (e / (1 - h))^2 / n^2: a: 4 / 0.64 / 25 = 0.25;
    # b: 4 * 36/25 / 36 = 0.16. The base is b, the larger: a - b = -4, variance 0.41.
    events = pd.DataFrame({"kind": ["a"] * 5 + ["b"] * 6})
    car = np.array([1.0, 3.0, 1.0, 3.0, 2.0, 5.0, 7.0, 5.0, 7.0, 6.0, 6.0])
    found = regress_attributes(car, attribute_design(events, every(11), attributes=["kind"]))
    np.testing.assert_allclose(found.estimate, [6.0, -4.0], rtol=1e-12)
    np.testing.assert_allclose(found.std_error**2, [0.16, 0.41], rtol=1e-12)


@given(st.integers(0, 500), st.floats(1e-2, 1e2))
def test_order_and_scale(seed: int, scale: float) -> None:
    events, car, variance = sample(seed)
    order = np.random.default_rng(seed).permutation(18)
    base = regress_attributes(
        car, attribute_design(events, every(18), attributes=["kind"]), variance=variance
    )
    design = attribute_design(
        events.iloc[order].reset_index(drop=True), every(18), attributes=["kind"]
    )
    other = regress_attributes(scale * car[order], design, variance=scale**2 * variance[order])
    np.testing.assert_allclose(other.estimate, scale * base.estimate, rtol=1e-6, atol=1e-9 * scale)
    np.testing.assert_allclose(other.statistic, base.statistic, rtol=1e-6, atol=1e-9)


def test_small_levels_are_left_out_and_named() -> None:
    events = pd.DataFrame({"kind": [*KINDS, "spill", "spill"], "zone": ["x"] * 15 + ["y"] * 5})
    design = attribute_design(events, every(20), attributes=["kind", "zone"])
    # Without the two spills only 3 of zone y are left: they go too, and then kind "cut" is small.
    assert design.notes == {
        "kind=spill": "2 events, fewer than 5: left out",
        "zone=y": "3 events, fewer than 5: left out",
        "kind=cut": "2 events, fewer than 5: left out",
    }
    assert design.used.sum() == 13
    assert design.bases == {"kind=war": 7, "zone=x": 13}


def test_missing_attributes_and_cars_are_left_out() -> None:
    events, _, _ = sample()
    events.loc[[0, 1], "severity"] = pd.NA
    usable = every(18)
    usable[17] = usable[0] = False
    design = attribute_design(events, usable, attributes=["severity"])
    assert design.notes == {"severity": "1 event without it: left out"}
    assert np.flatnonzero(~design.used).tolist() == [0, 1, 17]


def test_collinear_columns_are_named() -> None:
    events = pd.DataFrame(
        {
            "kind": ["a"] * 6 + ["b"] * 6,
            "twin": ["p"] * 6 + ["q"] * 6,
            "same": [3] * 12,
            "size": range(12),
        }
    )
    design = attribute_design(events, every(12), attributes=["kind", "twin", "same", "size"])
    assert design.terms == ("constant", "kind=b", "size")
    assert design.notes == {
        "twin=q": "explained by the terms before it: left out",
        "same": "the same for every event: left out",
    }


def test_base_is_the_largest_level_first_by_alphabet() -> None:
    events = pd.DataFrame({"kind": ["b"] * 5 + ["a"] * 5})
    assert attribute_design(events, every(10), attributes=["kind"]).bases == {"kind=a": 5}


def test_few_events_have_a_reason() -> None:
    events = pd.DataFrame({"size": [1, 2], "mass": [3, 5]})
    design = attribute_design(events, every(2), attributes=["size", "mass"])
    found = regress_attributes(np.array([0.1, 0.2]), design)
    assert found.reason == "2 events for 3 terms: too few"
    assert np.isnan(found.estimate).all()
    nobody = pd.DataFrame({"kind": ["a", "b"]})
    design = attribute_design(nobody, every(2), attributes=["kind"])
    found = regress_attributes(np.array([0.1, 0.2]), design)
    assert found.reason == "0 events for 1 term: too few"


def test_an_event_that_decides_a_coefficient_has_a_reason() -> None:
    events = pd.DataFrame({"size": [0] * 9 + [1]})
    design = attribute_design(events, every(10), attributes=["size"])
    found = regress_attributes(np.arange(10.0), design)
    np.testing.assert_allclose(found.estimate, [4.0, 5.0], rtol=1e-12)
    assert np.isnan(found.std_error).all()
    assert found.reason == "one event alone decides a coefficient, so it has no standard error"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "2.5", ""], True),
        ([1, 2], True),
        (["+", "-", "0"], False),
        (["", ""], False),
        (["nan", "inf"], False),
        ([True, False], False),
    ],
)
def test_numbers_are_told_from_names(values: list[object], *, expected: bool) -> None:
    assert is_numeric(pd.Series(values)) is expected


@pytest.mark.parametrize(("n_small", "low", "high"), [(5, 0.05, 0.13), (10, 0.03, 0.10)])
def test_size_as_the_docstring_says(n_small: int, low: float, high: float) -> None:
    rng = np.random.default_rng(4)
    events = pd.DataFrame({"kind": ["base"] * 60 + ["small"] * n_small})
    design = attribute_design(events, every(60 + n_small), attributes=["kind"])
    p_values = [
        regress_attributes(rng.normal(size=60 + n_small), design).p_value[1] for _ in range(600)
    ]
    assert low < (np.array(p_values) < 0.05).mean() < high
