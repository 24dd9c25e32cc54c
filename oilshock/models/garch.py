"""The GARCH expected-return model: a linear mean with GARCH(1,1) errors, and its forecasts.

r_t = offset_t + x_t'b + e_t, e_t = sqrt(h_t) z_t, h_t = omega + alpha e_(t-1)^2 + beta h_(t-1)
(Bollerslev 1986); z_t is standard normal, or Student's t with nu degrees of freedom scaled to unit
variance (Bollerslev 1987).

The scale of the ARs follows the volatility of the moment. The variance is filtered to the last
session before the event window and forecast from there over the whole window: a later filter
would let the event's own shock widen the standard error it is judged by.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from oilshock.models.ols import OlsFit
from oilshock.typing import Bool, Float, Int, freeze


@dataclass(frozen=True, eq=False)
class GarchFit(OlsFit):
    """The GARCH model of each event; where it failed, its constant-variance counterpart.

    Variances and `omega` are in squared units of the returns. `sigma` is the standard deviation
    of the estimation-window residuals, and `xtx_inverse` the covariance of the mean's
    coefficients over its square, so that both mean what they mean in `OlsFit`.

    Parameters
    ----------
    beta, sigma, df, xtx_inverse, residuals, collinear : ndarray
        As in `OlsFit`.
    omega, alpha, garch_beta : ndarray of shape (n_events,)
        Parameters of the variance; NaN where the fit failed.
    nu : ndarray of shape (n_events,)
        Degrees of freedom of the errors; infinite for normal ones, NaN where the fit failed.
    flag : ndarray of shape (n_events,)
        Convergence flag of arch: 0 is success, -1 where arch was not called.
    failure : tuple of str
        Why there is no GARCH model; empty where there is one.
    notes : tuple of tuple of str
        Warnings raised during each fit.
    n_obs : ndarray of shape (n_events,)
        Returns used by the fit.
    last : ndarray of shape (n_events,)
        Last session used.
    last_variance, last_shock : ndarray of shape (n_events,)
        Variance h and shock e of that session.
    """

    omega: Float
    alpha: Float
    garch_beta: Float
    nu: Float
    flag: Int
    failure: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...]
    n_obs: Int
    last: Int
    last_variance: Float
    last_shock: Float

    def __post_init__(self) -> None:
        super().__post_init__()
        freeze(self.omega, self.alpha, self.garch_beta, self.nu, self.flag)
        freeze(self.n_obs, self.last, self.last_variance, self.last_shock)

    @property
    def failed(self) -> Bool:
        """True for an event without a GARCH model."""
        return np.array([bool(text) for text in self.failure], dtype=np.bool_)

    @property
    def persistence(self) -> Float:
        """Alpha plus beta: the share of a shock to the variance that is left a session later."""
        return np.asarray(self.alpha + self.garch_beta)

    @property
    def law_df(self) -> Float:
        """Degrees of freedom nu of the errors; L - k where the fit failed."""
        return np.where(self.failed, self.df, self.nu)

    @property
    def law_scale(self) -> Float:
        """Root of nu / (nu - 2), which undoes the unit variance; 1 for normal errors."""
        nu = np.where(self.failed, np.inf, self.nu)
        return np.sqrt(1.0 / (1.0 - 2.0 / nu))


def select(fit: GarchFit, rows: Int) -> GarchFit:
    """Keep some of the events.

    Examples
    --------
    >>> from oilshock.models.garch_fit import fit_garch
    >>> from oilshock.windows import estimation_windows
    >>> windows = estimation_windows(np.array([30, 31]), length=10, gap=2)
    >>> fit = fit_garch(np.ones(40), np.ones((40, 1)), estimation=windows)
    >>> select(fit, np.array([1])).failure
    ('GARCH needs 50 returns, has 10',)
    """
    kept: dict[str, object] = {}
    for field in fields(fit):
        value = getattr(fit, field.name)
        is_tuple = isinstance(value, tuple)
        kept[field.name] = tuple(value[row] for row in rows) if is_tuple else value[rows]
    return replace(fit, **kept)  # type: ignore[arg-type]


def forecast_variance(y: Float, x: Float, *, fit: GarchFit, origin: Int, horizon: int) -> Float:
    """Forecast the variance of the shocks of the sessions after `origin`.

    Parameters
    ----------
    y : ndarray of shape (n_sessions,)
        Returns less the model's offset.
    x : ndarray of shape (n_sessions, k)
        Regressors of the mean.
    fit : GarchFit
        The models. No parameter is fitted anew.
    origin : ndarray of shape (n_events,)
        Last session that each forecast knows; not before the last session of the fit.
    horizon : int
        Number of sessions ahead.

    Returns
    -------
    ndarray of shape (n_events, horizon)
        Variance h of each session, filtered to `origin`, then h_(j+1) = omega + (alpha + beta) h_j;
        sigma^2 where the fit failed.

    Examples
    --------
    >>> from oilshock.models.garch_fit import fit_garch
    >>> from oilshock.windows import estimation_windows
    >>> y = np.random.default_rng(0).standard_normal(200) * np.repeat([1, 4, 1, 4, 1], 40) / 50
    >>> windows = estimation_windows(np.array([180]), length=120, gap=10)
    >>> x = np.ones((200, 1))
    >>> fit = fit_garch(y, x, estimation=windows)
    >>> forecast_variance(y, x, fit=fit, origin=np.array([179]), horizon=3).shape
    (1, 3)
    """
    h, shock = fit.last_variance.copy(), fit.last_shock.copy()
    ahead = origin - fit.last
    for step in range(1, int(ahead.max(initial=0)) + 1):
        due = step <= ahead
        session = np.where(due, fit.last + step, 0)
        seen = y[session] - np.einsum("nk,nk->n", x[session], fit.beta)
        h = np.where(due, fit.omega + fit.alpha * shock**2 + fit.garch_beta * h, h)
        shock = np.where(due, seen, shock)
    variance = np.empty((len(h), horizon))
    variance[:, 0] = fit.omega + fit.alpha * shock**2 + fit.garch_beta * h
    for day in range(1, horizon):
        variance[:, day] = fit.omega + fit.persistence * variance[:, day - 1]
    return np.where(fit.failed[:, np.newaxis], fit.sigma[:, np.newaxis] ** 2, variance)
