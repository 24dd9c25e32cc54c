"""The short table at any width: which columns stay, and the list of many verdicts."""

from __future__ import annotations

import pandas as pd
import pytest

from oilshock.summary_layout import FEW_EVENTS, summary_lines
from oilshock.verdicts import EventVerdict


def table(n: int) -> pd.DataFrame:
    rows = range(1, n + 1)
    return pd.DataFrame(
        {
            "#": rows,
            "Event": [f"Event {row}" for row in rows],
            "Day 0": ["2024-04-15"] * n,
            "AR": ["−2.45 %"] * n,
            "USD/bbl": ["−2.25"] * n,
            "cal. p": ["0.13"] * n,
            "adj. p": ["1.00"] * n,
            "CAR": ["▄▄▄▄▅│▄▄▃▃▂▂▃▃▂▃▃"] * n,
            "Evidence": ["none"] * n,
        }
    )


def verdicts(n: int, *, found: int = 0) -> tuple[EventVerdict, ...]:
    """Make verdicts; the last `found` ones are found, the last of all the clearest."""
    return tuple(
        EventVerdict(
            number=row,
            title=f"Event {row}",
            words="Fell.",
            year=2000 + row,
            grade="moderate" if row > n - found else "none",
            is_found=row > n - found,
            p_value=0.001 * (n - row + 1) if row > n - found else 0.5,
        )
        for row in range(1, n + 1)
    )


def text(n: int, *, width: int = 80, found: int = 0) -> list[str]:
    lines = summary_lines(
        table(n), verdicts=verdicts(n, found=found), legend="CAR: blocks.", width=width
    )
    return [line.plain for line in lines]


def test_few_events_have_their_verdict_below_them() -> None:
    lines = text(FEW_EVENTS)
    assert [line for line in lines if line == "    Fell."] == ["    Fell."] * FEW_EVENTS
    assert not [line for line in lines if line.startswith("Evidence on day 0")]
    assert lines[-1].startswith("AR: abnormal return; CAR: cumulative abnormal return. ")
    assert lines[-1].endswith(" CAR: blocks.")


def test_of_more_events_the_clearest_are_listed() -> None:
    lines = text(20, found=3)
    start = lines.index("The 3 events with evidence on day 0, clearest first:")
    assert lines[start + 1 : start + 5] == [
        "20  Event 20 (2020): fell.",
        "19  Event 19 (2019): fell.",
        "18  Event 18 (2018): fell.",
        "Evidence on day 0, 20 events: 3 moderate, 17 none.",
    ]


def test_no_more_than_a_dozen_are_listed() -> None:
    lines = text(40, found=15)
    start = lines.index(f"The {FEW_EVENTS} clearest of 15 events with evidence on day 0:")
    assert sum(line.endswith(": fell.") for line in lines[start:]) == FEW_EVENTS
    assert lines[start + FEW_EVENTS + 1].startswith("Evidence on day 0, 40 events: 15 moderate")


def test_none_found_lists_none() -> None:
    lines = text(13)
    assert not [line for line in lines if "clearest" in line]
    assert "Evidence on day 0, 13 events: 13 none." in lines


@pytest.mark.parametrize(
    ("width", "few", "many"),
    [
        (200, "adj. p", "adj. p"),
        (80, "CAR", "CAR"),
        (60, "CAR", "Evidence"),
        (40, "AR", "Evidence"),
    ],
)
def test_what_gives_way_in_a_narrow_terminal(width: int, few: str, many: str) -> None:
    for n, column in ((3, few), (30, many)):
        lines = text(n, width=width)
        assert f" {column}" in lines[0]
        assert {"Event", "AR"} <= set(lines[0].split())
        assert max(map(len, lines)) <= width


def test_without_sparklines_there_is_no_legend() -> None:
    lines = summary_lines(
        table(3).drop(columns="CAR"), verdicts=verdicts(3), legend="CAR: blocks.", width=80
    )
    assert "CAR: blocks." not in [line.plain for line in lines]
