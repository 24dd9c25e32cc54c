"""One regression for all events of a study, with event dummies.

r_t = offset_t + X_t b + D_t g + e_t over the union of the estimation and event windows. A dummy
for a single session fits that session exactly, so it takes the row out of the fit, and its
coefficient is the forecast error of that row (Salkever 1976). That is how such dummies are
computed here: no column is made for them, and their variance is that of a forecast error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.models.identification import Identification, identify
from oilshock.typing import Bool, Float, freeze


@dataclass(frozen=True, eq=False)
class JointFit:
    """The rows of a joint regression that no dummy of their own takes out.

    Parameters
    ----------
    identification : Identification
        What the design matrix can tell apart.
    beta : ndarray of shape (rank,)
        Coefficients of the columns that span the design; the other columns are left out.
    covariance : ndarray of shape (rank, rank)
        Their covariance; NaN without degrees of freedom.
    scale : float
        Variance of an error of variance weight 1; NaN without degrees of freedom.
    df : int
        Rows less rank.
    """

    identification: Identification
    beta: Float
    covariance: Float
    scale: float
    df: int

    def __post_init__(self) -> None:
        freeze(self.beta, self.covariance)


@dataclass(frozen=True, eq=False)
class Combinations:
    """Sums of coefficients, with their standard errors.

    Parameters
    ----------
    estimate, std_error : ndarray of shape (n,)
        NaN where the sum is not identified.
    confused : ndarray of shape (n, k)
        The columns with which it is then confused.
    """

    estimate: Float
    std_error: Float
    confused: Bool


def fit_joint(y: Float, x: Float, *, variance: Float) -> JointFit:
    """Fit the rows that have no dummy of their own.

    Parameters
    ----------
    y : ndarray of shape (n,)
        Returns less the model's offset.
    x : ndarray of shape (n, k)
        Regressors, and dummies that cover several sessions; k may be 0.
    variance : ndarray of shape (n,)
        Variance of each error up to a common factor; ones for ordinary least squares.

    Returns
    -------
    JointFit
        By statsmodels, on columns that span the design.

    Examples
    --------
    >>> fit = fit_joint(np.array([1.0, 2.0, 3.0]), np.ones((3, 1)), variance=np.ones(3))
    >>> fit.beta.round(6).tolist(), round(fit.scale, 6), fit.df
    ([2.0], 1.0, 2)
    """
    from statsmodels.regression.linear_model import WLS

    found = identify(x / np.sqrt(variance)[:, np.newaxis])
    df = len(y) - found.rank
    if found.rank == 0:
        scale = float(y**2 / variance @ np.ones(len(y)) / df) if df else np.nan
        return JointFit(found, np.empty(0), np.empty((0, 0)), scale, df)
    fit = WLS(y, x[:, found.columns], weights=1.0 / variance).fit(method="qr")
    if df == 0:
        missing = np.full((found.rank, found.rank), np.nan)
        return JointFit(found, np.array(fit.params), missing, np.nan, 0)
    return JointFit(found, np.array(fit.params), np.array(fit.cov_params()), float(fit.scale), df)


def combine(fit: JointFit, *, weights: Float, own: Float, own_variance: Float) -> Combinations:
    """Sum coefficients of a joint regression.

    Parameters
    ----------
    fit : JointFit
        The regression.
    weights : ndarray of shape (n, k)
        Weights of the columns in each sum. A sum of dummies of single sessions weighs the
        columns with minus the sum of these sessions' regressors.
    own : ndarray of shape (n,)
        Returns, less offset, summed over the sessions that have a dummy of their own.
    own_variance : ndarray of shape (n,)
        Variances of these sessions' errors summed, in the unit of `variance`.

    Returns
    -------
    Combinations
        The variance of a sum is scale (sum of h + s'(X0'H0^-1 X0)^-1 s), which for equal
        variances is the forecast error's of Campbell, Lo and MacKinlay (1997), equation 4.4.11.

    Examples
    --------
    >>> fit = fit_joint(np.array([1.0, 2.0, 3.0]), np.ones((3, 1)), variance=np.ones(3))
    >>> one = combine(
    ...     fit, weights=np.array([[-1.0]]), own=np.array([5.0]), own_variance=np.array([1.0])
    ... )
    >>> one.estimate.round(6).tolist(), (one.std_error**2).round(6).tolist()
    ([3.0], [1.333333])
    """
    confused = np.array([fit.identification.confused(row) for row in weights], dtype=np.bool_)
    confused = confused.reshape(weights.shape)
    kept = weights[:, fit.identification.columns]
    spread = np.einsum("ni,ij,nj->n", kept, fit.covariance, kept)
    std_error = np.sqrt(fit.scale * own_variance + spread)
    lost = confused.any(axis=1)
    return Combinations(
        estimate=np.where(lost, np.nan, own + kept @ fit.beta),
        std_error=np.where(lost, np.nan, std_error),
        confused=confused,
    )


def conditional_variance(residuals: Float) -> Float | None:
    """Compute the GARCH(1,1) variance of each session, known the session before.

    Parameters
    ----------
    residuals : ndarray of shape (n,)
        Returns less expected returns of sessions in a row, event sessions included.

    Returns
    -------
    ndarray of shape (n,), or None
        Variances in units of the residuals' mean square; None where arch does not converge.

    Notes
    -----
    Student t errors, mean zero (Bollerslev 1987). The variance of a session rests on the returns
    before it, so an event cannot enlarge the yardstick of its own day 0, but that of the
    days after.

    Examples
    --------
    >>> noise = np.random.default_rng(0).standard_t(5, size=500)
    >>> bool(np.all(conditional_variance(noise) > 0))
    True
    """
    import warnings

    from arch import arch_model
    from arch.utility.exceptions import ConvergenceWarning

    size = np.sqrt((residuals**2).mean())
    model = arch_model(residuals / size, mean="Zero", vol="GARCH", p=1, q=1, dist="t")
    with warnings.catch_warnings():
        # Told by the flag below.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit = model.fit(disp="off", show_warning=False)
    return None if fit.convergence_flag else np.asarray(fit.conditional_volatility) ** 2
