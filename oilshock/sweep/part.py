"""One part of a sweep: all specifications that share an estimation, as arrays in and out.

A part is computed from its own fields alone, so that any process on any machine gives the same
numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np

from oilshock.abnormal import abnormal_returns, cumulate
from oilshock.inference.placebo import PlaceboLaw, rate
from oilshock.inference.placebo_scale import expected_size
from oilshock.inference.sets import (
    count_present,
    mean_present,
    set_cross_sectional,
    set_placebo,
    set_sign,
    set_t,
)
from oilshock.models import Design, fit_ols
from oilshock.models.rolling import rolling_cars
from oilshock.placebo import PlaceboPool, build_pool, law_of
from oilshock.typing import Bool, Float, Int, Window, freeze
from oilshock.windows import estimation_windows, event_windows

DRAWS = 2000
"""Random sets of placebo sessions that a set of events is rated among."""


@dataclass(frozen=True, eq=False)
class Part:
    """What a part of a sweep is computed from.

    Parameters
    ----------
    returns, offset : ndarray of shape (n_sessions,)
        Returns, and the part of the expected return that has no parameter.
    x : ndarray of shape (n_sessions, k)
        Regressors.
    position : ndarray of shape (n_events,)
        Sessions of the events; -1 for one that cannot be used.
    placed : ndarray of shape (n_placements, n_events)
        Random sessions of the same events; -1 where there is none.
    weight : ndarray of shape (n_events,)
        +1 or -1: what a CAR is multiplied by.
    length, gap : int
        The estimation window.
    windows : tuple of tuple of int
        CAR windows.
    tests : tuple of str
        Tests.
    seed : int
        Seed of the random sets.
    """

    returns: Float
    offset: Float
    x: Float
    position: Int
    placed: Int
    weight: Float
    length: int
    gap: int
    windows: tuple[Window, ...]
    tests: tuple[str, ...]
    seed: int

    def __post_init__(self) -> None:
        freeze(self.returns, self.offset, self.x, self.position, self.placed, self.weight)

    @property
    def hull(self) -> Window:
        """The event window that holds day 0 and every CAR window."""
        return min(0, *(a for a, _ in self.windows)), max(0, *(b for _, b in self.windows))

    @property
    def design(self) -> Design:
        """The regressors as a design."""
        names = tuple(f"x{place}" for place in range(self.x.shape[1]))
        return Design(offset=self.offset, x=self.x, names=names)


@dataclass(frozen=True, eq=False)
class PartResult:
    """The specifications of a part: windows in the order given, the tests of each together.

    Parameters
    ----------
    effect, statistic, p_value : ndarray of shape (n_specifications,)
        Mean weighted CAR, and its test.
    n_events : ndarray of shape (n_specifications,)
        Events behind each.
    placed_effect, placed_p : ndarray of shape (n_placements, n_specifications)
        The same for the placements.
    """

    effect: Float
    statistic: Float
    p_value: Float
    n_events: Int
    placed_effect: Float
    placed_p: Float

    def __post_init__(self) -> None:
        freeze(self.effect, self.statistic, self.p_value, self.n_events)
        freeze(self.placed_effect, self.placed_p)


@dataclass(frozen=True, eq=False)
class Sets:
    """Sets of events seen through one window: one row a set, one column an event."""

    car: Float
    std_error: Float
    sigma: Float
    position: Int


Tested: TypeAlias = list[tuple[Float, Float, Float, Int]]
"""Effect, statistic, p value and number of events of each set, for each test."""


def compute_part(part: Part) -> PartResult:
    """Compute every specification of a part, for the events and for each placement.

    Parameters
    ----------
    part : Part
        All that is needed.

    Returns
    -------
    PartResult
        What cannot be computed is NaN.
    """
    pool = _pool(part)
    events = event_sets(part)
    rows = _rows_of(pool, part.placed, usable=part.position >= _first(part))
    random_sets = _random_sets(part, size=len(pool))
    columns = [
        _window(part, pool, window=window, observed=own, rows=rows, random_sets=random_sets)
        for window, own in zip(part.windows, events, strict=True)
    ]
    observed = [each for column in columns for each in column[0]]
    placed = [each for column in columns for each in column[1]]
    shape = (len(part.placed), len(observed))
    return PartResult(
        effect=np.concatenate([each[0] for each in observed]),
        statistic=np.concatenate([each[1] for each in observed]),
        p_value=np.concatenate([each[2] for each in observed]),
        n_events=np.concatenate([each[3] for each in observed]),
        placed_effect=np.array([each[0] for each in placed]).T.reshape(shape),
        placed_p=np.array([each[2] for each in placed]).T.reshape(shape),
    )


def _first(part: Part) -> int:
    """Return the first session that has a whole estimation window before it."""
    return part.length + part.gap + 1


def _pool(part: Part) -> PlaceboPool:
    nothing = np.empty(0, dtype=np.intp)
    return build_pool(
        part.returns,
        part.design,
        length=part.length,
        gap=part.gap,
        window=part.hull,
        left_out=nothing,
    )


def event_sets(part: Part) -> list[Sets]:
    """Cumulate the abnormal returns of the events over each window, as a study does it.

    Parameters
    ----------
    part : Part
        The part.

    Returns
    -------
    list of Sets
        One for each window, with one row; NaN for an event that has not the window.
    """
    kept = np.flatnonzero(part.position >= _first(part))
    shape = (1, len(part.position))
    blank = np.full(shape, np.nan)
    where = np.where(part.position >= _first(part), part.position, -1)[np.newaxis]
    if len(kept) == 0:
        return [Sets(blank, blank, blank, where) for _ in part.windows]
    position, design = part.position[kept], part.design
    estimation = estimation_windows(position, length=part.length, gap=part.gap)
    y = part.returns[estimation.index] - design.offset[estimation.index]
    fit = fit_ols(y, design.x[estimation.index], mask=estimation.mask)
    index, present = event_windows(position, window=part.hull, n_sessions=len(part.returns))
    abnormal = abnormal_returns(
        part.returns, design, fit=fit, index=index, present=present, window=part.hull
    )
    found = []
    for window in part.windows:
        estimate = cumulate(abnormal, window=window)
        car, std_error, sigma = blank.copy(), blank.copy(), blank.copy()
        car[0, kept], std_error[0, kept], sigma[0, kept] = (
            estimate.car,
            estimate.std_error,
            fit.sigma,
        )
        found.append(Sets(car, std_error, sigma, where))
    return found


def _rows_of(pool: PlaceboPool, placed: Int, *, usable: Bool) -> Int:
    """Return the row of the rolling fit of each placed event; -1 where there is none."""
    row_of = np.full(len(pool.variance) + 1, -1, dtype=np.intp)
    row_of[pool.fit.position] = np.arange(len(pool.fit.position))
    inside = (placed >= 0) & (placed < len(pool.variance)) & usable
    return np.where(inside, row_of[np.where(inside, placed, -1)], -1)


def _window(
    part: Part, pool: PlaceboPool, *, window: Window, observed: Sets, rows: Int, random_sets: Int
) -> tuple[Tested, Tested]:
    """Run every test of one window, for the events and for the placements."""
    car, std_error = rolling_cars(pool.fit, window=window)
    placed = Sets(
        car=_taken(car, rows),
        std_error=_taken(std_error, rows),
        sigma=_taken(pool.fit.sigma, rows),
        position=np.where(rows < 0, -1, part.placed),
    )
    law = law_of(pool, window) if "placebo" in part.tests else None
    null = _null(law, part, random_sets)
    both: list[Tested] = []
    for sets in (observed, placed):
        effect, n = mean_present(sets.car * part.weight), count_present(sets.car)
        tested = [
            _tested(test, sets, part=part, pool=pool, law=law, null=null, window=window)
            for test in part.tests
        ]
        both.append([(effect, *figures, n) for figures in tested])
    return both[0], both[1]


def _taken(values: Float, rows: Int) -> Float:
    """Take a value for each placed event; NaN where there is none."""
    if len(values) == 0:
        return np.full(rows.shape, np.nan)
    return np.where(rows < 0, np.nan, values[np.maximum(rows, 0)])


def _random_sets(part: Part, *, size: int) -> Int:
    """Draw random sets of placebo sessions, as large as the study; the same for every window."""
    n_events = int((part.position >= _first(part)).sum())
    if size == 0 or "placebo" not in part.tests:
        return np.empty((0, n_events), dtype=np.intp)
    return np.random.default_rng(part.seed).integers(size, size=(DRAWS, n_events))


def _null(law: PlaceboLaw | None, part: Part, random_sets: Int) -> Float:
    """Compute the mean scaled CAR of each random set, with the weights of the events."""
    if law is None or random_sets.size == 0:
        return np.empty(0)
    kept = part.weight[part.position >= _first(part)]
    return np.asarray(law.scaled[random_sets] @ kept / len(kept))


def _tested(
    test: str,
    sets: Sets,
    *,
    part: Part,
    pool: PlaceboPool,
    law: PlaceboLaw | None,
    null: Float,
    window: Window,
) -> tuple[Float, Float]:
    weighted = sets.car * part.weight
    if test == "t":
        return set_t(weighted, sets.std_error, df=pool.fit.df)
    if test == "cross-sectional":
        return set_cross_sectional(weighted)
    if test == "sign":
        return set_sign(weighted)
    nothing = np.full(len(weighted), np.nan)
    if law is None:
        return nothing, nothing
    recent = pool.variance[np.maximum(sets.position + window[0] - 1, 0)]
    estimation = sets.sigma**2
    size = expected_size(law.scale, recent=recent.ravel(), estimation=estimation.ravel())
    scaled = weighted / size.reshape(weighted.shape)
    statistic = mean_present(scaled)
    if (part.position >= _first(part)).sum() > 1:
        return statistic, set_placebo(scaled, null)
    return statistic, _single(law, sets, recent=recent, reach=pool.reach)


def _single(law: PlaceboLaw, sets: Sets, *, recent: Float, reach: int) -> Float:
    """Rate sets of one event each as the study rates an event: with its tail, past neighbours."""
    p_value = np.full(len(sets.car), np.nan)
    at, column = np.nonzero(~np.isnan(sets.car))
    if len(at):
        p_value[at] = rate(
            law,
            sets.car[at, column],
            recent=recent[at, column],
            estimation=sets.sigma[at, column] ** 2,
            position=sets.position[at, column].astype(np.intp),
            reach=reach,
        ).p_value
    return p_value


def specifications(part: Part) -> list[tuple[Window, str]]:
    """List window and test of each specification of a part, in the order of its result."""
    return list(product(part.windows, part.tests))
