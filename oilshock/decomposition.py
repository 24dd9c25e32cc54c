"""The price of an episode taken apart: base, expected drift, factors, and each event's part.

Several events lie close together, and each has its own what-if path. Added up, they would count
shared sessions twice. Here every session belongs to one part: to an event that alone holds it, to
the episode where several events do, or to none of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from oilshock.inference.placebo import FEWEST
from oilshock.inference.placebo_scale import expected_size
from oilshock.models import Design
from oilshock.models.rolling import rolling_cars
from oilshock.options import ReturnKind
from oilshock.placebo import PlaceboPool, law_of
from oilshock.typing import Float, Int, freeze

BASE, DRIFT, FACTORS, NO_EVENT = "base", "expected drift", "factors", "sessions without an event"
"""Names of the parts that are no events."""


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The price of one episode, session by session, as a sum of parts.

    Parameters
    ----------
    episode : str
        Name of the episode.
    sessions : ndarray of shape (n_days,)
        Sessions, from that of the first event on.
    base : float
        Price of the session before, USD/bbl.
    price, expected_price : ndarray of shape (n_days,)
        Price, and price without the events (the median path), USD/bbl.
    names, kinds : tuple of str
        Parts, without the base: their names, and drift, factors, event, episode or rest.
    log_parts, usd_parts : ndarray of shape (n_parts, n_days)
        Logarithms of the ratios to the base, and USD/bbl; both add up over the parts. With
        difference returns `log_parts` are USD/bbl too.
    """

    episode: str
    sessions: Int
    base: float
    price: Float
    expected_price: Float
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    log_parts: Float
    usd_parts: Float

    def __post_init__(self) -> None:
        freeze(self.sessions, self.price, self.expected_price, self.log_parts, self.usd_parts)


def logarithmic_mean(one: Float, other: Float) -> Float:
    """Compute the logarithmic mean (a - b) / (log a - log b); a where both are equal.

    Examples
    --------
    >>> logarithmic_mean(np.array([2.0, 3.0]), np.array([1.0, 3.0])).round(4).tolist()
    [1.4427, 3.0]
    """
    gap = np.log(one) - np.log(other)
    close = np.abs(gap) < 1e-9
    return np.where(close, (one + other) / 2.0, (one - other) / np.where(close, 1.0, gap))


def assign_sessions(
    position: Int, *, last_day: int, n_sessions: int
) -> tuple[Int, list[tuple[int, ...]]]:
    """Say which events hold each session from the first event of an episode on.

    Parameters
    ----------
    position : ndarray of shape (n_events,)
        Sessions of the events of one episode.
    last_day : int
        Last day of the event window; a session is held from day 0 to it.
    n_sessions : int
        Number of sessions of the series.

    Returns
    -------
    sessions : ndarray
        Sessions from the first event to the end of the last window.
    holders : list of tuple of int
        Rows of the events that hold each of them.

    Examples
    --------
    >>> sessions, held = assign_sessions(np.array([5, 7]), last_day=2, n_sessions=20)
    >>> sessions.tolist(), held
    ([5, 6, 7, 8, 9], [(0,), (0,), (0, 1), (1,), (1,)])
    """
    last = min(int(position.max()) + last_day, n_sessions - 1)
    sessions = np.arange(int(position.min()), last + 1)
    held = [
        tuple(np.flatnonzero((position <= s) & (s <= position + last_day)).tolist())
        for s in sessions
    ]
    return sessions, held


def decompose(
    prices: Float,
    returns: Float,
    design: Design,
    *,
    beta: Float,
    ids: Sequence[str],
    position: Int,
    episode: str,
    last_day: int,
    kind: ReturnKind = "log",
) -> Decomposition:
    """Take the price of an episode apart, session by session.

    Parameters
    ----------
    prices, returns : ndarray of shape (n_sessions,)
        The series, USD/bbl, and its returns.
    design : Design
        Regressors of every session.
    beta : ndarray of shape (k,)
        The expected-return model of the first event, which knows none of the others.
    ids : sequence of str
        Ids of the events of the episode.
    position : ndarray of shape (n_events,)
        Their sessions.
    episode : str
        Name of the episode, and of the part of sessions that several events hold.
    last_day : int
        Last day of the event window.
    kind : {"log", "simple", "difference"}, default "log"
        Kind of the returns.

    Returns
    -------
    Decomposition
        The order of the events changes nothing but the order of the parts.

    Notes
    -----
    The log of price over base is the sum of expected returns (drift and factors) and abnormal
    returns, each of which belongs to one part. Dollars follow in two steps. What the events did
    in all is price less expected price, the what-if USD of an event that stands alone; what was
    expected is expected price less base. Within each, a part x of the logs is L(P, Q) x dollars,
    with L the logarithmic mean of its two ends (Ang 2004, LMDI-I): parts add up without a rest, in
    whatever order they are taken.

    Examples
    --------
    >>> design = Design(offset=np.zeros(4), x=np.ones((4, 1)), names=("constant",))
    >>> prices = np.array([100.0, 110.0, 121.0, 121.0])
    >>> found = decompose(
    ...     prices, np.diff(np.log(prices), prepend=np.nan), design, beta=np.zeros(1), ids=["x"],
    ...     position=np.array([1]), episode="x", last_day=1,
    ... )
    >>> found.names, found.usd_parts[-1].round(6).tolist()
    (('expected drift', 'x'), [10.0, 21.0])
    """
    sessions, held = assign_sessions(position, last_day=last_day, n_sessions=len(prices))
    constant = np.array([name == "constant" for name in design.names], dtype=np.bool_)
    x = design.x[sessions]
    drift = x[:, constant] @ beta[constant]
    factors = x[:, ~constant] @ beta[~constant] + design.offset[sessions]
    base, price = float(prices[sessions[0] - 1]), prices[sessions]
    drift, factors, abnormal = _as_logs(drift, factors, returns[sessions], kind=kind)
    has_factors = bool((~constant).any() or np.any(design.offset[sessions]))
    parts: list[tuple[str, str, Float]] = [(DRIFT, "drift", np.cumsum(drift))]
    if has_factors:
        parts.append((FACTORS, "factors", np.cumsum(factors)))
    parts += [
        (name, part, np.cumsum(np.where(mine, abnormal, 0.0)))
        for name, part, mine in _owners(ids, position, held, episode)
    ]
    names, kinds = tuple(part[0] for part in parts), tuple(part[1] for part in parts)
    logs = np.array([part[2] for part in parts])
    expected_log = np.cumsum(drift + factors)
    if kind == "difference":
        expected_price, usd = base + expected_log, logs.copy()
    else:
        expected_price = base * np.exp(expected_log)
        is_expected = np.array([part in ("drift", "factors") for part in kinds])[:, np.newaxis]
        weight = np.where(
            is_expected,
            logarithmic_mean(expected_price, np.full(len(price), base)),
            logarithmic_mean(price, expected_price),
        )
        usd = weight * logs
    return Decomposition(
        episode, sessions, base, price, expected_price, names, kinds, logs, np.asarray(usd)
    )


def _as_logs(
    drift: Float, factors: Float, returns: Float, *, kind: ReturnKind
) -> tuple[Float, Float, Float]:
    """Turn expected and abnormal returns into parts that add up along the path."""
    expected = drift + factors
    if kind != "simple":
        return drift, factors, returns - expected
    small = np.abs(expected) < 1e-12
    ratio = np.where(small, 1.0, np.log1p(expected) / np.where(small, 1.0, expected))
    return drift * ratio, factors * ratio, np.log1p(returns) - np.log1p(expected)


def _owners(
    ids: Sequence[str], position: Int, held: Sequence[tuple[int, ...]], episode: str
) -> list[tuple[str, str, np.ndarray]]:
    """Return the parts of the abnormal returns: events in time order, the episode, no event."""
    order = sorted(range(len(ids)), key=lambda row: (position[row], ids[row]))
    owners = [
        (ids[row], "event", np.array([rows == (row,) for rows in held], dtype=np.bool_))
        for row in order
    ]
    owners.append((episode, "episode", np.array([len(rows) > 1 for rows in held], dtype=np.bool_)))
    owners.append((NO_EVENT, "rest", np.array([not rows for rows in held], dtype=np.bool_)))
    return [owner for owner in owners if owner[2].any() or (len(ids) == 1 and owner[1] == "event")]


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Price paths as they might have been without the events.

    Parameters
    ----------
    decomposition : Decomposition
        The episode.
    paths : ndarray of shape (n_paths, n_days)
        USD/bbl; none where there are too few ordinary sessions.
    """

    decomposition: Decomposition
    paths: Float

    @cached_property
    def n_paths(self) -> int:
        """Number of paths."""
        return len(self.paths)

    def chance_above(self, level: float) -> Float:
        """Compute the chance of a price above a level on each session, without the events."""
        if not self.n_paths:
            return np.full(self.paths.shape[1], np.nan)
        return np.asarray((self.paths > level).mean(axis=0))

    def sessions_above(self, level: float, *, alpha: float) -> Mapping[str, float]:
        """Count sessions above a level, with the events and without, and the difference.

        Parameters
        ----------
        level : float
            USD/bbl.
        alpha : float
            Intervals cover 1 - alpha.

        Returns
        -------
        mapping of str to float
            Keys `sessions_above`, `without`, `without_low`, `without_high`, `accounted`,
            `accounted_low`, `accounted_high`.
        """
        actual = int((self.decomposition.price > level).sum())
        if not self.n_paths:
            names = ("without", "accounted")
            keys = [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
            return {"sessions_above": actual, **dict.fromkeys(keys, float("nan"))}
        counts = (self.paths > level).sum(axis=1)
        low, high = np.quantile(counts, [alpha / 2.0, 1.0 - alpha / 2.0], method="inverted_cdf")
        mean = float(counts.mean())
        return {
            "sessions_above": actual,
            "without": mean,
            "without_low": float(low),
            "without_high": float(high),
            "accounted": actual - mean,
            "accounted_low": float(actual - high),
            "accounted_high": float(actual - low),
        }


def alternative_paths(
    decomposition: Decomposition,
    pool: PlaceboPool,
    *,
    sigma: float,
    kind: ReturnKind = "log",
    past_only: bool = False,
) -> Alternatives:
    """Lay the paths of ordinary sessions round the expected path of an episode.

    Parameters
    ----------
    decomposition : Decomposition
        The episode.
    pool : PlaceboPool
        Ordinary sessions with a window from day 0 to the last day of the episode.
    sigma : float
        Deviation of the estimation window of the first event.
    kind : {"log", "simple", "difference"}, default "log"
        Kind of the returns.
    past_only : bool, default False
        Take no path from after the episode.

    Returns
    -------
    Alternatives
        Each ordinary path scaled, day by day, to the volatility before the episode, and mirrored
        too, so that the median is the expected path. Paths that touch the episode are left out.
    """
    days = len(decomposition.sessions)
    first = int(decomposition.sessions[0])
    step = pool.position - first
    apart = step < -pool.reach if past_only else np.abs(step) > pool.reach
    if apart.sum() < FEWEST:
        return Alternatives(decomposition, np.empty((0, days)))
    distance = np.empty((int(apart.sum()), days))
    now = {"recent": pool.variance[[first - 1]], "estimation": np.array([sigma]) ** 2}
    then = {
        "recent": pool.variance[pool.position[apart] - 1],
        "estimation": pool.fit.sigma[pool.used][apart] ** 2,
    }
    for day in range(days):
        law = law_of(pool, (0, day))
        assert law is not None  # as many placebos as were counted above
        car = rolling_cars(pool.fit, window=(0, day))[0][pool.used][apart]
        ratio = expected_size(law.scale, **now) / expected_size(law.scale, **then)
        distance[:, day] = car * ratio
    both = np.concatenate([distance, -distance])
    center = decomposition.expected_price
    if kind == "difference":
        return Alternatives(decomposition, center + both)
    factor = np.exp(both) if kind == "log" else np.maximum(1.0 + both, 0.0)
    return Alternatives(decomposition, center * factor)


def previous_year_high(prices: Float, sessions: pd.DatetimeIndex, *, session: int) -> float:
    """Find the highest price of the calendar year before that of a session; NaN without one.

    Examples
    --------
    >>> days = pd.DatetimeIndex(["2022-06-01", "2023-03-01", "2023-09-01", "2024-01-02"])
    >>> previous_year_high(np.array([99.0, 70.0, 80.0, 75.0]), days, session=3)
    80.0
    """
    before = np.asarray(sessions.year) == sessions[session].year - 1
    return float(prices[before].max()) if before.any() else float("nan")
