"""The specification curve: one question under many defensible choices, judged as a whole.

Simonsohn, Simmons and Nelson (2020): estimate every combination of reasonable choices, show all
estimates, and ask whether the curve as a whole could have come about by chance, by comparing it
with the curves of events placed at random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.notebook import table_html
from oilshock.typing import Float, Int, freeze
from oilshock.words import count

DIMENSIONS = ("model", "estimation", "gap", "window", "returns", "series", "test")
"""The choices, in the order of the columns of a curve."""

CURVE_COLUMNS = (
    "specification",
    "model",
    "estimation",
    "gap",
    "window",
    "start",
    "end",
    "returns",
    "series",
    "test",
    "n_events",
    "effect",
    "statistic",
    "p_value",
    "reason",
)


@dataclass(frozen=True, eq=False, repr=False)
class SpecificationCurve:
    """All specifications of a sweep, and the same for events placed at random.

    Parameters
    ----------
    frame : DataFrame
        One row per specification, `CURVE_COLUMNS`; `effect` in the unit of the returns.
    placed_effect, placed_p : ndarray of shape (n_placements, n_specifications)
        Effects and p values of each placement at random sessions.
    alpha : float
        Level of significance.
    effect : str
        "signed" or "average": what `effect` is.
    own : int
        Row of the study's own specification; -1 where it is not in the grid.
    """

    frame: pd.DataFrame
    placed_effect: Float
    placed_p: Float
    alpha: float
    effect: str
    own: int

    def __post_init__(self) -> None:
        freeze(self.placed_effect, self.placed_p)

    def __repr__(self) -> str:
        return (
            f"SpecificationCurve({count(len(self.frame), 'specification')}, "
            f"{count(len(self.placed_p), 'placement')})"
        )

    def _repr_html_(self) -> str:
        return table_html(
            self.frame.drop(columns=["start", "end", "returns", "n_events", "reason"]),
            notes=[repr(self)],
        )


@dataclass(frozen=True)
class CurveTest:
    """One statistic of the curve, with its permutation test.

    Parameters
    ----------
    statistic : str
        What is compared.
    value : float
        Its value on the curve.
    expected : float
        Its median over the placements.
    p_value : float
        Share of the placements at least as extreme; NaN where there is none.
    n_placements : int
        Number of placements.
    """

    statistic: str
    value: float
    expected: float
    p_value: float
    n_placements: int


@dataclass(frozen=True)
class CurveSummary:
    """What a specification curve says.

    Parameters
    ----------
    n_specifications, n_computed : int
        Specifications in the grid, and those with a figure.
    median_effect, low_effect, high_effect : float
        Median, lowest and highest effect.
    share_of_sign : float
        Share of the specifications whose effect has the sign of the median.
    share_significant : float
        Share that is significant and has the sign of the median.
    tests : tuple of CurveTest
        Of the median effect, the share significant, and the mean z (Stouffer).
    """

    n_specifications: int
    n_computed: int
    median_effect: float
    low_effect: float
    high_effect: float
    share_of_sign: float
    share_significant: float
    tests: tuple[CurveTest, ...]


def summarise_curve(curve: SpecificationCurve) -> CurveSummary:
    """Summarise a specification curve and test it as a whole.

    Parameters
    ----------
    curve : SpecificationCurve
        The curve.

    Returns
    -------
    CurveSummary
        With the three tests of Simonsohn, Simmons and Nelson (2020, section "Inference").

    Notes
    -----
    The null: the events did nothing, so that they could lie on any session; events near one
    another are moved together. Each placement goes through all specifications, so that what they
    share is kept. p = (1 + number at least as extreme) / (placements + 1).
    """
    effect = curve.frame["effect"].to_numpy(np.float64)
    p_value = curve.frame["p_value"].to_numpy(np.float64)
    known = ~np.isnan(effect)
    nothing = float("nan")
    if not known.any():
        return CurveSummary(len(effect), 0, nothing, nothing, nothing, nothing, nothing, ())
    values = _statistics(effect[np.newaxis], p_value[np.newaxis], alpha=curve.alpha)
    placed = _statistics(curve.placed_effect, curve.placed_p, alpha=curve.alpha)
    tests = tuple(_permutation_test(name, float(values[name][0]), placed[name]) for name in values)
    median = float(np.median(effect[known]))
    return CurveSummary(
        n_specifications=len(effect),
        n_computed=int(known.sum()),
        median_effect=median,
        low_effect=float(effect[known].min()),
        high_effect=float(effect[known].max()),
        share_of_sign=float((np.sign(effect[known]) == np.sign(median)).mean()),
        share_significant=float(values["share significant"][0]),
        tests=tests,
    )


def _statistics(effect: Float, p_value: Float, *, alpha: float) -> dict[str, Float]:
    """Compute the three statistics of each curve, one row a curve."""
    if len(effect) == 0:
        empty = np.empty(0)
        return {"median effect": empty, "share significant": empty, "mean z": empty}
    known = ~np.isnan(effect)
    n = np.maximum(known.sum(axis=1), 1)
    median = np.nanmedian(np.where(known.any(axis=1, keepdims=True), effect, 0.0), axis=1)
    same = np.sign(effect) == np.sign(median)[:, np.newaxis]
    z = np.where(known & ~np.isnan(p_value), signed_z(effect, p_value), 0.0)
    return {
        "median effect": median,
        "share significant": (same & (p_value < alpha)).sum(axis=1) / n,
        "mean z": z.sum(axis=1) / n,
    }


def signed_z(effect: Float, p_value: Float) -> Float:
    """Turn two-sided p values into z values with the sign of the effect.

    Examples
    --------
    >>> signed_z(np.array([-0.01]), np.array([0.05])).round(2).tolist()
    [-1.96]
    """
    from scipy import special

    return np.asarray(-np.sign(effect) * special.ndtri(np.clip(p_value, 1e-300, 1.0) / 2.0))


def _permutation_test(name: str, value: float, placed: Float) -> CurveTest:
    n = len(placed)
    if n == 0:
        return CurveTest(name, value, float("nan"), float("nan"), 0)
    # A hair's breadth, so that rounding does not make a placement smaller than itself.
    extreme = int((np.abs(placed) >= abs(value) * (1.0 - 1e-12)).sum())
    expected = float(np.median(np.abs(placed)))
    return CurveTest(name, value, expected, (1.0 + extreme) / (n + 1.0), n)


def drivers(curve: SpecificationCurve) -> pd.DataFrame:
    """Say how much of the spread of the curve each choice accounts for.

    Parameters
    ----------
    curve : SpecificationCurve
        The curve.

    Returns
    -------
    DataFrame
        One row per choice that has more than one level, the most important first: dimension,
        levels, share_of_effect and share_of_z: sums of squares of the level means over the total
        (one-way analysis of variance; in a full grid they add up, the rest being interactions).
    """
    frame = curve.frame[curve.frame["effect"].notna()]
    effect = frame["effect"].to_numpy(np.float64)
    z = signed_z(effect, frame["p_value"].to_numpy(np.float64))
    rows = []
    for dimension in DIMENSIONS:
        codes, levels = pd.factorize(frame[dimension])
        if len(levels) > 1:
            shares = _explained(effect, codes), _explained(z, codes)
            rows.append((dimension, len(levels), *shares))
    columns = ["dimension", "levels", "share_of_effect", "share_of_z"]
    table = pd.DataFrame(rows, columns=columns)
    order = ["share_of_effect", "share_of_z"]
    return table.sort_values(order, ascending=False, kind="stable").reset_index(drop=True)


def _explained(values: Float, codes: Int) -> float:
    known = ~np.isnan(values)
    values, codes = values[known], codes[known]
    total = float(((values - values.mean()) ** 2).sum()) if len(values) else 0.0
    if total <= 0:
        return 0.0
    counts = np.bincount(codes)
    some = counts > 0
    means = np.bincount(codes, weights=values)[some] / counts[some]
    return float((counts[some] * (means - values.mean()) ** 2).sum() / total)


def by_level(curve: SpecificationCurve) -> pd.DataFrame:
    """Summarise the curve for each level of each choice that has more than one.

    Parameters
    ----------
    curve : SpecificationCurve
        The curve.

    Returns
    -------
    DataFrame
        Columns dimension, level, n_specifications, median_effect, share_significant.
    """
    frame = curve.frame[curve.frame["effect"].notna()]
    rows = []
    for dimension in DIMENSIONS:
        groups = list(frame.groupby(dimension, sort=False))
        if len(groups) < 2:
            continue
        for level, group in groups:
            share = float((group["p_value"] < curve.alpha).mean())
            median = float(group["effect"].median())
            rows.append((dimension, str(level), len(group), median, share))
    columns = ["dimension", "level", "n_specifications", "median_effect", "share_significant"]
    return pd.DataFrame(rows, columns=columns)
