"""The decomposition of a study: its episodes, the parts of their prices, and its levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.abnormal import AbnormalReturns
from oilshock.decomposition import (
    BASE,
    Alternatives,
    Decomposition,
    alternative_paths,
    decompose,
    previous_year_high,
)
from oilshock.episodes import EventEpisode
from oilshock.market import Market
from oilshock.models import Design
from oilshock.notebook import table_html
from oilshock.options import LevelRule, ReturnKind
from oilshock.placebo import build_pool
from oilshock.tables import level_column
from oilshock.typing import Int
from oilshock.words import count

RULE_WORDS = {"previous-year-high": "the previous year's high"}

ACCOUNTED_COLUMNS = (
    "episode",
    "level",
    "rule",
    "sessions",
    "sessions_above",
    "without",
    "without_low",
    "without_high",
    "accounted",
    "accounted_low",
    "accounted_high",
    "n_paths",
    "reason",
)


@dataclass(frozen=True, eq=False, repr=False)
class WhatMoved:
    """The episodes of a study taken apart.

    Parameters
    ----------
    episodes : tuple of Alternatives
        Each with its decomposition and its paths without the events.
    parts : DataFrame
        `decomposition.csv`: episode, session, price, part, kind, log_part, usd.
    counterfactual : DataFrame
        `counterfactual.csv`: episode, session, price, expected_price, and p_above_* of each level.
    accounted : DataFrame
        `accounted.csv`: sessions above each level, with the events, without, and the difference.
    """

    episodes: tuple[Alternatives, ...]
    parts: pd.DataFrame
    counterfactual: pd.DataFrame
    accounted: pd.DataFrame

    def __repr__(self) -> str:
        return f"WhatMoved({count(len(self.episodes), 'episode')})"

    def _repr_html_(self) -> str:
        return table_html(
            self.accounted.drop(columns=["rule", "n_paths", "reason"]),
            notes=["Sessions above each level, with the events and without, and the difference."],
        )


@dataclass(frozen=True)
class Level:
    """A level of one episode, USD/bbl, and the rule that gave it; empty: given as a price."""

    usd: float
    rule: str = ""


def take_apart(
    market: Market,
    design: Design,
    episodes: Sequence[EventEpisode],
    *,
    ids: Sequence[str],
    position: Int,
    abnormal: AbnormalReturns,
    length: int,
    gap: int,
    kind: ReturnKind,
    left_out: Int,
    levels: Sequence[float],
    rules: Sequence[LevelRule],
    alpha: float,
    past_only: bool,
) -> WhatMoved:
    """Take the price of every episode of a study apart.

    Parameters
    ----------
    market : Market
        The series.
    design : Design
        Regressors of every session.
    episodes : sequence of EventEpisode
        The episodes; members are rows of the events.
    ids, position : sequence of str, ndarray
        Ids and sessions of the kept events.
    abnormal : AbnormalReturns
        Their models; an episode has that of its first event.
    length, gap : int
        The estimation window.
    kind : {"log", "simple", "difference"}
        Kind of the returns.
    left_out : ndarray
        Sessions that no ordinary path may touch.
    levels : sequence of float
        Price levels, USD/bbl.
    rules : sequence of {"previous-year-high"}
        Rules that give a level of each episode.
    alpha : float
        Intervals cover 1 - alpha.
    past_only : bool
        Whether paths from after an episode are left out.

    Returns
    -------
    WhatMoved
        Frames in the order of the episodes.
    """
    found, tables, paths, counts = [], [], [], []
    for record in episodes:
        rows = sorted(record.members, key=lambda row: (position[row], ids[row]))
        own = decompose(
            market.prices,
            market.returns,
            design,
            beta=abnormal.fit.beta[rows[0]],
            ids=[ids[row] for row in rows],
            position=position[rows],
            episode=record.label,
            last_day=abnormal.window[1],
            kind=kind,
        )
        pool = build_pool(
            market.returns,
            design,
            length=length,
            gap=gap,
            window=(0, len(own.sessions) - 1),
            left_out=left_out,
        )
        alternatives = alternative_paths(
            own, pool, sigma=float(abnormal.fit.sigma[rows[0]]), kind=kind, past_only=past_only
        )
        chosen = _levels(market, own, levels=levels, rules=rules)
        found.append(alternatives)
        tables.append(_parts(own, market.sessions))
        paths.append(_counterfactual(alternatives, market.sessions, chosen))
        counts += [_accounted(alternatives, level, alpha=alpha) for level in chosen]
    return WhatMoved(
        episodes=tuple(found),
        parts=pd.concat(tables, ignore_index=True),
        counterfactual=pd.concat(paths, ignore_index=True),
        accounted=pd.DataFrame(counts, columns=list(ACCOUNTED_COLUMNS)),
    )


def _levels(
    market: Market, own: Decomposition, *, levels: Sequence[float], rules: Sequence[LevelRule]
) -> list[Level]:
    first = int(own.sessions[0])
    given = [Level(float(level)) for level in levels]
    return given + [
        Level(previous_year_high(market.prices, market.sessions, session=first), rule)
        for rule in rules
    ]


def _parts(own: Decomposition, sessions: pd.DatetimeIndex) -> pd.DataFrame:
    n = len(own.sessions)
    names, kinds = (BASE, *own.names), ("base", *own.kinds)
    logs = np.vstack([np.zeros(n), own.log_parts])
    usd = np.vstack([np.full(n, own.base), own.usd_parts])
    return pd.DataFrame(
        {
            "episode": own.episode,
            "session": np.tile(sessions[own.sessions], len(names)),
            "price": np.tile(own.price, len(names)),
            "part": np.repeat(np.array(names, dtype=object), n),
            "kind": np.repeat(np.array(kinds, dtype=object), n),
            "log_part": logs.ravel(),
            "usd": usd.ravel(),
        }
    )


def _counterfactual(
    alternatives: Alternatives, sessions: pd.DatetimeIndex, levels: Sequence[Level]
) -> pd.DataFrame:
    own = alternatives.decomposition
    columns = {
        "episode": own.episode,
        "session": sessions[own.sessions],
        "price": own.price,
        "expected_price": own.expected_price,
    }
    for level in levels:
        name = f"p_above_{level.rule}" if level.rule else level_column(level.usd)
        chance = alternatives.chance_above(level.usd)
        columns[name] = np.full(len(chance), np.nan) if np.isnan(level.usd) else chance
    return pd.DataFrame(columns)


def _accounted(alternatives: Alternatives, level: Level, *, alpha: float) -> dict[str, object]:
    own = alternatives.decomposition
    row: dict[str, object] = {
        "episode": own.episode,
        "level": level.usd,
        "rule": level.rule,
        "sessions": len(own.sessions),
        "n_paths": alternatives.n_paths,
    }
    if np.isnan(level.usd):
        return row | {"reason": "the series has no price in the year before"}
    reason = "" if alternatives.n_paths else "too few ordinary sessions"
    return row | {**alternatives.sessions_above(level.usd, alpha=alpha), "reason": reason}
