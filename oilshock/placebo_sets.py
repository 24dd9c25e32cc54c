"""Random sets of ordinary sessions that stand in for the events of a study, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oilshock.inference import TestResult, joint_draws, no_result, placebo_caar, romano_wolf
from oilshock.inference.placebo import smooth_sizes
from oilshock.inference.sample import Selection
from oilshock.inference.stepdown import CAAR_NULL
from oilshock.options import Alternative
from oilshock.placebo import EventPlacebos
from oilshock.typing import Float, Int, Window

PAST_ONLY = "random sets need sessions after the events, which past_only forbids"
TOO_FEW = "fewer than 200 ordinary sessions"


@dataclass(frozen=True, eq=False)
class PlaceboSets:
    """Random sets of placebo sessions, one session for each event of a study.

    Parameters
    ----------
    placebos : EventPlacebos
        The events among the ordinary sessions.
    reach : int
        Events at most so many sessions apart are moved together.
    draws, seed : int
        Number of sets, and the seed of the draws.
    """

    placebos: EventPlacebos
    reach: int
    draws: int
    seed: int

    @cached_property
    def places(self) -> Int:
        """Places in the pool, shape (draws, n_events)."""
        return joint_draws(
            self.placebos.pool.position,
            self.placebos.position,
            reach=self.reach,
            draws=self.draws,
            rng=np.random.default_rng(self.seed),
        )

    def _reason(self, window: Window) -> str:
        """Say why there are no sets; empty where there are."""
        if self.placebos.past_only:
            return PAST_ONLY
        return TOO_FEW if self.placebos.law(window) is None else ""

    def caar_test(self, chosen: Selection, alternative: Alternative) -> TestResult:
        """Test the mean CAR of some events against the sets, scaled to the volatility at each."""
        reason = self._reason(chosen.window)
        if reason:
            return no_result("placebo", CAAR_NULL, n_events=chosen.n_events, reason=reason)
        law = self.placebos.law(chosen.window)
        size = self.placebos.size(chosen.window)[chosen.members.rows]
        rated = ~np.isnan(size)
        events = np.arange(len(self.placebos.position))[chosen.members.rows]
        columns = self.places[:, events[rated]]
        null = (law.scaled[columns] * size[rated]) if law else np.empty((0, 0))
        return placebo_caar(chosen.car[rated], null=null, alternative=alternative)

    def step_down(self, windows: Sequence[Window], cars: Sequence[Float]) -> Float:
        """Adjust the p values of all events over some windows by Romano and Wolf's rule.

        Parameters
        ----------
        windows : sequence of (int, int)
            The windows of the family.
        cars : sequence of ndarray of shape (n_events,)
            CARs over each window.

        Returns
        -------
        ndarray of shape (n_windows * n_events,)
            Window after window; NaN where there are no sets.
        """
        if any(self._reason(window) for window in windows):
            return np.full(len(windows) * len(self.placebos.position), np.nan)
        rng = np.random.default_rng([self.seed, 1])
        laws = [self.placebos.law(window) for window in windows]
        null = np.hstack([smooth_sizes(law, self.places, rng=rng) for law in laws if law])
        pairs = zip(windows, cars, strict=True)
        own = [self.placebos.rating(window, car).scaled for window, car in pairs]
        return romano_wolf(np.abs(np.concatenate(own)), null=null)
