"""The unit of returns on an axis: per cent, or dollars for difference returns."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from oilshock.errors import DataError
from oilshock.options import ReturnKind

ReturnUnit: TypeAlias = Literal["per cent", "USD/bbl"]
"""``per cent`` for fractions (log and simple returns), ``USD/bbl`` for difference returns."""


def unit_of(kind: ReturnKind) -> ReturnUnit:
    """Return the unit of returns of a kind.

    Examples
    --------
    >>> unit_of("log"), unit_of("difference")
    ('per cent', 'USD/bbl')
    """
    return "USD/bbl" if kind == "difference" else "per cent"


def scale_of(unit: ReturnUnit) -> float:
    """Return what a return is multiplied by to stand on an axis of this unit.

    Examples
    --------
    >>> scale_of("per cent"), scale_of("USD/bbl")
    (100.0, 1.0)
    """
    known = get_args(ReturnUnit)
    if unit not in known:
        raise DataError.of(
            "return_unit", f'"{unit}" is not a unit of returns.', fix=f"Use {' or '.join(known)}."
        )
    return 100.0 if unit == "per cent" else 1.0
