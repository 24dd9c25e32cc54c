"""The placebo sessions of a study, and what they say of its events.

`oilshock.inference.placebo` holds the statistics; here they meet windows and sessions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from oilshock.inference.placebo import (
    FEWEST,
    PlaceboLaw,
    PlaceboRating,
    critical_size,
    max_law,
    placebo_law,
    rate,
    survival,
)
from oilshock.inference.placebo_scale import expected_size
from oilshock.inference.volatility import ewma_variance
from oilshock.models import Design
from oilshock.models.rolling import RollingFit, fit_rolling, rolling_cars
from oilshock.typing import Bool, Float, Int, Window, freeze
from oilshock.whatif import Forecast


@dataclass(frozen=True, eq=False)
class PlaceboPool:
    """The sessions that serve as placebos.

    Parameters
    ----------
    fit : RollingFit
        The model of every session.
    used : ndarray of shape (n,)
        Rows of `fit` that are placebos: their event window is complete and touches no event that
        the config leaves out.
    variance : ndarray of shape (n_sessions,)
        EWMA variance at the end of each session.
    reach : int
        Sessions within which the windows [-gap, w1] of two sessions touch.
    length : int
        Returns in an estimation window.
    """

    fit: RollingFit
    used: Int
    variance: Float
    reach: int
    length: int

    def __post_init__(self) -> None:
        freeze(self.used, self.variance)

    @property
    def position(self) -> Int:
        """Sessions of the placebos, ascending."""
        return self.fit.position[self.used]

    def __len__(self) -> int:
        return len(self.used)


def build_pool(
    returns: Float, design: Design, *, length: int, gap: int, window: Window, left_out: Int
) -> PlaceboPool:
    """Find the placebo sessions of a series and fit the model of each.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns of the series; the first one is missing.
    design : Design
        Regressors of every session.
    length, gap : int
        Returns in the estimation window, and sessions between it and day 0.
    window : tuple of int
        Event window; a placebo has all of it.
    left_out : ndarray
        Sessions of events that no placebo window may touch.

    Returns
    -------
    PlaceboPool
        Also sessions before which volatility was zero are not in it.
    """
    fit = fit_rolling(returns, design, length=length, gap=gap)
    variance = ewma_variance(returns)
    reach = gap + window[1]
    usable = (fit.position + window[1] < len(returns)) & (
        variance[fit.position + window[0] - 1] > 0
    )
    if len(left_out):
        usable &= ~_within(fit.position, np.sort(left_out), reach)
    used = np.flatnonzero(usable)
    return PlaceboPool(fit=fit, used=used, variance=variance, reach=reach, length=length)


def _within(position: Int, others: Int, reach: int) -> Bool:
    """Say which positions have one of the others, ascending, within reach."""
    after = np.searchsorted(others, position)
    above = np.abs(others[np.minimum(after, len(others) - 1)] - position)
    below = np.abs(others[np.maximum(after - 1, 0)] - position)
    return np.asarray(np.minimum(above, below) <= reach)


def law_of(pool: PlaceboPool, window: Window) -> PlaceboLaw | None:
    """Learn the placebo law of a window; None where there are fewer than 200 placebos."""
    if len(pool) < FEWEST:
        return None
    car, _ = rolling_cars(pool.fit, window=window)
    position = pool.position
    return placebo_law(
        car[pool.used],
        position=position,
        recent=pool.variance[position + window[0] - 1],
        estimation=pool.fit.sigma[pool.used] ** 2,
    )


def before(pool: PlaceboPool, position: int) -> PlaceboPool:
    """Keep the placebos whose windows end before those of an event begin."""
    return replace(pool, used=pool.used[pool.position < position - pool.reach])


@dataclass(frozen=True, eq=False)
class EventPlacebos:
    """The events of a study, seen through the placebo laws of their windows.

    Parameters
    ----------
    pool : PlaceboPool
        The placebos.
    position : ndarray of shape (n_events,)
        Sessions of the events.
    sigma : ndarray of shape (n_events,)
        Residual standard deviation of their estimation windows.
    past_only : bool
        Whether each event is rated among the placebos before it alone.
    """

    pool: PlaceboPool
    position: Int
    sigma: Float
    past_only: bool
    _laws: dict[tuple[Window, int], PlaceboLaw | None] = field(
        init=False, default_factory=dict, repr=False
    )

    def law(self, window: Window) -> PlaceboLaw | None:
        """Return the law of a window over all placebos; None where there are too few."""
        return self._law(window, -1)

    def _law(self, window: Window, row: int) -> PlaceboLaw | None:
        """Return the law of a window, over the placebos before one event unless `row` is -1."""
        key = (window, row)
        if key not in self._laws:
            pool = self.pool if row < 0 else before(self.pool, int(self.position[row]))
            self._laws[key] = law_of(pool, window)
        return self._laws[key]

    def _groups(self, window: Window) -> Iterator[tuple[PlaceboLaw, Int]]:
        """Yield the law of a window with the rows of the events that it rates."""
        every = np.arange(len(self.position))
        groups = [(row, every[[row]]) for row in every] if self.past_only else [(-1, every)]
        for row, rows in groups:
            law = self._law(window, int(row))
            if law is not None:
                yield law, rows

    def n_placebos(self) -> Int:
        """Count the placebos that each event is rated among."""
        first = np.searchsorted(self.pool.position, self.position - self.pool.reach)
        if self.past_only:
            return np.asarray(first)
        last = np.searchsorted(self.pool.position, self.position + self.pool.reach, side="right")
        return np.asarray(len(self.pool) - (last - first))

    def rating(self, window: Window, car: Float) -> PlaceboRating:
        """Rate the CARs of a window, one for each event; NaN stays NaN."""
        n = len(self.position)
        scaled, p_value = np.full(n, np.nan), np.full(n, np.nan)
        extrapolated, bounded = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
        for law, rows in self._groups(window):
            own = self._rate(law, window, rows, car[rows])
            scaled[rows], p_value[rows] = own.scaled, own.p_value
            extrapolated[rows], bounded[rows] = own.extrapolated, own.bounded
        return PlaceboRating(scaled, p_value, self.n_placebos(), extrapolated, bounded)

    def half_width(self, window: Window, *, alpha: float) -> Float:
        """Return half the width of the calibrated interval at 1 - alpha of each event's CAR."""
        half = np.full(len(self.position), np.nan)
        for law, rows in self._groups(window):
            half[rows] = self._critical(law, rows, alpha) * self._size(law, window, rows)
        return half

    def band(self, *, start: int, days: int, alpha: float) -> Float:
        """Return half the width of the band that holds on a whole CAR path at once.

        Parameters
        ----------
        start : int
            First day of the path.
        days : int
            Number of days.
        alpha : float
            The band covers the whole path with probability 1 - alpha.

        Returns
        -------
        ndarray of shape (n_events, days)
            Half widths, in the unit of the returns.
        """
        windows = [(start, start + day) for day in range(days)]
        half = np.full((len(self.position), days), np.nan)
        for groups in zip(*(self._groups(window) for window in windows), strict=True):
            laws, rows = [law for law, _ in groups], groups[0][1]
            critical = self._critical(max_law(laws), rows, alpha)
            for day, (law, window) in enumerate(zip(laws, windows, strict=True)):
                half[rows, day] = critical * self._size(law, window, rows)
        return half

    def exceedance(self, window: Window, distance: Float) -> Float:
        """Compute the chance that an ordinary CAR of the window exceeds each event's distance."""
        chance = np.full(distance.shape, np.nan)
        for law, rows in self._groups(window):
            chance[rows] = survival(law, distance[rows] / self._size(law, window, rows))
        return chance

    def size(self, window: Window) -> Float:
        """Return the expected size of each event's |CAR| on an ordinary session."""
        size = np.full(len(self.position), np.nan)
        for law, rows in self._groups(window):
            size[rows] = self._size(law, window, rows)
        return size

    def _rate(self, law: PlaceboLaw, window: Window, rows: Int, car: Float) -> PlaceboRating:
        return rate(
            law,
            car,
            recent=self._recent(window, rows),
            estimation=self.sigma[rows] ** 2,
            position=self.position[rows],
            reach=self.pool.reach,
        )

    def _size(self, law: PlaceboLaw, window: Window, rows: Int) -> Float:
        recent, estimation = self._recent(window, rows), self.sigma[rows] ** 2
        return expected_size(law.scale, recent=recent, estimation=estimation)

    def _critical(self, law: PlaceboLaw, rows: Int, alpha: float) -> Float:
        return critical_size(law, alpha=alpha, position=self.position[rows], reach=self.pool.reach)

    def _recent(self, window: Window, rows: Int) -> Float:
        """Return the EWMA variance at the end of the session before the window opens.

        For a window that opens after the last session: that of the last session.
        """
        before = self.position[rows] + window[0] - 1
        return self.pool.variance[np.minimum(before, len(self.pool.variance) - 1)]


def calibrated_forecast(
    placebos: EventPlacebos, model: Forecast, *, days: int, alpha: float
) -> Forecast:
    """Take the law of the returns summed from day 0 on from ordinary sessions.

    Parameters
    ----------
    placebos : EventPlacebos
        The events among the ordinary sessions.
    model : Forecast
        The law of the model, for events with too few placebos.
    days : int
        Number of days from day 0 on.
    alpha : float
        The band covers 1 - alpha.

    Returns
    -------
    Forecast
        Of the events, day by day.
    """
    windows = [(0, day) for day in range(days)]
    half = np.column_stack([placebos.half_width(window, alpha=alpha) for window in windows])
    half = np.where(np.isnan(half) | np.isnan(model.half_width), model.half_width, half)

    def exceedance(distance: Float) -> Float:
        columns = zip(windows, distance.T, strict=True)
        chance = np.column_stack([placebos.exceedance(window, own) for window, own in columns])
        return np.where(np.isnan(chance), model.exceedance(distance), chance)

    return Forecast(half_width=half, exceedance=exceedance)
