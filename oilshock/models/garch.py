"""The GARCH expected-return model: a linear mean with GARCH(1,1) errors, fitted by arch.

r_t = offset_t + x_t'b + e_t, e_t = sqrt(h_t) z_t, h_t = omega + alpha e_(t-1)^2 + beta h_(t-1)
(Bollerslev 1986); z_t is standard normal, or Student's t with nu degrees of freedom scaled to unit
variance (Bollerslev 1987).

The scale of the ARs follows the volatility of the moment. The variance is filtered to the last
session before the event window and forecast from there over the whole window: a later filter
would let the event's own shock widen the standard error it is judged by.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from oilshock.models.ols import OlsFit, fit_ols
from oilshock.options import GarchErrors, GarchSpan
from oilshock.typing import Bool, Float, Int, Progress, freeze, silent
from oilshock.windows import EstimationWindows

FEWEST = 50
"""Fewest returns a GARCH model is fitted on: with less, its parameters are noise."""

LEAST_ALPHA = 1e-3
"""Least answer of the variance to a shock. At alpha = 0 beta is not identified, and the variance
drifts, by the estimate of its first value alone, to wherever the sample ended.
"""

NOT_ASKED = -1
"""Convergence flag of an event for which arch was not called."""


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


def fit_garch(
    y: Float,
    x: Float,
    *,
    estimation: EstimationWindows,
    errors: GarchErrors = "t",
    span: GarchSpan = "window",
    progress: Progress = silent,
) -> GarchFit:
    """Fit one GARCH(1,1) model per event by maximum likelihood, with arch.

    Parameters
    ----------
    y : ndarray of shape (n_sessions,)
        Returns less the model's offset.
    x : ndarray of shape (n_sessions, k)
        Regressors of the mean; k may be 0.
    estimation : EstimationWindows
        Estimation windows. Where other events are cut out, the returns left are joined.
    errors : {"normal", "t"}, default "t"
        Law of the errors.
    span : {"window", "expanding"}, default "window"
        The sample: the estimation window, or every session up to its end, other events included.
    progress : callable, optional
        Called with (what is done, how many, of how many).

    Returns
    -------
    GarchFit
        An event whose fit fails has a text in `failure`, and constant-variance figures. A fit
        with alpha = 0 counts as failed, as nearly half the 120-day windows of Brent have it.

    Notes
    -----
    Returns and regressors are scaled to unit variance for arch and the result is scaled back. The
    covariance of the mean's coefficients is the inverse of their information,
    sum of x x' / h times nu (nu + 1) / ((nu - 2) (nu + 3)) for t errors (1 for normal ones); the
    information is block-diagonal between mean and variance (Engle 1982; Fiorentini, Sentana and
    Calzolari 2003). The uncertainty of the variance's own parameters is not counted.

    Examples
    --------
    >>> from oilshock.windows import estimation_windows
    >>> y = np.random.default_rng(0).standard_normal(200) / 50
    >>> windows = estimation_windows(np.array([180]), length=120, gap=10)
    >>> fit = fit_garch(y, np.ones((200, 1)), estimation=windows)
    >>> fit.failure, int(fit.flag[0]), bool(fit.persistence[0] <= 1)
    (('',), 0, True)
    """
    ols = fit_ols(y[estimation.index], x[estimation.index], mask=estimation.mask)
    last = estimation.last
    total = len(last)
    found = []
    for row in range(total):
        progress("fitting GARCH", row, total)
        sample = (
            np.arange(1, last[row] + 1)
            if span == "expanding"
            else estimation.index[row][estimation.mask[row]]
        )
        found.append(_fit_one(y[sample], x[sample], errors=errors))
    progress("fitting GARCH", total, total)
    return _assemble(found, y[estimation.index], x[estimation.index], ols=ols, last=last)


@dataclass(frozen=True, eq=False)
class _One:
    """One fitted model."""

    mean: Float
    covariance: Float
    variance: tuple[float, float, float, float]
    last: tuple[float, float]
    n_obs: int
    flag: int = NOT_ASKED
    failure: str = ""
    notes: tuple[str, ...] = ()


def _failed(
    k: int, n_obs: int, failure: str, *, flag: int = NOT_ASKED, notes: tuple[str, ...] = ()
) -> _One:
    nan = float("nan")
    return _One(
        mean=np.full(k, nan),
        covariance=np.full((k, k), nan),
        variance=(nan, nan, nan, nan),
        last=(nan, nan),
        n_obs=n_obs,
        flag=flag,
        failure=failure,
        notes=notes,
    )


def _fit_one(y: Float, x: Float, *, errors: GarchErrors) -> _One:
    n_obs, k = x.shape
    if n_obs < FEWEST:
        return _failed(k, n_obs, f"GARCH needs {FEWEST} returns, has {n_obs}")
    unit = float(y.std())
    if not unit > np.finfo(np.float64).eps * float(np.abs(y).max()):
        return _failed(k, n_obs, "GARCH did not converge (the returns do not vary)")
    widths = np.sqrt((x**2).mean(axis=0))
    values, volatility, flag, notes = _call_arch(y / unit, x / widths, errors=errors)
    if flag != 0 or not np.isfinite(values).all():
        text = f"GARCH did not converge (flag {flag})"
        return _failed(k, n_obs, text, flag=flag, notes=notes)
    omega, alpha, beta = (float(value) for value in values[k : k + 3])
    if alpha < LEAST_ALPHA:
        text = "GARCH is not identified (alpha is 0: no volatility clusters in the sample)"
        return _failed(k, n_obs, text, flag=flag, notes=notes)
    nu = float(values[k + 3]) if errors == "t" else float("inf")
    mean = values[:k] * unit / widths
    h = volatility**2 * unit**2
    information = _information(nu) * (x.T / h) @ x
    return _One(
        mean=mean,
        covariance=np.asarray(np.linalg.inv(information), dtype=np.float64),
        variance=(omega * unit**2, alpha, beta, nu),
        last=(float(h[-1]), float(y[-1] - x[-1] @ mean)),
        n_obs=n_obs,
        flag=flag,
        notes=notes,
    )


def _call_arch(
    y: Float, x: Float, *, errors: GarchErrors
) -> tuple[Float, Float, int, tuple[str, ...]]:
    """Return parameters, conditional volatility, convergence flag and warnings."""
    from arch.univariate import GARCH, LS, Normal, StudentsT, ZeroMean

    model = LS(y, x, constant=False, rescale=False) if x.shape[1] else ZeroMean(y, rescale=False)
    model.volatility = GARCH()
    model.distribution = StudentsT() if errors == "t" else Normal()
    # arch also changes the global filters; the context puts them back.
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = model.fit(disp="off", show_warning=False)
    return (
        np.asarray(result.params, dtype=np.float64),
        np.asarray(result.conditional_volatility, dtype=np.float64),
        int(result.convergence_flag),
        tuple(dict.fromkeys(str(warning.message).strip() for warning in caught)),
    )


def _information(nu: float) -> float:
    """Information of the location of Student's t with unit variance; 1 for the normal law."""
    return 1.0 if np.isinf(nu) else nu * (nu + 1.0) / ((nu - 2.0) * (nu + 3.0))


def _assemble(found: Sequence[_One], y: Float, x: Float, *, ols: OlsFit, last: Int) -> GarchFit:
    """Put the fits side by side; a failed one gets the figures of least squares."""
    n, k = ols.beta.shape
    failed = np.array([bool(one.failure) for one in found], dtype=np.bool_)
    mean = np.array([one.mean for one in found]).reshape(n, k)
    beta = np.where(failed[:, np.newaxis], ols.beta, mean)
    residuals = y - np.einsum("nlk,nk->nl", x, beta)
    residuals = np.where(np.isnan(ols.residuals), np.nan, residuals)
    usable = ~failed & (ols.df > 0)
    sigma = ols.sigma.copy()
    sigma[usable] = np.sqrt(np.nansum(residuals[usable] ** 2, axis=1) / ols.df[usable])
    covariance = np.array([one.covariance for one in found]).reshape(n, k, k)
    wide = np.where(failed, 1.0, sigma)[:, np.newaxis, np.newaxis] ** 2
    omega, alpha, garch_beta, nu = np.array([one.variance for one in found]).reshape(n, 4).T
    last_variance, last_shock = np.array([one.last for one in found]).reshape(n, 2).T
    return GarchFit(
        beta=beta,
        sigma=sigma,
        df=ols.df,
        xtx_inverse=np.where(failed[:, None, None], ols.xtx_inverse, covariance / wide),
        residuals=np.where(failed[:, np.newaxis], ols.residuals, residuals),
        collinear=ols.collinear,
        omega=omega,
        alpha=alpha,
        garch_beta=garch_beta,
        nu=nu,
        flag=np.array([one.flag for one in found], dtype=np.intp),
        failure=tuple(one.failure for one in found),
        notes=tuple(one.notes for one in found),
        n_obs=np.array([one.n_obs for one in found], dtype=np.intp),
        last=last.copy(),
        last_variance=last_variance,
        last_shock=last_shock,
    )


def select(fit: GarchFit, rows: Int) -> GarchFit:
    """Keep some of the events.

    Examples
    --------
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
    >>> from oilshock.windows import estimation_windows
    >>> y = np.random.default_rng(0).standard_normal(200) / 50
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
