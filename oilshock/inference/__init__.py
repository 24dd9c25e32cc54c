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
from oilshock.inference.multiple import benjamini_hochberg, holm
from oilshock.inference.parametric import (
    cross_sectional,
    crude_dependence,
    portfolio_t,
    skewness_adjusted,
    t_critical,
    t_p_value,
    t_statistic,
)
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

__all__ = [
    "ACROSS",
    "NOMINAL",
    "AcrossResult",
    "AcrossTest",
    "CarWeights",
    "EventSample",
    "GeneralisedRanks",
    "Selection",
    "TestResult",
    "across_events",
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
    "mean_correlation",
    "no_result",
    "normal_p_value",
    "normal_result",
    "panel_mean_correlation",
    "patell",
    "patell_kp",
    "portfolio_t",
    "rank_deviations",
    "realised_size",
    "restandardise",
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
