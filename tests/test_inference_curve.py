"""The specification curve: figures on paper, the analysis of variance, the permutation test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from oilshock.inference.curve import (
    SpecificationCurve,
    by_level,
    drivers,
    signed_z,
    summarise_curve,
)


def curve_of(
    effect: list[float], p_value: list[float], placed: list[list[float]], **columns: list[object]
) -> SpecificationCurve:
    n = len(effect)
    same = {name: ["x"] * n for name in ("model", "returns", "series", "test", "window")}
    frame = pd.DataFrame(
        {**same, "estimation": 120, "gap": 10, "effect": effect, "p_value": p_value, **columns}
    )
    matrix = np.array(placed, dtype=float).reshape(len(placed), n)
    return SpecificationCurve(frame, matrix, np.full(matrix.shape, 0.5), 0.05, "average", -1)


# Four specifications: median (1 + 3) / 2 = 2; three of four positive; one positive with p < .05.
PAPER = curve_of(
    [1.0, 3.0, 5.0, -1.0],
    [0.20, 0.04, 0.30, 0.01],
    [[2.0, 2.0, 2.0, 2.0], [-9.0, -9.0, -9.0, -9.0], [0.0, 1.0, 1.0, 0.0]],
)


def test_the_summary_on_paper() -> None:
    found = summarise_curve(PAPER)
    assert (found.n_specifications, found.n_computed) == (4, 4)
    assert (found.median_effect, found.low_effect, found.high_effect) == (2.0, -1.0, 5.0)
    assert found.share_of_sign == 0.75
    assert found.share_significant == 0.25
    median, share, mean_z = found.tests
    # |medians| of the placements: 2, 9, 0.5; two of three are at least 2.
    assert (median.p_value, median.expected, median.n_placements) == (3 / 4, 2.0, 3)
    # No placement has a p value below 0.05.
    assert (share.value, share.p_value) == (0.25, 1 / 4)
    z = [stats.norm.isf(p / 2) for p in (0.20, 0.04, 0.30, 0.01)]
    assert mean_z.value == pytest.approx((z[0] + z[1] + z[2] - z[3]) / 4)


def test_without_placements_there_is_no_p_value() -> None:
    found = summarise_curve(curve_of([1.0, 2.0], [0.5, 0.5], []))
    assert [np.isnan(test.p_value) for test in found.tests] == [True] * 3
    assert found.median_effect == 1.5


def test_what_was_not_computed_is_counted_apart() -> None:
    found = summarise_curve(curve_of([np.nan, 2.0], [np.nan, 0.01], [[np.nan, 1.0]]))
    assert (found.n_specifications, found.n_computed, found.share_significant) == (2, 1, 1.0)
    nothing = summarise_curve(curve_of([np.nan], [np.nan], []))
    assert (nothing.n_computed, nothing.tests) == (0, ())


def test_p_values_of_the_curve_are_uniform_under_the_null() -> None:
    rng = np.random.default_rng(3)
    p_values = []
    for _ in range(300):
        common = rng.standard_normal(40)
        effects = common[:, np.newaxis] + 0.3 * rng.standard_normal((40, 6))
        curve = curve_of(effects[0].tolist(), [0.5] * 6, effects[1:].tolist())
        p_values.append(summarise_curve(curve).tests[0].p_value)
    # 40 values, so that p is a multiple of 1/40: 0.10 is met exactly.
    assert np.mean(np.array(p_values) <= 0.10) == pytest.approx(0.10, abs=0.052)


def full_grid(gap_effect: float, window_effect: float) -> SpecificationCurve:
    """Lay out an additive grid: 2 gaps by 3 windows."""
    gaps, windows = [10, 10, 10, 20, 20, 20], ["a", "b", "c"] * 2
    effect = [
        gap_effect * (gap == 20) + window_effect * "abc".index(window)
        for gap, window in zip(gaps, windows, strict=True)
    ]
    return curve_of(effect, [0.5] * 6, [], gap=gaps, window=windows)


def test_shares_of_an_additive_grid_add_up() -> None:
    # Gap: 6 * 1 = 6 of squares (levels 0 and 2 round 1). Window: 4 * 1 = 4 (levels 0, 1, 2).
    table = drivers(full_grid(2.0, 1.0)).set_index("dimension")
    assert table["share_of_effect"].to_dict() == pytest.approx({"gap": 0.6, "window": 0.4})
    assert list(table.index) == ["gap", "window"], "the most important first"
    assert list(drivers(full_grid(0.2, 1.0))["dimension"]) == ["window", "gap"]


def test_shares_are_those_of_an_analysis_of_variance() -> None:
    import statsmodels.formula.api as smf
    from statsmodels.stats.anova import anova_lm

    curve = full_grid(2.0, 1.0)
    noisy = curve.frame["effect"] + np.random.default_rng(0).normal(0, 0.5, 6)
    curve = replace(curve, frame=curve.frame.assign(effect=noisy))
    squares = anova_lm(smf.ols("effect ~ C(gap) + C(window)", curve.frame).fit())["sum_sq"]
    table = drivers(curve).set_index("dimension")["share_of_effect"]
    assert table["gap"] == pytest.approx(squares["C(gap)"] / squares.sum())
    assert table["window"] == pytest.approx(squares["C(window)"] / squares.sum())


def test_one_choice_drives_nothing() -> None:
    assert drivers(PAPER).empty
    assert by_level(PAPER).empty
    flat = drivers(full_grid(0.0, 0.0))
    assert flat["share_of_effect"].tolist() == [0.0, 0.0]


def test_levels_on_paper() -> None:
    table = by_level(full_grid(2.0, 1.0)).set_index(["dimension", "level"])
    assert table.loc[("gap", "10"), "median_effect"] == 1.0
    assert table.loc[("window", "c"), "median_effect"] == 3.0
    assert table["n_specifications"].tolist() == [3, 3, 2, 2, 2]


def test_signed_z_is_the_normal_quantile() -> None:
    z = signed_z(np.array([1.0, -1.0, 1.0]), np.array([0.05, 0.01, 1.0]))
    np.testing.assert_allclose(z, [stats.norm.isf(0.025), -stats.norm.isf(0.005), 0], atol=1e-12)
