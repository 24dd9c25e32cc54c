"""What charts say at a point is what the tables say."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import oilshock as osk
from oilshock.report.analyses import analyse
from oilshock.report.artist import Chart
from oilshock.report.figures import Charts, draw_charts
from oilshock.report.readings import (
    MOST_COLUMNS,
    average_readings,
    day_table,
    price_readings,
)
from oilshock.results import StudyResult
from oilshock.typing import silent


@pytest.fixture(scope="module")
def small() -> StudyResult:
    ids = ["damascus-consulate-strike-2024", "iran-attacks-israel-apr2024", "isfahan-strike-2024"]
    events = osk.load_events().filter(ids=ids)
    return osk.EventStudy(osk.load_prices(), events, levels=[90.0]).fit()


@pytest.fixture(scope="module")
def charts(small: StudyResult) -> Charts:
    return draw_charts(
        small.estimates, small.facts, analyses=analyse(small.estimates), progress=silent
    )


def minus(text: str) -> str:
    return text.replace("-", "−")


def test_event_chart_has_a_tip_on_three_panels_for_each_session(
    small: StudyResult, charts: Charts
) -> None:
    frame = small.table("abnormal_returns")
    for chart, facts in zip(charts.events, small.facts, strict=True):
        own = frame[frame["event_id"] == facts.event["id"]]
        assert len(chart.tips) == len(own) == 16
        for tip, (_, row) in zip(chart.tips, own.iterrows(), strict=True):
            assert len(tip.boxes) == 3
            assert minus(f"AR {100 * row['abnormal_return']:+.2f} %") in tip.text
            assert f"{row['session'].day} {row['session']:%b %Y}" in tip.text


def test_tips_of_an_event_stand_side_by_side(charts: Charts) -> None:
    for panel in range(3):
        row = [tip.boxes[panel] for tip in charts.events[0].tips]
        ends = [x + width for x, _, width, _ in row[:-1]]
        assert ends == pytest.approx([x for x, *_ in row[1:]], abs=0.11)


def test_day_table_repeats_the_csv(small: StudyResult) -> None:
    table = day_table(small.estimates, small.facts[1])
    frame = small.table("abnormal_returns")
    own = frame[frame["event_id"] == small.facts[1].event["id"]].reset_index(drop=True)
    what_if = small.table("whatif")
    expected = what_if[what_if["event_id"] == small.facts[1].event["id"]]["expected_price"]
    cells = pd.DataFrame(table.rows, columns=list(table.columns))
    assert cells["AR"].tolist() == [minus(f"{100 * x:+.2f} %") for x in own["abnormal_return"]]
    assert cells["Price"].tolist() == [f"{x:.2f}" for x in own["price"]]
    assert cells["Expected"].tolist() == [f"{x:.2f}" for x in expected]
    sums = own["abnormal_return"].cumsum()
    assert cells["CAR"].tolist() == [minus(f"{100 * x:+.2f} %") for x in sums]


def test_forest_rows_lead_to_their_events(small: StudyResult, charts: Charts) -> None:
    car = small.car(0, 0).set_index("event_id")["car"]
    by_number = {str(event.number): str(event.event["id"]) for event in small.facts}
    for tip in charts.forests[0].tips:
        number = tip.text.split(" ", 1)[0]
        assert tip.link == f"event-{number}"
        assert minus(f"CAR [0, 0] {100 * car[by_number[number]]:+.2f} %") in tip.text
    tops = [tip.boxes[0][1] for tip in charts.forests[0].tips]
    assert tops == sorted(tops)


def test_price_chart_tells_each_session_and_each_badge(small: StudyResult, charts: Charts) -> None:
    tips = charts.price.tips
    (attack,) = [tip for tip in tips if tip.text.startswith("Mon 15 Apr 2024 · price 90.84")]
    assert "2 Iran launches first direct drone" in attack.text
    assert attack.link == "event-2"
    plain = [tip for tip in tips if tip.text.startswith("Tue 16 Apr 2024")]
    assert [tip.link for tip in plain] == [""]
    badges = [tip for tip in tips if re.match(r"\d ", tip.text)]
    assert sorted(tip.link for tip in badges) == sorted(2 * [f"event-{n}" for n in (1, 2, 3)])


def test_a_long_series_is_told_in_blocks(small: StudyResult) -> None:
    from oilshock.charts import price_figure

    prices = osk.load_prices()
    figure = price_figure(prices, pd.DataFrame())
    found = price_readings(small.estimates, small.facts, prices=prices, figure=figure)
    assert len(found) <= MOST_COLUMNS
    first = prices.iloc[: -(-len(prices) // MOST_COLUMNS)]
    assert found[0].text.endswith(f"price {first.min():.2f} to {first.max():.2f}")
    blocks = {prices.index.get_loc(event.session) // len(first) for event in small.facts}
    assert {place for place, reading in enumerate(found) if reading.link} == blocks
    assert found[-1].text.split(" · ")[0].endswith(f"{prices.index[-1]:%d %b %Y}".lstrip("0"))


def test_average_chart_counts_its_events(small: StudyResult) -> None:
    frame = pd.DataFrame(
        {
            "group": ["direction=+", "signed", "direction=+", "signed"],
            "relative_day": [-1, -1, 0, 0],
            "n_events": [4, 5, 1, 5],
            "aar": [0.01, 0.02, 0.03, -0.04],
            "caar": [0.01, 0.02, 0.04, -0.02],
        }
    )
    names = {"direction=+": "tightening", "signed": "signed"}
    readings = average_readings(small.estimates, frame, names=names)
    assert [reading.text for reading in readings] == [
        "Day −1 · tightening: CAAR +1.00 %, AAR +1.00 %, 4 events"
        " · signed: CAAR +2.00 %, AAR +2.00 %, 5 events",
        "Day 0 · tightening: CAAR +4.00 %, AAR +3.00 %, 1 event"
        " · signed: CAAR −2.00 %, AAR −4.00 %, 5 events",
    ]
    assert [span.axes for span in readings[0].spans] == [0, 1]


def charts_of(charts: Charts, anchor: str) -> list[Chart]:
    (section,) = [section for section in charts.sections if section.anchor == anchor]
    return list(section.charts)


def test_rows_of_power_tell_what_would_be_found(small: StudyResult, charts: Charts) -> None:
    tips = charts_of(charts, "power")[0].tips
    car = small.car(0, 0)["car"]
    assert [tip.link for tip in tips] == ["event-1", "event-2", "event-3"]
    for tip, value in zip(tips, car, strict=True):
        assert tip.text.endswith(minus(f"CAR [0, 0] {100 * value:+.2f} %"))
        found = re.search(r"found from ([\d.]+) % \(textbook: ([\d.]+) %\)", tip.text)
        assert found
        assert 1 < float(found[1]) < 20
        assert 1 < float(found[2]) < 20


def test_rows_of_volatility_stand_in_the_order_of_the_chart(charts: Charts) -> None:
    chart = charts_of(charts, "volatility")[0]
    ratios = [float(tip.text.split(": ")[1].split(" ")[0]) for tip in chart.tips]
    assert ratios == sorted(ratios, reverse=True)
    tops = [tip.boxes[0][1] for tip in chart.tips]
    assert tops == sorted(tops)


def test_each_class_of_events_has_tips_on_its_own_panel(charts: Charts) -> None:
    tips = charts_of(charts, "dynamics")[0].tips
    lefts: dict[str, list[float]] = {}
    for tip in tips:
        lefts.setdefault(tip.text.split(" · ")[0], []).append(tip.boxes[0][0])
    panels = list(lefts.values())
    assert len(panels) == 3
    assert max(panels[0]) < min(panels[1])
    assert max(panels[1]) < min(panels[2])
    assert all(left == sorted(left) for left in panels)


def test_unusual_moves_tell_their_return(charts: Charts) -> None:
    (crash,) = [
        tip for tip in charts_of(charts, "scan")[0].tips if tip.text.startswith("Tue 21 Apr 2020")
    ]
    prices = osk.load_prices()
    move = np.log(prices["2020-04-21"] / prices["2020-04-20"])
    assert minus(f"return {100 * move:+.2f} %") in crash.text
