"""The placebo law: how large an event's statistic is among those of ordinary sessions.

Every session of the series that has an estimation window and a complete event window is a
placebo: nothing is known to have happened there that did not happen elsewhere. A CAR over its
expected size (`placebo_scale`) can be compared with those of other sessions: p is the rank of the
event's scaled |CAR| among the scaled |CAR| of the placebos whose windows do not touch those of the
event.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from oilshock.inference.placebo_scale import Scale, expected_size, fit_scale
from oilshock.inference.tail import Tail, fit_tail, tail_p_value, tail_quantile
from oilshock.typing import Bool, Float, Int, freeze

FEWEST = 200
"""Fewer placebos than this give no calibrated p value."""

ENOUGH = 1000
"""Fewer placebos than this are worth a warning."""

RESOLVED = 10
"""Below RESOLVED / (n + 1) a rank says too little, and the fitted tail takes over."""


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


def no_smaller(rating: PlaceboRating, p_value: Float) -> PlaceboRating:
    """Raise calibrated p values to those of another test where these are larger.

    Parameters
    ----------
    rating : PlaceboRating
        What the placebo law says.
    p_value : ndarray of shape (n_events,)
        P values of the other test; NaN raises nothing.

    Returns
    -------
    PlaceboRating
        A raised p value is neither extrapolated nor bounded.
    """
    raised = p_value > rating.p_value
    return replace(
        rating,
        p_value=np.where(raised, p_value, rating.p_value),
        extrapolated=rating.extrapolated & ~raised,
        bounded=rating.bounded & ~raised,
    )


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
        With p = (1 + number at least as large) / (n + 1) (Davison and Hinkley 1997, equation 4.11);
        below 10 / (n + 1) from the fitted tail.

    Notes
    -----
    The scale is fitted to all placebos, those near the event included: a shock at the event
    raises the scale of the event and of the placebos of its regime alike. Ranks and tail are those
    of the other placebos alone.
    """
    scaled = car / expected_size(law.scale, recent=recent, estimation=estimation)
    near, neighbours = _near(law, position, reach), _neighbours(law, position, reach)
    n = len(law.ordered) - near.sum(axis=1)
    larger = len(law.ordered) - np.searchsorted(law.ordered, np.abs(scaled), side="left")
    own = np.abs(law.scaled[neighbours]) >= np.abs(scaled)[:, np.newaxis]
    larger = larger - (own & near).sum(axis=1)
    p_value = (1.0 + larger) / (n + 1.0)
    unknown = np.isnan(scaled) | (n < FEWEST)
    extrapolated = np.zeros(len(scaled), dtype=np.bool_)
    extreme = ~unknown & (p_value < RESOLVED / (n + 1.0))
    for tail, rows in _tails(law, neighbours, near, np.flatnonzero(extreme)):
        beyond = tail_p_value(tail, np.abs(scaled[rows]))
        p_value[rows] = np.minimum(beyond, RESOLVED / (n[rows] + 1.0))
        extrapolated[rows] = True
    return PlaceboRating(
        scaled=scaled,
        p_value=np.where(unknown, np.nan, p_value),
        n_placebos=n,
        extrapolated=extrapolated,
        bounded=~unknown & ~extrapolated & (larger == 0),
    )


def _tails(law: PlaceboLaw, neighbours: Int, near: Bool, rows: Int) -> Iterator[tuple[Tail, Int]]:
    """Yield the tail of the placebos that do not touch an event, with the events that it is for.

    A huge move is in the windows of up to 2 reach + 1 placebos: left in, it would fit the tail that
    rates it.
    """
    touched = near[rows].any(axis=1)
    groups = [(rows[~touched], law.tail)]
    for row in rows[touched]:
        left_out = law.rank[neighbours[row][near[row]]]
        groups.append((np.array([row]), fit_tail(np.delete(law.ordered, left_out))))
    for own, tail in groups:
        if tail is not None and len(own):
            yield tail, own


def critical_size(law: PlaceboLaw, *, alpha: float, position: Int, reach: int) -> Float:
    """Return the scaled |CAR| that an event must exceed for p < alpha; shape (n_events,).

    Times `expected_size` it is half the width of the calibrated interval at 1 - alpha.
    """
    near, neighbours = _near(law, position, reach), _neighbours(law, position, reach)
    n = len(law.ordered) - near.sum(axis=1)
    # Where the tail gives p, it does so only beyond all but RESOLVED - 2 of the placebos.
    most = n + 1 - RESOLVED if law.tail else n + 1
    count = np.minimum(np.floor((n + 1) * (1.0 - alpha)).astype(np.intp), most) + 1
    ranks = np.where(near, law.rank[neighbours], len(law.ordered))
    ranks.sort(axis=1)
    # The count-th smallest of those that stay: each one left out below it moves it up by one.
    place = count - 1
    for column in range(ranks.shape[1]):
        place = place + (ranks[:, column] <= place)
    value = law.ordered[np.minimum(place, len(law.ordered) - 1)]
    if law.tail is None:
        # No CAR can reach p < alpha where not even the largest placebo does.
        return np.where((n < FEWEST) | (place >= len(law.ordered)), np.nan, value)
    resolved = alpha * (n + 1.0) >= RESOLVED
    for tail, rows in _tails(law, neighbours, near, np.flatnonzero(~resolved)):
        value[rows] = np.maximum(value[rows], tail_quantile(tail, np.array(alpha)))
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


def equivalent_sizes(law: PlaceboLaw, rating: PlaceboRating) -> Float:
    """Return the |scaled CARs| that the law of all placebos exceeds as often as p values say.

    Each event is rated without the placebos that touch it, simulations draw from all of them:
    where the fitted tail gives p, the size is moved to that of the same p in the tail of all.

    Parameters
    ----------
    law : PlaceboLaw
        The law that rated the events.
    rating : PlaceboRating
        From `rate`.

    Returns
    -------
    ndarray of shape (n_events,)
        To hold against `smooth_sizes`; NaN where there is no CAR.
    """
    sizes = np.abs(rating.scaled)
    if law.tail is None:
        return np.asarray(sizes)
    sizes[rating.extrapolated] = tail_quantile(law.tail, rating.p_value[rating.extrapolated])
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
