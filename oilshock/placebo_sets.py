"""Random sets of ordinary sessions that stand in for the events of a study, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oilshock.inference import TestResult, joint_draws, no_result, placebo_caar, romano_wolf
from oilshock.inference.placebo import equivalent_sizes, smooth_sizes
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
        sign = np.zeros(len(self.placebos.position))
        sign[chosen.members.rows] = 1.0
        return self.signed_test(
            chosen.window, chosen.estimate.car, sign=sign, alternative=alternative
        )

    def signed_test(
        self, window: Window, car: Float, *, sign: Float, alternative: Alternative
    ) -> TestResult:
        """Test the mean of CARs times signs against the sets, scaled to the volatility at each.

        Parameters
        ----------
        window : tuple of int
            The CAR window.
        car : ndarray of shape (n_events,)
            CARs of all events; NaN is left out.
        sign : ndarray of shape (n_events,)
            +1 or -1; 0 leaves an event out.
        alternative : {"two-sided", "greater", "less"}
            The alternative to the null.

        Returns
        -------
        TestResult
            The test named `placebo`.
        """
        law, reason = self.placebos.law(window), self._reason(window)
        if law is None or reason:
            n_events = int((sign != 0).sum())
            return no_result("placebo", CAAR_NULL, n_events=n_events, reason=reason)
        size = self.placebos.size(window)
        events = np.flatnonzero((sign != 0) & ~np.isnan(car) & ~np.isnan(size))
        null = law.scaled[self.places[:, events]] * (sign * size)[events]
        return placebo_caar((sign * car)[events], null=null, alternative=alternative)

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
        null, own = [], []
        for window, car in zip(windows, cars, strict=True):
            law = self.placebos.law(window)
            if law is not None:
                null.append(smooth_sizes(law, self.places, rng=rng))
                own.append(equivalent_sizes(law, self.placebos.rating(window, car)))
        return romano_wolf(np.concatenate(own), null=np.hstack(null))
