"""The shape of a response: its peak, its half-life, and what was given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from oilshock.inference.local_projection import ProjectionRows
from oilshock.typing import Bool, Float, Int

NEVER_LEFT = "not defined: CAR never left the path band"
NO_RESPONSE = "not defined: the response never left its band"
NOT_REACHED = "not reached"
PEAK_LATER = "the peak comes later"


@dataclass(frozen=True, eq=False)
class Shape:
    """Peak, half-life and shares given back of some paths; shape (n_paths,) unless said.

    Parameters
    ----------
    peak_day : ndarray
        Session of the largest |response|, counted from the session of the event.
    peak : ndarray
        The response there, in the unit of the path.
    half_life : ndarray
        Sessions from the peak to the first one with at most half of it left; infinite where
        the path never gets there.
    given_back : ndarray of shape (n_paths, n_days)
        Share of the peak that is gone by each session asked for; negative where the move went on;
        NaN before the peak, and where the path is too short.
    """

    peak_day: Int
    peak: Float
    half_life: Float
    given_back: Float


def shape_of(paths: Float, *, peak_within: int, days: Sequence[int]) -> Shape:
    """Find peak, half-life and the shares given back of cumulated paths.

    Parameters
    ----------
    paths : ndarray of shape (n_paths, H + 1)
        Cumulated responses; NaN after the end of the series. The first value is there.
    peak_within : int
        The peak is sought up to this session: later extremes of a random walk are no answer to
        the event.
    days : sequence of int
        Sessions after the event by which the share given back is wanted.

    Returns
    -------
    Shape
        With a peak that is the largest |response| up to session `peak_within`. It is picked for
        its size, so that it overstates the move, and some of it is given back by chance alone.

    Examples
    --------
    >>> shape = shape_of(np.array([[0.04, 0.08, 0.06, 0.03]]), peak_within=2, days=[3])
    >>> shape.peak_day.tolist(), shape.half_life.tolist(), shape.given_back.round(3).tolist()
    ([1], [2.0], [[0.625]])
    """
    n, length = paths.shape
    rows = np.arange(n)
    size = np.abs(np.where(np.isnan(paths), 0.0, paths))[:, : peak_within + 1]
    peak_day = size.argmax(axis=1)
    peak = paths[rows, peak_day]
    with np.errstate(divide="ignore", invalid="ignore"):
        left = paths / peak[:, np.newaxis]
    after = np.arange(length) > peak_day[:, np.newaxis]
    halved = after & (left <= 0.5)
    half_life = np.where(halved.any(axis=1), halved.argmax(axis=1) - peak_day, np.inf)
    asked = np.asarray(days, dtype=np.intp)
    inside = asked < length
    given_back = np.full((n, len(asked)), np.nan)
    given_back[:, inside] = 1.0 - left[:, asked[inside]]
    given_back[asked < peak_day[:, np.newaxis]] = np.nan
    return Shape(peak_day, peak, half_life, given_back)


@dataclass(frozen=True, eq=False)
class Decay:
    """What is left of some responses, against a session fixed beforehand.

    Parameters
    ----------
    half_life : ndarray of shape (n_paths,)
        Sessions from the base to the first one with at most half of its response left; infinite
        where the path never gets there.
    given_back : ndarray of shape (n_paths, n_days)
        Share of the response of the base that is gone by each session asked for; negative where
        the move went on.
    """

    half_life: Float
    given_back: Float


def decay_of(paths: Float, *, base: int, days: Sequence[int]) -> Decay:
    """Measure how responses fade from a base session on.

    The base is fixed beforehand: a peak that is picked for its size is given back in part by
    chance alone, and no interval for what is gone of it holds what it should.

    Parameters
    ----------
    paths : ndarray of shape (n_paths, H + 1)
        Cumulated responses.
    base : int
        The session whose response is the whole.
    days : sequence of int
        Sessions after the event, after `base`, up to H.

    Returns
    -------
    Decay
        Half-lives and shares.

    Examples
    --------
    >>> decay = decay_of(np.array([[0.04, 0.05, 0.03, 0.02]]), base=0, days=[2, 3])
    >>> decay.half_life.tolist(), decay.given_back.round(2).tolist()
    ([3.0], [[0.25, 0.5]])
    """
    left = paths / paths[:, [base]]
    halved = (np.arange(paths.shape[1]) > base) & (left <= 0.5)
    half_life = np.where(halved.any(axis=1), halved.argmax(axis=1) - base, np.inf)
    return Decay(half_life, 1.0 - left[:, list(days)])


def bootstrap_responses(rows: ProjectionRows, *, block: int, draws: int, seed: int) -> Float:
    """Draw responses by the stationary bootstrap of the rows of the regressions.

    Parameters
    ----------
    rows : ProjectionRows
        The regressions.
    block : int
        Mean length of the blocks, in sessions: above the horizon, so that most rows that share
        returns stay together.
    draws : int
        Number of draws.
    seed : int
        Seed of the draws.

    Returns
    -------
    ndarray of shape (draws, H + 1)
        Responses on the drawn sessions.

    Notes
    -----
    Politis and Romano (1994). A draw counts how often each row comes; the coefficient is that of
    the weighted regression on what the controls leave of the shock.
    """
    from arch.bootstrap import StationaryBootstrap

    n = len(rows.shock)
    bootstrap = StationaryBootstrap(block, np.arange(n), seed=np.random.default_rng(seed))
    weights = np.empty((draws, n))
    for draw, (drawn, _) in enumerate(bootstrap.bootstrap(draws)):
        weights[draw] = np.bincount(drawn[0], minlength=n)
    change = weights @ (rows.shock * rows.residual) / (weights @ rows.shock**2)
    return np.asarray(rows.response + change)


def percentile_interval(values: Float, *, alpha: float) -> tuple[Float, Float]:
    """Return the percentile interval of draws along the first axis; NaN draws are left out.

    Examples
    --------
    >>> low, high = percentile_interval(np.arange(101.0)[:, np.newaxis], alpha=0.1)
    >>> low.tolist(), high.tolist()
    ([5.0], [95.0])
    """
    low, high = np.full(values.shape[1:], np.nan), np.full(values.shape[1:], np.nan)
    for place in np.ndindex(values.shape[1:]):
        own = values[(slice(None), *place)]
        own = own[~np.isnan(own)]
        if len(own):
            # An infinite draw is a value that the horizon does not reach; never average with it.
            low[place] = np.quantile(own, alpha / 2, method="lower")
            high[place] = np.quantile(own, 1 - alpha / 2, method="higher")
    return low, high


def left_band(paths: Float, half_width: Float) -> Bool:
    """Say on which days paths lie outside bands round zero; False where either is missing."""
    return np.asarray(np.abs(paths) > half_width)
