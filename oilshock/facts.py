"""What is known of each event of a study, gathered from the tables for the text of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from oilshock.abnormal import cumulate_path
from oilshock.estimates import StudyEstimates
from oilshock.levels import Crossing, last_crossing
from oilshock.tables import quoted
from oilshock.typing import Float

PLAIN_WORDS = {
    "seed-article event": "one of the first events of the catalogue",
    "(the )?seed article": "the first source of the catalogue",
}
"""What a reader is told in place of words of the catalogue's makers."""

STRONG = 0.01
WEAK = 0.10

Strength = Literal["strong evidence", "evidence", "weak evidence", "no evidence", "not available"]


@dataclass(frozen=True)
class Verdict:
    """What a p value is worth in words.

    Parameters
    ----------
    strength : str
        From "strong evidence" to "no evidence" of an abnormal move.
    survives : bool or None
        Whether the adjusted p value is below alpha too; None where there is nothing to survive:
        no evidence, or no adjustment.
    """

    strength: Strength
    survives: bool | None

    @property
    def is_found(self) -> bool:
        """True when the p value is below alpha."""
        return self.strength in ("strong evidence", "evidence")


def judge(p_value: float, *, p_adjusted: float, alpha: float) -> Verdict:
    """Turn p values into a verdict.

    Parameters
    ----------
    p_value : float
        The calibrated p value where there is one, else that of the t test.
    p_adjusted : float
        The p value adjusted for many events; NaN if it was not, or if there is but one.
    alpha : float
        Level of the study.

    Returns
    -------
    Verdict
        Strong below 0.01, weak between alpha and 0.10. Weak evidence survives no adjustment.

    Examples
    --------
    >>> judge(0.22, p_adjusted=1.0, alpha=0.05).strength
    'no evidence'
    """
    if np.isnan(p_value):
        return Verdict("not available", None)
    if p_value >= max(alpha, WEAK):
        return Verdict("no evidence", None)
    survives = None if np.isnan(p_adjusted) else bool(p_adjusted < alpha)
    if p_value >= alpha:
        return Verdict("weak evidence", survives)
    return Verdict("strong evidence" if p_value < min(STRONG, alpha) else "evidence", survives)


@dataclass(frozen=True)
class CarFacts:
    """One row of `car.csv`, with its verdict.

    The interval is the calibrated one where there is one; `is_bounded` says that the calibrated p
    value is an upper bound.
    """

    start: int
    end: int
    car: float
    std_error: float
    t_stat: float
    p_value: float
    p_calibrated: float
    p_adjusted: float
    ci_low: float
    ci_high: float
    usd: float
    bhar: float
    is_bounded: bool
    verdict: Verdict

    @property
    def p_quoted(self) -> float:
        """The calibrated p value where there is one, else that of the t test."""
        return self.p_value if np.isnan(self.p_calibrated) else self.p_calibrated


@dataclass(frozen=True)
class LevelFacts:
    """How an event stands to a price level.

    Parameters
    ----------
    level : float
        USD/bbl.
    before : Crossing or None
        The last time before day 0 that the price changed sides.
    after : int or None
        Relative day, from 0 on, of the first close on the other side than the close before.
    side_after : str
        The side it then went to.
    was_above : bool
        Whether the close before day 0 was above the level.
    first_above : int or None
        Relative day, from 0 on, of the first close above the level in the event window.
    p_above : float
        Probability that the price without the event is above the level on day 0.
    """

    level: float
    before: Crossing | None
    after: int | None
    side_after: str
    was_above: bool
    first_above: int | None
    p_above: float


@dataclass(frozen=True, eq=False)
class EventFacts:
    """All that the text says about one event."""

    row: int
    event: pd.Series
    session_before: pd.Timestamp
    ledger: pd.Series
    position: int
    price_before: float
    price: float
    move: float
    day0: CarFacts
    cars: tuple[CarFacts, ...]
    next_day: CarFacts | None
    path: Float
    outside: tuple[int, ...]
    last_day: int
    end: pd.Series
    levels: tuple[LevelFacts, ...]
    overlaps: tuple[str, ...]
    same_session: tuple[str, ...]
    neighbours: pd.DataFrame

    @property
    def number(self) -> int:
        """Number of the event, its row of the ledger."""
        return int(self.event["number"])

    @property
    def title(self) -> str:
        """Title of the event."""
        return str(self.event["title"])

    @property
    def confounders(self) -> str:
        """What else happened, as the event's row notes it, in words that a reader knows."""
        text = str(self.event["confounders"]).strip().rstrip(".")
        for pattern, words in PLAIN_WORDS.items():
            text = re.sub(pattern, words, text, flags=re.IGNORECASE)
        return text

    @property
    def session(self) -> pd.Timestamp:
        """Session of day 0."""
        return pd.Timestamp(self.ledger["session"])


def gather(estimates: StudyEstimates) -> tuple[EventFacts, ...]:
    """Gather the facts of every kept event, in the order given."""
    tables = _WindowTables(estimates)
    return tuple(_event_facts(estimates, row, tables) for row in range(len(estimates.kept)))


class _WindowTables:
    """CARs of each window, computed once for all events."""

    def __init__(self, estimates: StudyEstimates) -> None:
        self.alpha = estimates.config.inference.alpha
        windows = estimates.config.windows.car_windows
        w1 = estimates.config.windows.event[1]
        self.windows = tuple(dict.fromkeys([(0, 0), *windows, *([(0, 1)] if w1 >= 1 else [])]))
        self.listed = windows
        self.is_adjusted = estimates.is_adjusted
        adjusted = estimates.car.set_index(["start", "end"])["p_adjusted"]
        self.frames = {window: estimates.car_of(window) for window in self.windows}
        self.ratings = {window: estimates.rating_of(window) for window in self.windows}
        for window in windows:
            values = adjusted.loc[[window]].to_numpy()
            self.frames[window] = self.frames[window].assign(p_adjusted=values)
        self.bhar = {window: estimates.bhar_of(window) for window in self.windows}
        self.path = cumulate_path(estimates.abnormal, start=0)
        self.whatif = dict(tuple(estimates.whatif.groupby("event_id", sort=False)))
        self.ledger = estimates.ledger.iloc[estimates.kept].reset_index(drop=True)

    def car(self, row: int, window: tuple[int, int]) -> CarFacts:
        """Return the facts of one event and window."""
        values = self.frames[window].iloc[row]
        p_value, p_calibrated = float(values["p_value"]), float(values["p_calibrated"])
        rating = self.ratings[window]
        shown = quoted(self.frames[window].iloc[[row]]).iloc[0]
        names = ("car", "std_error", "t_stat", "p_adjusted", "usd")
        return CarFacts(
            start=window[0],
            end=window[1],
            p_value=p_value,
            p_calibrated=p_calibrated,
            bhar=float(self.bhar[window][row]),
            ci_low=float(shown["ci_low"]),
            ci_high=float(shown["ci_high"]),
            is_bounded=rating is not None and bool(rating.bounded[row]),
            verdict=judge(
                float(shown["p_value"]),
                p_adjusted=float(values["p_adjusted"]) if self.is_adjusted else np.nan,
                alpha=self.alpha,
            ),
            **{name: float(values[name]) for name in names},
        )


def _event_facts(estimates: StudyEstimates, row: int, tables: _WindowTables) -> EventFacts:
    event = estimates.kept_events.iloc[row]
    ledger = tables.ledger.iloc[row]
    position = int(estimates.position[row])
    prices = estimates.market.prices
    path, half = tables.path.car[row], estimates.forecast.half_width[row]
    rows = tables.whatif[event["id"]]
    overlaps = tuple(filter(None, str(ledger["overlaps"]).split(";")))
    others = tables.ledger.set_index("event_id")
    return EventFacts(
        row=row,
        event=event,
        session_before=estimates.market.sessions[position - 1],
        ledger=ledger,
        position=position,
        price_before=float(prices[position - 1]),
        price=float(prices[position]),
        move=float(estimates.market.returns[position]),
        day0=tables.car(row, (0, 0)),
        cars=tuple(tables.car(row, window) for window in tables.listed),
        next_day=tables.car(row, (0, 1)) if _is_date_only(event, tables) else None,
        path=path,
        outside=tuple(np.flatnonzero(np.abs(path) > half).tolist()),
        last_day=int((~np.isnan(path)).sum()) - 1,
        end=rows.iloc[-1],
        levels=tuple(
            _level_facts(estimates, row, number, level)
            for number, level in enumerate(estimates.config.levels.unique)
        ),
        overlaps=overlaps,
        same_session=tuple(
            other for other in overlaps if others.loc[other, "session"] == ledger["session"]
        ),
        neighbours=estimates.neighbours[estimates.neighbours["event_id"] == event["id"]],
    )


def _is_date_only(event: pd.Series, tables: _WindowTables) -> bool:
    return not event["time"] and (0, 1) in tables.frames


def _level_facts(estimates: StudyEstimates, row: int, number: int, level: float) -> LevelFacts:
    prices = estimates.market.prices
    position = int(estimates.position[row])
    w0, w1 = estimates.config.windows.event
    before = last_crossing(prices, level=level, until=position - 1)
    side = np.sign(prices[position - 1] - level)
    later = np.sign(prices[position : position + w1 + 1] - level)
    changes = np.flatnonzero((later != side) & (later != 0))
    after = int(changes[0]) if len(changes) else None
    above = np.flatnonzero(later > 0)
    return LevelFacts(
        level=level,
        before=before,
        after=after,
        side_after="" if after is None else ("above" if later[after] > 0 else "below"),
        was_above=bool(side > 0),
        first_above=int(above[0]) if len(above) else None,
        p_above=float(estimates.path.p_above[number, row, -w0]),
    )
