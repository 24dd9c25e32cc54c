"""What all tests across events cost: a ratio to a plain numpy pass over the same windows."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from oilshock.abnormal import abnormal_returns
from oilshock.inference import ACROSS, EventSample, across_events
from oilshock.models import build_design, fit_ols
from oilshock.windows import estimation_windows, event_windows

N_EVENTS, LENGTH, GAP, WINDOW, ROUNDS = 1_000, 120, 10, (-5, 10), 7
WINDOWS = [(day, day) for day in range(-5, 11)] + [(-1, 1), (0, 5), (-5, 10), (0, 10)]
RETURNS = np.random.default_rng(1).standard_t(5, 10_000) * 0.02
POSITION = np.sort(np.random.default_rng(2).integers(200, 9_900, N_EVENTS))
DESIGN = build_design("mean", factors=np.empty((len(RETURNS), 0)), names=())


def new_sample() -> EventSample:
    """A fresh sample, so that nothing is known from the round before."""
    estimation = estimation_windows(POSITION, length=LENGTH, gap=GAP)
    fit = fit_ols(RETURNS[estimation.index], DESIGN.x[estimation.index], mask=estimation.mask)
    index, present = event_windows(POSITION, window=WINDOW, n_sessions=len(RETURNS))
    abnormal = abnormal_returns(
        RETURNS, DESIGN, fit=fit, index=index, present=present, window=WINDOW
    )
    return EventSample(abnormal=abnormal, estimation=estimation, position=POSITION, x=DESIGN.x)


def all_tests(sample: EventSample) -> int:
    everyone = {"all": np.ones(N_EVENTS, dtype=np.bool_)}
    found = list(across_events(sample, windows=WINDOWS, groups=everyone, tests=ACROSS))
    assert all(np.isfinite(each.result.statistic) for each in found)
    return len(found)


def plain_pass() -> int:
    """For each window: its returns and those before it, mean, spread, t, and one sort."""
    estimation = POSITION[:, np.newaxis] - GAP - LENGTH + np.arange(LENGTH)
    total = 0.0
    for start, end in WINDOWS:
        past = RETURNS[estimation]
        days = RETURNS[POSITION[:, np.newaxis] + np.arange(start, end + 1)]
        mean, spread = past.mean(axis=1), past.std(axis=1, ddof=1)
        t = (days.sum(axis=1) - days.shape[1] * mean) / (spread * np.sqrt(days.shape[1]))
        order = np.hstack([past, days]).argsort(axis=1)
        total += float(t.sum()) + float(order[0, 0])
    return int(np.isfinite(total))


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def bench_across() -> None:
    ours, plain = [], []
    for _ in range(ROUNDS):  # in turns, so that a busy moment hits both alike
        sample = new_sample()
        ours.append(seconds(lambda one=sample: all_tests(one)))
        plain.append(seconds(plain_pass))
    ratio = min(ours) / min(plain)
    print(
        f"\n{len(ACROSS)} tests, {len(WINDOWS)} windows, {N_EVENTS} events: "
        f"{min(ours):.3f} s, {ratio:.2f} times a plain pass ({min(plain):.3f} s); limit 4"
    )
    assert ratio < 4.0
    assert min(ours) < 0.2
