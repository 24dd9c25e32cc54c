"""What followed earlier events of the same kind, against ordinary sessions in like volatility."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.inference.placebo import FEWEST
from oilshock.inference.placebo_scale import NEAREST_RECENT, expected_size, fit_scale
from oilshock.typing import Bool, Float, Int, Record, freeze
from oilshock.words import count

FEW_EVENTS = 30
"""Fewer sessions with an event than this are worth a warning."""

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q95": 0.95}
SAMPLES = ("events", "events_scaled", "ordinary")
COLUMNS = (
    "sessions",
    "sample",
    "n",
    "mean",
    "share_up",
    *QUANTILES,
    *(f"usd_{name}" for name in QUANTILES),
    "share_large",
    "reason",
)

TOO_FEW = f"fewer than {FEWEST} ordinary sessions to scale by"
NONE_KNOWN = "no such event is known"


@dataclass(frozen=True, eq=False)
class Moment:
    """The close from which one looks ahead, and what is known of volatility there.

    Parameters
    ----------
    position : int
        The first session that could react; the number of sessions where it is still to come.
    price : float
        The close before, USD/bbl.
    recent, estimation : float
        EWMA variance at that close, and variance of the estimation window.
    """

    position: int
    price: float
    recent: float
    estimation: float


@dataclass(frozen=True, eq=False)
class OrdinarySessions:
    """The sessions that a moment is compared with.

    Parameters
    ----------
    position : ndarray of shape (n,)
        Sessions, ascending.
    recent, estimation : ndarray of shape (n,)
        EWMA variance at the close before, and variance of the estimation window; above 0.
    """

    position: Int
    recent: Float
    estimation: Float

    def __post_init__(self) -> None:
        freeze(self.position, self.recent, self.estimation)


def moves_after(prices: Float, position: Int, *, sessions: int, is_difference: bool) -> Float:
    """Return the move from the close before each session to the close so many sessions on.

    Parameters
    ----------
    prices : ndarray of shape (n_sessions,)
        Prices, USD/bbl.
    position : ndarray of shape (n,)
        First sessions; at least 1.
    sessions : int
        Number of sessions, the first one included.
    is_difference : bool
        Dollars, for prices that may be 0 or less; else log returns.

    Returns
    -------
    ndarray of shape (n,)
        NaN where prices end before.

    Examples
    --------
    >>> prices = np.array([50.0, 52.0, 51.0])
    >>> moves_after(prices, np.array([1, 2]), sessions=2, is_difference=True).tolist()
    [1.0, nan]
    """
    last = position + sessions - 1
    inside = last < len(prices)
    end, base = prices[np.where(inside, last, 0)], prices[position - 1]
    move = end - base if is_difference else np.log(end / base)
    return np.where(inside, move, np.nan)


def nearest_sessions(ordinary: OrdinarySessions, moment: Moment) -> Bool:
    """Mark the fifth of the ordinary sessions whose EWMA variance is nearest to that of a moment.

    Nearest on the log scale, as many above as below where there are as many.
    """
    order = np.argsort(ordinary.recent, kind="stable")
    n, k = len(order), max(int(NEAREST_RECENT * len(order)), 1)
    place = int(np.searchsorted(ordinary.recent[order], moment.recent))
    first = int(np.clip(place - k // 2, 0, n - k))
    chosen = np.zeros(n, dtype=np.bool_)
    chosen[order[first : first + k]] = True
    return chosen


def aftermath_frame(
    prices: Float,
    *,
    events: Int,
    ordinary: OrdinarySessions,
    moment: Moment,
    sessions: Sequence[int],
    is_difference: bool,
) -> tuple[pd.DataFrame, dict[int, tuple[Float, Float]]]:
    """Describe what followed events of a kind, and ordinary sessions in like volatility.

    Parameters
    ----------
    prices : ndarray of shape (n_sessions,)
        Prices, USD/bbl.
    events : ndarray
        Sessions with an event of the kind, each once.
    ordinary : OrdinarySessions
        All sessions to compare with.
    moment : Moment
        From where one looks ahead.
    sessions : sequence of int
        Numbers of sessions over which moves are counted.
    is_difference : bool
        Moves in dollars; else as fractions of the close before.

    Returns
    -------
    frame : DataFrame
        A row for each number of sessions and sample: `events` as they were, `events_scaled` in
        the volatility of the moment, `ordinary` in like volatility. Quantiles are fractions (USD
        for differences); `usd_*` the same in dollars from the price of the moment. `share_large`
        is the share of events that moved more, for their volatility, than nine in ten ordinary
        sessions did.
    moves : dict of int to (ndarray, ndarray)
        Moves of the events, as they were and scaled, for each number of sessions.

    Notes
    -----
    A move is scaled by the expected size of a move at the moment over that at the event, both from
    `fit_scale`: variance of the last weeks and of the estimation window, as for calibrated p
    values.
    """
    rows: list[Record] = []
    moves: dict[int, tuple[Float, Float]] = {}
    near = nearest_sessions(ordinary, moment)
    for days in sessions:
        every = moves_after(prices, ordinary.position, sessions=days, is_difference=is_difference)
        own = moves_after(prices, events, sessions=days, is_difference=is_difference)
        scaled, large = _scaled(every, own, events=events, ordinary=ordinary, moment=moment)
        usual = every[near & ~np.isnan(every)]
        shown = [_shown(values, is_difference=is_difference) for values in (own, scaled, usual)]
        moves[days] = (shown[0], shown[1])
        for sample, values in zip(SAMPLES, shown, strict=True):
            is_events = sample != "ordinary"
            reason = NONE_KNOWN if is_events and len(events) == 0 else ""
            if not reason and sample == "events_scaled" and np.isnan(scaled).all():
                reason = TOO_FEW
            described = _described(values, moment.price, is_difference=is_difference)
            share = large if is_events else np.nan
            about = {"sessions": days, "sample": sample, "share_large": share, "reason": reason}
            rows.append(about | described)
    return pd.DataFrame(rows, columns=list(COLUMNS)), moves


def _shown(values: Float, *, is_difference: bool) -> Float:
    return values if is_difference else np.asarray(np.expm1(values))


def _scaled(
    every: Float, own: Float, *, events: Int, ordinary: OrdinarySessions, moment: Moment
) -> tuple[Float, float]:
    """Bring moves of events to the volatility of the moment; and the share of large ones."""
    there = ~np.isnan(every)
    empty = np.full(len(events), np.nan)
    if there.sum() < FEWEST:
        return empty, float("nan")
    recent, estimation = ordinary.recent, ordinary.estimation
    size = np.abs(every[there])
    scale = fit_scale(size, recent=recent[there], estimation=estimation[there])
    usual = size / expected_size(scale, recent=recent[there], estimation=estimation[there])
    place = np.searchsorted(ordinary.position, events)
    inside = np.minimum(place, len(ordinary.position) - 1)
    known = ordinary.position[inside] == events
    then = expected_size(scale, recent=recent[inside], estimation=estimation[inside])
    now = expected_size(
        scale, recent=np.array([moment.recent]), estimation=np.array([moment.estimation])
    )
    relative = np.where(known, own / then, np.nan)
    found = relative[~np.isnan(relative)]
    large = float((np.abs(found) > np.quantile(usual, 0.9)).mean()) if len(found) else np.nan
    return relative * now, float(large)


def _described(values: Float, price: float, *, is_difference: bool) -> Record:
    own = values[~np.isnan(values)]
    dollars = 1.0 if is_difference else price
    if len(own) == 0:
        return {"n": 0}
    quantiles = {name: float(np.quantile(own, share)) for name, share in QUANTILES.items()}
    return {
        "n": len(own),
        "mean": float(own.mean()),
        "share_up": float((own > 0).mean()),
        **quantiles,
        **{f"usd_{name}": dollars * value for name, value in quantiles.items()},
    }


def moves_frame(
    events: pd.DataFrame,
    moves: Mapping[int, tuple[Float, Float]],
    *,
    sessions: pd.DatetimeIndex,
) -> pd.DataFrame:
    """Lay the moves after each event out: event_id, title, session, sessions, move, scaled."""
    frames = [
        pd.DataFrame(
            {
                "event_id": events["id"].to_numpy(dtype=object),
                "title": events["title"].to_numpy(dtype=object),
                "session": sessions[events["position"].to_numpy(dtype=np.intp)],
                "sessions": days,
                "move": own,
                "move_scaled": scaled,
            }
        )
        for days, (own, scaled) in moves.items()
    ]
    return pd.concat(frames, ignore_index=True)


def warnings_for(n_events: int, *, kind: str) -> tuple[str, ...]:
    """Warn where few events, or none, stand behind the figures."""
    if n_events == 0:
        return (f"No other event of this kind is known ({kind}): only ordinary sessions speak.",)
    if n_events < FEW_EVENTS:
        return (
            f"Only {count(n_events, 'other session')} with such an event ({kind}): read the "
            "quantiles as rough, the outer ones as the extremes they nearly are.",
        )
    return ()
