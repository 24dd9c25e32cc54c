"""How big a move is in history: its rank among all sessions, and among events of its category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from oilshock.inference.volatility import ewma_variance
from oilshock.returns import compute_returns
from oilshock.typing import Float, Int, Record

COLUMNS = (
    "event_id",
    "session",
    "measure",
    "move",
    "side",
    "rank",
    "n_sessions",
    "category",
    "n_category",
    "share_smaller",
    "reason",
)

NO_MOVE = "the price did not change"
NO_CATEGORY = "the event has no category"
NO_OTHER = "no other event of its category is known"


def move_measures(prices: Float) -> dict[str, Float]:
    """Measure the move of every session in three ways.

    Parameters
    ----------
    prices : ndarray of shape (n_sessions,)
        Prices, USD/bbl.

    Returns
    -------
    dict of str to ndarray of shape (n_sessions,)
        `per_cent` P_t / P_{t-1} - 1 as a fraction, NaN where a price is not above 0; `usd` in
        USD/bbl; `scaled` the log return over the root of the EWMA variance at the close before.

    Examples
    --------
    >>> move_measures(np.array([50.0, 51.0, 49.5]))["usd"].tolist()
    [nan, 1.0, -1.5]
    """
    usd = compute_returns(prices, kind="difference")
    positive = prices > 0
    usable = np.concatenate([[False], positive[1:] & positive[:-1]])
    safe = np.where(positive, prices, 1.0)
    per_cent = np.where(usable, compute_returns(safe, kind="simple"), np.nan)
    log = np.where(usable, compute_returns(safe, kind="log"), np.nan)
    before = np.sqrt(np.concatenate([[np.nan], ewma_variance(log)[:-1]]))
    scaled = np.divide(log, before, out=np.full(len(log), np.nan), where=before > 0)
    return {"per_cent": per_cent, "usd": usd, "scaled": scaled}


def rank_of(move: float, moves: Float) -> tuple[int, int]:
    """Rank a move among the moves to the same side.

    Parameters
    ----------
    move : float
        The move; not 0.
    moves : ndarray
        All moves, this one among them; NaN entries are left out.

    Returns
    -------
    rank, n : int
        1 for the largest rise (or fall); equal moves share the better rank. n counts all moves, of
        whatever side.

    Examples
    --------
    >>> rank_of(-0.02, np.array([0.05, -0.03, -0.02, 0.01]))
    (2, 4)
    """
    own = moves[~np.isnan(moves)]
    larger = own > move if move > 0 else own < move
    return 1 + int(larger.sum()), len(own)


def share_smaller(move: float, others: Float) -> float:
    """Return the share of others that moved less to the side of the move; NaN where there is none.

    Examples
    --------
    >>> share_smaller(0.03, np.array([0.05, -0.09, 0.01, 0.02]))
    0.75
    """
    own = others[~np.isnan(others)]
    if len(own) == 0:
        return float("nan")
    return float((own < move).mean() if move > 0 else (own > move).mean())


def history_frame(
    ids: Sequence[str],
    sessions: pd.DatetimeIndex,
    *,
    position: Int,
    category: Sequence[str],
    known: Mapping[str, Int],
    measures: Mapping[str, Float],
) -> pd.DataFrame:
    """Place the one-day move of each event in history.

    Parameters
    ----------
    ids : sequence of str
        The events.
    sessions : DatetimeIndex
        The sessions.
    position : ndarray of shape (n_events,)
        Day 0 of each event.
    category : sequence of str
        Their categories; empty where there is none.
    known : mapping of str to ndarray
        Sessions of the known events of each category, each once.
    measures : mapping of str to ndarray of shape (n_sessions,)
        From `move_measures`.

    Returns
    -------
    DataFrame
        A row for each event and measure. `rank` counts from the largest move to the same side in
        `n_sessions`; `share_smaller` is the share of `n_category` other sessions with an event of
        the category that moved less to that side.
    """
    rows: list[Record] = []
    for row, event_id in enumerate(ids):
        others = known.get(category[row], np.array([], dtype=np.intp))
        others = others[others != position[row]]
        for measure, moves in measures.items():
            move = float(moves[position[row]])
            about = {"event_id": event_id, "session": sessions[position[row]], "measure": measure}
            placed = _place(move, moves, others=moves[others], category=category[row])
            rows.append({**about, "move": move, "category": category[row], **placed})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _place(move: float, moves: Float, *, others: Float, category: str) -> Record:
    if np.isnan(move) or move == 0:
        reason = NO_MOVE if move == 0 else "there is no such move"
        empty = {"rank": np.nan, "n_sessions": np.nan, "share_smaller": np.nan}
        return {"side": "", **empty, "n_category": len(others), "reason": reason}
    rank, n = rank_of(move, moves)
    share = share_smaller(move, others)
    reason = "" if not np.isnan(share) else NO_OTHER if category else NO_CATEGORY
    return {
        "side": "rise" if move > 0 else "fall",
        "rank": rank,
        "n_sessions": n,
        "n_category": int((~np.isnan(others)).sum()),
        "share_smaller": share,
        "reason": reason,
    }


def strip_frame(
    measures: Mapping[str, Float], *, known: Mapping[str, Int], measure: str
) -> pd.DataFrame:
    """Lay out the moves of all sessions and of the events of each category, for a strip chart.

    Parameters
    ----------
    measures : mapping of str to ndarray of shape (n_sessions,)
        From `move_measures`.
    known : mapping of str to ndarray
        Sessions of the known events of each category.
    measure : {"per_cent", "usd", "scaled"}
        Which one.

    Returns
    -------
    DataFrame
        Columns strip (`all`, then the categories), position and move; no row without a move.
    """
    moves = measures[measure]
    every = np.flatnonzero(~np.isnan(moves))
    strips = {"all": every, **{name: np.unique(own) for name, own in known.items()}}
    frames = [
        pd.DataFrame({"strip": name, "position": own, "move": moves[own]})
        for name, own in strips.items()
    ]
    frame = pd.concat(frames, ignore_index=True)
    return frame[frame["move"].notna()].reset_index(drop=True)
