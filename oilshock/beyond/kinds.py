"""Events of one kind, and the close from which one looks ahead: the aftermath of a study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.beyond.aftermath import (
    Moment,
    OrdinarySessions,
    aftermath_frame,
    moves_frame,
    warnings_for,
)
from oilshock.config import Config
from oilshock.market import Market
from oilshock.models import Design
from oilshock.placebo import PlaceboPool, build_pool
from oilshock.words import plain_name

DIRECTION_WORDS = {"+": "expected to tighten", "-": "expected to ease", "0": "without a direction"}


@dataclass(frozen=True, eq=False)
class AftermathView:
    """What followed events of one kind.

    Parameters
    ----------
    frame : DataFrame
        Quantiles by number of sessions and sample; see `aftermath_frame`.
    moves : DataFrame
        The moves after each event of the kind.
    kind : str
        The kind, in words.
    moment : Moment
        From where one looks ahead.
    as_of : Timestamp
        The session at whose close that is.
    n_events : int
        Sessions with an event of the kind.
    warnings : tuple of str
        What to mind.
    is_difference : bool
        Whether moves are in USD/bbl.
    """

    frame: pd.DataFrame
    moves: pd.DataFrame
    kind: str
    moment: Moment
    as_of: pd.Timestamp
    n_events: int
    warnings: tuple[str, ...]
    is_difference: bool


def kind_words(category: str, direction: str) -> str:
    """Name a kind of events.

    Examples
    --------
    >>> kind_words("attack_on_supply", "+"), kind_words("", "")
    ('attack on supply, expected to tighten', 'any event')
    """
    parts = [plain_name(category), DIRECTION_WORDS.get(direction, "")]
    return ", ".join(filter(None, parts)) or "any event"


def events_of_kind(
    known: pd.DataFrame, *, category: str, direction: str, n_sessions: int, left_out: int
) -> pd.DataFrame:
    """Take one event for each session with an event of the kind.

    Parameters
    ----------
    known : DataFrame
        Known events with `position`, `category` and `direction`.
    category, direction : str
        What to ask for; empty takes any.
    n_sessions : int
        Number of sessions.
    left_out : int
        The session of the event that one looks back from.

    Returns
    -------
    DataFrame
        In time order, the first event of each session.
    """
    chosen = (known["position"] >= 1) & (known["position"] < n_sessions)
    chosen &= known["position"] != left_out
    if category:
        chosen &= known["category"] == category
    if direction:
        chosen &= known["direction"] == direction
    return known[chosen].drop_duplicates("position").sort_values("position").reset_index(drop=True)


def look_back(
    config: Config,
    market: Market,
    *,
    design: Design,
    known: pd.DataFrame,
    position: int,
    category: str,
    direction: str,
) -> AftermathView:
    """Say what followed events of a kind, seen from the close before a session.

    Parameters
    ----------
    config : Config
        The config: estimation window and numbers of sessions.
    market : Market
        Prices.
    design : Design
        Regressors of the expected-return model.
    known : DataFrame
        Known events, with `position`.
    position : int
        The first session that could react; the number of sessions if it is still to come.
    category, direction : str
        The kind; empty takes any.

    Returns
    -------
    AftermathView
        The event itself, and others on its session, are not among those looked back at.
    """
    windows, n = config.windows, len(market.prices)
    is_difference = config.returns.kind == "difference"
    pool = build_pool(
        market.returns,
        design,
        length=windows.estimation,
        gap=windows.gap,
        window=(0, 0),
        left_out=np.array([], dtype=np.intp),
    )
    ordinary = OrdinarySessions(
        pool.position.copy(), pool.variance[pool.position - 1], pool.fit.sigma[pool.used] ** 2
    )
    moment = _moment(market, pool, position, length=windows.estimation, gap=windows.gap)
    kind = kind_words(category, direction)
    events = events_of_kind(
        known, category=category, direction=direction, n_sessions=n, left_out=position
    )
    frame, moves = aftermath_frame(
        market.prices,
        events=events["position"].to_numpy(dtype=np.intp),
        ordinary=ordinary,
        moment=moment,
        sessions=tuple(dict.fromkeys(config.aftermath.sessions)),
        is_difference=is_difference,
    )
    return AftermathView(
        frame=frame,
        moves=moves_frame(events, moves, sessions=market.sessions),
        kind=kind,
        moment=moment,
        as_of=market.sessions[position - 1],
        n_events=len(events),
        warnings=warnings_for(len(events), kind=kind),
        is_difference=is_difference,
    )


def _moment(market: Market, pool: PlaceboPool, position: int, *, length: int, gap: int) -> Moment:
    last = position - gap
    window = market.returns[max(last - length, 1) : last]
    return Moment(
        position=position,
        price=float(market.prices[position - 1]),
        recent=float(pool.variance[position - 1]),
        estimation=float(window.var(ddof=1)),
    )
