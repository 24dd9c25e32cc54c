"""Tests as plain functions on arrays."""

from oilshock.inference.across import ACROSS, AcrossResult, AcrossTest, across_events
from oilshock.inference.attributes import (
    CONSTANT,
    AttributeDesign,
    AttributeRegression,
    attribute_design,
    regress_attributes,
)
from oilshock.inference.clustered import episode_sums, mean_of_episodes
from oilshock.inference.grank import GeneralisedRanks, generalised_ranks, grank_t, grank_z
from oilshock.inference.kolari_pynnonen import (
    CarWeights,
    bmp_kp,
    car_weights,
    correlation_matrix,
    mean_correlation,
    panel_mean_correlation,
    patell_kp,
)
from oilshock.inference.multiple import adjust_p_values, benjamini_hochberg, holm
from oilshock.inference.parametric import (
    cross_sectional,
    crude_dependence,
    portfolio_t,
    skewness_adjusted,
    t_critical,
    t_p_value,
    t_statistic,
)
from oilshock.inference.placebo import PlaceboLaw, PlaceboRating
from oilshock.inference.rank import (
    corrado_rank,
    corrado_zivney,
    rank_deviations,
    restandardise,
    standardised_ranks,
)
from oilshock.inference.result import (
    TestResult,
    no_result,
    normal_p_value,
    normal_result,
    student_p_value,
    student_result,
)
from oilshock.inference.sample import EventSample, Selection, select
from oilshock.inference.sign import generalized_sign, sign_test, wilcoxon
from oilshock.inference.signed import SignedResult, share_as_expected, signed_average
from oilshock.inference.size import NOMINAL, realised_size
from oilshock.inference.standardised import bmp, patell
from oilshock.inference.stepdown import joint_draws, placebo_caar, romano_wolf
from oilshock.inference.two_sample import GroupDifference, group_difference

__all__ = [
    "ACROSS",
    "CONSTANT",
    "NOMINAL",
    "AcrossResult",
    "AcrossTest",
    "AttributeDesign",
    "AttributeRegression",
    "CarWeights",
    "EventSample",
    "GeneralisedRanks",
    "GroupDifference",
    "PlaceboLaw",
    "PlaceboRating",
    "Selection",
    "SignedResult",
    "TestResult",
    "across_events",
    "adjust_p_values",
    "attribute_design",
    "benjamini_hochberg",
    "bmp",
    "bmp_kp",
    "car_weights",
    "corrado_rank",
    "corrado_zivney",
    "correlation_matrix",
    "cross_sectional",
    "crude_dependence",
    "episode_sums",
    "generalised_ranks",
    "generalized_sign",
    "grank_t",
    "grank_z",
    "group_difference",
    "holm",
    "joint_draws",
    "mean_correlation",
    "mean_of_episodes",
    "no_result",
    "normal_p_value",
    "normal_result",
    "panel_mean_correlation",
    "patell",
    "patell_kp",
    "placebo_caar",
    "portfolio_t",
    "rank_deviations",
    "realised_size",
    "regress_attributes",
    "restandardise",
    "romano_wolf",
    "select",
    "share_as_expected",
    "sign_test",
    "signed_average",
    "skewness_adjusted",
    "standardised_ranks",
    "student_p_value",
    "student_result",
    "t_critical",
    "t_p_value",
    "t_statistic",
    "wilcoxon",
]
