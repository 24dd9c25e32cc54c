"""The events of a study as the tests across events see them; what is costly is done once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oilshock.abnormal import AbnormalReturns, CarEstimate, cumulate
from oilshock.inference.grank import GeneralisedRanks, ranks_of
from oilshock.inference.kolari_pynnonen import mean_correlation, weights_of
from oilshock.inference.parametric import t_statistic
from oilshock.inference.rank import (
    over_sigma,
    rank_deviations,
    restandardise,
    row_ranks,
    standardised_ranks,
    zivney_scores,
)
from oilshock.typing import Bool, Float, Int, Window
from oilshock.windows import EstimationWindows


@dataclass(frozen=True, eq=False)
class EventSample:
    """All events of one series, with their models and windows.

    Parameters
    ----------
    abnormal : AbnormalReturns
        ARs of the event windows, and the models.
    estimation : EstimationWindows
        Sessions of the estimation windows.
    position : ndarray of shape (n_events,)
        Session of each event.
    x : ndarray of shape (n_sessions, k)
        Regressors of every session.
    """

    abnormal: AbnormalReturns
    estimation: EstimationWindows
    position: Int
    x: Float

    @cached_property
    def residuals(self) -> Float:
        """Residuals of the estimation windows, 0 outside; see `inside`."""
        return np.where(self.estimation.mask, self.abnormal.fit.residuals, 0.0)

    @cached_property
    def inside(self) -> Float:
        """1 where an entry is part of the estimation window, else 0."""
        return self.estimation.mask.astype(np.float64)

    @cached_property
    def scaled_residuals(self) -> Float:
        """Residuals over sigma, shape (n_events, L1); NaN outside the window."""
        return over_sigma(self.abnormal.fit.residuals, sigma=self.abnormal.fit.sigma)

    @cached_property
    def residual_ranks(self) -> Float:
        """Ranks of each event's residuals among themselves; NaN outside the window."""
        return row_ranks(self.scaled_residuals)

    @cached_property
    def deviations(self) -> Float:
        """Rank deviations over the estimation window and the event window, side by side."""
        return rank_deviations(np.hstack([self.abnormal.fit.residuals, self.abnormal.ar]))

    @cached_property
    def filled_deviations(self) -> Float:
        """`deviations` with 0 where an entry is missing."""
        return np.nan_to_num(self.deviations)

    @cached_property
    def ranked(self) -> Float:
        """1 where `deviations` has an entry, else 0."""
        return (~np.isnan(self.deviations)).astype(np.float64)

    @cached_property
    def positive_share(self) -> Float:
        """Share of positive residuals in each estimation window."""
        n_obs = np.maximum(self.estimation.n_obs, 1)
        return np.asarray((self.residuals > 0).sum(axis=1) / n_obs)

    @cached_property
    def x_inside(self) -> Float:
        """Regressors of the estimation windows, shape (n_events, L1, k); 0 outside."""
        return np.where(self.estimation.mask[:, :, np.newaxis], self.x[self.estimation.index], 0.0)

    def complete(self, window: Window) -> Bool:
        """Mark the events that have every day of a window."""
        missing = np.isnan(self.abnormal.ar[:, self.abnormal.columns(window)])
        return np.asarray(~missing.any(axis=1))


@dataclass(frozen=True, eq=False)
class Members:
    """Some events of a sample, and what they have in common for all windows.

    Parameters
    ----------
    sample : EventSample
        All events.
    is_member : ndarray of shape (n_all_events,)
        True for the events taken.
    """

    sample: EventSample
    is_member: Bool

    @cached_property
    def rows(self) -> Int | slice:
        """Rows of the sample; a slice where all are taken, which copies nothing."""
        return slice(None) if self.is_member.all() else np.flatnonzero(self.is_member)

    @cached_property
    def n_events(self) -> int:
        """Number of events."""
        return int(self.is_member.sum())

    @cached_property
    def estimation_aar(self) -> Float:
        """Mean residual on each day of the estimation window; NaN where no event has it."""
        return self._mean(self.sample.residuals, self.sample.inside)

    @cached_property
    def rank_means(self) -> Float:
        """Mean rank deviation on each day of estimation and event window."""
        return self._mean(self.sample.filled_deviations, self.sample.ranked)

    def _mean(self, filled: Float, present: Float) -> Float:
        # As a product with the members' row of ones: it copies no rows.
        member = self.is_member.astype(np.float64)
        n = member @ present
        return np.asarray(np.divide(member @ filled, n, out=np.full(n.shape, np.nan), where=n > 0))

    @cached_property
    def n_with_variance(self) -> int:
        """Number of events whose estimation window has a variance."""
        return int((self.sample.abnormal.fit.sigma[self.rows] > 0).sum())

    @cached_property
    def zivney_scores(self) -> Float:
        """Scores of the Corrado-Zivney test; the spread of a day is that of these events."""
        sample, rows = self.sample, self.rows
        sigma = sample.abnormal.fit.sigma[rows]
        event = restandardise(sample.abnormal.ar[rows], sigma=sigma)
        return zivney_scores(standardised_ranks(np.hstack([sample.scaled_residuals[rows], event])))


@dataclass(frozen=True, eq=False)
class Selection:
    """The events of a group that have every day of a window, and their CARs over it.

    Parameters
    ----------
    members : Members
        These events.
    window : tuple of int
        Closed window of relative days.
    estimate : CarEstimate
        CARs over the window of all events of the sample.
    """

    members: Members
    window: Window
    estimate: CarEstimate

    @property
    def sample(self) -> EventSample:
        """All events."""
        return self.members.sample

    @property
    def n_events(self) -> int:
        """Number of events selected."""
        return self.members.n_events

    @cached_property
    def car(self) -> Float:
        """CAR of each event."""
        return self.estimate.car[self.members.rows]

    @cached_property
    def std_error(self) -> Float:
        """Standard error of each CAR."""
        return self.estimate.std_error[self.members.rows]

    @cached_property
    def scar(self) -> Float:
        """CAR over its standard error; NaN where that is 0."""
        return t_statistic(self.car, self.std_error)

    @cached_property
    def df(self) -> Int:
        """Degrees of freedom of each event's variance."""
        return self.sample.abnormal.fit.df[self.members.rows]

    @cached_property
    def aar(self) -> Float:
        """AAR of each day of the window."""
        ar = self.sample.abnormal.ar[self.members.rows, self.sample.abnormal.columns(self.window)]
        return np.asarray(ar.sum(axis=0) / max(self.n_events, 1))

    @cached_property
    def days(self) -> slice:
        """Columns of the window among those of estimation and event window side by side."""
        columns = self.sample.abnormal.columns(self.window)
        n_past = self.sample.estimation.index.shape[1]
        return slice(n_past + columns.start, n_past + columns.stop)

    @cached_property
    def correlation(self) -> float:
        """Mean correlation of the CARs over all pairs of the events that have a SCAR."""
        sample, rows = self.sample, self._rows_with_scar
        columns = sample.abnormal.columns(self.window)
        weights = weights_of(
            sample.position[rows, np.newaxis] + np.arange(self.window[0], self.window[1] + 1),
            index=sample.estimation.index[rows],
            x=sample.x_inside[rows],
            total=sample.abnormal.x[rows, columns].sum(axis=1),
            xtx_inverse=sample.abnormal.fit.xtx_inverse[rows],
        )
        return mean_correlation(weights)

    @cached_property
    def generalised_ranks(self) -> GeneralisedRanks:
        """Ranks of the CARs among the residuals, for the GRANK tests."""
        rows = self._rows_with_scar
        return ranks_of(
            self.scar[~np.isnan(self.scar)],
            residuals=self.sample.scaled_residuals[rows],
            own_ranks=self.sample.residual_ranks[rows],
        )

    @cached_property
    def _rows_with_scar(self) -> Int | slice:
        has_scar = ~np.isnan(self.scar)
        if has_scar.all():
            return self.members.rows
        return np.flatnonzero(self.members.is_member)[has_scar]


def select(sample: EventSample, window: Window, *, among: Bool | None = None) -> Selection:
    """Select the events of a group that have every day of a window.

    Parameters
    ----------
    sample : EventSample
        All events.
    window : tuple of int
        Closed window of relative days inside the event window.
    among : ndarray of shape (n_events,), optional
        True for the events of the group; default: all.

    Returns
    -------
    Selection
        May hold no event at all.
    """
    complete = sample.complete(window)
    is_member = complete if among is None else complete & among
    return Selection(Members(sample, is_member), window, cumulate(sample.abnormal, window=window))
