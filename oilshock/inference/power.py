"""Power: how large a move must be to be seen, and how often a move of a given size is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.inference.parametric import t_critical
from oilshock.inference.placebo import FEWEST, PlaceboLaw
from oilshock.inference.sets import mean_present, set_cross_sectional, set_t
from oilshock.typing import Float, Int

CURVE_COLUMNS = ("test", "n_events", "shock", "power", "std_error")

NULL_DRAWS = 20_000
"""Sets without a shock from which the placebo test takes its critical value."""

LARGEST = 1e4
"""No move is searched for above so many expected sizes."""


def textbook_minimum(std_error: Float, *, df: int, alpha: float, target: float) -> Float:
    """Compute the smallest CAR that the textbook t test finds with a given power.

    Parameters
    ----------
    std_error : ndarray
        Standard errors of the CARs.
    df : int
        Degrees of freedom of the t test.
    alpha : float
        Level of the two-sided test.
    target : float
        Power wanted, above alpha.

    Returns
    -------
    ndarray
        In the unit of the returns: the noncentrality of Student's t at which the test has that
        power, times the standard error. It holds if returns are normal, which those of oil are not.

    Examples
    --------
    >>> textbook_minimum(np.array([1.0]), df=100000, alpha=0.05, target=0.8).round(3).tolist()
    [2.802]
    """
    from scipy import optimize, special

    critical = float(t_critical(alpha, np.array([df]))[0])

    def missing(shift: float) -> float:
        below = special.nctdtr(df, shift, critical) - special.nctdtr(df, shift, -critical)
        return float(1.0 - below) - target

    far = critical
    while missing(far) < 0.0 and far < LARGEST:
        far *= 1.5
    return np.asarray(std_error * float(optimize.brentq(missing, 0.0, far)))


def calibrated_minimum(law: PlaceboLaw | None, *, alpha: float, target: float) -> float:
    """Compute the smallest CAR that the placebo test finds with a given power.

    Parameters
    ----------
    law : PlaceboLaw or None
        The law of the scaled CAR of the window on ordinary sessions.
    alpha : float
        Level of the two-sided test.
    target : float
        Power wanted, above alpha.

    Returns
    -------
    float
        In expected sizes of |CAR| (`expected_size`); NaN where there are fewer than 200 placebos.

    Notes
    -----
    A move d is added to the scaled CAR of every placebo session, once up and once down, and the
    share beyond the critical value is its power: no law is assumed.
    """
    if law is None or len(law.ordered) < FEWEST:
        return float("nan")
    n = len(law.ordered)
    critical = law.ordered[min(int(np.ceil((1.0 - alpha) * (n + 1))), n) - 1]

    def power(move: float) -> float:
        up, down = np.abs(law.scaled + move), np.abs(law.scaled - move)
        return float(0.5 * ((up > critical).mean() + (down > critical).mean()))

    low, high = 0.0, 1.0
    while power(high) < target and high < LARGEST:
        low, high = high, 2.0 * high
    while high - low > 1e-6 * high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if power(middle) < target else (low, middle)
    return high


def simulate_power(
    car: Float,
    std_error: Float,
    *,
    size: Float,
    df: int,
    n_events: tuple[int, ...],
    shocks: tuple[float, ...],
    alpha: float,
    draws: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Simulate studies of events that move the price by a known amount.

    Parameters
    ----------
    car, std_error : ndarray of shape (n_sessions,)
        CARs of ordinary sessions and their textbook standard errors; no NaN.
    size : ndarray of shape (n_sessions,)
        Expected size of |CAR| on each; NaN leaves the placebo test out.
    df : int
        Degrees of freedom of the t test of one event.
    n_events : tuple of int
        Numbers of events in a study.
    shocks : tuple of float
        Amounts added to every CAR of a study, in the unit of the returns.
    alpha : float
        Level of the tests.
    draws : int
        Studies for each number of events.
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        One row per number of events, test and shock: `CURVE_COLUMNS`, `std_error` being the Monte
        Carlo error. The row of shock 0 is the size of the test.

    Notes
    -----
    Brown and Warner (1985): sessions drawn at random from the series itself, a shock added, and
    the rejections counted. `t` and `cross-sectional` are the textbook tests of the mean; `placebo`
    is the mean of the scaled CARs, with the critical value from 20,000 other draws.
    """
    frames = [
        _simulated(
            car,
            std_error,
            size=size,
            df=df,
            n=n,
            shocks=shocks,
            alpha=alpha,
            null=rng.integers(len(car), size=(NULL_DRAWS, n)),
            sets=rng.integers(len(car), size=(draws, n)),
        )
        for n in n_events
    ]
    return pd.concat(frames, ignore_index=True)


def _simulated(
    car: Float,
    std_error: Float,
    *,
    size: Float,
    df: int,
    n: int,
    shocks: tuple[float, ...],
    alpha: float,
    null: Int,
    sets: Int,
) -> pd.DataFrame:
    """Simulate the studies of one number of events; `null` are sets without a shock."""
    scaled = car / size
    critical = float(np.quantile(np.abs(mean_present(scaled[null])), 1.0 - alpha))
    rows = []
    for shock in shocks:
        moved = car[sets] + shock
        found = {"t": set_t(moved, std_error[sets], df=df)[1] < alpha}
        if n > 1:
            found["cross-sectional"] = set_cross_sectional(moved)[1] < alpha
        if not np.isnan(critical):
            found["placebo"] = np.abs(mean_present(moved / size[sets])) > critical
        for test, hits in found.items():
            share = float(hits.mean())
            rows.append((test, n, shock, share, float(np.sqrt(share * (1 - share) / len(hits)))))
    return pd.DataFrame(rows, columns=list(CURVE_COLUMNS))
