"""What the charts of marks in line say at a point."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from matplotlib.figure import Figure

import oilshock as osk
from oilshock.report.aftermath import SAMPLE_WORDS
from oilshock.report.artist import Artist
from oilshock.report.figures import Charts
from oilshock.report.strip_readings import (
    MOST_TOLD,
    Mark,
    aftermath_readings,
    mark_readings,
    session_counts,
)
from oilshock.report.tips import Tip
from oilshock.results import StudyResult
from oilshock.typing import silent

ROUNDING = 1e-9


@pytest.fixture(scope="module")
def moves() -> pd.Series[float]:
    """One-day moves of the bundled series."""
    return osk.load_prices().pct_change().dropna()


def tips_of(charts: Charts, anchor: str) -> tuple[Tip, ...]:
    (section,) = [section for section in charts.sections if section.anchor == anchor]
    return section.charts[0].tips


def per_cent(fraction: float) -> str:
    return f"{100 * fraction:+.2f} %".replace("-", "−")


def test_sessions_are_counted_by_the_size_of_their_move(
    april_charts: Charts, moves: pd.Series[float]
) -> None:
    steps = [tip.text for tip in tips_of(april_charts, "history") if "Moves of" in tip.text]
    counted = 0
    for text in steps:
        found = re.match(r"Moves of ([+−\d.]+) to ([+−\d.]+) % · ([\d,]+) of 9,986 sessions", text)
        assert found
        low, high = (float(found[end].replace("−", "-")) / 100 for end in (1, 2))
        n = int(found[3].replace(",", ""))
        # A move may stand on the edge of a step but for rounding.
        sure = int(((moves > low + ROUNDING) & (moves < high - ROUNDING)).sum())
        assert n > 0
        counted += n
        assert sure <= n <= int(((moves > low - ROUNDING) & (moves < high + ROUNDING)).sum())
        assert text.count(": ") == (n if n <= 3 else 0)
    assert counted == len(moves)
    crash = moves.idxmin()
    assert steps[0].endswith(f"{crash:%a} {crash.day} {crash:%b %Y}: {per_cent(moves[crash])}")


@pytest.mark.parametrize(
    ("usd", "words"),
    [
        ([0.04, 0.02, -0.04], "Moves of +0.039 to +0.040 USD/bbl"),
        ([4.0, 2.0, -4.0], "Moves of +3.9 to +4.0 USD/bbl"),
        ([40.0, 2.0, -40.0], "Moves of +39.0 to +40.0 USD/bbl"),
    ],
)
def test_steps_are_told_as_finely_as_they_are(
    april: StudyResult, usd: list[float], words: str
) -> None:
    strip = pd.DataFrame({"strip": "all", "position": range(3), "move": usd})
    artist = Artist(april.estimates, april.facts, progress=silent)
    told = [tip.text for tip in session_counts(artist, strip, measure="usd", y=(0, 1))]
    assert told[-1].startswith(words)
    assert [text.split(" · ")[1] for text in told] == ["1 of 3 sessions"] * 3


def test_each_event_tells_its_move_and_rank_on_two_strips(
    april: StudyResult, april_charts: Charts, moves: pd.Series[float]
) -> None:
    tips = tips_of(april_charts, "history")
    for facts in april.facts:
        move = moves[facts.session]
        side = moves[moves > 0] if move > 0 else -moves[moves < 0]
        rank = int((side > abs(move)).sum()) + 1
        where = [
            tip
            for tip in tips
            if re.search(
                rf"(^|· ){facts.number} {re.escape(facts.title)}.*?{re.escape(per_cent(move))}.*?"
                rf"{'rise' if move > 0 else 'fall'} of rank {rank:,} in 9,986 sessions",
                tip.text,
            )
        ]
        assert len(where) == 2
        assert where[0].boxes[0][1] < where[1].boxes[0][1]


def test_no_known_event_of_a_category_is_lost(april_charts: Charts) -> None:
    """The strip says how many events it has; so many are pointed at."""
    tips = [tip for tip in tips_of(april_charts, "history") if "Moves of" not in tip.text]
    rows: dict[float, int] = {}
    for tip in tips:
        found = re.match(r"(\d+) marks here", tip.text)
        top = tip.boxes[0][1]
        rows[top] = rows.get(top, 0) + (int(found[1]) if found else 1)
    alt = next(
        chart.alt
        for section in april_charts.sections
        for chart in section.charts
        if chart.name == "history"
    )
    sizes = [int(n) for n in re.findall(r"\w \((\d+)\)", alt)]
    assert list(rows.values()) == [9, *sizes]


def test_what_followed_is_told_by_event(april: StudyResult, april_charts: Charts) -> None:
    prices = osk.load_prices()
    text = " · ".join(tip.text for tip in tips_of(april_charts, "aftermath"))
    move = prices["1990-08-02"] / prices["1990-08-01"] - 1
    assert re.search(
        rf"Kuwait.{{1,3}}Thu 2 Aug 1990.{{1,3}}first session {re.escape(per_cent(move))}", text
    )
    attack = april.facts[3]
    for days in (1, 5, 10):
        came = prices.iloc[attack.position + days - 1] / attack.price_before - 1
        span = "session" if days == 1 else f"{days} sessions"
        assert f"what came in the first {span}: {per_cent(came)}" in text


def test_quantiles_are_those_of_the_table(april: StudyResult, april_charts: Charts) -> None:
    view = april.estimates.beyond.aftermath(3)
    rows = view.frame[view.frame["sample"] == "ordinary"]
    told = [tip.text for tip in tips_of(april_charts, "aftermath") if "ordinary" in tip.text]
    for text, (_, row) in zip(told, rows.iterrows(), strict=True):
        assert f"(n = {row['n']:,}) · median {per_cent(row['q50'])}" in text
        assert f"half of them {per_cent(row['q25'])} to {per_cent(row['q75'])}" in text
        assert f"nine in ten {per_cent(row['q05'])} to {per_cent(row['q95'])}" in text
        assert text.endswith(f"{100 * row['share_up']:.0f} % went up")


def test_quantiles_are_told_where_they_are_drawn(april_charts: Charts) -> None:
    """Of each number of sessions the events stand above the ordinary ones."""
    tips = [tip for tip in tips_of(april_charts, "aftermath") if " (n = " in tip.text]
    from_the_top = sorted(tips, key=lambda tip: tip.boxes[0][1])
    assert ["ordinary" in tip.text for tip in from_the_top] == 3 * [False, True]


def test_a_sample_without_a_move_says_nothing(april: StudyResult) -> None:
    view = april.estimates.beyond.aftermath(3)
    frame = view.frame.assign(n=view.frame["n"].where(view.frame["sample"] != "ordinary", 0))
    figure = Figure()
    figure.add_subplot()
    artist = Artist(april.estimates, april.facts, progress=silent)
    lead = april.facts[3]
    told = aftermath_readings(
        artist,
        replace(view, frame=frame),
        actual={},
        lead=lead,
        samples=SAMPLE_WORDS,
        figure=figure,
    )
    counted = [reading.text for reading in told if " (n = " in reading.text]
    assert len(counted) == 3
    assert not [text for text in counted if "ordinary" in text]


def test_marks_too_close_to_be_told_apart_speak_together() -> None:
    figure = Figure(figsize=(1, 1))
    figure.add_axes((0, 0, 1, 1)).set_xlim(0, 72)
    near = [Mark(10 + place / 10, (f"one {place}", "small")) for place in range(MOST_TOLD)]
    own = Mark(10.9, ("own", "large"), "event-1")
    far = Mark(20.0, ("far", "lost"))
    lost = Mark(float("nan"), ("nowhere",))
    together, alone = mark_readings([far, *near, own, lost], figure, y=(0, 1))
    assert together.text == (
        "5 marks here · own, large · one 0, small · one 1, small · one 2, small · and 1 more"
    )
    assert together.link == "event-1"
    assert together.spans[0].x == pytest.approx((6.0, 14.9))
    assert (alone.text, alone.link) == ("far · lost", "")
    assert alone.spans[0].x == pytest.approx((16.0, 24.0))
