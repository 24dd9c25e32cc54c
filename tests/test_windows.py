"""Windows against slow, plain twins, alone and through a whole study."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import dated, prices_on

from oilshock.errors import ConfigError
from oilshock.study import EventStudy
from oilshock.windows import (
    covered_sessions,
    estimation_windows,
    event_windows,
    overlapping,
)


def plain_estimation_window(
    position: int, *, length: int, gap: int, blocked: set[int] | None
) -> list[int]:
    """Walk back from the gap until `length` sessions are found, at most 3 lengths."""
    found: list[int] = []
    reach = length if blocked is None else 3 * length
    for session in range(position - gap - 1, position - gap - reach - 1, -1):
        if session >= 1 and session not in (blocked or set()) and len(found) < length:
            found.append(session)
    return found[::-1]


def plain_overlaps(position: list[int], *, window: tuple[int, int]) -> list[tuple[int, ...]]:
    spans = [set(range(p + window[0], p + window[1] + 1)) for p in position]
    return [
        tuple(j for j, other in enumerate(spans) if j != i and own & other)
        for i, own in enumerate(spans)
    ]


@given(
    st.lists(st.integers(0, 79), min_size=1, max_size=6),
    st.integers(1, 20),
    st.integers(0, 8),
    st.one_of(st.none(), st.sets(st.integers(0, 79))),
)
def test_estimation_windows_equal_the_plain_twin(
    position: list[int], length: int, gap: int, blocked: set[int] | None
) -> None:
    marks = None if blocked is None else np.isin(np.arange(80), list(blocked))
    windows = estimation_windows(np.array(position), length=length, gap=gap, blocked=marks)
    assert windows.index.shape == (len(position), length)
    for row, day in enumerate(position):
        expected = plain_estimation_window(day, length=length, gap=gap, blocked=blocked)
        assert windows.index[row][windows.mask[row]].tolist() == expected
        assert windows.n_obs[row] == len(expected)
        assert windows.first[row] == (expected[0] if expected else -1)
        assert windows.last[row] == (expected[-1] if expected else -1)


def test_default_estimation_window_is_minus_130_to_minus_11() -> None:
    windows = estimation_windows(np.array([131]), length=120, gap=10)
    assert windows.index[0].tolist() == list(range(1, 121))
    assert estimation_windows(np.array([130]), length=120, gap=10).n_obs.tolist() == [119]


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=6),
    st.integers(0, 6),
    st.integers(0, 12),
)
def test_event_windows_hold_the_sessions_that_exist(
    position: list[int], before: int, after: int
) -> None:
    index, present = event_windows(np.array(position), window=(-before, after), n_sessions=41)
    for row, day in enumerate(position):
        wanted = list(range(day - before, day + after + 1))
        assert present[row].tolist() == [1 <= session <= 40 for session in wanted]
        assert index[row][present[row]].tolist() == [s for s in wanted if 1 <= s <= 40]
        assert (index[row][~present[row]] == 0).all()
    covered = covered_sessions(np.array(position), window=(-before, after), n_sessions=41)
    sessions = {s for day in position for s in range(day - before, day + after + 1)}
    assert np.flatnonzero(covered).tolist() == sorted(s for s in sessions if 1 <= s <= 40)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=10), st.integers(0, 5), st.integers(0, 10))
def test_overlaps_equal_brute_force(position: list[int], before: int, after: int) -> None:
    window = (-before, after)
    assert overlapping(np.array(position), window=window) == tuple(
        plain_overlaps(position, window=window)
    )


# Through a whole study: L = 12, gap = 3, window [-2, 3]; session number = day number.

LENGTH, GAP, WINDOW, SIZE = 12, 3, (-2, 3), 120
RNG = np.random.default_rng(8)
PRICES = prices_on(70.0 * np.exp(np.cumsum(RNG.normal(0.0, 0.02, SIZE))))


def day(session: int) -> str:
    return f"{PRICES.index[0] + pd.Timedelta(days=session):%Y-%m-%d}"


def ledger_of(position: list[int], **options: object) -> pd.DataFrame:
    events = [{"id": f"e{i}", "date": day(p), "title": f"E{i}"} for i, p in enumerate(position)]
    study = EventStudy(
        PRICES,
        [*events, {"id": "anchor", "date": day(16), "title": "Anchor"}],
        estimation=LENGTH,
        gap=GAP,
        window=WINDOW,
        **options,  # type: ignore[arg-type]
    )
    return study.fit().events.set_index("event_id")


@settings(max_examples=25)
@given(st.lists(st.integers(1, SIZE - 1), min_size=1, max_size=14, unique=True))
def test_excluded_events_equal_the_plain_twin_end_to_end(position: list[int]) -> None:
    """The anchor, on session 16, always has its 12 returns: sessions 1 to 12 less nothing."""
    position = [p for p in position if p >= 24]
    ledger = ledger_of(position, exclude_events=True)
    # "ok before this rule": every event here has 16 sessions before it.
    blocked = {s for p in [*position, 16] for s in range(p - 2, p + 4)}
    for row, own in enumerate(position):
        expected = plain_estimation_window(own, length=LENGTH, gap=GAP, blocked=blocked)
        found = ledger.loc[f"e{row}"]
        if len(expected) < LENGTH:
            assert found["status"] == "left_out"
            assert found["reason"] == (
                f"needs 12 estimation returns free of other events, "
                f"has {len(expected)} within 36 sessions"
            )
            assert pd.isna(found["estimation_start"])
        else:
            assert found["status"] == "ok"
            assert f"{found['estimation_start']:%Y-%m-%d}" == day(expected[0])
            assert f"{found['estimation_end']:%Y-%m-%d}" == day(expected[-1])
            assert found["n_estimation"] == LENGTH


def test_an_excluded_event_changes_the_fit_and_the_start_is_shown() -> None:
    plain, cut = ledger_of([60, 52]), ledger_of([60, 52], exclude_events=True)
    # Of 45..56 the other event takes 50..55; 39..44 make up for them.
    assert f"{plain.loc['e0', 'estimation_start']:%Y-%m-%d}" == day(45)
    assert f"{cut.loc['e0', 'estimation_start']:%Y-%m-%d}" == day(39)
    assert f"{cut.loc['e0', 'estimation_end']:%Y-%m-%d}" == day(56)


def test_an_event_that_is_left_out_already_blocks_nothing() -> None:
    # Session 15 is too early for itself (needs 16) and must not cut into the others' windows.
    ledger = ledger_of([15, 26], exclude_events=True)
    assert ledger.loc["e0", "reason"] == "needs 16 sessions before it, has 15"
    only = ledger_of([26], exclude_events=True)
    assert ledger.loc["e1", "estimation_start"] == only.loc["e0", "estimation_start"]


def test_min_estimation_keeps_an_early_event_with_what_it_has() -> None:
    strict = ledger_of([14])
    assert strict.loc["e0", "reason"] == "needs 16 sessions before it, has 14"
    ledger = ledger_of([14, 11, 12], min_estimation=8)
    assert ledger["status"].tolist() == ["ok", "left_out", "ok", "ok"]
    assert ledger["n_estimation"].tolist() == [10, pd.NA, 8, 12]
    assert ledger.loc["e1", "reason"] == "needs 12 sessions before it, has 11"
    assert f"{ledger.loc['e0', 'estimation_start']:%Y-%m-%d}" == day(1)


def test_min_estimation_above_estimation_is_refused() -> None:
    with pytest.raises(ConfigError, match="min_estimation"):
        ledger_of([60], min_estimation=13)


def test_windows_of_the_toy_prices_are_in_sessions() -> None:
    row = ledger_of([60]).loc["e0"]
    assert f"{row['window_start']:%Y-%m-%d}" == day(58)
    assert f"{row['window_end']:%Y-%m-%d}" == day(63)
    only = EventStudy(PRICES, dated(day(60)), estimation=12, gap=3, window=(0, 0)).fit().events
    assert only["window_start"].tolist() == only["window_end"].tolist() == [pd.Timestamp(day(60))]
