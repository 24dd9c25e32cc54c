"""What variance to expect of the sessions ahead, from every session on: GARCH(1,1) or EWMA.

One GARCH model is fitted to the whole series; its state on the evening before a window, which no
return of the window enters, then gives the forecast. So every session of the series can be judged
by the same rule as an event.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from oilshock.inference.volatility import DECAY, ewma_variance
from oilshock.options import VarianceModel
from oilshock.typing import Float, Int, freeze

FEWEST_RETURNS = 500
"""Fewer returns than this do not tell how fast volatility fades."""


@dataclass(frozen=True, eq=False)
class VarianceForecast:
    """A variance process, ready to forecast from any session.

    Parameters
    ----------
    model : {"garch", "ewma"}
        Which process; ewma also where garch cannot be fitted: then `reason` says why.
    next_variance : ndarray of shape (n_sessions,)
        Variance expected of the next session, at the close of each session.
    persistence : float
        What is left a session later of the distance to the long-run variance; 1 for EWMA, which
        has none.
    long_run : float
        Long-run variance; 0 for EWMA.
    reason : str, default ""
        Why the model is not the one asked for.
    """

    model: VarianceModel
    next_variance: Float
    persistence: float
    long_run: float
    reason: str = ""

    def __post_init__(self) -> None:
        freeze(self.next_variance)


def variance_forecast(residuals: Float, *, model: VarianceModel = "garch") -> VarianceForecast:
    """Fit a variance process to the residuals of the whole series.

    Parameters
    ----------
    residuals : ndarray of shape (n_sessions,)
        Returns less what was expected of them; the first one may be missing.
    model : {"garch", "ewma"}, default "garch"
        GARCH(1,1) with Student's t errors and no mean (Bollerslev 1986, 1987), by maximum
        likelihood with arch; or the EWMA variance of RiskMetrics.

    Returns
    -------
    VarianceForecast
        Only the parameters of GARCH look ahead; the state of a session holds no later return.
    """
    if model == "ewma":
        return _ewma(residuals, "")
    if len(residuals) <= FEWEST_RETURNS:
        return _ewma(residuals, f"GARCH needs more than {FEWEST_RETURNS} returns")
    from arch import arch_model

    values = np.where(np.isnan(residuals), 0.0, residuals)[1:]
    scale = float(values.std())
    if not scale > 0:
        return _ewma(residuals, "the series has no variance")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        process = arch_model(values / scale, mean="Zero", vol="GARCH", dist="t", rescale=False)
        fit = process.fit(disp="off", show_warning=False)
    omega, alpha, beta = (float(fit.params[name]) for name in ("omega", "alpha[1]", "beta[1]"))
    if fit.convergence_flag != 0 or not alpha + beta < 1:
        return _ewma(residuals, "the GARCH model did not converge to a stationary one")
    variance = np.asarray(fit.conditional_volatility, dtype=np.float64) ** 2
    ahead = (omega + alpha * (values / scale) ** 2 + beta * variance) * scale**2
    return VarianceForecast(
        model="garch",
        next_variance=np.concatenate([[variance[0] * scale**2], ahead]),
        persistence=alpha + beta,
        long_run=omega / (1.0 - alpha - beta) * scale**2,
    )


def _ewma(residuals: Float, reason: str) -> VarianceForecast:
    return VarianceForecast("ewma", ewma_variance(residuals, decay=DECAY), 1.0, 0.0, reason)


def summed_variance(forecast: VarianceForecast, at: Int, *, days: int) -> Float:
    """Forecast the sum of the variances of the next sessions.

    Parameters
    ----------
    forecast : VarianceForecast
        The process.
    at : ndarray of shape (n,)
        Sessions at whose close the forecast is made.
    days : int
        Number of sessions ahead.

    Returns
    -------
    ndarray of shape (n,)
        It is d v + (h - v) (1 - p^d) / (1 - p) over d sessions, with v the long-run variance, h
        that of the next session and p the persistence.

    Examples
    --------
    >>> process = VarianceForecast("garch", np.array([4.0]), 0.5, 2.0)
    >>> summed_variance(process, np.array([0]), days=3).tolist()
    [9.5]
    """
    p = forecast.persistence
    weight = float(days) if p == 1.0 else (1.0 - p**days) / (1.0 - p)
    distance = forecast.next_variance[at] - forecast.long_run
    return np.asarray(days * forecast.long_run + distance * weight)
