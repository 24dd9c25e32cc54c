"""The short table of a study, as text and as HTML."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from oilshock import EventStudy, load_events, load_prices
from oilshock.summary import Summary

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
