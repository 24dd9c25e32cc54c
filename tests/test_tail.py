"""The generalised Pareto tail against scipy, and its moments by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from oilshock.inference import tail as module
from oilshock.inference.tail import Tail, fit_tail, tail_p_value, tail_quantile


@pytest.mark.parametrize("shape", [0.0, 0.15, 0.3])
def test_shape_and_scale_of_simulated_excesses_come_back(shape: float) -> None:
    excess = stats.genpareto.rvs(shape, scale=2.0, size=20_000, random_state=1)
    body = np.linspace(0.0, 1.0, 246_667)
    found = fit_tail(np.sort(np.concatenate([body, 1.0 + excess])))
    assert found is not None
    assert found.threshold == pytest.approx(1.0, abs=1e-3)
    assert found.share == pytest.approx(0.075, abs=1e-5)
    # Hosking and Wallis (1987), table 2: errors of about 1.3 / sqrt(n) each; three of them.
    assert found.shape == pytest.approx(shape, abs=0.03)
    assert found.scale == pytest.approx(2.0, rel=0.03)


def test_the_moments_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Excesses 1, 2, 4, 13 over a threshold of 10.

    b0 = 20 / 4 = 5. Plotting positions (j - 0.35) / 4: 0.1625, 0.4125, 0.6625, 0.9125, so that
    b1 = (0.8375 x 1 + 0.5875 x 2 + 0.3375 x 4 + 0.0875 x 13) / 4 = 4.5 / 4 = 1.125.
    b0 - 2 b1 = 2.75; xi = 2 - 5 / 2.75 = 2 / 11; sigma = 2 x 5 x 1.125 / 2.75 = 45 / 11.
    """
    monkeypatch.setattr(module, "FEWEST_EXCESSES", 4)
    monkeypatch.setattr(module, "TAIL_SHARE", 0.5)
    found = fit_tail(np.array([1.0, 2.0, 3.0, 10.0, 11.0, 12.0, 14.0, 23.0]))
    assert found is not None
    assert (found.threshold, found.share) == (10.0, 0.5)
    assert found.shape == pytest.approx(2 / 11, rel=1e-12)
    assert found.scale == pytest.approx(45 / 11, rel=1e-12)


def test_a_tail_that_would_end_is_exponential_with_the_mean_excess() -> None:
    values = np.linspace(0.0, 1.0, 2000)
    found = fit_tail(values)
    assert found is not None
    excess = values[-150:] - values[-151]
    assert found.shape == 0.0
    assert found.scale == pytest.approx(excess.mean(), rel=1e-12)


def test_chances_and_quantiles_are_those_of_scipy() -> None:
    for shape in (0.0, 0.2, 0.9):
        tail = Tail(threshold=3.0, share=0.075, shape=shape, scale=1.3)
        law = stats.genpareto(shape, scale=1.3)
        values = np.array([3.0, 3.5, 6.0, 40.0])
        np.testing.assert_allclose(tail_p_value(tail, values), 0.075 * law.sf(values - 3.0))
        probability = np.array([0.075, 0.01, 1e-4, 1e-8])
        found = tail_quantile(tail, probability)
        np.testing.assert_allclose(found, 3.0 + law.isf(probability / 0.075))
        np.testing.assert_allclose(tail_p_value(tail, found), probability)


def test_below_the_threshold_the_chance_is_the_share_and_it_is_never_zero() -> None:
    tail = Tail(threshold=3.0, share=0.075, shape=0.0, scale=1.0)
    assert tail_p_value(tail, np.array([0.0, 2.9])).tolist() == [0.075, 0.075]
    assert tail_p_value(tail, np.array([1e9]))[0] > 0


def test_the_threshold_is_the_value_below_the_excesses() -> None:
    found = fit_tail(np.arange(1000.0) ** 1.5)
    assert found is not None
    assert found.threshold == 924.0**1.5
    assert found.share == 0.075


def test_too_few_or_equal_values_carry_no_tail() -> None:
    assert fit_tail(np.arange(666.0)) is None
    assert fit_tail(np.arange(667.0)) is not None
    assert fit_tail(np.ones(2000)) is None
