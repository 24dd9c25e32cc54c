"""The short table of a study, as text and as HTML."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from rich.cells import cell_len

from oilshock import EventStudy, StudyResult, load_events, load_prices, run_study
from oilshock.config import config_from_dict
from oilshock.summary import Summary
from oilshock.summary_layout import FEW_EVENTS

TITLES = ["An event " * 30, "هجوم إيران على " * 8, "攻撃" * 40, "[bold]<script>"]


@pytest.fixture(scope="module")
def summary() -> Summary:
    days = ["2024-02-05", "2024-03-05", "2024-04-03", "2024-05-08"]
    items = [
        {"id": f"e{i}", "date": day, "title": title}
        for i, (day, title) in enumerate(zip(days, TITLES, strict=True))
    ]
    return EventStudy(load_prices(), items, title="[red]Title[/red] & co").fit().summary()


def test_the_text_fits_80_columns(summary: Summary) -> None:
    assert max(cell_len(line) for line in str(summary).splitlines()) <= 80
    assert repr(summary) == str(summary)


def test_markup_in_titles_is_text(summary: Summary) -> None:
    assert str(summary).startswith("[red]Title[/red] & co\n")
    assert "[bold]<script>" in str(summary)
    html = summary._repr_html_()
    assert "[red]Title[/red] &amp; co" in html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_three_sentences_and_one_row_per_event(summary: Summary) -> None:
    assert len(summary.sentences) == 3
    assert summary.frame["#"].tolist() == [1, 2, 3, 4]
    assert summary.frame["Event"].str.strip().tolist() == [title.strip() for title in TITLES]


def test_the_table_tells_the_numbers_of_the_car_table() -> None:
    events = load_events().filter(ids=["iran-attacks-israel-apr2024"])
    result = EventStudy(load_prices(), events).fit()
    row = result.summary().frame.iloc[0]
    car = result.car(0, 0).iloc[0]
    assert row["AR"] == f"{100 * car['car']:+.2f} %".replace("-", "\N{MINUS SIGN}")
    assert row["USD/bbl"] == f"{car['usd']:+.2f}".replace("-", "\N{MINUS SIGN}")
    assert row["cal. p"] == f"{car['p_calibrated']:.2f}"
    assert row["Day 0"] == "2024-04-15"
    assert row["Evidence"] == "none"


@pytest.fixture(scope="module")
def attack() -> StudyResult:
    events = load_events().filter(ids=["iran-attacks-israel-apr2024"])
    return EventStudy(load_prices(), events).fit()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal(summary: Summary, width: int) -> None:
    assert max(line.cell_len for line in summary.lines(width=width)) <= width


def test_more_columns_come_with_the_width(summary: Summary) -> None:
    def headings(width: int) -> list[str]:
        lines = [line.plain for line in summary.lines(width=width)]
        return re.split(r" {2,}", next(line for line in lines if line.startswith("#")).strip())

    assert headings(60) == ["#", "Event", "Day 0", "AR", "CAR"]
    assert headings(80) == ["#", "Event", "Day 0", "AR", "USD/bbl", "cal. p", "CAR"]
    assert headings(140) == list(summary.frame.columns)


def test_the_sparkline_is_drawn_from_the_cars(attack: StudyResult) -> None:
    line = attack.summary().frame["CAR"].iloc[0]
    before, after = line.split("│")
    assert (len(before), len(after)) == (5, 11)
    path = attack.abnormal_returns.iloc[0].cumsum()
    blocks = dict(zip(path.index, before + after, strict=True))
    assert all((blocks[day] in "▁▂▃▄") == (car < 0) for day, car in path.items())
    assert blocks[path.idxmin()] == min(blocks.values())
    words = " ".join(str(attack.summary()).split())
    assert f"Column CAR: a block a session, day 0 after the │; {'▁▂▃▄'} below 0" in words
    assert "▁" in attack.summary()._repr_html_()


def test_without_sparklines(attack: StudyResult) -> None:
    plain = attack.summary().without_sparklines()
    assert "CAR" not in plain.frame.columns
    assert not set("▁▂▃▄▅▆▇█│") & set(str(plain))
    assert "CAR" in attack.summary().frame.columns


def test_differences_are_in_dollars() -> None:
    config = config_from_dict(
        {
            "study": {"name": "s"},
            "events": {"ids": ["iran-attacks-israel-apr2024"]},
            "returns": {"kind": "difference"},
            "inference": {"tests": ["t"]},
        },
        where="s",
    )
    result = run_study(config)
    summary = result.summary()
    assert "AR" not in summary.frame.columns
    assert re.search(r"from 0 up, [\d.]+ USD/bbl a block\.$", summary.legend)
    assert "Fell 2.28 USD/bbl to 90.84 on Mon 15 Apr" in str(summary)


def test_a_verdict_stands_below_its_row(summary: Summary) -> None:
    lines = [line.plain for line in summary.lines(width=140)]
    for verdict in summary.verdicts:
        row = next(i for i, line in enumerate(lines) if line.startswith(f"{verdict.number}  "))
        assert lines[row + 1] == f"   {verdict.words}"


def test_of_many_events_the_clearest_are_listed_and_all_are_counted() -> None:
    days = pd.bdate_range("2020-02-03", "2020-06-30", freq="7B")
    items = [
        {"id": f"e{i}", "date": f"{day:%Y-%m-%d}", "title": f"T{i}"} for i, day in enumerate(days)
    ]
    result = EventStudy(load_prices(), items).fit()
    summary = result.summary()
    lines = [line.plain for line in summary.lines(width=100)]
    table = result.car(0, 0)
    found = table[table["p_calibrated"] < 0.05].sort_values("p_calibrated", kind="stable")
    assert len(days) > FEW_EVENTS
    assert 0 < len(found) <= FEW_EVENTS
    start = lines.index(f"The {len(found)} events with evidence on day 0, clearest first:")
    numbers = [line.split()[0] for line in lines[start + 1 :] if re.match(r" ?\d+  T", line)]
    assert numbers == [str(row + 1) for row in found.index]
    counted = next(line for line in lines if line.startswith("Evidence on day 0"))
    assert sum(int(n) for n in re.findall(r"(\d+) [a-z]", counted.split(":")[1])) == len(days)
    header = next(line for line in lines if line.startswith(" #"))
    assert "Evidence" in header
