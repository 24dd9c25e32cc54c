"""What p values are worth on a series: each test tried on sessions where nothing is known to be.

A test of the right size rejects as often as its level says, overall and at every level of
volatility. The placebo test is judged on sessions that it did not see: in folds with an
embargo, or, with `past_only`, on sessions after those it learnt from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.event_tests import EVENT_TESTS, RatedEvents
from oilshock.inference.parametric import t_p_value, t_statistic
from oilshock.inference.placebo import FEWEST, placebo_law, rate
from oilshock.inference.size import QUARTILES, hac_error, quartile
from oilshock.models.rolling import rolling_cars
from oilshock.notebook import table_html
from oilshock.placebo import PlaceboPool
from oilshock.typing import Bool, Float, Int, Window

FOLDS = 5
"""Contiguous folds; each is rated by the others."""

BURN_IN = 1500
"""Placebos that the first session rated with `past_only` looks back on."""

REFIT = 20
"""Sessions between two fits of the law with `past_only`."""

LEVELS = {"reject_10": 0.10, "reject_5": 0.05, "reject_1": 0.01, "reject_0_1": 0.001}
"""Levels at which sizes are measured, by column."""

SAMPLED = 200
"""Sessions on which tests that draw or iterate are tried: every so many-th of the series."""

SLOW = ("permutation", "garch")

SHOCKS = (1.0, 2.0, 3.0)
"""Sizes of the shocks of the power study, in standard deviations of the estimation window."""

SIZE_COLUMNS = (
    "start",
    "end",
    "test",
    "sessions",
    "n_sessions",
    *LEVELS,
    *(name.replace("reject", "error") for name in LEVELS),
)
POWER_COLUMNS = ("start", "end", "test", "shock_sigma", "power", "std_error")


@dataclass(frozen=True, eq=False)
class Trial:
    """The CARs of one window on all placebo sessions, with what rates them.

    Parameters
    ----------
    position : ndarray of shape (n,)
        Sessions, ascending.
    car, std_error : ndarray of shape (n,)
        CARs and their textbook standard errors.
    recent, estimation : ndarray of shape (n,)
        EWMA variance before the window opens, and variance of the estimation window.
    df : int
        Degrees of freedom of the textbook t.
    """

    position: Int
    car: Float
    std_error: Float
    recent: Float
    estimation: Float
    df: int


def trial(pool: PlaceboPool, window: Window) -> Trial:
    """Cumulate the abnormal returns of every placebo session over a window."""
    car, std_error = rolling_cars(pool.fit, window=window)
    position = pool.position
    return Trial(
        position=position,
        car=car[pool.used],
        std_error=std_error[pool.used],
        recent=pool.variance[position + window[0] - 1],
        estimation=pool.fit.sigma[pool.used] ** 2,
        df=pool.fit.df,
    )


def folds(position: Int, *, embargo: int) -> list[tuple[Bool, Bool]]:
    """Split sessions into contiguous folds, each with the sessions that may rate it.

    Parameters
    ----------
    position : ndarray of shape (n,)
        Sessions, ascending.
    embargo : int
        Sessions on both sides of a fold that rate it not: their windows share returns with it.

    Returns
    -------
    list of (ndarray, ndarray)
        Masks of the sessions that learn and of those that are rated.
    """
    parts = np.array_split(np.arange(len(position)), FOLDS)
    result = []
    for part in parts:
        rated = np.zeros(len(position), dtype=np.bool_)
        rated[part] = True
        first, last = position[part[0]], position[part[-1]]
        result.append(((position < first - embargo) | (position > last + embargo), rated))
    return result


def past_splits(position: Int, *, reach: int) -> list[tuple[Bool, Bool]]:
    """Split sessions into blocks, each rated by the placebos that end before it begins."""
    result = []
    for first in range(BURN_IN, len(position), REFIT):
        rated = np.zeros(len(position), dtype=np.bool_)
        rated[first : first + REFIT] = True
        result.append((position < position[first] - reach, rated))
    return result


def out_of_sample(own: Trial, car: Float, splits: list[tuple[Bool, Bool]]) -> Float:
    """Rate CARs on sessions by the law learnt on others; NaN where no split rates them.

    Parameters
    ----------
    own : Trial
        The placebo sessions.
    car : ndarray of shape (n,)
        The CARs to rate: those of the trial, or the same with a shock added.
    splits : list of (ndarray, ndarray)
        From `folds` or `past_splits`.

    Returns
    -------
    ndarray of shape (n,)
        Calibrated p values.
    """
    p_value = np.full(len(car), np.nan)
    for learn, rated in splits:
        if learn.sum() < FEWEST:
            continue
        law = placebo_law(
            own.car[learn],
            position=own.position[learn],
            recent=own.recent[learn],
            estimation=own.estimation[learn],
        )
        p_value[rated] = rate(
            law,
            car[rated],
            recent=own.recent[rated],
            estimation=own.estimation[rated],
            position=own.position[rated],
            reach=0,
        ).p_value
    return p_value


def size_rows(
    test: str, p_value: Float, own: Trial, *, window: Window, lag: int
) -> list[tuple[object, ...]]:
    """Measure how often a test rejects, overall and by quartile of volatility.

    Parameters
    ----------
    test : str
        Name of the test.
    p_value : ndarray of shape (n,)
        Its p values on the sessions of the trial; NaN is left out.
    own : Trial
        The sessions.
    window : tuple of int
        The CAR window.
    lag : int
        Lag of the HAC errors.

    Returns
    -------
    list of tuple
        Rows of `SIZE_COLUMNS`.
    """
    groups: dict[str, Bool] = {"all": np.ones(len(own.car), dtype=np.bool_)}
    for name, values in (("ewma", own.recent), ("estimation", own.estimation)):
        number = quartile(values)
        groups |= {f"{name} quartile {q}": number == q for q in range(1, QUARTILES + 1)}
    rows: list[tuple[object, ...]] = []
    for group, members in groups.items():
        own_p = p_value[members & ~np.isnan(p_value)]
        rejected = [(own_p < level).astype(np.float64) for level in LEVELS.values()]
        shares = [float(each.mean()) if len(each) else float("nan") for each in rejected]
        errors = [hac_error(each, lag=lag) for each in rejected]
        rows.append((*window, test, group, len(own_p), *shares, *errors))
    return rows


def power_rows(
    own: Trial,
    *,
    window: Window,
    alpha: float,
    splits: list[tuple[Bool, Bool]],
    seed: int,
    lag: int,
) -> list[tuple[object, ...]]:
    """Measure how often a shock of known size is found.

    The shock is so many standard deviations of the estimation window, added once to the CAR with
    a random sign. The t test is corrected to the same size first: its critical value is the
    quantile of |t| on all sessions.

    Parameters
    ----------
    own : Trial
        The sessions.
    window : tuple of int
        The CAR window.
    alpha : float
        Level of the tests.
    splits : list of (ndarray, ndarray)
        Who rates whom.
    seed : int
        Seed of the signs.
    lag : int
        Lag of the HAC errors.

    Returns
    -------
    list of tuple
        Rows of `POWER_COLUMNS`.
    """
    sign = np.random.default_rng(seed).choice([-1.0, 1.0], size=len(own.car))
    corrected = float(np.quantile(np.abs(own.car / own.std_error), 1.0 - alpha))
    rows: list[tuple[object, ...]] = []
    for shock in SHOCKS:
        car = own.car + sign * shock * np.sqrt(own.estimation)
        p_value = out_of_sample(own, car, splits)
        rated = ~np.isnan(p_value)
        found = {
            "placebo": p_value[rated] < alpha,
            "t, size-corrected": np.abs(car / own.std_error)[rated] > corrected,
        }
        for test, rejected in found.items():
            power = float(rejected.mean()) if rated.any() else float("nan")
            error = hac_error(rejected.astype(np.float64), lag=lag)
            rows.append((*window, test, shock, power, error))
    return rows


def textbook_p(own: Trial) -> Float:
    """Compute the p values of the textbook t test on all sessions."""
    t_stat = t_statistic(own.car, own.std_error)
    return t_p_value(t_stat, np.full(len(own.car), own.df))


@dataclass(frozen=True, eq=False, repr=False)
class Calibration:
    """What the tests of one event are worth on a series.

    Parameters
    ----------
    size : DataFrame
        Realised rejection rates with HAC errors: columns `SIZE_COLUMNS`. `sessions` is `all`, a
        quartile of the EWMA variance before the window opens, or of the estimation window's.
    power : DataFrame
        How often a shock is found at the study's level, with HAC errors: columns `POWER_COLUMNS`.
    """

    size: pd.DataFrame
    power: pd.DataFrame

    def __repr__(self) -> str:
        tests = ", ".join(dict.fromkeys(self.size["test"])) or "no test"
        windows = ", ".join(f"[{a}, {b}]" for a, b in dict.fromkeys(self._windows()))
        return f"Calibration({tests}; {windows or 'no window'})"

    def _windows(self) -> list[tuple[int, int]]:
        return list(zip(self.size["start"], self.size["end"], strict=True))

    def _repr_html_(self) -> str:
        overall = self.size[self.size["sessions"] == "all"]
        return table_html(
            overall[["start", "end", "test", "n_sessions", *LEVELS]],
            notes=["Share of ordinary sessions on which each test rejects at 10, 5, 1 and 0.1 %."],
        )


def calibrate(
    pool: PlaceboPool,
    *,
    windows: Sequence[Window],
    tests: Sequence[str],
    ordinary: Callable[[Int], RatedEvents],
    alpha: float,
    past_only: bool,
    seed: int,
) -> Calibration:
    """Try the tests of one event on every session of a series where nothing is known to be.

    Parameters
    ----------
    pool : PlaceboPool
        The sessions.
    windows : sequence of (int, int)
        CAR windows.
    tests : sequence of str
        Names of the tests in use; `t` is always tried. `permutation` and `garch` are tried on
        200 sessions only.
    ordinary : callable
        From sessions to what the tests look at, as if each session had an event.
    alpha : float
        Level of the power study.
    past_only : bool
        Whether the placebo law learns from earlier sessions only.
    seed : int
        Seed of the signs of the shocks.

    Returns
    -------
    Calibration
        Empty frames where the series has fewer than 200 placebos.
    """
    size: list[tuple[object, ...]] = []
    power: list[tuple[object, ...]] = []
    if len(pool) >= FEWEST:
        lag = pool.length + pool.reach
        splits = (
            past_splits(pool.position, reach=pool.reach)
            if past_only
            else folds(pool.position, embargo=lag)
        )
        others = [name for name in tests if name in EVENT_TESTS and name not in ("t", "placebo")]
        steps = {name: max(len(pool) // SAMPLED, 1) if name in SLOW else 1 for name in others}
        rated = {step: ordinary(pool.position[::step]) for step in sorted(set(steps.values()))}
        for window in windows:
            own = trial(pool, window)
            size += size_rows("t", textbook_p(own), own, window=window, lag=lag)
            for name, step in steps.items():
                p_value = np.full(len(pool), np.nan)
                p_value[::step] = EVENT_TESTS[name](rated[step], window).p_value
                size += size_rows(name, p_value, own, window=window, lag=lag // step)
            if "placebo" in tests:
                p_value = out_of_sample(own, own.car, splits)
                size += size_rows("placebo", p_value, own, window=window, lag=lag)
                power += power_rows(
                    own, window=window, alpha=alpha, splits=splits, seed=seed, lag=lag
                )
    return Calibration(
        size=pd.DataFrame(size, columns=list(SIZE_COLUMNS)),
        power=pd.DataFrame(power, columns=list(POWER_COLUMNS)),
    )
