"""What p values are worth on a series: each test tried on sessions where nothing is known to be.

A test of the right size rejects as often as its level says, at every level of volatility. The
placebo test is judged on sessions that it did not see: see `placebo_trial`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from oilshock.event_tests import EVENT_TESTS, RatedEvents
from oilshock.inference.placebo import FEWEST
from oilshock.inference.size import QUARTILES, hac_error, quartile
from oilshock.notebook import table_html
from oilshock.placebo import PlaceboPool
from oilshock.placebo_trial import (
    Trial,
    finds_too_often,
    law_size,
    out_of_sample,
    overlap_of,
    size_at,
    splits_of,
    textbook_p,
    trial,
)
from oilshock.typing import Bool, Float, Int, Window

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
GUARDED_COLUMNS = ("start", "end", "share", "error")


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
        found = [size_at(own_p, level=level, lag=lag) for level in LEVELS.values()]
        shares, errors = zip(*found, strict=True)
        rows.append((*window, test, group, len(own_p), *shares, *errors))
    return rows


def power_rows(
    own: Trial,
    *,
    window: Window,
    alpha: float,
    calibrated_p: Callable[[Float], Float],
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
    calibrated_p : callable
        From CARs on all sessions of the trial to their calibrated p values.
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
        p_value = calibrated_p(car)
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
    guarded : DataFrame
        Windows whose placebo law finds effects too often, so that their calibrated p value is
        never smaller than the t test's: columns `GUARDED_COLUMNS`, the share of sessions on which
        the law alone is below 5 %, and its error.
    """

    size: pd.DataFrame
    power: pd.DataFrame
    guarded: pd.DataFrame

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
    guarded: list[tuple[object, ...]] = []
    if len(pool) >= FEWEST:
        lag, splits = overlap_of(pool), splits_of(pool, past_only=past_only)
        others = [name for name in tests if name in EVENT_TESTS and name not in ("t", "placebo")]
        steps = {name: max(len(pool) // SAMPLED, 1) if name in SLOW else 1 for name in others}
        rated = {step: ordinary(pool.position[::step]) for step in sorted(set(steps.values()))}
        for window in windows:
            own = trial(pool, window)
            size += size_rows("t", textbook_p(own, own.car), own, window=window, lag=lag)
            for name, step in steps.items():
                p_value = np.full(len(pool), np.nan)
                p_value[::step] = EVENT_TESTS[name](rated[step], window).p_value
                size += size_rows(name, p_value, own, window=window, lag=lag // step)
            if "placebo" in tests:
                law = partial(out_of_sample, own, splits=splits)
                if finds_too_often(pool, window):
                    guarded.append((*window, *law_size(pool, window)))
                    law = partial(_no_smaller, own, law)
                size += size_rows("placebo", law(own.car), own, window=window, lag=lag)
                power += power_rows(
                    own, window=window, alpha=alpha, calibrated_p=law, seed=seed, lag=lag
                )
    return Calibration(
        size=pd.DataFrame(size, columns=list(SIZE_COLUMNS)),
        power=pd.DataFrame(power, columns=list(POWER_COLUMNS)),
        guarded=pd.DataFrame(guarded, columns=list(GUARDED_COLUMNS)),
    )


def _no_smaller(own: Trial, law: Callable[[Float], Float], car: Float) -> Float:
    """Keep the p values of a law from falling below the t test's."""
    return np.maximum(law(car), textbook_p(own, car))
