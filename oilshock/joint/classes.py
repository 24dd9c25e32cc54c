"""Rows of the joint table for classes of events: one dummy for all events of a class."""

from __future__ import annotations

import numpy as np

from oilshock.episodes import link_overlapping, link_values, merge_groups
from oilshock.inference import t_p_value, t_statistic
from oilshock.joint.parts import JointStudy
from oilshock.models.class_effect import ClassEffects, class_effect
from oilshock.options import JointCovariance
from oilshock.typing import Bool, Float, Int, Record, Window
from oilshock.words import listed


def class_rows(
    study: JointStudy, window: Window, *, covariance: JointCovariance, variance: Float | None
) -> list[Record]:
    """Estimate the classes of one CAR window, those of one event column in one regression.

    Parameters
    ----------
    study : JointStudy
        The study. Its group `all` is no class.
    window : tuple of int
        CAR window.
    covariance : {"classical", "garch", "placebo", "hac", "hc3", "cluster"}
        placebo is a law of single events: classes then have classical errors.
    variance : ndarray of shape (n_sessions,) or None
        Variance of each session's error up to a common factor.

    Returns
    -------
    list of dict
        Rows of the joint table.
    """
    columns = dict.fromkeys(name.split("=", 1)[0] for name in study.groups if "=" in name)
    return [
        row
        for column in columns
        for row in _rows_of_column(
            study, column, window=window, covariance=covariance, variance=variance
        )
    ]


def separate_episodes(study: JointStudy) -> Int:
    """Group events into episodes that share no session: merged where event windows overlap."""
    named = link_values(study.labels)
    return merge_groups(named, link_overlapping(study.position, window=study.window))


def _rows_of_column(
    study: JointStudy,
    column: str,
    *,
    window: Window,
    covariance: JointCovariance,
    variance: Float | None,
) -> list[Record]:
    names = [name for name in study.groups if name.split("=", 1)[0] == column]
    cover = study.cover(window)
    covered = np.stack([cover[study.groups[name]].any(axis=0) for name in names], axis=1)
    rows = study.free(np.asarray(covered.any(axis=1)))
    separate = separate_episodes(study)
    complete = cover.any(axis=1)
    episode = np.full(len(study.returns), -1, dtype=np.intp)
    for row in np.flatnonzero(complete):
        episode[study.held[row]] = separate[row]
    effects = class_effect(
        study.y[rows],
        study.design.x[rows],
        dummies=covered[rows],
        days=window[1] - window[0] + 1,
        sessions=rows,
        episode=episode[rows],
        n_episodes=np.array(
            [len(np.unique(separate[study.groups[name] & complete])) for name in names]
        ),
        covariance=covariance,
        variance=None if variance is None else variance[rows],
    )
    return _records(study, names, window=window, covered=covered, effects=effects, of=covariance)


def _records(
    study: JointStudy,
    names: list[str],
    *,
    window: Window,
    covered: Bool,
    effects: ClassEffects,
    of: JointCovariance,
) -> list[Record]:
    statistic = t_statistic(effects.effect, effects.std_error)
    p_value = t_p_value(statistic, effects.df)
    columns = (*study.design.names, *names)
    records = []
    for number, name in enumerate(names):
        own = covered[:, number]
        sharing = [names[i] for i in np.flatnonzero(covered[own].any(axis=0)) if i != number]
        confused = [columns[i] for i in np.flatnonzero(effects.confused[number])]
        others = [other for other in confused if other != name]
        reasons = [effects.reason[number]]
        if not own.any():
            reasons = ["no complete event"]
        elif confused:
            reasons.insert(0, f"cannot be told apart from {listed(others)}")
        elif sharing:
            reasons.append(
                f"told apart from {listed(sharing)} only by assuming the same effect on each day "
                "and event of a class"
            )
        records.append(
            {
                "id": name,
                "kind": "class",
                "start": window[0],
                "end": window[1],
                "sessions": np.flatnonzero(own),
                "estimate": effects.effect[number],
                "std_error": effects.std_error[number],
                "statistic": statistic[number],
                "p_value": p_value[number],
                "df": effects.df[number],
                "covariance": "classical" if of == "placebo" else of,
                "identified": "no" if confused else "yes",
                "shared_with": tuple(sharing),
                "reason": "; ".join(reason for reason in reasons if reason),
            }
        )
    return records
