"""What moves the price more: attributes, groups, and directions compared over one window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.inference import (
    CONSTANT,
    AttributeDesign,
    GroupDifference,
    SignedResult,
    TestResult,
    attribute_design,
    group_difference,
    regress_attributes,
    share_as_expected,
    signed_average,
)
from oilshock.options import Alternative, RegressionWeights
from oilshock.tables import EXTRA_COLUMNS
from oilshock.typing import Bool, Float, Int, Record, Window
from oilshock.words import count

TIGHTENING, EASING = "direction=+", "direction=-"
SIGNS = {"+": 1.0, "-": -1.0}
BASE_LEVEL = "base level"
FEW_EPISODES = 20
"""Errors between fewer episodes than this, some of several events, are themselves unsure."""


@dataclass(frozen=True, eq=False)
class CarSample:
    """The CARs of one window, beside their events.

    Parameters
    ----------
    window : tuple of int
        The CAR window.
    car, std_error : ndarray of shape (n_events,)
        CARs, NaN where the window is not complete, and their standard errors.
    events : DataFrame of n_events rows
        The events' columns.
    position : ndarray of shape (n_events,)
        Session of each event.
    """

    window: Window
    car: Float
    std_error: Float
    events: pd.DataFrame
    position: Int

    @property
    def episode(self) -> Int:
        """Episode of each event; see `window_episodes`."""
        return window_episodes(self.position, window=self.window)

    @property
    def direction(self) -> Float:
        """Direction expected beforehand: 1, -1, or NaN for none."""
        return np.asarray(self.events["direction"].map(SIGNS), dtype=np.float64)

    @property
    def is_complete(self) -> Bool:
        """True for events that have a CAR."""
        return ~np.isnan(self.car)


def window_episodes(position: Int, *, window: Window) -> Int:
    """Label the episodes: events whose CAR windows share a session, directly or in a chain.

    For one day these are the events of one session. Their CARs are made of the same returns,
    so they are never independent.

    Examples
    --------
    >>> window_episodes(np.array([50, 10, 11, 12]), window=(0, 1)).tolist()
    [1, 0, 0, 0]
    >>> window_episodes(np.array([50, 10, 11, 10]), window=(0, 0)).tolist()
    [2, 0, 1, 0]
    """
    order = np.argsort(position, kind="stable")
    starts_new = np.diff(position[order]) > window[1] - window[0]
    episode = np.zeros(len(position), dtype=np.intp)
    episode[order] = np.concatenate([[0], np.cumsum(starts_new)])[: len(position)]
    return episode


def members(events: pd.DataFrame, group: str) -> Bool:
    """Mark the events of a group such as `category=conflict`.

    Examples
    --------
    >>> members(pd.DataFrame({"kind": ["a", "b"]}), "kind=b").tolist()
    [False, True]
    """
    column, _, value = group.partition("=")
    values = events[column].astype("string").fillna("")
    return np.asarray((values == value).to_numpy(dtype=np.bool_))


def regression_rows(
    sample: CarSample,
    *,
    attributes: Sequence[str],
    weights: RegressionWeights,
    alpha: float,
) -> list[Record]:
    """Regress the CARs on attributes: a row per term, and one per level that has none."""
    usable = sample.is_complete
    if weights == "inverse-variance":
        usable &= sample.std_error > 0
    design = attribute_design(sample.events, usable, attributes=attributes)
    variance = sample.std_error**2 if weights == "inverse-variance" else None
    fitted = regress_attributes(sample.car, design, variance=variance, alpha=alpha)
    episode = sample.episode[design.used]
    notes = {CONSTANT: _dependence(len(episode), len(np.unique(episode))), **design.notes}
    rows: list[Record] = [
        {
            "term": term,
            "estimate": fitted.estimate[place],
            "std_error": fitted.std_error[place],
            "statistic": fitted.statistic[place],
            "p_value": fitted.p_value[place],
            "ci_low": fitted.ci_low[place],
            "ci_high": fitted.ci_high[place],
            "n_events": design.n_events[place],
            "n_episodes": len(np.unique(episode[_of_term(design, place)])),
            "df": float(fitted.df),
            "reason": fitted.reason or notes.get(term, ""),
        }
        for place, term in enumerate(design.terms)
    ]
    for term, n_events in design.bases.items():
        of_base = members(sample.events, term)[design.used]
        n_episodes = len(np.unique(episode[of_base]))
        rows.append(
            {"term": term, "n_events": n_events, "n_episodes": n_episodes, "reason": BASE_LEVEL}
        )
    rows += [
        {"term": term, "n_events": 0, "n_episodes": 0, "reason": note}
        for term, note in design.notes.items()
        if term not in design.terms
    ]
    null = "events that differ in this term alone have the same mean CAR"
    blank = _row(sample, "regression", null=null)
    places = {name: place for place, name in enumerate([CONSTANT, *attributes])}

    def order(row: Record) -> tuple[int, bool, str]:
        term = str(row["term"])
        return places[term.partition("=")[0]], term not in design.bases, term

    return [{**blank, **row} for row in sorted(rows, key=order)]


def _of_term(design: AttributeDesign, place: int) -> Bool:
    """Mark the events that a column rests on: those of its level, else all."""
    is_level = "=" in design.terms[place]
    column = design.x[:, place]
    return np.asarray(column > 0) if is_level else np.ones(len(column), dtype=np.bool_)


def _dependence(n_events: int, n_episodes: int) -> str:
    if n_episodes == n_events:
        return ""
    return (
        f"{count(n_events, 'event')} in {count(n_episodes, 'episode')} whose windows share "
        "sessions are taken as independent"
    )


def _row(sample: CarSample, kind: str, *, null: str) -> Record:
    missing = dict.fromkeys(EXTRA_COLUMNS["comparison"], np.nan)
    start, end = sample.window
    return {**missing, "kind": kind, "start": start, "end": end, "reason": "", "null": null}


def contrast_row(
    sample: CarSample,
    *,
    first: str,
    second: str,
    alternative: Alternative = "two-sided",
    alpha: float,
    draws: int,
    seed: int,
) -> Record:
    """Compare the mean CARs of two groups by permutation; events of both are left out."""
    in_first, in_second = members(sample.events, first), members(sample.events, second)
    found = _difference(
        sample,
        sample.car,
        in_first,
        in_second,
        alternative=alternative,
        alpha=alpha,
        draws=draws,
        seed=seed,
    )
    null = f"whether an event is of {first} or of {second} has nothing to do with its CAR"
    row = _row(sample, "contrast", null=null)
    return {**row, "term": f"{first} vs {second}", **found}


def asymmetry_row(
    sample: CarSample,
    *,
    alternative: Alternative = "two-sided",
    alpha: float,
    draws: int,
    seed: int,
) -> Record:
    """Compare tightening with easing in absolute size: mean CAR of + with mean -CAR of -."""
    found = _difference(
        sample,
        sample.car * sample.direction,
        sample.direction > 0,
        sample.direction < 0,
        alternative=alternative,
        alpha=alpha,
        draws=draws,
        seed=seed,
    )
    null = "events expected to tighten and to ease move the price by as much"
    return {
        **_row(sample, "asymmetry", null=null),
        "term": f"{TIGHTENING} vs {EASING}",
        **found,
    }


def _difference(
    sample: CarSample,
    values: Float,
    in_first: Bool,
    in_second: Bool,
    *,
    alternative: Alternative,
    alpha: float,
    draws: int,
    seed: int,
) -> Record:
    rows = (in_first ^ in_second) & sample.is_complete
    n_both = int((in_first & in_second).sum())
    found = group_difference(
        values[rows],
        in_first[rows],
        episode=sample.episode[rows],
        alternative=alternative,
        alpha=alpha,
        draws=draws,
        seed=seed,
    )
    return {
        "estimate": found.difference,
        "std_error": found.std_error,
        "statistic": found.statistic,
        "p_value": found.p_value,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "n_events": found.n_events,
        "n_episodes": found.n_episodes,
        "df": found.df,
        "reason": _difference_notes(found, n_both=n_both),
    }


def _difference_notes(found: GroupDifference, *, n_both: int) -> str:
    notes = [found.reason] if found.reason else []
    if n_both:
        notes.append(f"{count(n_both, 'event')} of both groups left out")
    if found.n_mixed:
        notes.append(f"{count(found.n_mixed, 'event')} left out, in episodes that hold both groups")
    if found.is_exact:
        notes.append(f"exact, over {found.n_splits:,} splits")
    return "; ".join(notes)


def signed_rows(sample: CarSample, *, alpha: float) -> list[Record]:
    """Average the CARs in the direction expected, and count those that went that way."""
    rows = sample.is_complete & ~np.isnan(sample.direction)
    signed, episode = (sample.car * sample.direction)[rows], sample.episode[rows]
    average = signed_average(signed, episode=episode, alpha=alpha)
    is_sure = average.n_episodes in (0, average.n_events) or average.n_episodes >= FEW_EPISODES
    unsure = f"only {count(average.n_episodes, 'episode')}: the error is unsure"
    share = share_as_expected(signed, episode=episode, alpha=alpha)
    return [
        _signed_row(
            sample,
            average,
            kind="signed-average",
            term="cross-sectional",
            null="the mean CAR in the direction expected is not above zero",
            reason=average.reason or ("" if is_sure else unsure),
        ),
        _signed_row(
            sample,
            share,
            kind="share-as-expected",
            term="binomial",
            null="the CARs of each episode could as well all have had the opposite sign",
            reason=share.reason,
        ),
    ]


def placebo_row(average: Record, *, found: TestResult) -> Record:
    """Rate the average of `signed_rows` among random sets of ordinary sessions."""
    return {
        **average,
        "term": "placebo",
        "std_error": np.nan,
        "statistic": found.statistic,
        "p_value": found.p_value,
        "ci_low": np.nan,
        "ci_high": np.nan,
        "n_events": found.n_events,
        "df": np.nan,
        "reason": found.reason,
        "null": f"{found.null}, taken in the direction expected",
    }


def _signed_row(
    sample: CarSample, found: SignedResult, *, kind: str, term: str, null: str, reason: str
) -> Record:
    return {
        **_row(sample, kind, null=null),
        "term": term,
        "estimate": found.estimate,
        "std_error": found.std_error,
        "statistic": found.statistic,
        "p_value": found.p_value,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "n_events": found.n_events,
        "n_episodes": found.n_episodes,
        "df": found.df,
        "reason": reason,
    }


def has_directions(events: pd.DataFrame, *, at_least: int = 2) -> bool:
    """Say whether enough events have a direction, + or -, expected beforehand."""
    return int(events["direction"].isin(list(SIGNS)).sum()) >= at_least


def comparison_frame(rows: Sequence[Record]) -> pd.DataFrame:
    """Lay rows out with the columns of `comparison.csv` and `null`, the null in words."""
    frame = pd.DataFrame(list(rows), columns=[*EXTRA_COLUMNS["comparison"], "null"])
    return frame.astype(dict.fromkeys(("start", "end", "n_events", "n_episodes"), np.int64))
