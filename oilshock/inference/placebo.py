"""The placebo law: how large an event's statistic is among those of ordinary sessions.

Every session of the series that has an estimation window and a complete event window is a
placebo: nothing is known to have happened there that did not happen elsewhere. Three steps make
the CAR of one session comparable with that of another.

1. *Scale*. The expected size of |CAR| is s = exp(b0 + b1 log m), with m = 0.7 v + 0.3 sigma^2, v
   the EWMA variance known before the window opens and sigma^2 the variance of the estimation
   window. b0 and b1 maximise the gamma quasi-likelihood over all placebos: b1 says how fast
   volatility returns to its usual level over a window of this length.
2. *Nearest regime*. s is multiplied by the mean of |CAR| / s over the quarter of the placebos
   whose sigma^2 is nearest, then over the fifth whose v is nearest: what the log-linear form
   misses is taken from the data.
3. *Rank*. p is the rank of the event's scaled |CAR| among the scaled |CAR| of the placebos whose
   windows do not touch those of the event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from oilshock.inference.tail import Tail, fit_tail, tail_p_value, tail_quantile
from oilshock.typing import Bool, Float, Int, freeze

RECENT_WEIGHT = 0.7
"""Weight of the EWMA variance; the estimation window has the rest."""

NEAREST_ESTIMATION = 0.25
"""Share of the placebos that are nearest in the variance of their estimation windows."""

NEAREST_RECENT = 0.2
"""Share of the placebos that are nearest in EWMA variance."""

FEWEST = 200
"""Fewer placebos than this give no calibrated p value."""

ENOUGH = 1000
"""Fewer placebos than this are worth a warning."""

RESOLVED = 10
"""Below RESOLVED / (n + 1) a rank says too little, and the fitted tail takes over."""

ITERATIONS = 50


@dataclass(frozen=True, eq=False)
class NearestMean:
    """The mean of a quantity over the placebos nearest in some variance.

    Parameters
    ----------
    variance : ndarray of shape (n,)
        That variance of the placebos, ascending.
    running : ndarray of shape (n + 1,)
        Running sum of the quantity in that order.
    count : int
        How many are nearest.
    """

    variance: Float
    running: Float
    count: int

    def __post_init__(self) -> None:
        freeze(self.variance, self.running)


@dataclass(frozen=True, eq=False)
class Scale:
    """The expected size of |CAR|, given the volatility of the moment.

    Parameters
    ----------
    coefficients : ndarray of shape (2,)
        b0, b1 of the log-linear form.
    by_estimation, by_recent : NearestMean
        Means of what the log-linear form leaves, by regime.
    """

    coefficients: Float
    by_estimation: NearestMean
    by_recent: NearestMean

    def __post_init__(self) -> None:
        freeze(self.coefficients)


@dataclass(frozen=True, eq=False)
class PlaceboLaw:
    """The law of the scaled |CAR| of one window on ordinary sessions.

    Parameters
    ----------
    scale : Scale
        How a CAR is scaled.
    position : ndarray of shape (n,)
        Sessions of the placebos, ascending.
    scaled : ndarray of shape (n,)
        CAR over its expected size, with its sign, in the order of `position`.
    ordered : ndarray of shape (n,)
        |scaled|, ascending.
    rank : ndarray of shape (n,)
        Place of each placebo in `ordered`.
    tail : Tail or None
        The fitted tail; None where it cannot be fitted.
    """

    scale: Scale
    position: Int
    scaled: Float
    ordered: Float
    rank: Int
    tail: Tail | None

    def __post_init__(self) -> None:
        freeze(self.position, self.scaled, self.ordered, self.rank)


@dataclass(frozen=True, eq=False)
class PlaceboRating:
    """What the placebo law says of some CARs; shape (n_events,).

    Parameters
    ----------
    scaled : ndarray
        CAR over its expected size, with its sign.
    p_value : ndarray
        Two-sided calibrated p values.
    n_placebos : ndarray
        Placebos that each was ranked among.
    extrapolated : ndarray
        True where the p value comes from the fitted tail.
    bounded : ndarray
        True where no placebo is as large and no tail could be fitted: the p value is 1 / (n + 1),
        an upper bound.
    """

    scaled: Float
    p_value: Float
    n_placebos: Int
    extrapolated: Bool
    bounded: Bool

    def __post_init__(self) -> None:
        freeze(self.scaled, self.p_value, self.n_placebos, self.extrapolated, self.bounded)


def fit_scale(size: Float, *, recent: Float, estimation: Float) -> Scale:
    """Fit the expected size of |CAR| to the volatility of the moment.

    Parameters
    ----------
    size : ndarray of shape (n,)
        |CAR| of the placebos.
    recent : ndarray of shape (n,)
        EWMA variance before the window opens; above 0.
    estimation : ndarray of shape (n,)
        Variance of the estimation window; above 0.

    Returns
    -------
    Scale
        Log-linear form, and nearest-regime means of what it leaves.

    Notes
    -----
    Gamma quasi-likelihood with a log link, by Fisher scoring (McCullagh and Nelder 1989, section
    8.3): consistent for the mean of |CAR| whatever its law is.
    """
    x = _regressors(recent, estimation)
    coefficients = np.array([np.log(size.mean()), 0.0])
    information = x.T @ x
    for _ in range(ITERATIONS):
        fitted = np.exp(x @ coefficients)
        # Least squares: where volatility never changed, there is one regressor only.
        step = np.linalg.lstsq(information, x.T @ (size / fitted - 1.0), rcond=None)[0]
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-10:
            break
    left = size / np.exp(x @ coefficients)
    by_estimation = _nearest_mean(left, estimation, share=NEAREST_ESTIMATION)
    left = left / _mean_at(by_estimation, estimation)
    by_recent = _nearest_mean(left, recent, share=NEAREST_RECENT)
    return Scale(coefficients, by_estimation, by_recent)


def _nearest_mean(values: Float, variance: Float, *, share: float) -> NearestMean:
    order = np.argsort(variance, kind="stable")
    running = np.concatenate([[0.0], np.cumsum(values[order])])
    return NearestMean(variance[order], running, max(int(share * len(values)), 1))


def _mean_at(nearest: NearestMean, variance: Float) -> Float:
    n, k = len(nearest.variance), nearest.count
    first = np.clip(np.searchsorted(nearest.variance, variance) - k // 2, 0, n - k)
    return np.asarray((nearest.running[first + k] - nearest.running[first]) / k)


def expected_size(scale: Scale, *, recent: Float, estimation: Float) -> Float:
    """Compute the expected size of |CAR| at given variances, in the unit of the returns.

    Parameters
    ----------
    scale : Scale
        From `fit_scale`.
    recent, estimation : ndarray of shape (n_events,)
        Variances, as in `fit_scale`. NaN and 0 give NaN.

    Returns
    -------
    ndarray of shape (n_events,)
        In the unit of the CAR.
    """
    usable = (recent > 0) & (estimation > 0)
    recent, estimation = np.where(usable, recent, 1.0), np.where(usable, estimation, 1.0)
    size = np.exp(_regressors(recent, estimation) @ scale.coefficients)
    size = size * _mean_at(scale.by_estimation, estimation) * _mean_at(scale.by_recent, recent)
    return np.where(usable, size, np.nan)


def _regressors(recent: Float, estimation: Float) -> Float:
    mixed = RECENT_WEIGHT * recent + (1.0 - RECENT_WEIGHT) * estimation
    return np.column_stack([np.ones(len(mixed)), np.log(mixed)])


def placebo_law(car: Float, *, position: Int, recent: Float, estimation: Float) -> PlaceboLaw:
    """Learn the law of the scaled CAR of one window from the placebos.

    Parameters
    ----------
    car : ndarray of shape (n,)
        CARs of the placebos; no NaN.
    position : ndarray of shape (n,)
        Their sessions, ascending.
    recent, estimation : ndarray of shape (n,)
        Variances, as in `fit_scale`.

    Returns
    -------
    PlaceboLaw
        To rate events with.
    """
    size = np.abs(car)
    scale = fit_scale(size, recent=recent, estimation=estimation)
    scaled = car / expected_size(scale, recent=recent, estimation=estimation)
    return _ranked(scaled, position=position, scale=scale)


def _ranked(scaled: Float, *, position: Int, scale: Scale) -> PlaceboLaw:
    order = np.argsort(np.abs(scaled), kind="stable")
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    ordered = np.abs(scaled)[order]
    return PlaceboLaw(
        scale=scale,
        position=position,
        scaled=scaled,
        ordered=ordered,
        rank=rank,
        tail=fit_tail(ordered),
    )


def rate(
    law: PlaceboLaw, car: Float, *, recent: Float, estimation: Float, position: Int, reach: int
) -> PlaceboRating:
    """Rate the CARs of events among the placebos.

    Parameters
    ----------
    law : PlaceboLaw
        The law of the same window.
    car : ndarray of shape (n_events,)
        CARs; NaN stays NaN.
    recent, estimation : ndarray of shape (n_events,)
        Variances, as in `fit_scale`.
    position : ndarray of shape (n_events,)
        Sessions of the events.
    reach : int
        Placebos at most so many sessions away are left out: their windows touch.

    Returns
    -------
    PlaceboRating
        p = (1 + number at least as large) / (n + 1) (Davison and Hinkley 1997, equation 4.11);
        below 10 / (n + 1) from the fitted tail.

    Notes
    -----
    The scale is fitted to all placebos, those near the event included. A shock at the event
    raises the scale of the event and of the placebos alike, which leaves ranks as they are.
    """
    scaled = car / expected_size(law.scale, recent=recent, estimation=estimation)
    near = _near(law, position, reach)
    n = len(law.ordered) - near.sum(axis=1)
    larger = len(law.ordered) - np.searchsorted(law.ordered, np.abs(scaled), side="left")
    own = np.abs(law.scaled[_neighbours(law, position, reach)]) >= np.abs(scaled)[:, np.newaxis]
    larger = larger - (own & near).sum(axis=1)
    p_value = (1.0 + larger) / (n + 1.0)
    extreme = p_value < RESOLVED / (n + 1.0)
    beyond = tail_p_value(law.tail, np.abs(scaled)) if law.tail else np.zeros(len(scaled))
    extrapolated = extreme & (beyond > 0)
    p_value = np.where(extrapolated, np.minimum(beyond, RESOLVED / (n + 1.0)), p_value)
    bounded = ~extrapolated & (larger == 0)
    unknown = np.isnan(scaled) | (n < FEWEST)
    return PlaceboRating(
        scaled=scaled,
        p_value=np.where(unknown, np.nan, p_value),
        n_placebos=n,
        extrapolated=extrapolated & ~unknown,
        bounded=bounded & ~unknown,
    )


def critical_size(law: PlaceboLaw, *, alpha: float, position: Int, reach: int) -> Float:
    """Return the scaled |CAR| that an event must exceed for p < alpha; shape (n_events,).

    Times `expected_size` it is half the width of the calibrated interval at 1 - alpha.
    """
    near = _near(law, position, reach)
    n = len(law.ordered) - near.sum(axis=1)
    count = np.floor((n + 1) * (1.0 - alpha)).astype(np.intp) + 1
    ranks = np.where(near, law.rank[_neighbours(law, position, reach)], len(law.ordered))
    ranks.sort(axis=1)
    # The count-th smallest of those that stay: each one left out below it moves it up by one.
    place = count - 1
    for column in range(ranks.shape[1]):
        place = place + (ranks[:, column] <= place)
    resolved = alpha * (n + 1.0) >= RESOLVED
    inside = np.minimum(place, len(law.ordered) - 1)
    beyond = tail_quantile(law.tail, np.array(alpha)) if law.tail else np.nan
    value = np.where(resolved, law.ordered[inside], beyond)
    return np.where(n < FEWEST, np.nan, value)


def max_law(laws: Sequence[PlaceboLaw]) -> PlaceboLaw:
    """Return the law of the largest scaled |CAR| over several windows of the same placebos.

    Parameters
    ----------
    laws : sequence of PlaceboLaw
        One for each window, with the same positions; the scale of the first is kept.

    Returns
    -------
    PlaceboLaw
        Its `critical_size` is that of a band that holds on all windows at once (the sup-t band
        of Montiel Olea and Plagborg-Moller 2019, with the placebo law for the Gaussian one).
    """
    largest = np.max([np.abs(law.scaled) for law in laws], axis=0)
    return _ranked(largest, position=laws[0].position, scale=laws[0].scale)


def smooth_sizes(law: PlaceboLaw, places: Int, *, rng: np.random.Generator) -> Float:
    """Draw |scaled CARs| of placebos, the very largest of them from the fitted tail.

    The ten largest placebos are the steps of a staircase; where `rate` reads p values off the
    fitted tail, simulations must draw from it too, or the two would not agree.

    Parameters
    ----------
    law : PlaceboLaw
        The law of the window.
    places : ndarray of shape (draws, n_events)
        Placebos drawn, as places in the law.
    rng : Generator
        The source of randomness.

    Returns
    -------
    ndarray of shape (draws, n_events)
        The same placebo has the same size throughout a draw.
    """
    sizes = np.abs(law.scaled)[places]
    if law.tail is None:
        return np.asarray(sizes)
    n = len(law.ordered)
    largest = law.rank[places] - (n - RESOLVED)
    rows, columns = np.nonzero(largest >= 0)
    probability = rng.uniform(0.0, RESOLVED / (n + 1.0), size=(len(places), RESOLVED))
    drawn = tail_quantile(law.tail, probability[rows, largest[rows, columns]])
    sizes[rows, columns] = drawn
    return np.asarray(sizes)


def survival(law: PlaceboLaw, scaled: Float) -> Float:
    """Compute the chance that a scaled CAR of an ordinary session exceeds a value.

    The law is taken as symmetric round zero, as the two-sided p value takes it.

    Parameters
    ----------
    law : PlaceboLaw
        The law of the window.
    scaled : ndarray
        Values; NaN stays NaN.

    Returns
    -------
    ndarray
        Probabilities strictly between 0 and 1.
    """
    n = len(law.ordered)
    larger = n - np.searchsorted(law.ordered, np.abs(scaled), side="left")
    half = 0.5 * (1.0 + larger) / (n + 1.0)
    return np.where(np.isnan(scaled), np.nan, np.where(scaled > 0, half, 1.0 - half))


def _neighbours(law: PlaceboLaw, position: Int, reach: int) -> Int:
    """Return, for each event, the places in the law that could be within reach of it."""
    first = np.searchsorted(law.position, position - reach)
    places = first[:, np.newaxis] + np.arange(2 * reach + 1)
    return np.asarray(np.minimum(places, len(law.position) - 1))


def _near(law: PlaceboLaw, position: Int, reach: int) -> Bool:
    """Mark which of `_neighbours` are within reach, each once."""
    first = np.searchsorted(law.position, position - reach)
    places = first[:, np.newaxis] + np.arange(2 * reach + 1)
    inside = places < len(law.position)
    away = np.abs(law.position[_neighbours(law, position, reach)] - position[:, np.newaxis])
    return np.asarray(inside & (away <= reach))
