"""What moved the price that we did not list? Unusual sessions and breaks against the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.estimates import StudyEstimates
from oilshock.events import load_events
from oilshock.inference.breaks import mean_breaks
from oilshock.inference.unusual import UnusualSessions, rank_by_size, unusual_sessions
from oilshock.notebook import table_html
from oilshock.typing import Float, Int
from oilshock.words import count

MOVE_COLUMNS = (
    "session",
    "price",
    "return",
    "usd",
    "rank_raw",
    "scaled",
    "rank_scaled",
    "p_model",
    "q_model",
    "events",
    "titles",
    "explained",
)
BREAK_COLUMNS = (
    "kind",
    "session",
    "low_session",
    "high_session",
    "before",
    "after",
    "events",
    "titles",
    "n_in_interval",
)
QUIET_COLUMNS = ("event_id", "title", "session", "largest_scaled", "rank_scaled")


@dataclass(frozen=True)
class Coverage:
    """How well moves and events match, beside what chance alone would give.

    Parameters
    ----------
    n_moves, n_explained : int
        Unusual sessions, and those with an event near.
    n_events, n_with_move : int
        Events, and those with an unusual session near.
    recall, chance_recall : float
        Share of the moves with an event near, and of all sessions with one.
    precision, chance_precision : float
        Share of the events with a move near, and of all sessions with one.
    """

    n_moves: int
    n_explained: int
    n_events: int
    n_with_move: int
    recall: float
    chance_recall: float
    precision: float
    chance_precision: float


@dataclass(frozen=True, eq=False, repr=False)
class ScanResult:
    """Unusual sessions and breaks of a series, matched with events.

    Parameters
    ----------
    moves : DataFrame
        `MOVE_COLUMNS`: the union of the largest raw and the largest scaled moves, and every one
        below the level of q; by the better of its two ranks.
    breaks : DataFrame
        `BREAK_COLUMNS`: breaks in the mean of the returns and in their size.
    quiet : DataFrame
        `QUIET_COLUMNS`: events without an unusual session near, the quietest first.
    coverage : Coverage
        Recall and precision of the events.
    n_sessions : int
        Sessions with a return.
    n_below_q : int
        Sessions with a q value below `q`.
    smallest_q, df : float
        Smallest q value, and degrees of freedom of the tail of the model.
    top, within : int
        Length of each list, and sessions within which an event counts.
    q : float
        Level of the false discovery rate.
    reason : str
        Empty, or why there is no model: then moves are ranked by raw size alone.
    """

    moves: pd.DataFrame
    breaks: pd.DataFrame
    quiet: pd.DataFrame
    coverage: Coverage
    n_sessions: int
    n_below_q: int
    smallest_q: float
    df: float
    top: int
    within: int
    q: float
    reason: str

    def __repr__(self) -> str:
        found = f"{count(len(self.moves), 'move')}, {len(self.unexplained)} without an event"
        return f"ScanResult({found}, {count(len(self.breaks), 'break')})"

    def _repr_html_(self) -> str:
        return table_html(self.moves.drop(columns="events"), notes=[repr(self)])

    @property
    def unexplained(self) -> pd.DataFrame:
        """Moves without an event near."""
        return self.moves[~self.moves["explained"]].reset_index(drop=True)


def scan_study(estimates: StudyEstimates) -> ScanResult:
    """Scan the series of a study for moves that neither it nor the catalogue lists.

    Parameters
    ----------
    estimates : StudyEstimates
        The study; `[scan]` of its config holds the settings.

    Returns
    -------
    ScanResult
        Events of the study and of the bundled catalogue count, endogenous ones excepted.
    """
    settings, market = estimates.config.scan, estimates.market
    positions = estimates.known_positions
    inside = positions[positions < len(market.sessions)]
    return scan_prices(
        pd.Series(market.prices, index=market.sessions),
        market.returns,
        events=pd.DataFrame(
            {"id": inside.index, "position": inside.to_numpy(), "title": _titles(estimates, inside)}
        ),
        top=settings.top,
        within=settings.within,
        q=settings.q,
        shortest=settings.shortest,
        alpha=estimates.config.inference.alpha,
    )


def _titles(estimates: StudyEstimates, positions: pd.Series[int]) -> list[str]:
    frames = [load_events().to_frame(), estimates.events.to_frame()]
    titles = pd.concat(frames).drop_duplicates("id", keep="last").set_index("id")["title"]
    return [str(title) for title in titles.reindex(positions.index).fillna("")]


def scan_prices(
    prices: pd.Series[float],
    returns: Float,
    *,
    events: pd.DataFrame,
    top: int = 50,
    within: int = 1,
    q: float = 0.05,
    shortest: int = 60,
    alpha: float = 0.05,
) -> ScanResult:
    """Scan a series for unusual sessions and breaks, and match them with events.

    Parameters
    ----------
    prices : Series
        Prices by session.
    returns : ndarray of shape (n_sessions,)
        Their returns; the first one is missing.
    events : DataFrame
        Columns `id`, `title` and `position`, the session of each event.
    top : int, default 50
        Length of each list.
    within : int, default 1
        An event at most so many sessions away may explain a move.
    q : float, default 0.05
        Level of the false discovery rate.
    shortest : int, default 60
        Fewest sessions between two breaks.
    alpha : float, default 0.05
        The intervals of break dates cover 1 - alpha.

    Returns
    -------
    ScanResult
        That an event lies near a move does not prove that it caused it.

    Examples
    --------
    >>> noise = 0.01 * np.random.default_rng(2).standard_normal(600)
    >>> noise[0], noise[300] = np.nan, 0.12
    >>> days = pd.bdate_range("2020-01-01", periods=600)
    >>> level = pd.Series(50.0 * np.exp(np.nancumsum(noise)), days)
    >>> event = pd.DataFrame({"id": ["x"], "title": ["A pipe bursts"], "position": [300]})
    >>> found = scan_prices(level, noise, events=event, top=1)
    >>> found.moves.loc[0, "events"], found.n_below_q
    ('x', 1)
    """
    unusual = unusual_sessions(returns)
    ranks = rank_by_size(returns), rank_by_size(unusual.scaled)
    listed = _listed(unusual, ranks, top=top, q=q)
    best = np.minimum(ranks[0], np.where(ranks[1] > 0, ranks[1], ranks[0]))
    listed = listed[np.argsort(best[listed], kind="stable")]
    near = _near(listed, events["position"].to_numpy(np.intp), within)
    moves = _moves(prices, returns, unusual, ranks=ranks, rows=listed)
    matches = [events.iloc[rows] for rows in near]
    moves["events"] = [";".join(match["id"]) for match in matches]
    moves["titles"] = ["; ".join(match["title"]) for match in matches]
    moves["explained"] = [len(match) > 0 for match in matches]
    return ScanResult(
        moves=moves[list(MOVE_COLUMNS)],
        breaks=_breaks(prices, returns, events, within=within, shortest=shortest, alpha=alpha),
        quiet=_quiet(prices, unusual, events, ranks=ranks, listed=listed, within=within),
        coverage=_coverage(listed, events, within=within, n_sessions=len(returns)),
        n_sessions=len(returns) - 1,
        n_below_q=int((unusual.q_value < q).sum()),
        smallest_q=float(np.nanmin(unusual.q_value)) if not unusual.reason else float("nan"),
        df=unusual.df,
        top=top,
        within=within,
        q=q,
        reason=unusual.reason,
    )


def _listed(unusual: UnusualSessions, ranks: tuple[Int, Int], *, top: int, q: float) -> Int:
    chosen = unusual.q_value < q
    for rank in ranks:
        chosen = chosen | ((rank >= 1) & (rank <= top))
    return np.flatnonzero(chosen)


def _near(sessions: Int, position: Int, within: int) -> list[Int]:
    """Find the events near each session, the nearest first."""
    found = []
    for session in sessions.tolist():
        distance = np.abs(position - session)
        rows = np.flatnonzero(distance <= within)
        found.append(rows[np.argsort(distance[rows], kind="stable")])
    return found


def _moves(
    prices: pd.Series[float],
    returns: Float,
    unusual: UnusualSessions,
    *,
    ranks: tuple[Int, Int],
    rows: Int,
) -> pd.DataFrame:
    price = prices.to_numpy(np.float64)
    return pd.DataFrame(
        {
            "session": prices.index[rows],
            "price": price[rows],
            "return": returns[rows],
            "usd": price[rows] - price[rows - 1],
            "rank_raw": ranks[0][rows],
            "scaled": unusual.scaled[rows],
            "rank_scaled": ranks[1][rows],
            "p_model": unusual.p_value[rows],
            "q_model": unusual.q_value[rows],
        }
    )


def _breaks(
    prices: pd.Series[float],
    returns: Float,
    events: pd.DataFrame,
    *,
    within: int,
    shortest: int,
    alpha: float,
) -> pd.DataFrame:
    """Find breaks in the mean of the returns, and of their absolute values."""
    position = events["position"].to_numpy(np.intp)
    rows = []
    for kind, values in (("mean", returns[1:]), ("size", np.abs(returns[1:]))):
        for found in mean_breaks(values, shortest=shortest, alpha=alpha):
            # The first return belongs to session 1.
            session, low, high = (1 + found.position, 1 + found.low, 1 + found.high)
            near = events.iloc[_near(np.array([session]), position, within)[0]]
            rows.append(
                (
                    kind,
                    prices.index[session],
                    prices.index[low],
                    prices.index[high],
                    found.before,
                    found.after,
                    ";".join(near["id"]),
                    "; ".join(near["title"]),
                    int(((position >= low) & (position <= high)).sum()),
                )
            )
    return pd.DataFrame(rows, columns=list(BREAK_COLUMNS))


def _quiet(
    prices: pd.Series[float],
    unusual: UnusualSessions,
    events: pd.DataFrame,
    *,
    ranks: tuple[Int, Int],
    listed: Int,
    within: int,
) -> pd.DataFrame:
    """List the events without an unusual session near, with the largest move near each."""
    position = events["position"].to_numpy(np.intp)
    rows = []
    for row, session in enumerate(position.tolist()):
        if len(listed) and np.abs(listed - session).min() <= within:
            continue
        around = np.arange(max(session - within, 0), min(session + within, len(prices) - 1) + 1)
        sizes = np.nan_to_num(np.abs(unusual.scaled[around]), nan=-1.0)
        largest = int(around[sizes.argmax()])
        event = events.iloc[row]
        rows.append(
            (
                event["id"],
                event["title"],
                prices.index[session],
                unusual.scaled[largest],
                int(ranks[1][largest]),
            )
        )
    frame = pd.DataFrame(rows, columns=list(QUIET_COLUMNS))
    return frame.sort_values("largest_scaled", key=abs, kind="stable").reset_index(drop=True)


def _coverage(listed: Int, events: pd.DataFrame, *, within: int, n_sessions: int) -> Coverage:
    position = events["position"].to_numpy(np.intp)
    by_events = _covered(position, within=within, n_sessions=n_sessions)
    by_moves = _covered(listed, within=within, n_sessions=n_sessions)
    explained, moved = by_events[listed], by_moves[position]
    return Coverage(
        n_moves=len(listed),
        n_explained=int(explained.sum()),
        n_events=len(position),
        n_with_move=int(moved.sum()),
        recall=float(explained.mean()) if len(listed) else float("nan"),
        chance_recall=float(by_events[1:].mean()),
        precision=float(moved.mean()) if len(position) else float("nan"),
        chance_precision=float(by_moves[1:].mean()),
    )


def _covered(sessions: Int, *, within: int, n_sessions: int) -> Float:
    covered = np.zeros(n_sessions)
    for shift in range(-within, within + 1):
        moved = sessions + shift
        covered[moved[(moved >= 0) & (moved < n_sessions)]] = 1.0
    return covered
