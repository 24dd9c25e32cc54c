"""Which assumptions fail for which event: a row of diagnostics each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from oilshock.abnormal import AbnormalReturns, abnormal_returns, cumulate
from oilshock.inference import t_p_value, t_statistic
from oilshock.inference.diagnostics import (
    ChiSquareTest,
    arch_lm,
    jarque_bera,
    ljung_box,
    outlier_p_value,
)
from oilshock.models import Design, OlsFit, fit_ols
from oilshock.tables import EXTRA_COLUMNS
from oilshock.typing import Bool, Float, Int
from oilshock.windows import EstimationWindows, event_windows

DAY_0 = (0, 0)


def leverages(x: Float, xtx_inverse: Float) -> Float:
    """Compute the leverage of observations: h = x'(X'X)^-1 x.

    Parameters
    ----------
    x : ndarray of shape (n_events, n_obs, k)
        Regressors of the observations.
    xtx_inverse : ndarray of shape (n_events, k, k)
        Inverse of X'X over each estimation window.

    Returns
    -------
    ndarray of shape (n_events, n_obs)
        For an observation of the window itself the diagonal of its hat matrix.

    Examples
    --------
    >>> leverages(np.ones((1, 2, 1)), np.array([[[0.25]]])).tolist()
    [[0.25, 0.25]]
    """
    return np.asarray(np.einsum("nli,nij,nlj->nl", x, xtx_inverse, x))


def largest_residual(fit: OlsFit) -> Int:
    """Find the largest residual of each estimation window in absolute size: its column."""
    return np.asarray(np.where(np.isnan(fit.residuals), -1.0, np.abs(fit.residuals)).argmax(axis=1))


def without_outlier(
    returns: Float,
    design: Design,
    *,
    estimation: EstimationWindows,
    column: Int,
    position: Int,
) -> AbnormalReturns:
    """Fit the models again without one session of each estimation window; ARs of day 0.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns of the series.
    design : Design
        Regressors of every session.
    estimation : EstimationWindows
        Estimation windows of the events.
    column : ndarray of shape (n_events,)
        Entry of each window that is left out.
    position : ndarray of shape (n_events,)
        Session of each event.

    Returns
    -------
    AbnormalReturns
        With the event window [0, 0].
    """
    mask = estimation.mask.copy()
    mask[np.arange(len(mask)), column] = False
    index = estimation.index
    fit = fit_ols(returns[index] - design.offset[index], design.x[index], mask=mask)
    days, present = event_windows(position, window=DAY_0, n_sessions=len(returns))
    return abnormal_returns(returns, design, fit=fit, index=days, present=present, window=DAY_0)


def diagnose(
    ids: Sequence[str],
    abnormal: AbnormalReturns,
    *,
    returns: Float,
    design: Design,
    estimation: EstimationWindows,
    position: Int,
    sessions: pd.DatetimeIndex,
) -> pd.DataFrame:
    """Build `diagnostics.csv`: a row per event.

    Parameters
    ----------
    ids : sequence of str
        Ids of the events.
    abnormal : AbnormalReturns
        Their event windows and models.
    returns : ndarray of shape (n_sessions,)
        Returns of the series.
    design : Design
        Regressors of every session.
    estimation : EstimationWindows
        Their estimation windows.
    position : ndarray of shape (n_events,)
        Session of each event.
    sessions : DatetimeIndex
        Dates of the sessions.

    Returns
    -------
    DataFrame
        Tests of the estimation-window residuals; the largest of them and day 0 without it; the
        leverage of day 0 and the largest of the estimation window. Empty figures have a reason.
    """
    residuals = abnormal.fit.residuals
    box, arch, normal = ljung_box(residuals), arch_lm(residuals), jarque_bera(residuals)
    columns = {
        "event_id": np.array(ids, dtype=object),
        "n_estimation": estimation.n_obs,
        **_test_columns("ljung_box", box),
        "ljung_box_lags": box.df,
        **_test_columns("arch_lm", arch),
        "arch_lm_lags": arch.df,
        "skewness": normal.skewness,
        "excess_kurtosis": normal.excess_kurtosis,
        **_test_columns("jarque_bera", normal.test),
        **_outlier_columns(
            abnormal,
            returns=returns,
            design=design,
            estimation=estimation,
            position=position,
            sessions=sessions,
        ),
        "leverage": leverages(abnormal.x, abnormal.fit.xtx_inverse)[:, -abnormal.window[0]],
        "largest_estimation_leverage": _estimation_leverages(abnormal, design, estimation).max(
            axis=1
        ),
        "reason": _reasons(box.statistic, arch.statistic, varies=abnormal.fit.sigma > 0),
    }
    return pd.DataFrame(columns, columns=list(EXTRA_COLUMNS["diagnostics"]))


def _test_columns(name: str, test: ChiSquareTest) -> dict[str, Float]:
    return {name: test.statistic, f"{name}_p_value": test.p_value}


def _estimation_leverages(
    abnormal: AbnormalReturns, design: Design, estimation: EstimationWindows
) -> Float:
    """Return the leverage of each estimation-window session; 0 outside the window."""
    own = leverages(design.x[estimation.index], abnormal.fit.xtx_inverse)
    return np.where(estimation.mask, own, 0.0)


def _outlier_columns(
    abnormal: AbnormalReturns,
    *,
    returns: Float,
    design: Design,
    estimation: EstimationWindows,
    position: Int,
    sessions: pd.DatetimeIndex,
) -> dict[str, object]:
    fit = abnormal.fit
    column = largest_residual(fit)
    rows = np.arange(len(column))
    session = estimation.index[rows, column]
    residual = fit.residuals[rows, column]
    again = without_outlier(
        returns, design, estimation=estimation, column=column, position=position
    )
    day0 = cumulate(again, window=DAY_0)
    t_stat = t_statistic(day0.car, day0.std_error)
    return {
        "outlier_session": sessions[session],
        "outlier_return": returns[session],
        "outlier_sigmas": t_statistic(residual, fit.sigma),
        "outlier_p_value": outlier_p_value(
            residual,
            sigma=fit.sigma,
            leverage=_estimation_leverages(abnormal, design, estimation)[rows, column],
            df=fit.df,
            n=estimation.n_obs,
        ),
        "car_without_outlier": day0.car,
        "t_stat_without_outlier": t_stat,
        "p_value_without_outlier": t_p_value(t_stat, again.fit.df),
    }


def _reasons(box: Float, arch: Float, *, varies: Bool) -> list[str]:
    short = "too few returns in the estimation window for all tests"
    flat = "the estimation window has no variance"
    return [
        flat if not moves else short if np.isnan(pair).any() else ""
        for moves, pair in zip(varies, np.column_stack([box, arch]), strict=True)
    ]
