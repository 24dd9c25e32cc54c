"""`event_tests.csv`: every test of one event, for day 0 and every CAR window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from oilshock.abnormal import AbnormalReturns, cumulate
from oilshock.inference import t_p_value, t_statistic
from oilshock.inference.bootstrap import stationary_bootstrap
from oilshock.inference.garch import garch_p_value
from oilshock.inference.placebo import FEWEST, no_smaller
from oilshock.inference.single import (
    INCOMPLETE,
    NO_VARIANCE,
    EventTests,
    estimation_rank,
    permutation,
)
from oilshock.market import Market
from oilshock.models import Design, GarchFit, fit_garch, forecast_variance
from oilshock.placebo import EventPlacebos
from oilshock.tables import COLUMNS
from oilshock.typing import Float, Int, Window
from oilshock.windows import EstimationWindows


@dataclass(frozen=True, eq=False)
class RatedEvents:
    """What the tests of one event look at: the kept events, and how to draw.

    Parameters
    ----------
    ids : tuple of str
        Their ids.
    market : Market
        Prices and factors.
    design : Design
        Regressors of every session.
    position : ndarray of shape (n_events,)
        Their sessions.
    abnormal : AbnormalReturns
        Their ARs.
    estimation : EstimationWindows
        Their estimation windows.
    placebos : EventPlacebos
        The events among the ordinary sessions.
    guarded : frozenset of (int, int)
        Windows whose calibrated p values are never smaller than the t test's.
    alpha : float
        Level of intervals.
    draws, seed : int
        Random draws of resampling tests, and their seed.
    """

    ids: tuple[str, ...]
    market: Market
    design: Design
    position: Int
    abnormal: AbnormalReturns
    estimation: EstimationWindows
    placebos: EventPlacebos
    guarded: frozenset[Window]
    alpha: float
    draws: int
    seed: int

    @cached_property
    def garch(self) -> GarchFit:
        """The study's own GARCH models; else GARCH(1,1)-t with its regressors on its windows."""
        own = self.abnormal.fit
        if isinstance(own, GarchFit):
            return own
        y = self.market.returns - self.design.offset
        return fit_garch(y, self.design.x, estimation=self.estimation, errors="t")

    def x_total(self, window: Window) -> Float:
        """Sum the regressors of each event over a window."""
        return np.asarray(self.abnormal.x[:, self.abnormal.columns(window)].sum(axis=1))


def t_tests(events: RatedEvents, window: Window) -> EventTests:
    """Test CARs by their standard errors: the t test, or the law of the GARCH model."""
    fit = events.abnormal.fit
    estimate = cumulate(events.abnormal, window=window)
    statistic = t_statistic(estimate.car, estimate.std_error)
    reason = np.where(
        np.isnan(estimate.car), INCOMPLETE, np.where(np.isnan(statistic), NO_VARIANCE, "")
    )
    return EventTests(
        "t",
        "the CAR is zero",
        statistic,
        t_p_value(statistic, fit.law_df, scale=fit.law_scale),
        np.where(np.isinf(fit.law_df), np.nan, fit.law_df),
        tuple(reason.tolist()),
    )


def permutation_tests(events: RatedEvents, window: Window) -> EventTests:
    """Test CARs by permuting days."""
    abnormal = events.abnormal
    return permutation(
        abnormal.ar[:, abnormal.columns(window)],
        abnormal.fit.residuals,
        df=abnormal.fit.df,
        draws=events.draws,
        seed=events.seed,
    )


def rank_tests(events: RatedEvents, window: Window) -> EventTests:
    """Test CARs by their rank among the sums of the estimation window."""
    fit = events.abnormal.fit
    return estimation_rank(
        cumulate(events.abnormal, window=window).car,
        events.x_total(window),
        days=window[1] - window[0] + 1,
        residuals=fit.residuals,
        x=events.design.x[events.estimation.index],
        xtx_inverse=fit.xtx_inverse,
        sessions=events.estimation.index,
    )


def garch_tests(events: RatedEvents, window: Window) -> EventTests:
    """Test CARs by the GARCH law of the sum, known the session before the window begins.

    The variance is filtered to the last session before the CAR window, where that of a GARCH
    study's standard errors stops before the whole event window. The statistic is the CAR over the
    root of the summed variances plus the mean's estimation error, which takes the shape of
    the shocks' law. An event without a GARCH model has no such test, whatever the study does
    with it.
    """
    fit, abnormal = events.garch, events.abnormal
    days = window[1] - window[0] + 1
    x_total = events.x_total(window)
    # The study's mean and that of the GARCH model differ, unless they are the same model.
    shift = np.einsum("nk,nk->n", x_total, abnormal.fit.beta - fit.beta)
    car = cumulate(abnormal, window=window).car + shift
    variance = forecast_variance(
        events.market.returns - events.design.offset,
        events.design.x,
        fit=fit,
        origin=np.minimum(events.position + window[0], len(events.market.returns)) - 1,
        horizon=days,
    )
    spread = np.einsum("ni,nij,nj->n", x_total, fit.xtx_inverse, x_total)
    shocks = variance.sum(axis=1)
    usable = ~fit.failed & ~np.isnan(car)
    statistic = np.where(usable, car / np.sqrt(shocks + fit.sigma**2 * spread), np.nan)
    p_value = garch_p_value(
        statistic * np.sqrt(shocks),
        variance[:, 0],
        omega=fit.omega,
        alpha=fit.alpha,
        beta=fit.garch_beta,
        nu=fit.nu,
        days=days,
        draws=events.draws,
        seed=events.seed,
    )
    has_df = usable & (days == 1) & np.isfinite(fit.nu)
    reason = np.where(np.isnan(car), INCOMPLETE, np.array(fit.failure, dtype=object))
    df = np.where(has_df, fit.nu, np.nan)
    return EventTests("garch", "the CAR is zero", statistic, p_value, df, tuple(reason.tolist()))


def placebo_tests(events: RatedEvents, window: Window) -> EventTests:
    """Test CARs by their rank among the CARs of ordinary sessions, scaled to the moment."""
    car = cumulate(events.abnormal, window=window).car
    own = events.placebos.rating(window, car)
    rating = no_smaller(own, t_tests(events, window).p_value) if window in events.guarded else own
    few = f"fewer than {FEWEST} ordinary sessions to be rated among"
    reasons = [
        (np.isnan(car), INCOMPLETE),
        (rating.n_placebos < FEWEST, few),
        (np.isnan(rating.scaled), NO_VARIANCE),
        (rating.extrapolated, "extrapolated"),
        (rating.bounded, "bounded"),
        (rating.p_value > own.p_value, "raised to the t test's"),
    ]
    return EventTests(
        "placebo",
        "the CAR is that of an ordinary session of the same volatility",
        rating.scaled,
        rating.p_value,
        np.full(len(rating.scaled), np.nan),
        tuple(np.select([mask for mask, _ in reasons], [text for _, text in reasons], "").tolist()),
    )


EVENT_TESTS: Mapping[str, Callable[[RatedEvents, Window], EventTests]] = {
    "t": t_tests,
    "permutation": permutation_tests,
    "estimation-rank": rank_tests,
    "garch": garch_tests,
    "placebo": placebo_tests,
}
"""The tests of one event by name: a further one is one more entry here."""


def event_tests_table(
    events: RatedEvents, *, names: tuple[str, ...], windows: tuple[Window, ...]
) -> pd.DataFrame:
    """Build `event_tests.csv`: by event, then by window, then by test.

    Parameters
    ----------
    events : RatedEvents
        The kept events.
    names : tuple of str
        Tests asked for; those across events only are passed over.
    windows : tuple of tuple of int
        CAR windows; day 0 is added in front of them.

    Returns
    -------
    DataFrame
        One row per event, window and test, each once.
    """
    frames = [
        event_tests_frame(events, name, window)
        for window in dict.fromkeys([(0, 0), *windows])
        for name in dict.fromkeys(names)
        if name in EVENT_TESTS
    ]
    if not frames:
        return pd.DataFrame(columns=list(COLUMNS["event_tests"]))
    frame = pd.concat(frames, ignore_index=True)
    order = np.arange(len(frame)).reshape(len(frames), -1).T.ravel()
    return frame.iloc[order].reset_index(drop=True)


def event_tests_frame(events: RatedEvents, name: str, window: Window) -> pd.DataFrame:
    """Lay one test over one window out as rows of `event_tests.csv`, one per event."""
    found = EVENT_TESTS[name](events, window)
    return pd.DataFrame(
        {
            "event_id": np.array(events.ids, dtype=object),
            "start": window[0],
            "end": window[1],
            "test": found.test,
            "statistic": found.statistic,
            "p_value": found.p_value,
            "df": found.df,
            "reason": np.array(found.reason, dtype=object),
        },
        columns=list(COLUMNS["event_tests"]),
    )


def bootstrap_frame(events: RatedEvents, window: Window) -> pd.DataFrame:
    """Lay stationary-bootstrap intervals of the CARs of one window out, one row per event."""
    fit = events.abnormal.fit
    car = cumulate(events.abnormal, window=window).car
    found = stationary_bootstrap(
        car,
        events.x_total(window),
        days=window[1] - window[0] + 1,
        residuals=fit.residuals,
        x=events.design.x[events.estimation.index],
        xtx_inverse=fit.xtx_inverse,
        alpha=events.alpha,
        draws=events.draws,
        seed=events.seed,
    )
    return pd.DataFrame(
        {
            "event_id": np.array(events.ids, dtype=object),
            "start": window[0],
            "end": window[1],
            "car": car,
            "low": found.low,
            "high": found.high,
            "block_length": found.block_length,
            "reason": np.array(found.reason, dtype=object),
        }
    )
