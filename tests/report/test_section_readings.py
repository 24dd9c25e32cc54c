"""What the charts of the further analyses say is what their tables and frames hold."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import oilshock as osk
from oilshock.report.artist import Artist, Chart
from oilshock.report.figures import Charts
from oilshock.report.section_readings import (
    coefficient_readings,
    part_readings,
    path_readings,
    power_readings,
)
from oilshock.results import StudyResult
from oilshock.typing import silent

ATTACK = 4
"""Number of the attack of 13 April 2024 among the events of its study."""


@pytest.fixture(scope="module")
def artist(april: StudyResult) -> Artist:
    return Artist(april.estimates, april.facts, progress=silent)


def minus(text: str) -> str:
    return text.replace("-", "−")


def per_cent(fraction: float) -> str:
    return minus(f"{100 * fraction:+.2f} %")


def charts_of(charts: Charts, anchor: str) -> list[Chart]:
    (section,) = [section for section in charts.sections if section.anchor == anchor]
    return list(section.charts)


def test_rows_of_power_tell_what_would_be_found(april: StudyResult, april_charts: Charts) -> None:
    tips = charts_of(april_charts, "power")[0].tips
    assert [tip.link for tip in tips] == [f"event-{n}" for n in range(1, 10)]
    frame = april.power().minimum.query("start == 0 and end == 0").set_index("event_id")
    for tip, event_id in zip(tips, april.estimates.ids, strict=True):
        car, least, textbook = (
            100 * frame.loc[event_id, name]
            for name in ("car", "minimum_calibrated", "minimum_textbook")
        )
        assert tip.text.endswith(minus(f"CAR [0, 0] {car:+.2f} %"))
        assert f"found from {least:.2f} % (textbook: {textbook:.2f} %)" in tip.text


def test_rows_of_volatility_stand_in_the_order_of_the_chart(april_charts: Charts) -> None:
    chart = charts_of(april_charts, "volatility")[0]
    ratios = [float(tip.text.split(": ")[1].split(" ")[0]) for tip in chart.tips]
    assert ratios == sorted(ratios, reverse=True)
    tops = [tip.boxes[0][1] for tip in chart.tips]
    assert tops == sorted(tops)


def test_each_class_of_events_has_tips_on_its_own_panel(april_charts: Charts) -> None:
    tips = charts_of(april_charts, "dynamics")[0].tips
    lefts: dict[str, list[float]] = {}
    for tip in tips:
        lefts.setdefault(tip.text.split(" · ")[0], []).append(tip.boxes[0][0])
    panels = list(lefts.values())
    assert len(panels) == 3
    assert max(panels[0]) < min(panels[1])
    assert max(panels[1]) < min(panels[2])
    assert all(left == sorted(left) for left in panels)


def test_unusual_moves_tell_their_return(april_charts: Charts) -> None:
    (crash,) = [
        tip
        for tip in charts_of(april_charts, "scan")[0].tips
        if tip.text.startswith("Tue 21 Apr 2020")
    ]
    prices = osk.load_prices()
    move = np.log(prices["2020-04-21"] / prices["2020-04-20"])
    assert minus(f"return {100 * move:+.2f} %") in crash.text


def test_every_chart_tells_something_where_it_can_be_pointed_at(april_charts: Charts) -> None:
    for chart in april_charts.all():
        assert chart.tips, chart.name
        assert all(tip.boxes for tip in chart.tips), chart.name


def test_days_of_the_paths_tell_every_event(april: StudyResult, april_charts: Charts) -> None:
    chart = next(chart for chart in charts_of(april_charts, "dynamics") if chart.name == "paths")
    frame = april.table("abnormal_returns")
    for day in (0, 7):
        parts = chart.tips[day].text.split(" · ")
        assert parts[0] == (f"Day +{day}" if day else "Day 0")
        for facts in april.facts:
            own = frame[frame["event_id"] == facts.event["id"]].set_index("relative_day")
            (line,) = [part for part in parts if part.startswith(f"{facts.number} ")]
            assert line.endswith(f" {per_cent(own.loc[0:day, 'abnormal_return'].sum())}")
            assert line.startswith(f"{facts.number} {facts.title[:20]}")


def test_many_paths_are_told_together(artist: Artist) -> None:
    frame = pd.DataFrame({"number": range(1, 12), "title": "Strike", "day": 2})
    frame = frame.assign(car=np.arange(11) / 100, half_width=[0.05] + 10 * [np.nan])
    (reading,) = path_readings(artist, frame, lead=1)
    assert reading.text.split(" · ") == [
        "Day +2",
        "1 Strike: CAR [0, +2] 0.00 %",
        "95 % band of ordinary paths ±5.00 %",
        "10 other events: +1.00 % to +10.00 %, median +5.50 %",
    ]


def test_power_is_told_by_the_size_of_the_move(artist: Artist) -> None:
    frame = pd.DataFrame(
        {
            "n_events": [1, 1, 5, 5],
            "shock": [0.0, 0.02, 0.0, 0.02],
            "power": [0.05, 0.25, 0.051, 0.9],
            "std_error": [0.005, 0.01, 0.005, 0.007],
        }
    )
    first, last = power_readings(artist, frame)
    assert last.text.split(" · ") == [
        "A move of 2.00 %",
        "1 event: found by 25.0 % of studies (standard error 1.0)",
        "5 events: found by 90.0 % of studies (standard error 0.7)",
    ]
    assert [span.x for span in (*first.spans, *last.spans)] == [(-1.0, 1.0), (1.0, 3.0)]


def test_coefficients_tell_interval_and_p_or_their_reason(artist: Artist) -> None:
    frame = pd.DataFrame(
        {
            "term": ["direction=-", "severity", "category=other"],
            "estimate": [-0.02, 0.01, np.nan],
            "ci_low": [-0.03, np.nan, np.nan],
            "ci_high": [-0.01, np.nan, np.nan],
            "p_value": [0.0004, np.nan, np.nan],
            "n_events": [9, 0, 2],
            "reason": ["", "", "base level"],
        }
    )
    readings = coefficient_readings(artist, frame, window=(0, 5))
    assert [reading.text for reading in readings] == [
        "direction: − (easing) · coefficient for CAR [0, +5] −2.00 % · "
        "95 % interval −3.00 % to −1.00 % · p <0.001 · 9 events",
        "severity, per unit · coefficient for CAR [0, +5] +1.00 %",
        "category: other · base level · 2 events",
    ]
    assert [reading.spans[0].y for reading in readings] == [(-0.5, 0.5), (0.5, 1.5), (1.5, 2.5)]


def test_parts_of_a_price_add_up_to_it(april: StudyResult, april_charts: Charts) -> None:
    prices = osk.load_prices()
    told = [tip.text for chart in charts_of(april_charts, "decomposition") for tip in chart.tips]
    assert len(told) == april.estimates.decomposition.groupby("episode")["session"].nunique().sum()
    for text in told:
        date, price, *parts = text.split(" · ")
        found = re.fullmatch(r"price ([\d.]+), ([+−][\d.]+) USD/bbl from ([\d.]+)", price)
        assert found
        assert float(found[1]) == prices[pd.Timestamp(date[4:])]
        usd = [float(part.rpartition(": ")[2].split(" ")[0].replace("−", "-")) for part in parts]
        moved = float(found[2].replace("−", "-"))
        assert sum(usd) == pytest.approx(moved, abs=0.005 * (len(usd) + 2))
        assert float(found[3]) + moved == pytest.approx(float(found[1]), abs=0.0051)


def test_small_parts_are_told_together() -> None:
    names = ["base", *(f"Event {n}" for n in range(1, 11))]
    frame = pd.DataFrame({"session": pd.Timestamp("2024-04-15"), "price": 65.5, "part": names})
    frame = frame.assign(kind=["base", *["event"] * 10], usd=[10.0, *range(1, 10), 10.5])
    (reading,) = part_readings(frame)
    parts = reading.text.split(" · ")
    assert parts[:2] == ["Mon 15 Apr 2024", "price 65.50, +55.50 USD/bbl from 10.00"]
    assert parts[2:] == [
        *(f"Event {n}: +{n}.00 USD/bbl" for n in range(3, 10)),
        "Event 10: +10.50 USD/bbl",
        "2 other parts: +3.00 USD/bbl",
    ]


def test_specifications_are_told_in_the_order_of_the_curve(
    april: StudyResult, april_charts: Charts
) -> None:
    curve = april.estimates.curve
    assert curve is not None
    tips = charts_of(april_charts, "sweep")[0].tips
    told = [tip.text.split(" · ") for tip in tips]
    effects = sorted(curve.frame["effect"].dropna())
    assert [parts[0] for parts in told] == [f"Effect {per_cent(effect)}" for effect in effects]
    (own,) = [parts for parts in told if "the report's own choice" in parts]
    car = april.car(0, 0).set_index("event_id")["car"]
    assert own[0] == f"Effect {per_cent(car['iran-attacks-israel-apr2024'])}"
    assert {"model: mean", "estimation window: 120", "gap: 10", "event window: [0, 0]"} <= set(own)
    assert all(len(tip.boxes) == 2 for tip in tips)
