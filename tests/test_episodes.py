"""Episodes against brute force: chains, columns, names, and who shares which sessions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import CLOSE, brent

from oilshock.config import config_from_dict
from oilshock.episodes import (
    find_episodes,
    holders,
    labels_of,
    link_overlapping,
    link_values,
    link_within,
    merge_groups,
)
from oilshock.errors import ConfigError
from oilshock.events import load_events
from oilshock.inputs import refuse_unknown_groups
from oilshock.study import EventStudy
from oilshock.typing import Int
from oilshock.windows import overlapping

POSITIONS = st.lists(st.integers(10, 60), min_size=1, max_size=12)


def components(n: int, linked: set[tuple[int, int]]) -> set[frozenset[int]]:
    """Connected components by walking every link again and again."""
    sets = [{row} for row in range(n)]
    for _ in range(n):
        for i, j in linked:
            both = sets[i] | sets[j]
            for row in both:
                sets[row] = both
    return {frozenset(one) for one in sets}


def as_sets(group: Int) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(group == number).tolist()) for number in set(group.tolist())}


@given(POSITIONS, st.integers(0, 12))
def test_chains_equal_connected_components(position: list[int], sessions: int) -> None:
    n = len(position)
    linked = {
        (i, j) for i in range(n) for j in range(n) if abs(position[i] - position[j]) <= sessions
    }
    assert as_sets(link_within(np.array(position), sessions=sessions)) == components(n, linked)


@given(POSITIONS, st.integers(0, 5), st.integers(0, 10))
def test_by_default_an_episode_is_what_overlaps(
    position: list[int], before: int, after: int
) -> None:
    window = (-before, after)
    near = overlapping(np.array(position), window=window)
    linked = {(i, j) for i, others in enumerate(near) for j in others}
    found = link_overlapping(np.array(position), window=window)
    assert as_sets(found) == components(len(position), linked)


def test_a_chain_by_hand() -> None:
    # Sessions 3, 5, 7 | 11 | 14 with steps of at most 2; 11 to 14 is 3.
    assert link_within(np.array([7, 14, 3, 11, 5]), sessions=2).tolist() == [0, 2, 0, 1, 0]


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=10),
)
def test_merging_keeps_both_and_is_idempotent(pairs: list[tuple[int, int]]) -> None:
    one, other = (np.array(column) for column in zip(*pairs, strict=True))
    merged = merge_groups(one, other)
    n = len(pairs)
    linked = {
        (i, j) for i in range(n) for j in range(n) if one[i] == one[j] or other[i] == other[j]
    }
    assert as_sets(merged) == components(n, linked)
    assert as_sets(merge_groups(merged, other)) == as_sets(merged)
    assert as_sets(merge_groups(merged, merged)) == as_sets(merged)


def test_events_without_a_value_stand_alone() -> None:
    assert as_sets(link_values(["war", "", "war", "", "opec"])) == {
        frozenset(rows) for rows in ([0, 2], [1], [3], [4])
    }


@given(POSITIONS, st.randoms())
def test_the_order_of_the_events_does_not_matter(position: list[int], random: object) -> None:
    ids = [f"e{row}" for row in range(len(position))]
    shuffled = list(range(len(position)))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    there = find_episodes(ids, np.array(position), window=(-1, 2), n_sessions=80)
    ids2 = [ids[row] for row in shuffled]
    back = find_episodes(ids2, np.array(position)[shuffled], window=(-1, 2), n_sessions=80)
    assert dict(zip(ids, labels_of(there), strict=True)) == dict(
        zip(ids2, labels_of(back), strict=True)
    )
    assert [
        (e.label, [ids[m] for m in e.members], e.first, e.last, [p.sessions for p in e.shared])
        for e in there
    ] == [
        (e.label, [ids2[m] for m in e.members], e.first, e.last, [p.sessions for p in e.shared])
        for e in back
    ]


@given(POSITIONS)
def test_shared_sessions_equal_brute_force(position: list[int]) -> None:
    n_sessions = 65  # the windows of the last events are cut off
    ids = [f"e{row}" for row in range(len(position))]
    windows = [{s for s in range(p - 2, p + 6) if 1 <= s < n_sessions} for p in position]
    found = find_episodes(ids, np.array(position), window=(-2, 5), n_sessions=n_sessions)
    seen: dict[int, set[int]] = {}
    for episode in found:
        assert episode.first == min(min(windows[row]) for row in episode.members)
        assert episode.last == max(max(windows[row]) for row in episode.members)
        for part in episode.shared:
            for session in part.sessions:
                assert session not in seen
                seen[session] = set(part.events)
    expected = {s: {row for row, own in enumerate(windows) if s in own} for s in range(n_sessions)}
    assert seen == {s: rows for s, rows in expected.items() if len(rows) > 1}


def test_names_come_from_the_column_else_from_the_first_event() -> None:
    found = find_episodes(
        ["late", "early", "lone", "war"],
        np.array([20, 15, 40, 60]),
        window=(0, 1),
        n_sessions=80,
        values=["war", "war", "", ""],
    )
    # The last event's id is taken by the column's value.
    assert [episode.label for episode in found] == ["war", "lone", "war (2)"]
    assert [episode.members for episode in found] == [(1, 0), (2,), (3,)]
    by_rule = find_episodes(
        ["late", "early", "lone"],
        np.array([20, 15, 40]),
        window=(0, 1),
        n_sessions=80,
        within=5,
    )
    assert [episode.label for episode in by_rule] == ["early +1 more", "lone"]


def test_sessions_shared_across_episodes_are_named_in_both() -> None:
    found = find_episodes(["a", "b"], np.array([20, 21]), window=(0, 1), n_sessions=80, within=0)
    assert [episode.label for episode in found] == ["a", "b"]
    assert found[0].shared == found[1].shared
    assert found[0].shared[0].sessions == (21,)


def test_holders_mark_the_event_windows() -> None:
    held = holders(np.array([1, 4]), window=(-1, 1), n_sessions=5)
    # Session 0 has no return; session 5 does not exist.
    assert held.astype(int).tolist() == [[0, 1, 1, 0, 0], [0, 0, 0, 1, 1]]


@pytest.fixture(scope="module")
def events() -> list[dict[str, str]]:
    days = {"a": "2019-09-16", "b": "2019-09-18", "c": "2019-12-02"}
    waves = {"a": "first", "b": "", "c": "first"}
    return [
        {"id": name, "date": date, "title": name, "wave": waves[name]}
        for name, date in days.items()
    ]


def test_an_unknown_column_is_refused(events: list[dict[str, str]]) -> None:
    config = config_from_dict(
        {"study": {"name": "s"}, "episodes": {"column": "waves"}}, where="test"
    )
    with pytest.raises(ConfigError, match=r'episodes.column: "waves" is no column') as caught:
        refuse_unknown_groups(load_events(events), config)
    assert "wave" in str(caught.value)


def test_a_study_shows_its_episodes(events: list[dict[str, str]]) -> None:
    frame = EventStudy(brent().prices, events, window=(-1, 2), **CLOSE).fit().episodes
    assert frame["episode"].tolist() == ["a +1 more", "c"]
    assert frame["events"].tolist() == ["a;b", "c"]
    assert frame["n_events"].tolist() == [2, 1]
    # a: 13, 16, 17, 18 September; b: 17, 18, 19, 20.
    assert frame["shared_sessions"].tolist() == ["2019-09-17;2019-09-18", ""]
    assert f"{frame['first_session'][0]:%Y-%m-%d}" == "2019-09-13"
    assert f"{frame['last_session'][0]:%Y-%m-%d}" == "2019-09-20"
