"""Fit GARCH(1,1) models with arch, one an event, and record every way in which that fails."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from oilshock.models.garch import GarchFit
from oilshock.models.ols import OlsFit, fit_ols
from oilshock.options import GarchErrors, GarchSpan
from oilshock.typing import Float, Int, Progress, silent
from oilshock.windows import EstimationWindows

FEWEST = 50
"""Fewest returns a GARCH model is fitted on: with less, its parameters are noise."""

LEAST_ALPHA = 1e-3
"""Least answer of the variance to a shock. At alpha = 0 beta is not identified, and the variance
drifts, by the estimate of its first value alone, to wherever the sample ended.
"""

NOT_ASKED = -1
"""Convergence flag of an event for which arch was not called."""


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
    >>> y = np.random.default_rng(0).standard_normal(200) * np.repeat([1, 4, 1, 4, 1], 40) / 50
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
