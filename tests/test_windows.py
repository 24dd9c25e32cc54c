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


def plain_start(ledger: pd.DataFrame, name: str) -> str:
    return f"{ledger.loc[name, 'estimation_start']:%Y-%m-%d}"


def test_the_rule_is_applied_once() -> None:
    """An event that the rule itself leaves out still cuts its window out of the others'."""
    # e0 on 60: 36 sessions back are 21..56; e1 to e5 (44, 38, 32, 26, 20) cover 18..47: 9 are left.
    crowd = [60, 44, 38, 32, 26, 20]
    ledger = ledger_of([*crowd, 70], exclude_events=True)
    left_out = ledger.index[ledger["status"] == "left_out"].tolist()
    assert "e0" in left_out
    # e6 on 70: 55..66 less the window of e0 (58..63), so 12 are 55..57, 64..66 and 6 before 55.
    found = ledger.loc["e6"]
    assert found["status"] == "ok"
    assert plain_start(ledger, "e6") == day(49)


def test_min_estimation_allows_fewer_with_events_cut_out() -> None:
    crowd = [60, 44, 38, 32, 26, 20]
    strict = ledger_of(crowd, exclude_events=True).loc["e0"]
    assert strict["reason"] == (
        "needs 12 estimation returns free of other events, has 9 within 36 sessions"
    )
    loose = ledger_of(crowd, exclude_events=True, min_estimation=9)
    assert loose.loc["e0", "status"] == "ok"
    assert loose.loc["e0", "n_estimation"] == 9
    assert plain_start(loose, "e0") == day(48)
    assert ledger_of(crowd, exclude_events=True, min_estimation=10).loc["e0", "status"] == (
        "left_out"
    )


def test_the_window_reaches_back_3_lengths_and_no_further() -> None:
    # 36 sessions before the gap of an event on 80 are 41..76. Windows of six sessions side by side
    # leave 12 of them free only if the first, 41, is one.
    others = [76 - 6 * n for n in range(4)]  # cover 56..79
    free_before = ledger_of([80, *others, 45], exclude_events=True)  # 45 covers 43..48
    # 41, 42 and 49..55 are free: 9 returns; 40 would be the tenth, and is too far back.
    assert free_before.loc["e0", "reason"].endswith("has 9 within 36 sessions")


def test_endogenous_events_and_those_after_the_end_block_nothing() -> None:
    events = [
        {"id": "own", "date": day(60), "title": "Own"},
        {"id": "price", "date": day(52), "title": "Price record", "endogenous": "yes"},
        {"id": "late", "date": "2031-01-01", "title": "Late"},
    ]
    study = EventStudy(
        PRICES, events, estimation=LENGTH, gap=GAP, window=WINDOW, exclude_events=True
    )
    ledger = study.fit().events.set_index("event_id")
    assert ledger["status"].tolist() == ["ok", "left_out", "left_out"]
    assert plain_start(ledger, "own") == day(45)


def test_what_is_cut_out_does_not_enter_the_estimate() -> None:
    """A jump inside the other event's window must not move the mean or the variance."""
    jump = PRICES.copy()
    jump.iloc[52:] *= 1.5  # a return of 40 % on session 52
    events = [{"id": f"e{p}", "date": day(p), "title": f"E{p}"} for p in (60, 52)]

    def first(prices: pd.Series, *, exclude: bool) -> pd.Series:
        study = EventStudy(
            prices, events, estimation=LENGTH, gap=GAP, window=WINDOW, exclude_events=exclude
        )
        return study.fit().car(0, 0).iloc[0][["car", "std_error"]].astype(float)

    np.testing.assert_allclose(first(jump, exclude=True), first(PRICES, exclude=True), rtol=1e-10)
    assert first(jump, exclude=False)["std_error"] > 2 * first(PRICES, exclude=False)["std_error"]
