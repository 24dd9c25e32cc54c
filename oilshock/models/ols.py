"""Ordinary least squares for many estimation windows at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.typing import Bool, Float, Int, freeze

COLLINEAR = 1e-8
"""A regressor whose part not explained by those before it is below this share is collinear."""


@dataclass(frozen=True, eq=False)
class OlsFit:
    """The expected-return model of each event.

    Parameters
    ----------
    beta : ndarray of shape (n_events, k)
        Coefficients.
    sigma : ndarray of shape (n_events,)
        Standard deviation of the residuals, squared sum over L - k.
    df : ndarray of shape (n_events,)
        Degrees of freedom, L - k.
    xtx_inverse : ndarray of shape (n_events, k, k)
        Inverse of X'X over the estimation window.
    residuals : ndarray of shape (n_events, L1)
        Estimation-window residuals; NaN outside the window.
    collinear : ndarray of shape (n_events, k)
        True for a regressor that the ones before it explain; such an event has NaN figures.
    """

    beta: Float
    sigma: Float
    df: Int
    xtx_inverse: Float
    residuals: Float
    collinear: Bool

    def __post_init__(self) -> None:
        freeze(self.beta, self.sigma, self.df, self.xtx_inverse, self.residuals, self.collinear)

    @property
    def law_df(self) -> Float:
        """Degrees of freedom of the law of AR over its standard error, shape (n_events,)."""
        return self.df.astype(np.float64)

    @property
    def law_scale(self) -> Float:
        """Factor that makes AR over its standard error Student's t, shape (n_events,)."""
        return np.ones(len(self.df))


def fit_ols(y: Float, x: Float, *, mask: Bool) -> OlsFit:
    """Fit one regression a row.

    Parameters
    ----------
    y : ndarray of shape (n_events, L1)
        Returns less the model's offset.
    x : ndarray of shape (n_events, L1, k)
        Regressors; k may be 0.
    mask : ndarray of shape (n_events, L1)
        True where the entry is part of the estimation window.

    Returns
    -------
    OlsFit
        Coefficients and what the forecast error needs.

    Notes
    -----
    By QR decomposition, which keeps the precision that forming X'X loses. The variance
    divides by L - k (Campbell, Lo and MacKinlay 1997, equation 4.4.4).

    Examples
    --------
    >>> y = np.array([[1.0, 2.0, 3.0]])
    >>> fit = fit_ols(y, np.ones((1, 3, 1)), mask=np.ones((1, 3), dtype=bool))
    >>> float(fit.beta[0, 0]), float(fit.sigma[0])
    (2.0..., 1.0)
    """
    n_events, _, k = x.shape
    y = np.where(mask, y, 0.0)
    x = np.where(mask[:, :, np.newaxis], x, 0.0)
    q, r = np.linalg.qr(x)
    own_part = np.abs(np.diagonal(r, axis1=1, axis2=2))
    collinear = own_part <= COLLINEAR * np.linalg.norm(x, axis=1)
    singular = collinear.any(axis=1)
    r = np.where(singular[:, np.newaxis, np.newaxis], np.eye(k), r)
    r_inverse = np.linalg.solve(r, np.broadcast_to(np.eye(k), (n_events, k, k)))
    beta = np.einsum("nij,nj->ni", r_inverse, np.einsum("nli,nl->ni", q, y))
    xtx_inverse = r_inverse @ np.swapaxes(r_inverse, 1, 2)
    beta[singular] = np.nan
    xtx_inverse[singular] = np.nan
    residuals = np.where(mask, y - np.einsum("nlk,nk->nl", x, beta), np.nan)
    df = mask.sum(axis=1) - k
    squared = np.nansum(residuals**2, axis=1)
    sigma = np.full(n_events, np.nan)
    usable = (df > 0) & ~singular
    sigma[usable] = np.sqrt(squared[usable] / df[usable])
    return OlsFit(
        beta=beta,
        sigma=sigma,
        df=df,
        xtx_inverse=xtx_inverse,
        residuals=residuals,
        collinear=collinear,
    )


def collinear_columns(x: Float) -> Bool:
    """Mark the columns of one matrix that the columns before them explain.

    Examples
    --------
    >>> collinear_columns(np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]])).tolist()
    [False, True]
    """
    r = np.linalg.qr(x, mode="r")
    return np.asarray(np.abs(np.diagonal(r)) <= COLLINEAR * np.linalg.norm(x, axis=0))
