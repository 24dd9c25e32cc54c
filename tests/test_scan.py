"""Scans: lists, matches, recall and precision on paper, and the known days of oil."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import oilshock as osk
from oilshock.config import config_from_dict
from oilshock.scan import ScanResult, scan_prices
from oilshock.study import run_study

KNOWN = ("1991-01-17", "2020-03-09", "2020-04-21", "2026-04-17")


@pytest.fixture(scope="module")
def bundled() -> ScanResult:
    config = config_from_dict(
        {"study": {"name": "s"}, "events": {"ids": ["iran-attacks-israel-apr2024"]}}, where="s"
    )
    return run_study(config).scan()


def small(
    events: list[int], *, within: int = 1, shocks: tuple[int, ...] = (300, 400)
) -> ScanResult:
    """Scan 600 returns of noise with shocks of 12 and 10 per cent, and events at given sessions."""
    returns = 0.01 * np.random.default_rng(2).standard_normal(600)
    returns[0] = np.nan
    for place, shock in enumerate(shocks):
        returns[shock] = 0.12 - 0.02 * place
    sessions = pd.bdate_range("2020-01-01", periods=600)
    frame = pd.DataFrame(
        {
            "id": [f"e{at}" for at in events],
            "title": [f"Event {at}" for at in events],
            "position": np.array(events, dtype=np.intp),
        }
    )
    prices = pd.Series(50.0 * np.exp(np.nancumsum(returns)), sessions)
    return scan_prices(prices, returns, events=frame, top=2, within=within)


def test_the_known_days_are_in_the_union_of_the_lists(bundled: ScanResult) -> None:
    listed = set(bundled.moves["session"].dt.strftime("%Y-%m-%d"))
    assert set(KNOWN) <= listed
    assert bundled.top == 50
    assert set(range(1, 51)) <= set(bundled.moves["rank_raw"])
    assert set(range(1, 51)) <= set(bundled.moves["rank_scaled"])


def test_ranks_are_those_of_the_whole_series(bundled: ScanResult) -> None:
    returns = np.log(osk.load_prices()).diff().abs()
    expected = returns.rank(ascending=False, method="first")
    moves = bundled.moves.set_index("session")
    np.testing.assert_array_equal(moves["rank_raw"], expected[moves.index])
    assert bundled.n_sessions == len(returns) - 1
    best = np.minimum(bundled.moves["rank_raw"], bundled.moves["rank_scaled"])
    assert best.is_monotonic_increasing


def test_events_near_a_move_explain_it(bundled: ScanResult) -> None:
    moves = bundled.moves.set_index("session")
    assert "saudi-price-war-2020" in moves.loc["2020-03-09", "events"].split(";")
    assert moves.loc["1991-01-17", "explained"]
    assert not moves.loc["2001-09-24", "explained"]
    assert moves.loc["2001-09-24", "titles"] == ""
    assert len(bundled.unexplained) + bundled.coverage.n_explained == len(moves)


def test_recall_and_precision_on_paper() -> None:
    """Two moves at 300 and 400; events at 299, 300 and 500; k = 1.

    300 has two events, 400 none: recall 1/2. Of three events two have a move: precision 2/3.
    Sessions near an event: 298..301 and 499..501, 7 of 599; near a move: 2 times 3, 6 of 599.
    """
    found = small([299, 300, 500])
    assert found.moves["rank_raw"].tolist() == [1, 2]
    about = found.coverage
    assert (about.n_moves, about.n_explained, about.recall) == (2, 1, 0.5)
    assert (about.n_events, about.n_with_move, about.precision) == (3, 2, pytest.approx(2 / 3))
    assert about.chance_recall == pytest.approx(7 / 599)
    assert about.chance_precision == pytest.approx(6 / 599)
    assert found.moves.loc[0, "events"] == "e300;e299", "the nearest first"
    assert found.quiet["event_id"].tolist() == ["e500"]


@pytest.mark.parametrize(("within", "expected"), [(0, ""), (1, ""), (2, "e302"), (5, "e302")])
def test_within_is_counted_in_sessions(within: int, expected: str) -> None:
    assert small([302], within=within).moves.loc[0, "events"] == expected


def test_both_shocks_are_discovered_and_noise_is_not() -> None:
    found = small([])
    assert found.n_below_q == 2
    assert found.moves["q_model"].max() < 0.05
    assert np.isnan(found.coverage.precision)
    assert found.quiet.empty


def test_moves_below_q_are_listed_beyond_the_top() -> None:
    assert len(small([], shocks=(200, 300, 400)).moves) == 3


def test_dollars_and_returns_belong_to_the_session(bundled: ScanResult) -> None:
    prices = osk.load_prices()
    row = bundled.moves.set_index("session").loc["2020-04-21"]
    assert row["price"] == 9.12
    assert row["usd"] == pytest.approx(9.12 - 17.36)
    assert row["return"] == pytest.approx(np.log(9.12 / 17.36))
    assert prices.loc["2020-04-20"] == 17.36


def test_breaks_are_matched_with_events(bundled: ScanResult) -> None:
    size = bundled.breaks[bundled.breaks["kind"] == "size"].set_index("session")
    assert "us-israel-attack-iran-2026" in size.loc["2026-03-02", "events"].split(";")
    assert (size["low_session"] <= size.index).all()
    assert (size["high_session"] >= size.index).all()
    returns = np.log(osk.load_prices()).diff().abs()
    last = size.index[-1]
    assert size.loc[last, "after"] == pytest.approx(returns.loc[last:].mean())


def test_endogenous_events_explain_nothing(bundled: ScanResult) -> None:
    frame = osk.load_events().to_frame()
    endogenous = set(frame.loc[frame["endogenous"], "id"])
    assert endogenous
    named = {name for names in bundled.moves["events"] for name in names.split(";")}
    assert not endogenous & (named | set(bundled.quiet["event_id"]))
    assert bundled.coverage.n_events == 191


def test_a_short_series_is_ranked_by_size_alone() -> None:
    prices = osk.load_prices().loc["2024-01-02":"2024-10-01"]
    events = osk.load_events().filter(ids=["us-sanctions-iran-apr2024"])
    found = osk.EventStudy(prices, events, estimation=40, window=(-1, 2)).fit().scan()
    assert found.reason.startswith("needs 250 returns")
    assert len(found.moves) == 50
    assert found.moves["rank_raw"].tolist() == list(range(1, 51))
    assert np.isnan(found.smallest_q)
