"""Tests as plain functions on arrays."""

from oilshock.inference.attributes import (
    CONSTANT,
    AttributeDesign,
    AttributeRegression,
    attribute_design,
    regress_attributes,
)
from oilshock.inference.clustered import episode_sums, mean_of_episodes
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
from oilshock.inference.signed import SignedResult, share_as_expected, signed_average
from oilshock.inference.size import NOMINAL, realised_size
from oilshock.inference.two_sample import GroupDifference, group_difference

__all__ = [
    "CONSTANT",
    "NOMINAL",
    "AttributeDesign",
    "AttributeRegression",
    "GroupDifference",
    "SignedResult",
    "TestResult",
    "attribute_design",
    "benjamini_hochberg",
    "episode_sums",
    "group_difference",
    "holm",
    "mean_of_episodes",
    "no_result",
    "normal_p_value",
    "normal_result",
    "portfolio_t",
    "realised_size",
    "regress_attributes",
    "share_as_expected",
    "signed_average",
    "student_p_value",
    "student_result",
    "t_critical",
    "t_p_value",
    "t_statistic",
]
