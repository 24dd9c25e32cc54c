"""What a regression can tell apart: the rank of its design matrix, and what is confused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.models.ols import COLLINEAR
from oilshock.typing import Bool, Float, Int, freeze

NOTHING = 1e-6
"""A share of a direction that the design matrix cannot see, below which it counts as none."""


@dataclass(frozen=True, eq=False)
class Identification:
    """What a design matrix can tell apart.

    Parameters
    ----------
    columns : ndarray of shape (rank,)
        Columns that span all columns, ascending.
    null : ndarray of shape (k, k - rank)
        Changes of the coefficients that leave the fit as it is; no column where the rank is
        full. In units of columns scaled to length 1.
    length : ndarray of shape (k,)
        Length of each column; 1 where the column is empty.
    """

    columns: Int
    null: Float
    length: Float

    def __post_init__(self) -> None:
        freeze(self.columns, self.null, self.length)

    @property
    def rank(self) -> int:
        """Rank of the design matrix."""
        return len(self.columns)

    def confused(self, combination: Float) -> Bool:
        """Mark the columns with which a linear combination of coefficients is confused.

        Parameters
        ----------
        combination : ndarray of shape (k,)
            Weights of the coefficients.

        Returns
        -------
        ndarray of shape (k,)
            Nothing is marked where the combination is identified: it is the same for all
            coefficients that fit alike (Rao 1973, section 4a.2).
        """
        scaled = combination / self.length
        size = np.linalg.norm(scaled)
        seen = np.abs(scaled @ self.null) > NOTHING * size
        return np.asarray((np.abs(self.null[:, seen]) > NOTHING).any(axis=1))


def identify(x: Float) -> Identification:
    """Find the rank of a design matrix and what it cannot tell apart.

    Parameters
    ----------
    x : ndarray of shape (n, k)
        The design matrix; n may be smaller than k.

    Returns
    -------
    Identification
        Rank and null space, by a QR decomposition with column pivoting (Golub and Van Loan
        2013, section 5.4) of the columns scaled to length 1. A column of which less than 1e-8
        is left once the others are taken out counts as explained by them.

    Examples
    --------
    >>> same = identify(np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 1.0], [1.0, 0.0, 0.0]]))
    >>> same.rank, same.confused(np.array([0.0, 1.0, 0.0])).tolist()
    (2, [False, True, True])
    >>> same.confused(np.array([0.0, 1.0, 1.0])).tolist()
    [False, False, False]
    """
    from scipy.linalg import qr, solve_triangular

    k = x.shape[1]
    length = np.linalg.norm(x, axis=0)
    length = np.where(length > 0, length, 1.0)
    if x.size == 0:
        return Identification(np.empty(0, dtype=np.intp), np.eye(k), length)
    r, pivot = qr(x / length, mode="r", pivoting=True)
    rank = int((np.abs(np.diagonal(r)) > COLLINEAR).sum())
    null = np.zeros((k, k - rank))
    if rank < k:
        null[pivot[:rank]] = -solve_triangular(r[:rank, :rank], r[:rank, rank:])
        null[pivot[rank:]] = np.eye(k - rank)
        null /= np.linalg.norm(null, axis=0)
    return Identification(np.sort(pivot[:rank]).astype(np.intp), null, length)
