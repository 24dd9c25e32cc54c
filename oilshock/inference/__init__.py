"""Tests as plain functions on arrays."""

from oilshock.inference.multiple import benjamini_hochberg, holm
from oilshock.inference.parametric import portfolio_t, t_critical, t_p_value, t_statistic
from oilshock.inference.result import (
    TestResult,
    no_result,
    normal_p_value,
    normal_result,
    student_p_value,
    student_result,
)
from oilshock.inference.size import NOMINAL, realised_size

__all__ = [
    "NOMINAL",
    "TestResult",
    "benjamini_hochberg",
    "holm",
    "no_result",
    "normal_p_value",
    "normal_result",
    "portfolio_t",
    "realised_size",
    "student_p_value",
    "student_result",
    "t_critical",
    "t_p_value",
    "t_statistic",
]
