"""Several series in one report: side by side, with their gap, and with what may mislead."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pypdf import PdfReader

from oilshock.config import config_from_dict
from oilshock.documents import to_document
from oilshock.errors import EstimationError
from oilshock.output import write_study
from oilshock.prices import read_bundled
from oilshock.report.gaps import gaps
from oilshock.report.series import series_cautions, series_findings, series_table
from oilshock.results import StudyResult
from oilshock.study import run_study

SPOT = read_bundled().prices
CEASEFIRE = "us-iran-two-week-ceasefire-2026"
FILE = {
    "source": "file",
    "symbol": "futures.csv",
    "label": "Brent futures",
    "close": "19:30",
    "timezone": "Europe/London",
    "unit": "USD/bbl",
}


def study(folder: Path, second: pd.Series, **more: Any) -> StudyResult:
    """The war of 2026 on Brent spot, with a file beside it and the dollar index."""
    second.rename("price").to_csv(folder / "futures.csv", index_label="date")
    series = {"futures": {**FILE, **more.pop("futures", {})}, "usd": {"symbol": "usd-broad"}}
    data: dict[str, Any] = {
        "study": {"name": "war"},
        "events": {"ids": [CEASEFIRE, "hormuz-reclosed-2026"]},
        "inference": {"tests": ["t"]},
        "series": series,
    }
    return run_study(config_from_dict(data | more, where="s.toml"), base=folder)


@pytest.fixture(scope="module")
def futures() -> pd.Series:
    """Futures 3 % below spot, which on 7 April 2026 did not follow it to 138.21."""
    prices = 0.97 * SPOT["2025-01-01":]
    prices["2026-04-07"] = 111.0
    return prices


@pytest.fixture(scope="module")
def war(futures: pd.Series, tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    return study(tmp_path_factory.mktemp("war"), futures)


def test_each_event_has_a_row_on_each_series(war: StudyResult) -> None:
    table = series_table(war.estimates, war.compared_estimates)
    labels = ["Brent spot", "Brent futures", "Broad U.S. dollar index"]
    assert [row[1] for row in table.rows] == labels * 2
    assert [row[0] != "" for row in table.rows] == [True, False, False] * 2


def test_the_rows_are_prices_and_the_numbers_of_each_study(war: StudyResult) -> None:
    spot, futures, _ = series_table(war.estimates, war.compared_estimates).rows[:3]
    # The ceasefire came after both closes of 7 April, so day 0 is 8 April on both.
    assert spot[2:6] == ["2026-04-08", "138.21", "122.11", "−16.10"]
    assert futures[2:6] == ["2026-04-08", "111.00", f"{0.97 * 122.11:.2f}", "+7.45"]
    row = war.compared["futures"].car(0, 0).set_index("event_id").loc[CEASEFIRE]
    assert futures[6] == f"{100 * row['car']:+.2f} %"
    assert futures[7] == f"{row['t_stat']:.2f}"
    own = war.car(0, 0).set_index("event_id").loc[CEASEFIRE]
    assert spot[6] == f"{100 * own['car']:+.2f} %".replace("-", "−")


def test_the_gap_of_april_2026_is_seen_and_not_averaged_away(war: StudyResult) -> None:
    (gap,) = gaps(war.estimates, war.compared_estimates)
    assert f"{gap.session:%Y-%m-%d}" == "2026-04-07"
    assert (gap.first_price, gap.second_price) == (138.21, 111.0)
    assert gap.size == pytest.approx(27.21)
    assert 2 < gap.median < 5
    words = "lay furthest apart on 7 April 2026: 138.21 and 111.00, a gap of +27.21 USD/bbl"
    assert words in gap.sentence()
    assert any(words in text for text in series_cautions(war.estimates, war.compared_estimates))
    (record,) = to_document(war)["series_gaps"]
    assert (record["session"], record["first_price"]) == ("2026-04-07", 138.21)
    json.dumps(record)


def test_a_series_of_another_unit_has_no_gap(war: StudyResult) -> None:
    notes = " ".join(series_table(war.estimates, war.compared_estimates).notes)
    assert "Broad U.S. dollar index index, January 2006 = 100" in notes
    assert 'unit = "USD/bbl"' in notes


def test_one_series_alone_has_no_section(april: StudyResult) -> None:
    assert series_table(april.estimates, {}).rows == []
    assert series_cautions(april.estimates, {}) == []


def test_an_event_left_out_on_one_series_says_why(tmp_path: Path, futures: pd.Series) -> None:
    result = study(tmp_path, futures[:"2026-04-15"])
    rows = series_table(result.estimates, result.compared_estimates).rows
    assert rows[4][1:3] == ["Brent futures", "left out: after the last session"]


def test_a_series_on_which_nothing_can_be_estimated_is_named(
    tmp_path: Path, futures: pd.Series
) -> None:
    with pytest.raises(EstimationError, match=r"series\.futures: .*take \[series\.futures\] out"):
        study(tmp_path, futures[:"2026-04-01"])


def test_the_first_page_warns_of_a_continuous_future(tmp_path: Path, futures: pd.Series) -> None:
    rolled = futures.copy()
    rolled[rolled.index >= "2026-03-31"] *= 1.05
    result = study(tmp_path, rolled, futures={"continuous": True})
    said = series_cautions(result.estimates, result.compared_estimates)
    assert said[0].startswith("Brent futures is a continuous future")
    assert said[1].startswith("Brent futures: 1 session looks like a roll")
    assert "2026-03-31" in said[1]
    assert said[2] == f"Of these in the window of an event: 2026-03-31 ({CEASEFIRE})."
    quality = series_findings(result.estimates, {}, result.compared_estimates)
    assert any(text.startswith("futures: Brent futures is a continuous") for text in quality)


def test_scaled_prices_are_said_to_be_scaled_and_have_no_gap(tmp_path: Path) -> None:
    spot = SPOT["2025-01-01":]
    frame = pd.DataFrame({"K26": spot[:"2026-03-30"], "M26": 1.02 * spot})
    frame.to_csv(tmp_path / "f.csv", index_label="date")
    table = {"symbol": "f.csv", "contract_columns": ["K26", "M26"]}
    result = study(tmp_path, spot, futures=table)
    assert gaps(result.estimates, result.compared_estimates) == []
    said = " ".join(series_cautions(result.estimates, result.compared_estimates))
    assert "K26 to M26 (ratio 1.0200)" in said
    assert "are of scaled prices; returns are exact" in said
    assert result.compared["futures"].car(0, 0)["car"].to_numpy() == pytest.approx(
        result.car(0, 0)["car"].to_numpy()
    )


def test_both_formats_show_it(war: StudyResult, tmp_path: Path) -> None:
    write_study(war, tmp_path / "war", formats=("pdf", "html", "png"))
    assert (tmp_path / "war" / "figures" / "series.png").is_file()
    reader = PdfReader(io.BytesIO((tmp_path / "war" / "report.pdf").read_bytes()))
    first = " ".join(reader.pages[0].extract_text().split())
    assert "138.21 and 111.00, a gap of +27.21 USD/bbl" in first
    assert any("Series side by side" in page.extract_text() for page in reader.pages)
    html = (tmp_path / "war" / "report.html").read_text()
    assert '<section id="series">' in html
    assert "a gap of +27.21 USD/bbl" in html
    tip = "Tue 7 Apr 2026 · Brent spot 138.21 · Brent futures 111.00 · gap +27.21 USD/bbl"
    assert html.count(f"<title>{tip}</title>") == 1
    for name in ("futures", "usd"):
        assert (tmp_path / "war" / name / "tables" / "car.csv").is_file()


def test_the_first_page_warns_of_dates_that_look_wrong(tmp_path: Path, futures: pd.Series) -> None:
    # Wednesday 4 June 2025 with day and month swapped is Sunday 6 April.
    swapped = futures.rename({pd.Timestamp("2025-06-04"): pd.Timestamp("2025-04-06")})
    result = study(tmp_path, swapped)
    (said, _) = series_cautions(result.estimates, result.compared_estimates)
    row = 2 + futures.index.get_loc("2025-06-04")
    assert said.startswith(
        f"Brent futures: 1 date does not fit the rows around: row {row} has 2025-04-06, a Sunday"
    )
    assert "(2025-06-04 fits)" in said
