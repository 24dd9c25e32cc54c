"""The price series and factor returns on the sessions that they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
import pandas as pd

from oilshock.errors import DataError, PriceError, Problem
from oilshock.models import collinear_columns
from oilshock.options import ReturnKind
from oilshock.prices import PriceSeries, refuse_non_positive
from oilshock.returns import compute_returns
from oilshock.typing import Float, freeze


@dataclass(frozen=True, eq=False)
class Factor:
    """A factor series and the kind of its returns."""

    series: PriceSeries
    kind: ReturnKind


@dataclass(frozen=True, eq=False)
class Market:
    """The price series and factor returns on the sessions that they share.

    Parameters
    ----------
    series : PriceSeries
        The price series as given.
    sessions : DatetimeIndex
        Sessions that the price series and all factors share.
    prices, returns : ndarray of shape (n_sessions,)
        Price, and its return over the shared session before.
    factors : ndarray of shape (n_sessions, n_factors)
        Factor returns over the same days.
    factor_names : tuple of str
        Their names.
    """

    series: PriceSeries
    sessions: pd.DatetimeIndex
    prices: Float
    returns: Float
    factors: Float
    factor_names: tuple[str, ...]

    def __post_init__(self) -> None:
        freeze(self.prices, self.returns, self.factors)

    @cached_property
    def lost_sessions(self) -> pd.DatetimeIndex:
        """Price sessions that a factor lacks."""
        return pd.DatetimeIndex(self.series.prices.index.difference(self.sessions))


def build_market(series: PriceSeries, *, kind: ReturnKind, factors: Mapping[str, Factor]) -> Market:
    """Bring a price series and factors onto their common sessions. Nothing is ever filled.

    Parameters
    ----------
    series : PriceSeries
        The series whose moves are studied.
    kind : {"log", "simple", "difference"}
        Kind of its returns.
    factors : mapping of str to Factor
        Factors by name, in the order of the model; may be empty.

    Returns
    -------
    Market
        Returns that all span the same days.

    Raises
    ------
    PriceError
        When a price is not positive though the returns need it, or no session is shared.
    DataError
        When factors are collinear over the whole sample.
    """
    refuse_non_positive(series, kind=kind)
    for factor in factors.values():
        refuse_non_positive(factor.series, kind=factor.kind)
    indices = [pd.DatetimeIndex(series.prices.index)]
    indices += [pd.DatetimeIndex(factor.series.prices.index) for factor in factors.values()]
    sessions = reduce(lambda a, b: a.intersection(b), indices)
    if len(sessions) < 2:
        raise PriceError(
            Problem(
                series.name,
                "shares fewer than 2 sessions with its factors.",
                fix="Use factors of the same years.",
            )
        )
    prices = series.prices.reindex(sessions).to_numpy(dtype=np.float64, copy=True)
    columns = [
        compute_returns(
            factor.series.prices.reindex(sessions).to_numpy(dtype=np.float64), kind=factor.kind
        )
        for factor in factors.values()
    ]
    matrix = np.column_stack(columns) if columns else np.empty((len(sessions), 0))
    _refuse_collinear(matrix[1:], names=tuple(factors))
    return Market(
        series=series,
        sessions=sessions,
        prices=prices,
        returns=compute_returns(prices, kind=kind),
        factors=matrix,
        factor_names=tuple(factors),
    )


def _refuse_collinear(factors: Float, *, names: tuple[str, ...]) -> None:
    design = np.hstack([np.ones((len(factors), 1)), factors])
    if len(design) < design.shape[1]:
        return
    bad = [
        name for name, is_bad in zip(names, collinear_columns(design)[1:], strict=True) if is_bad
    ]
    if bad:
        raise DataError(
            *(
                Problem(
                    f"factor {name}",
                    "is constant, or a linear combination of the other factors.",
                    "model.factors",
                    f'Remove "{name}" from model.factors.',
                )
                for name in bad
            )
        )
