"""The expected size of a CAR against a gamma regression and a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from placebo_cases import law_of, sessions

from oilshock.inference.placebo_scale import (
    NEAREST_ESTIMATION,
    NEAREST_RECENT,
    expected_size,
    fit_scale,
)
from oilshock.typing import Float


def test_the_log_linear_form_is_the_gamma_glm_of_statsmodels() -> None:
    import statsmodels.api as sm

    own = sessions(1500)
    size = np.abs(own["car"])
    mixed = 0.7 * own["recent"] + 0.3 * own["estimation"]
    design = sm.add_constant(np.log(mixed))
    family = sm.families.Gamma(sm.families.links.Log())
    expected = sm.GLM(size, design, family=family).fit(tol=1e-14, maxiter=200).params
    found = fit_scale(size, recent=own["recent"], estimation=own["estimation"])
    assert found.coefficients == pytest.approx(expected, rel=1e-7)


def nearest_mean(values: Float, variance: Float, at: float, *, share: float) -> float:
    """The mean over the share of the placebos nearest in rank, one at a time."""
    order = sorted(range(len(values)), key=lambda row: variance[row])
    k = int(share * len(values))
    below = sum(1 for row in order if variance[row] < at)
    first = min(max(below - k // 2, 0), len(values) - k)
    return sum(values[row] for row in order[first : first + k]) / k


def test_the_expected_size_is_that_of_a_plain_loop() -> None:
    own = sessions(260)
    size, recent, estimation = np.abs(own["car"]), own["recent"], own["estimation"]
    scale = fit_scale(size, recent=recent, estimation=estimation)
    b0, b1 = scale.coefficients
    base = np.array(
        [
            np.exp(b0 + b1 * np.log(0.7 * v + 0.3 * s))
            for v, s in zip(recent, estimation, strict=True)
        ]
    )
    left = size / base
    first = [nearest_mean(left, estimation, s, share=NEAREST_ESTIMATION) for s in estimation]
    second = left / np.array(first)
    for v, s in ((recent[3], estimation[3]), (1e-6, 1e-2), (5e-4, 3e-4), (1e-2, 1e-7)):
        expected = np.exp(b0 + b1 * np.log(0.7 * v + 0.3 * s))
        expected *= nearest_mean(left, estimation, s, share=NEAREST_ESTIMATION)
        expected *= nearest_mean(second, recent, v, share=NEAREST_RECENT)
        found = expected_size(scale, recent=np.array([v]), estimation=np.array([s]))
        assert found[0] == pytest.approx(expected, rel=1e-9)


def test_the_mean_of_the_scaled_size_is_one_in_every_regime() -> None:
    law, own = law_of(3000), sessions(3000)
    for variance in (own["recent"], own["estimation"]):
        quarter = np.searchsorted(np.quantile(variance, [0.25, 0.5, 0.75]), variance)
        means = [np.abs(law.scaled)[quarter == q].mean() for q in range(4)]
        assert means == pytest.approx([1.0] * 4, abs=0.06)
