"""Laws for sums of abnormal returns over given sessions, and the placebo law as one of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from oilshock.inference.placebo import FEWEST, PlaceboLaw, rate
from oilshock.inference.placebo_scale import expected_size
from oilshock.placebo import PlaceboPool, before, law_of
from oilshock.typing import Int

NOT_IN_A_ROW = "the placebo law rates sessions in a row, and these are not"
NO_MODEL = "no estimation window before these sessions"
TOO_FEW = f"fewer than {FEWEST} placebo sessions"


@dataclass(frozen=True)
class LawFigures:
    """What a law says of an estimate; NaN with a reason where it says nothing."""

    std_error: float
    p_value: float
    reason: str = ""


class Law(Protocol):
    """A law of sums of abnormal returns."""

    def __call__(self, estimate: float, *, sessions: Int) -> LawFigures:
        """Rate an estimate that sums the abnormal returns of some sessions."""
        ...


@dataclass(frozen=True, eq=False)
class PlaceboSums:
    """The placebo law of sums over sessions in a row.

    Parameters
    ----------
    pool : PlaceboPool
        The placebo sessions of the series.
    last_day : int
        Last day of the event window.
    past_only : bool
        Whether only placebos before the sessions count.
    """

    pool: PlaceboPool
    last_day: int
    past_only: bool
    _laws: dict[tuple[int, int], tuple[PlaceboPool, PlaceboLaw | None]] = field(
        default_factory=dict, init=False, repr=False
    )

    def __call__(self, estimate: float, *, sessions: Int) -> LawFigures:
        """Rate a sum over m sessions among the sums over any m sessions in a row.

        The standard error is the root mean square of the placebos' scaled sums, times the scale
        at the sessions: the expected size of such a sum in the volatility of the moment.
        """
        first, days = int(sessions[0]), len(sessions)
        if sessions[-1] - first != days - 1:
            return LawFigures(np.nan, np.nan, NOT_IN_A_ROW)
        row = int(np.searchsorted(self.pool.fit.position, first))
        if row == len(self.pool.fit.position) or self.pool.fit.position[row] != first:
            return LawFigures(np.nan, np.nan, NO_MODEL)
        pool, law = self._law(first, days)
        if law is None:
            return LawFigures(np.nan, np.nan, TOO_FEW)
        volatility = {
            "recent": pool.variance[[first - 1]],
            "estimation": pool.fit.sigma[[row]] ** 2,
        }
        rating = rate(
            law,
            np.array([estimate]),
            position=np.array([first]),
            reach=pool.reach,
            **volatility,
        )
        p_value = float(rating.p_value[0])
        if np.isnan(p_value):
            return LawFigures(np.nan, np.nan, TOO_FEW)
        size = float(expected_size(law.scale, **volatility)[0])
        notes = (("extrapolated", rating.extrapolated[0]), ("bounded", rating.bounded[0]))
        return LawFigures(
            std_error=size * float(np.sqrt((law.scaled**2).mean())),
            p_value=p_value,
            reason="".join(name for name, holds in notes if holds),
        )

    def _law(self, first: int, days: int) -> tuple[PlaceboPool, PlaceboLaw | None]:
        key = (days, first if self.past_only else -1)
        if key not in self._laws:
            n_sessions = len(self.pool.variance)
            longer = max(days - 1 - self.last_day, 0)
            whole = self.pool.used[self.pool.position + days - 1 < n_sessions]
            pool = replace(self.pool, used=whole, reach=self.pool.reach + longer)
            pool = before(pool, first) if self.past_only else pool
            self._laws[key] = pool, law_of(pool, (0, days - 1))
        return self._laws[key]
