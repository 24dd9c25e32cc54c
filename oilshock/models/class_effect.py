"""The mean effect of a class of events, by one dummy that all its events share.

Robust covariances rest on many residuals under the dummy. One event's dummy has none, or a few,
so they are refused below 20 separate episodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from oilshock.models.identification import identify
from oilshock.options import JointCovariance
from oilshock.typing import Bool, Float, Int, freeze

FEWEST_EPISODES = 20
"""Separate episodes that a class needs for a robust covariance."""

EXACT = 1.0 - 1e-8
"""Leverage from which on a row counts as fitted exactly."""

ROBUST: tuple[JointCovariance, ...] = ("hac", "hc3", "cluster")


@dataclass(frozen=True, eq=False)
class ClassEffects:
    """Mean effects of classes over one window of relative days, one entry a class.

    Parameters
    ----------
    effect : ndarray of shape (n_classes,)
        Mean daily effect times the days of the window; NaN where it is not identified.
    std_error : ndarray of shape (n_classes,)
        NaN where it is refused or cannot be computed.
    df : ndarray of shape (n_classes,)
        Degrees of freedom of Student's t; NaN without a standard error.
    confused : ndarray of shape (n_classes, k + n_classes)
        Columns with which an effect that is not identified is confused.
    reason : tuple of str
        Empty, or why there is no standard error.
    """

    effect: Float
    std_error: Float
    df: Float
    confused: Bool
    reason: tuple[str, ...]

    def __post_init__(self) -> None:
        freeze(self.effect, self.std_error, self.df, self.confused)


def bandwidth(n_obs: int) -> int:
    """Choose the lag of a HAC covariance: floor(4 (T/100)^(2/9)), Newey and West (1994).

    Examples
    --------
    >>> bandwidth(100), bandwidth(1000)
    (4, 6)
    """
    return int(4.0 * (n_obs / 100.0) ** (2.0 / 9.0))


def class_effect(
    y: Float,
    x: Float,
    *,
    dummies: Bool,
    days: int,
    sessions: Int,
    episode: Int,
    n_episodes: Int,
    covariance: JointCovariance,
    variance: Float | None = None,
) -> ClassEffects:
    """Fit the mean effect of each class of events, all classes in one regression.

    Parameters
    ----------
    y : ndarray of shape (n,)
        Returns less the model's offset.
    x : ndarray of shape (n, k)
        Regressors of the expected return; k may be 0.
    dummies : ndarray of shape (n, n_classes)
        True where an event of the class has the session in its window. Two events of one class
        on a session count once; two classes on one session add up.
    days : int
        Days of the window.
    sessions : ndarray of shape (n,)
        Session of each row, ascending. HAC takes no lag across a break.
    episode : ndarray of shape (n,)
        Separate episode of each row, -1 outside all: such a row is a cluster of its own.
    n_episodes : ndarray of shape (n_classes,)
        Separate episodes of each class.
    covariance : {"classical", "garch", "placebo", "hac", "hc3", "cluster"}
        hac, hc3 and cluster need 20 separate episodes. placebo is a law of single events: here
        it is classical.
    variance : ndarray of shape (n,), optional
        Variance of each error up to a common factor: weights for garch.

    Returns
    -------
    ClassEffects
        Robust errors go with n_episodes - 1 degrees of freedom: as many as the class has
        independent parts (Bester, Conley and Hansen 2011), the others with those of the residuals.

    Notes
    -----
    HAC: Newey and West (1987), Bartlett weights, lag by `bandwidth`. HC3: MacKinnon and White
    (1985). cluster: Liang and Zeger (1986), by episode.

    Examples
    --------
    >>> y = np.array([0.0, 2.0, 0.0, 4.0, 1.0, -1.0])
    >>> dummies = np.array([[0], [1], [0], [1], [0], [0]], dtype=bool)
    >>> found = class_effect(
    ...     y, np.ones((6, 1)), dummies=dummies, days=1, sessions=np.arange(6),
    ...     episode=np.array([-1, 0, -1, 1, -1, -1]), n_episodes=np.array([2]), covariance="hc3",
    ... )
    >>> found.effect.round(6).tolist(), found.reason
    ([3.0], ('needs 20 separate episodes, has 2',))
    """
    from statsmodels.regression.linear_model import WLS

    design = np.hstack([x, dummies.astype(np.float64)])
    weights = np.ones(len(y)) if variance is None else 1.0 / variance
    found = identify(design * np.sqrt(weights)[:, np.newaxis])
    places = np.arange(x.shape[1], design.shape[1])
    confused = np.array([found.confused(unit) for unit in np.eye(design.shape[1])[places]])
    lost = confused.any(axis=1) if len(places) else np.zeros(0, dtype=np.bool_)
    n_classes = len(places)
    effect, std_error = np.full(n_classes, np.nan), np.full(n_classes, np.nan)
    is_robust = covariance in ROBUST
    df = (n_episodes - 1.0) if is_robust else np.full(n_classes, float(len(y) - found.rank))
    few = is_robust & (n_episodes < FEWEST_EPISODES)
    if found.rank:
        fit = WLS(y, design[:, found.columns], weights=weights).fit(method="qr")
        at = np.searchsorted(found.columns, places[~lost])
        effect[~lost] = days * np.asarray(fit.params)[at]
        if len(y) > found.rank:
            cov = _robust(fit, covariance, sessions=sessions, episode=episode)
            std_error[~lost] = days * np.sqrt(np.diagonal(cov)[at])
    std_error[few] = np.nan
    df = np.where(np.isnan(std_error), np.nan, df)
    reason = tuple(
        f"needs {FEWEST_EPISODES} separate episodes, has {n}"
        if is_few
        else "no residual is left under its dummy"
        if is_bare
        else ""
        for n, is_few, is_bare in zip(
            n_episodes.tolist(), few.tolist(), (np.isnan(std_error) & ~lost).tolist(), strict=True
        )
    )
    return ClassEffects(effect, std_error, np.asarray(df, dtype=np.float64), confused, reason)


def _robust(fit: Any, covariance: JointCovariance, *, sessions: Int, episode: Int) -> Float:
    """Compute the covariance of all coefficients by statsmodels.

    A row that the design fits exactly has no residual, so no robust error can rest on it: such
    rows are left out, and coefficients that hang on them have NaN.
    """
    if covariance not in ROBUST:
        return np.asarray(fit.cov_params())
    x = fit.model.wexog
    leverage = np.einsum("ni,ij,nj->n", x, fit.normalized_cov_params, x)
    seen = leverage < EXACT
    found = identify(x[seen])
    known = [
        column
        for column in found.columns.tolist()
        if not found.confused(np.eye(x.shape[1])[column]).any()
    ]
    cov = np.full((x.shape[1], x.shape[1]), np.nan)
    if not known:
        return cov
    rest = type(fit.model)(
        fit.model.endog[seen],
        fit.model.exog[seen][:, found.columns],
        weights=fit.model.weights[seen],
    ).fit(method="qr")
    robust = _sandwich(rest, covariance, sessions=sessions[seen], episode=episode[seen])
    at = np.searchsorted(found.columns, known)
    cov[np.ix_(known, known)] = robust[np.ix_(at, at)]
    return cov


def _sandwich(fit: Any, covariance: JointCovariance, *, sessions: Int, episode: Int) -> Float:
    if covariance == "hc3":
        return np.asarray(fit.get_robustcov_results("HC3").cov_params())
    if covariance == "cluster":
        alone = episode.max() + 1 + np.arange(len(episode))
        groups = np.where(episode < 0, alone, episode)
        return np.asarray(fit.get_robustcov_results("cluster", groups=groups).cov_params())
    runs = np.cumsum(np.diff(sessions, prepend=sessions[0] - 1) > 1)
    lags = min(bandwidth(len(sessions)), int(np.bincount(runs).max()) - 1)
    robust = fit.get_robustcov_results("hac-panel", groups=runs, maxlags=lags, df_correction=False)
    return np.asarray(robust.cov_params())
