"""Tests as plain functions on arrays."""

from oilshock.inference.across import ACROSS, AcrossResult, AcrossTest, across_events
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
from oilshock.inference.size import NOMINAL, realised_size
from oilshock.inference.standardised import bmp, patell
from oilshock.inference.stepdown import joint_draws, placebo_caar, romano_wolf

__all__ = [
    "ACROSS",
    "NOMINAL",
    "AcrossResult",
    "AcrossTest",
    "CarWeights",
    "EventSample",
    "GeneralisedRanks",
    "PlaceboLaw",
    "PlaceboRating",
    "Selection",
    "TestResult",
    "across_events",
    "adjust_p_values",
    "benjamini_hochberg",
    "bmp",
    "bmp_kp",
    "car_weights",
    "corrado_rank",
    "corrado_zivney",
    "correlation_matrix",
    "cross_sectional",
    "crude_dependence",
    "generalised_ranks",
    "generalized_sign",
    "grank_t",
    "grank_z",
    "holm",
    "joint_draws",
    "mean_correlation",
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
    "restandardise",
    "romano_wolf",
    "select",
    "sign_test",
    "skewness_adjusted",
    "standardised_ranks",
    "student_p_value",
    "student_result",
    "t_critical",
    "t_p_value",
    "t_statistic",
    "wilcoxon",
]
