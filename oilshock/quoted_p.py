"""Calibrated p values, and the one quoted of a CAR, written the same way in every place."""

from __future__ import annotations

import math

from oilshock.facts import CarFacts
from oilshock.words import bound_number, bound_text, p_number, p_text


def rated_number(p_value: float, *, is_bounded: bool) -> str:
    """Write a calibrated p value for a table cell; an upper bound is written as one.

    Examples
    --------
    >>> rated_number(0.2204, is_bounded=False), rated_number(1 / 451, is_bounded=True)
    ('0.22', '<0.0023')
    """
    return bound_number(p_value) if is_bounded else p_number(p_value)


def rated_text(p_value: float, *, is_bounded: bool) -> str:
    """Write a calibrated p value with its sign; an upper bound is written as one.

    Examples
    --------
    >>> rated_text(0.2204, is_bounded=False), rated_text(1 / 451, is_bounded=True)
    ('= 0.22', '< 0.0023')
    """
    return bound_text(p_value) if is_bounded else p_text(p_value)


def p_cell(car: CarFacts) -> str:
    """Write the quoted p value for a table cell."""
    return rated_number(car.p_quoted, is_bounded=car.is_bounded)


def p_signed(car: CarFacts) -> str:
    """Write the quoted p value with its sign."""
    return rated_text(car.p_quoted, is_bounded=car.is_bounded)


def p_kind(car: CarFacts) -> str:
    """Name the quoted p value."""
    return "p" if math.isnan(car.p_calibrated) else "calibrated p"


def p_words(car: CarFacts) -> str:
    """Name and write the quoted p value: `calibrated p 0.22`."""
    return f"{p_kind(car)} {p_cell(car)}"
