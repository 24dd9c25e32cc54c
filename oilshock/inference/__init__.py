"""Tests as plain functions on arrays."""

from oilshock.inference.multiple import adjust_p_values, benjamini_hochberg, holm
from oilshock.inference.parametric import portfolio_t, t_critical, t_p_value, t_statistic
from oilshock.inference.placebo import PlaceboLaw, PlaceboRating
from oilshock.inference.result import (
    TestResult,
    no_result,
    normal_p_value,
    normal_result,
    student_p_value,
    student_result,
)
from oilshock.inference.size import NOMINAL, realised_size
from oilshock.inference.stepdown import joint_draws, placebo_caar, romano_wolf

__all__ = [
    "NOMINAL",
    "PlaceboLaw",
    "PlaceboRating",
    "TestResult",
    "adjust_p_values",
    "benjamini_hochberg",
    "holm",
    "joint_draws",
    "no_result",
    "normal_p_value",
    "normal_result",
    "placebo_caar",
    "portfolio_t",
    "realised_size",
    "romano_wolf",
    "student_p_value",
    "student_result",
    "t_critical",
    "t_p_value",
    "t_statistic",
]
