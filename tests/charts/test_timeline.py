"""The chart of the sessions used, asserted on its artists."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from chart_data import SOURCE, inside, roles

from oilshock import charts
from oilshock.charts.timeline import shared_spans


def test_timeline(events: pd.DataFrame) -> None:
    shown = events[(events["date"] >= "2024-03-25") & (events["date"] < "2024-05-01")].copy()
    shown.loc[shown.index[1], ["status", "reason"]] = ["left_out", "endogenous"]
    figure = charts.timeline_figure(shown, source=SOURCE)
    ax = figure.axes[0]
    kept = int((shown["status"] == "ok").sum())
    assert [len(bars) for bars in ax.containers][:2] == [kept, kept]
    left_out = [text.get_text() for text in roles(ax, "left out")]
    assert left_out == ["left out: endogenous"] * (len(shown) - kept)
    moved = next(c for c in ax.collections if c.get_label() == "moved")
    ok = shown[shown["status"] == "ok"]
    assert len(moved.get_offsets()) == (ok["event_date"] != ok["session"]).sum() > 0
    assert [bars.get_label() for bars in ax.containers][2:] == ["shared"]
    assert inside(figure)


def test_windows_and_day_zero_stay_visible_over_decades(events: pd.DataFrame) -> None:
    shown = events.assign(status="ok").iloc[[0, 1, 2, 60, 120, 190]].copy()
    shown.loc[shown.index[0], "event_date"] = "1990-07-30"
    ax = charts.timeline_figure(shown, source=SOURCE).axes[0]
    points = ax.transData.transform([(0, 0), (1, 0)])[:, 0]
    per_day = float(np.diff(points)[0]) * 72 / ax.figure.dpi
    windows = ax.containers[1]
    assert min(bar.get_width() for bar in windows) * per_day == pytest.approx(5)
    days = next(c for c in ax.collections if c.get_label() == "day 0")
    at = [path.vertices[0, 0] for path in days.get_paths()]
    for bar, day in zip(windows, at, strict=True):
        assert bar.get_x() < day < bar.get_x() + bar.get_width()
        assert days.get_linewidths()[0] < bar.get_width() * per_day / 4
    moved = next(c for c in ax.collections if c.get_label() == "moved")
    right = {bar.get_y() + 0.25: bar.get_x() + bar.get_width() for bar in windows}
    assert all(x > right[y] for x, y in moved.get_offsets())
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert "moved to a later session" in legend


def test_windows_are_shared_across_the_pages_of_a_study(events: pd.DataFrame) -> None:
    both = events[(events["date"] >= "2024-04-12") & (events["date"] < "2024-04-17")].head(2)
    assert both["window_end"].iloc[0] >= both["window_start"].iloc[1]
    both = both.assign(status="ok", reason="")
    for page in (both.iloc[:1], both.iloc[1:]):
        alone = charts.timeline_figure(page, source=SOURCE).axes[0]
        assert len(alone.containers) == 2
        shown = charts.timeline_figure(page, study=both, source=SOURCE).axes[0]
        assert [bars.get_label() for bars in shown.containers][2:] == ["shared"]


def test_shared_sessions_are_hatched_on_the_windows(events: pd.DataFrame) -> None:
    shown = events[events["date"].between("2024-04-01", "2024-04-20")]
    shown = shown[shown["status"] == "ok"]
    ax = charts.timeline_figure(shown).axes[0]
    windows, shared = ax.containers[1], ax.containers[2]
    spans = {round(bar.get_y(), 6): bar for bar in windows}
    assert len(shared) > 0
    for bar in shared:
        window = spans[round(bar.get_y(), 6)]
        assert bar.get_x() >= window.get_x()
        assert bar.get_x() + bar.get_width() <= window.get_x() + window.get_width()


def test_timeline_of_left_out_events_only(events: pd.DataFrame) -> None:
    frame = events.head(2).assign(status="left_out", reason="endogenous", session="")
    figure = charts.timeline_figure(frame, source=SOURCE)
    assert len(roles(figure.axes[0], "left out")) == 2
    assert inside(figure)


@pytest.mark.parametrize(
    ("windows", "spans"),
    [
        ([(0, 5), (6, 9)], []),
        ([(0, 5), (5, 9)], [(5, 6)]),
        ([(0, 9), (2, 4), (3, 6)], [(2, 7)]),
        ([(0, 3), (1, 2), (10, 12), (12, 15)], [(1, 3), (12, 13)]),
    ],
)
def test_shared_spans(windows: list[tuple[int, int]], spans: list[tuple[int, int]]) -> None:
    starts, stops = np.array(windows, dtype=float).T
    assert shared_spans(starts, stops) == spans
