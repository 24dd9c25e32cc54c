"""What is found odd about a series, and what is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from oilshock.prices import read_bundled
from oilshock.quality import Finding, clip_row_findings, find_in_rows, find_in_series


def series(values: list[float], *, start: str = "2024-01-01") -> pd.Series:
    days = pd.bdate_range(start, periods=len(values)).as_unit("ns")
    return pd.Series(values, index=days, dtype=float)


def wobble(count: int) -> list[float]:
    """Prices that go up and down by about 1 %."""
    return [80.0 * (1.0 + 0.01 * (i % 2)) for i in range(count)]


def only(findings: tuple[Finding, ...], kind: str) -> list[Finding]:
    return [finding for finding in findings if finding.kind == kind]


def test_the_bundled_series_has_two_gaps_and_two_spikes() -> None:
    found = {finding.kind: finding for finding in read_bundled().findings}
    assert set(found) == {"gap", "spike"}
    assert found["gap"].dates == ("1999-12-29", "2018-12-27")
    assert found["spike"].dates == ("1987-12-17", "2020-04-21")
    assert "perhaps real" in found["spike"].message
    assert "17.36 to 9.12" in found["spike"].message


@pytest.mark.parametrize(("days", "count"), [(5, 0), (6, 1)])
def test_a_gap_is_more_than_five_calendar_days(days: int, count: int) -> None:
    index = pd.DatetimeIndex([pd.Timestamp(2024, 1, 1), pd.Timestamp(2024, 1, 1 + days)])
    assert len(only(find_in_series(pd.Series([80.0, 81.0], index=index)), "gap")) == count


def test_a_stale_run_takes_four_sessions() -> None:
    assert not find_in_series(series([80.0, 81.0, 81.0, 81.0, 82.0]))
    (run,) = find_in_series(series([80.0, 81.0, 81.0, 81.0, 81.0]))
    assert run.kind == "stale"
    assert run.dates == ("2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05")
    assert "2024-01-02 to 2024-01-05 (4 sessions at 81)" in run.message


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [(30, 80.0, 1), (30, 120.0, 0), (10, 80.0, 0), (30, 110.0, 0)],
    ids=["reverts", "stays", "too little history", "reverts by less than half"],
)
def test_a_spike_is_large_and_reverts(before: int, after: float, count: int) -> None:
    values = [*wobble(before), 120.0, after, 80.0]
    assert len(only(find_in_series(series(values)), "spike")) == count


def test_a_small_move_in_a_calm_market_is_no_spike() -> None:
    calm = [80.0 + 0.01 * (i % 2) for i in range(40)]
    assert not only(find_in_series(series([*calm, 82.0, 80.0])), "spike")
    assert only(find_in_series(series([*calm, 83.0, 80.0])), "spike")


def test_negative_prices_are_read_in_differences() -> None:
    calm = [20.0 + 0.2 * (i % 2) for i in range(40)]
    (spike,) = only(find_in_series(series([*calm, -37.63, 10.0])), "spike")
    assert spike.count == 1
    assert "-37.63" in spike.message


def test_extreme_prices_give_no_warning() -> None:
    assert isinstance(find_in_series(series([1e308, -1e308, 0.0, np.finfo(float).tiny])), tuple)


def test_row_findings_count_rows_and_clip_by_date() -> None:
    found = find_in_rows(
        unsorted=(), no_price=("2024-01-01", "2024-01-02"), duplicate_row=("2024-01-03",)
    )
    assert [(finding.kind, finding.count) for finding in found] == [
        ("no_price", 2),
        ("duplicate_row", 1),
    ]
    (kept,) = clip_row_findings(found, first="2024-01-02", last="2024-01-02")
    assert kept.dates == ("2024-01-02",)
    assert kept.message == "1 row had no price and so no session: 2024-01-02."
