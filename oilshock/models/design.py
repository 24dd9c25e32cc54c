"""The expected-return models as linear designs: E[r_t] = offset_t + X_t b.

========================  ==============  =======================
model                     offset          X
========================  ==============  =======================
mean                      0               1
market-adjusted           the benchmark   (none)
market, factors, garch    0               1 and the factors, if any
========================  ==============  =======================

MacKinlay (1997), section 4, gives the first three; factors are their multi-factor form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.options import ModelKind
from oilshock.typing import Float


@dataclass(frozen=True, eq=False)
class Design:
    """Regressors of every session.

    Parameters
    ----------
    offset : ndarray of shape (n_sessions,)
        Part of the expected return that has no parameter.
    x : ndarray of shape (n_sessions, k)
        Regressors; k may be 0.
    names : tuple of str
        Names of the k regressors.
    """

    offset: Float
    x: Float
    names: tuple[str, ...]


def build_design(kind: ModelKind, *, factors: Float, names: tuple[str, ...]) -> Design:
    """Build the regressors of an expected-return model.

    Parameters
    ----------
    kind : {"mean", "market-adjusted", "market", "factors", "garch"}
        The model.
    factors : ndarray of shape (n_sessions, n_factors)
        Factor returns on the sessions of the price series; n_factors may be 0.
    names : tuple of str
        Names of the factors.

    Returns
    -------
    Design
        Offset and regressors of each session.

    Examples
    --------
    >>> build_design("mean", factors=np.empty((3, 0)), names=()).x.tolist()
    [[1.0], [1.0], [1.0]]
    """
    n_sessions = len(factors)
    if kind == "market-adjusted":
        return Design(offset=factors[:, 0], x=np.empty((n_sessions, 0)), names=())
    constant = np.ones((n_sessions, 1))
    return Design(
        offset=np.zeros(n_sessions), x=np.hstack([constant, factors]), names=("constant", *names)
    )
