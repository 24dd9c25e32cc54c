"""What charts say at a point is what the tables say."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import oilshock as osk
from oilshock.report.analyses import analyse
from oilshock.report.figures import Charts, draw_charts
from oilshock.report.readings import (
    average_readings,
    day_table,
    price_readings,
    series_readings,
)
from oilshock.report.tips import MOST_COLUMNS
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


def test_series_are_told_side_by_side_with_their_gap() -> None:
    sessions = pd.to_datetime(["2026-04-02", "2026-04-07"])
    spot = pd.DataFrame({"series": "spot", "session": sessions, "price": [127.6, 138.21]})
    futures = pd.DataFrame({"series": "futures", "session": sessions[1:], "price": [111.0]})
    frame = pd.concat([spot, futures], ignore_index=True)
    readings = series_readings(frame, unit="USD/bbl")
    assert [reading.text for reading in readings] == [
        "Thu 2 Apr 2026 · spot 127.60 · futures –",
        "Tue 7 Apr 2026 · spot 138.21 · futures 111.00 · gap +27.21 USD/bbl",
    ]
