"""Tests as plain functions on arrays."""

from oilshock.inference.multiple import benjamini_hochberg, holm
from oilshock.inference.parametric import (
    TestResult,
    portfolio_t,
    t_critical,
    t_p_value,
    t_statistic,
)
from oilshock.inference.size import NOMINAL, realised_size

__all__ = [
    "NOMINAL",
    "TestResult",
    "benjamini_hochberg",
    "holm",
    "portfolio_t",
    "realised_size",
    "t_critical",
    "t_p_value",
    "t_statistic",
]
