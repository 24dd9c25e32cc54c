"""Small studies for the joint regression, and its matrices with every dummy written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from oilshock import StudyResult
from oilshock.episodes import find_episodes, labels_of
from oilshock.joint import JointStudy, joint_frame
from oilshock.models import Design
from oilshock.typing import Float, Int, Window
from oilshock.windows import estimation_windows


def toy(
    returns: Float,
    position: list[int],
    *,
    window: Window,
    length: int,
    gap: int,
    x: Float | None = None,
    names: tuple[str, ...] = ("constant",),
    within: int | None = None,
) -> JointStudy:
    at = np.array(position)
    ids = tuple("abcdefgh"[: len(position)])
    n = len(returns)
    x = np.ones((n, 1)) if x is None else x
    return JointStudy(
        returns=returns,
        design=Design(offset=np.zeros(n), x=x, names=names),
        sessions=pd.date_range("2020-01-01", periods=n),
        ids=ids,
        position=at,
        window=window,
        estimation=estimation_windows(at, length=length, gap=gap),
        labels=labels_of(find_episodes(ids, at, window=window, n_sessions=n, within=within)),
        groups={"all": np.ones(len(position), dtype=np.bool_)},
    )


def fit_toy(study: JointStudy, window: Window, **options: Any) -> pd.DataFrame:
    options = {"dummies": "day", "covariance": "classical", **options}
    return joint_frame(study, windows=[window], **options).set_index("id")


# Ten sessions. Estimation: returns 1, 3, 1, 3 of sessions 1 to 4: mean 2, variance 4/3, 3 degrees
# of freedom. Event a on session 6, b on 7, window [0, 1]: a holds 6 and 7, b holds 7 and 8.
HAND = np.array([np.nan, 1.0, 3.0, 1.0, 3.0, 99.0, 5.0, 10.0, -1.0, 0.0])


def hand_study() -> JointStudy:
    study = toy(HAND, [6, 7], window=(0, 1), length=4, gap=1)
    estimation = estimation_windows(np.array([6, 6]), length=4, gap=1)
    return JointStudy(**{**study.__dict__, "estimation": estimation})


def written_out(result: StudyResult, covered: Any = None) -> tuple[Float, Float, Int, Int]:
    """Lay out y, X with one unit column for each dummied session, the rows, those sessions."""
    estimates = result.estimates
    w0, w1 = estimates.abnormal.window
    n = len(estimates.market.returns)
    in_event = {s for p in estimates.position for s in range(p + w0, p + w1 + 1) if s < n}
    used = estimates.estimation
    rows = np.array(sorted(set(used.index[used.mask].tolist()) | in_event))
    dummied = np.array(sorted(in_event - (covered or set())))
    units = (rows[:, None] == dummied).astype(float)
    x = np.hstack([np.ones((len(rows), 1)), estimates.market.factors[rows], units])
    return estimates.market.returns[rows], x, rows, dummied
