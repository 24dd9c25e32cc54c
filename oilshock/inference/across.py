"""The tests across events by name, and a run of many over many windows and groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from oilshock.abnormal import cumulate
from oilshock.inference.grank import grank_t, grank_z
from oilshock.inference.kolari_pynnonen import bmp_kp, patell_kp
from oilshock.inference.parametric import (
    cross_sectional,
    crude_dependence,
    portfolio_t,
    skewness_adjusted,
)
from oilshock.inference.rank import rank_result
from oilshock.inference.result import TestResult
from oilshock.inference.sample import EventSample, Members, Selection
from oilshock.inference.sign import generalized_sign, sign_test, wilcoxon
from oilshock.inference.standardised import bmp, patell
from oilshock.options import Alternative
from oilshock.typing import Bool, Window

AcrossTest: TypeAlias = Callable[[Selection, Alternative], TestResult]
"""A test across events: the events selected and the alternative in, a record out."""


def _portfolio_t(chosen: Selection, alternative: Alternative) -> TestResult:
    return portfolio_t(chosen.car, chosen.std_error, alternative=alternative)


def _cross_sectional(chosen: Selection, alternative: Alternative) -> TestResult:
    return cross_sectional(chosen.car, alternative=alternative)


def _crude_dependence(chosen: Selection, alternative: Alternative) -> TestResult:
    past = chosen.members.estimation_aar
    n = chosen.n_events
    return crude_dependence(chosen.aar, estimation_aar=past, n_events=n, alternative=alternative)


def _patell(chosen: Selection, alternative: Alternative) -> TestResult:
    return patell(chosen.scar, df=chosen.df, alternative=alternative)


def _patell_kp(chosen: Selection, alternative: Alternative) -> TestResult:
    r = chosen.correlation
    return patell_kp(chosen.scar, df=chosen.df, correlation=r, alternative=alternative)


def _bmp(chosen: Selection, alternative: Alternative) -> TestResult:
    return bmp(chosen.scar, alternative=alternative)


def _bmp_kp(chosen: Selection, alternative: Alternative) -> TestResult:
    return bmp_kp(chosen.scar, correlation=chosen.correlation, alternative=alternative)


def _skewness_adjusted(chosen: Selection, alternative: Alternative) -> TestResult:
    return skewness_adjusted(chosen.car, alternative=alternative)


def _rank(chosen: Selection, alternative: Alternative) -> TestResult:
    return rank_result(
        "rank",
        chosen.members.rank_means,
        days=chosen.days,
        n_events=chosen.n_events,
        alternative=alternative,
    )


def _corrado_zivney(chosen: Selection, alternative: Alternative) -> TestResult:
    return rank_result(
        "corrado-zivney",
        chosen.members.zivney_scores,
        days=chosen.days,
        n_events=chosen.members.n_with_variance,
        alternative=alternative,
    )


def _grank_t(chosen: Selection, alternative: Alternative) -> TestResult:
    return grank_t(chosen.generalised_ranks, alternative=alternative)


def _grank_z(chosen: Selection, alternative: Alternative) -> TestResult:
    return grank_z(chosen.generalised_ranks, alternative=alternative)


def _generalized_sign(chosen: Selection, alternative: Alternative) -> TestResult:
    share = chosen.sample.positive_share[chosen.members.rows]
    return generalized_sign(chosen.car, positive_share=share, alternative=alternative)


def _sign(chosen: Selection, alternative: Alternative) -> TestResult:
    return sign_test(chosen.car, alternative=alternative)


def _wilcoxon(chosen: Selection, alternative: Alternative) -> TestResult:
    return wilcoxon(chosen.car, alternative=alternative)


ACROSS: Mapping[str, AcrossTest] = MappingProxyType(
    {
        "t": _portfolio_t,
        "cross-sectional": _cross_sectional,
        "crude-dependence": _crude_dependence,
        "patell": _patell,
        "patell-kp": _patell_kp,
        "bmp": _bmp,
        "bmp-kp": _bmp_kp,
        "skewness-adjusted": _skewness_adjusted,
        "rank": _rank,
        "corrado-zivney": _corrado_zivney,
        "grank-t": _grank_t,
        "grank-z": _grank_z,
        "generalized-sign": _generalized_sign,
        "sign": _sign,
        "wilcoxon": _wilcoxon,
    }
)
"""The tests across events that need a sample and nothing else, by their names."""


@dataclass(frozen=True)
class AcrossResult:
    """One test of one group over one window."""

    group: str
    window: Window
    result: TestResult


def across_events(
    sample: EventSample,
    *,
    windows: Sequence[Window],
    groups: Mapping[str, Bool],
    tests: Mapping[str, AcrossTest] = ACROSS,
    alternative: Alternative = "two-sided",
) -> Iterator[AcrossResult]:
    """Run tests across events: for each group, each window, each test.

    Parameters
    ----------
    sample : EventSample
        All events.
    windows : sequence of tuple of int
        Windows of relative days.
    groups : mapping of str to ndarray of shape (n_events,)
        Members of each group.
    tests : mapping of str to callable, default ACROSS
        The tests to run, by name.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Yields
    ------
    AcrossResult
        Each test takes the events of the group that have every day of the window.
    """
    estimates = {window: cumulate(sample.abnormal, window=window) for window in windows}
    complete = {window: sample.complete(window) for window in windows}
    for group, among in groups.items():
        known: dict[bytes, Members] = {}
        for window in windows:
            is_member = complete[window] & among
            members = known.setdefault(is_member.tobytes(), Members(sample, is_member))
            chosen = Selection(members, window, estimates[window])
            for test in tests.values():
                yield AcrossResult(group, window, test(chosen, alternative))
