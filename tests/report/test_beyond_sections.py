"""The sections on history, aftermath, dynamics and volatility."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import oilshock as osk
from oilshock.charts.units import unit_of
from oilshock.config import config_from_dict, load_config
from oilshock.report.analyses import analyse
from oilshock.report.artist import Artist
from oilshock.report.dynamics_words import class_sentences
from oilshock.report.section import Section
from oilshock.report.sections import build_sections
from oilshock.results import StudyResult
from oilshock.study import run_study
from oilshock.typing import silent

ANCHORS = ("history", "aftermath", "dynamics", "volatility")
CONFIGS = Path(__file__).parents[2] / "configs"


def sections(result: StudyResult) -> dict[str, Section]:
    artist = Artist(result.estimates, result.facts, progress=silent)
    return {
        section.anchor: section for section in build_sections(artist, analyse(result.estimates))
    }


@pytest.fixture(scope="module")
def war() -> dict[str, Section]:
    return sections(run_study(load_config(CONFIGS / "iran-war-2026.toml")))


@pytest.fixture(scope="module")
def spring(april: StudyResult) -> dict[str, Section]:
    return sections(april)


def test_both_reports_have_every_section(
    spring: dict[str, Section], war: dict[str, Section]
) -> None:
    for found in (spring, war):
        assert set(ANCHORS) <= set(found)
        for name in ANCHORS:
            assert found[name].charts
            assert found[name].tables
            assert found[name].paragraphs


def test_tables_have_a_row_for_each_event(spring: dict[str, Section]) -> None:
    assert len(spring["history"].tables[0].rows) == 9
    assert len(spring["dynamics"].tables[1].rows) == 9
    assert len(spring["volatility"].tables[0].rows) == 9
    for section in spring.values():
        for table in section.tables:
            assert {len(row) for row in table.rows} <= {len(table.columns)}


def test_figures_of_history_are_those_of_the_prices(spring: dict[str, Section]) -> None:
    # 12 April 93.12, 15 April 90.84: -2.45 % and -2.28 USD/bbl; ranks counted here.
    prices = osk.load_prices()
    moves = prices.pct_change()
    rank = 1 + int((moves < moves["2024-04-15"]).sum())
    text = spring["history"].paragraphs[0]
    assert f"−2.45 %, −2.28 USD/bbl, the {rank:,}th largest one-day fall in 9,986 sessions" in text


def test_a_move_larger_than_all_others_is_told_without_a_share(war: dict[str, Section]) -> None:
    text = " ".join(war["history"].paragraphs)
    assert "A larger fall than on any of the 34 other sessions with a known event" in text
    assert "than on 92 % of the 40 other sessions" in text
    assert "100 % of" not in text


def test_april_2024_in_numbers(spring: dict[str, Section]) -> None:
    text = " ".join(spring["dynamics"].paragraphs)
    assert "Half-life not defined: CAR never left the path band." in text
    # Peak 93.12 on 12 April; ten sessions before 3 April: 86.47; log(93.12 / 86.47) = 7.41 %.
    assert "the price made 1 surge above $90" in text
    surges = next(table for table in spring["dynamics"].tables if table.caption.startswith("Surge"))
    (row,) = surges.rows
    cells = ["$90", "2024-04-03", "2024-04-16", "93.12", "2024-04-12", "+7.41 %"]
    assert row[: len(cells)] == cells
    assert "What came: −2.4 % over 1 session" in " ".join(spring["aftermath"].paragraphs)


def test_the_war_has_moves_that_left_their_band(war: dict[str, Section]) -> None:
    text = " ".join(war["dynamics"].paragraphs)
    assert "of 15 events left the path band" in text
    assert not text.startswith("0 of")
    notes = " ".join(war["dynamics"].notes)
    assert "carries the drift of the estimation window on" in notes


def test_no_event_is_none_and_one_event_is_not_counted(spring: dict[str, Section]) -> None:
    assert "None of 9 events left the path band" in " ".join(spring["dynamics"].paragraphs)
    assert "None of 9 events had more volatility" in " ".join(spring["volatility"].paragraphs)
    events = osk.load_events().filter(ids=["abqaiq-khurais-attack-2019"])
    found = sections(osk.EventStudy(osk.load_prices(), events).fit())
    assert "It left the path band within 10 sessions." in found["dynamics"].paragraphs
    assert "of 1 event" not in " ".join(found["volatility"].paragraphs)


def test_prices_below_zero_have_dollars(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    days = pd.bdate_range("2020-01-01", periods=700)
    prices = pd.Series(5.0 + np.cumsum(rng.normal(0, 1, 700)), index=days, name="wti")
    assert (prices < 0).any()
    events = [{"id": "a", "date": "2021-06-01", "title": "One", "direction": "+"}]
    study = osk.EventStudy(prices, events, returns="difference", close="19:30", timezone="UTC")
    result = study.fit()
    assert unit_of(result.estimates.config.returns.kind) == "USD/bbl"
    found = sections(result)
    assert "USD/bbl" in found["history"].paragraphs[0]
    assert "%" not in found["aftermath"].tables[0].rows[0][4]
    assert "USD/bbl a session" in found["volatility"].paragraphs[0]


def test_a_short_series_has_sections_that_say_what_is_missing() -> None:
    prices = osk.load_prices().iloc[-50:]
    events = [{"id": "a", "date": str(prices.index[40].date()), "title": "One", "direction": "+"}]
    study = osk.EventStudy(prices, events, estimation=20, gap=3, window=(-2, 3))
    result = study.fit()
    found = sections(result)
    assert "too few for 60 sessions ahead" in result.dynamics_shapes()["reason"].iloc[0]
    assert result.dynamics().empty
    assert "there is no band" in result.dynamics_events()["reason"].iloc[0]
    volatility = result.volatility()
    assert volatility["reason"].iloc[0] == "the window begins inside the estimation window"
    assert volatility["p_calibrated"].isna().all()
    assert set(ANCHORS) - {"aftermath"} <= set(found)


def test_ranges_have_a_table_of_their_own(tmp_path: Path) -> None:
    prices = osk.load_prices().iloc[-1500:]
    frame = pd.DataFrame({"close": prices, "high": prices * 1.02, "low": prices * 0.99})
    frame.to_csv(tmp_path / "p.csv", index_label="date")
    (tmp_path / "s.toml").write_text(
        '[study]\nname = "s"\n[prices]\nsource = "file"\nsymbol = "p.csv"\nclose = "16:30"\n'
        'timezone = "Europe/London"\n[events]\nids = ["iran-attacks-israel-apr2024"]\n'
    )
    result = run_study(load_config(tmp_path / "s.toml"), base=tmp_path)
    frame = result.volatility()
    ranges = frame[frame["measure"] == "range"]
    assert len(ranges) == len(frame) // 2
    expected = np.log(1.02 / 0.99) / np.sqrt(4 * np.log(2))
    assert ranges["realised_vol"].to_numpy() == pytest.approx(expected, rel=1e-9)
    assert len(sections(result)["volatility"].tables) == 2


def test_a_class_keeps_the_capitals_of_its_name_at_the_start_of_a_sentence() -> None:
    data = {
        "study": {"name": "opec"},
        "events": {"categories": ["opec_decision"], "since": "2015-01-01"},
        "dynamics": {"events": "study", "groups": ["category"], "draws": 100},
    }
    result = run_study(config_from_dict(data, where="test"))
    text = " ".join(class_sentences(Artist(result.estimates, result.facts, progress=silent)))
    assert "Events of category OPEC decision (" in text
