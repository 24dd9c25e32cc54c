"""Power: minimum detectable moves against statsmodels, and simulated curves against formulas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from oilshock.inference.placebo import placebo_law
from oilshock.inference.power import calibrated_minimum, simulate_power, textbook_minimum


@pytest.mark.parametrize("target", [0.6, 0.8, 0.95])
@pytest.mark.parametrize("df", [3, 20, 119, 5000])
def test_the_textbook_minimum_is_that_of_statsmodels(df: int, target: float) -> None:
    """A one-sample t test of df + 1 values has the noncentrality effect * sqrt(df + 1)."""
    from statsmodels.stats.power import TTestPower

    found = float(textbook_minimum(np.array([1.0]), df=df, alpha=0.05, target=target)[0])
    effect = found / np.sqrt(df + 1)
    power = TTestPower().power(effect, df + 1, 0.05, alternative="two-sided")
    assert power == pytest.approx(target, abs=1e-6)


def test_the_minimum_grows_with_the_standard_error() -> None:
    found = textbook_minimum(np.array([0.01, 0.02, np.nan]), df=118, alpha=0.05, target=0.8)
    assert found[1] == pytest.approx(2 * found[0])
    assert np.isnan(found[2])


def normal_law(n: int = 4000):
    rng = np.random.default_rng(0)
    ones = np.ones(n)
    return placebo_law(rng.standard_normal(n), position=np.arange(n), recent=ones, estimation=ones)


def test_the_calibrated_minimum_of_normal_returns() -> None:
    """1.96 + 0.8416 standard deviations, in units of E|Z| = sqrt(2 / pi)."""
    expected = (stats.norm.isf(0.025) + stats.norm.isf(0.2)) / np.sqrt(2 / np.pi)
    found = calibrated_minimum(normal_law(), alpha=0.05, target=0.8)
    assert found == pytest.approx(expected, rel=0.04)


def test_the_calibrated_minimum_has_the_power_it_says() -> None:
    law = normal_law()
    found = calibrated_minimum(law, alpha=0.01, target=0.9)
    critical = np.sort(np.abs(law.scaled))[int(np.ceil(0.99 * 4001)) - 1]
    share = np.mean([(np.abs(law.scaled + sign * found) > critical).mean() for sign in (-1.0, 1.0)])
    assert share == pytest.approx(0.9, abs=1e-3)


def test_too_few_placebos_have_no_calibrated_minimum() -> None:
    assert np.isnan(calibrated_minimum(None, alpha=0.05, target=0.8))


def simulated(car: np.ndarray, error: float = 1.0, **changes: object) -> pd.DataFrame:
    ones = np.full(len(car), error)
    settings = {
        "size": ones * np.sqrt(2 / np.pi),
        "df": 100000,
        "n_events": (1, 4),
        "shocks": (0.0, error, 2 * error),
        "alpha": 0.05,
        "draws": 4000,
        "rng": np.random.default_rng(1),
    }
    return simulate_power(car, ones, **{**settings, **changes})


def test_curves_of_normal_returns_follow_the_formula() -> None:
    car = np.random.default_rng(5).standard_normal(20000)
    frame = simulated(car).set_index(["test", "n_events", "shock"])["power"]
    for n in (1, 4):
        for shock in (0.0, 1.0, 2.0):
            shift = shock * np.sqrt(n)
            z = stats.norm.isf(0.025)
            expected = stats.norm.sf(z - shift) + stats.norm.cdf(-z - shift)
            assert frame["t", n, shock] == pytest.approx(expected, abs=0.03)
            assert frame["placebo", n, shock] == pytest.approx(expected, abs=0.03)


def test_the_row_without_a_shock_is_the_size() -> None:
    fat = np.random.default_rng(5).standard_t(3, 5000) / np.sqrt(3)
    frame = simulated(fat, draws=8000)
    quiet = frame[(frame["shock"] == 0) & (frame["n_events"] == 1)].set_index("test")
    assert quiet.loc["placebo", "power"] == pytest.approx(0.05, abs=0.011)
    share = (np.abs(fat) > stats.norm.isf(0.025)).mean()
    assert quiet.loc["t", "power"] == pytest.approx(share, abs=0.011)
    assert quiet.loc["t", "std_error"] == pytest.approx(
        np.sqrt(quiet.loc["t", "power"] * (1 - quiet.loc["t", "power"]) / 8000)
    )


def test_unit_does_not_matter_and_tests_are_those_that_exist() -> None:
    car = np.random.default_rng(6).standard_normal(3000)
    one, other = simulated(car), simulated(0.01 * car, 0.01)
    np.testing.assert_allclose(one["power"], other["power"], atol=1e-3)
    assert set(one.loc[one["n_events"] == 1, "test"]) == {"t", "placebo"}
    assert set(one.loc[one["n_events"] == 4, "test"]) == {"t", "cross-sectional", "placebo"}
    without = simulated(car, size=np.full(3000, np.nan))
    assert "placebo" not in set(without["test"])
