"""The price of an episode taken apart, and its levels without the events."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oilshock as osk
from oilshock import StudyResult, run_study
from oilshock.config import config_from_dict
from oilshock.decomposition import (
    Alternatives,
    Decomposition,
    assign_sessions,
    decompose,
    logarithmic_mean,
    previous_year_high,
)
from oilshock.errors import ConfigError
from oilshock.models import Design
from oilshock.report.artist import Artist
from oilshock.report.decomposition import (
    accounted_table,
    decomposition_paragraphs,
    decomposition_section,
)
from oilshock.typing import silent

ATTACK = "iran-attacks-israel-apr2024"
DAMASCUS = "damascus-consulate-strike-2024"
FACTOR = np.random.default_rng(3).standard_normal(60) * 0.01


def design(*names: str) -> Design:
    columns = {"constant": np.ones(60), "dollar": FACTOR}
    x = np.column_stack([columns[name] for name in names])
    return Design(offset=np.zeros(60), x=x, names=names)


def known_prices() -> tuple[np.ndarray, np.ndarray]:
    """Prices of known parts: drift 0.001, factor loading -0.5, and jumps on 20, 22 and 23."""
    returns = 0.001 - 0.5 * FACTOR
    returns[[20, 22, 23]] += [0.05, -0.02, 0.03]
    returns[0] = np.nan
    return 80 * np.exp(np.nancumsum(returns)), returns


def taken_apart(ids: list[str], position: list[int], *, last_day: int = 2) -> Decomposition:
    prices, returns = known_prices()
    return decompose(
        prices,
        returns,
        design("constant", "dollar"),
        beta=np.array([0.001, -0.5]),
        ids=ids,
        position=np.array(position),
        episode="war",
        last_day=last_day,
    )


def test_the_known_parts_of_simulated_prices_come_back() -> None:
    # a holds 20, 21; both hold 22; b holds 23, 24: so 5 % is a's, -2 % the episode's, 3 % b's.
    found = taken_apart(["a", "b"], [20, 22])
    assert found.names == ("expected drift", "factors", "a", "b", "war")
    assert found.sessions.tolist() == [20, 21, 22, 23, 24]
    logs = dict(zip(found.names, found.log_parts, strict=True))
    np.testing.assert_allclose(logs["expected drift"], 0.001 * np.arange(1, 6), atol=1e-12)
    np.testing.assert_allclose(logs["factors"], -0.5 * np.cumsum(FACTOR[20:25]), atol=1e-12)
    np.testing.assert_allclose(logs["a"], 0.05, atol=1e-12)
    np.testing.assert_allclose(logs["war"], [0, 0, -0.02, -0.02, -0.02], atol=1e-12)
    np.testing.assert_allclose(logs["b"], [0, 0, 0, 0.03, 0.03], atol=1e-12)


def test_the_parts_add_up_to_the_price() -> None:
    found = taken_apart(["a", "b"], [20, 22])
    np.testing.assert_allclose(found.base + found.usd_parts.sum(axis=0), found.price, rtol=1e-12)
    logs = np.log(found.price / found.base)
    np.testing.assert_allclose(found.log_parts.sum(axis=0), logs, atol=1e-12)


@settings(max_examples=20)
@given(order=st.permutations(range(4)))
def test_the_order_of_the_events_changes_nothing(order: list[int]) -> None:
    ids, position = ["a", "b", "c", "d"], [20, 22, 23, 30]
    one = taken_apart(ids, position)
    other = taken_apart([ids[k] for k in order], [position[k] for k in order])
    assert one.names == other.names
    np.testing.assert_array_equal(one.usd_parts, other.usd_parts)


def test_sessions_between_the_windows_belong_to_no_event() -> None:
    found = taken_apart(["a", "b"], [20, 30], last_day=1)
    parts = dict(zip(found.names, found.log_parts, strict=True))
    np.testing.assert_allclose(parts["sessions without an event"][-1], 0.01, atol=1e-12)
    np.testing.assert_allclose(parts["a"][-1], 0.05, atol=1e-12)
    assert "war" not in parts


def test_sessions_are_held_from_day_0_to_the_last_day() -> None:
    sessions, held = assign_sessions(np.array([3, 3, 9]), last_day=1, n_sessions=10)
    assert sessions.tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert held == [(0, 1), (0, 1), (), (), (), (), (2,)]


def test_the_logarithmic_mean_lies_between_the_other_two() -> None:
    a, b = np.array([1.0, 50.0, 3.0]), np.array([2.0, 80.0, 3.0])
    mean = logarithmic_mean(a, b)
    assert (np.sqrt(a * b) <= mean + 1e-12).all()
    assert (mean <= (a + b) / 2 + 1e-12).all()
    np.testing.assert_allclose(mean[:2] * np.log(b[:2] / a[:2]), (b - a)[:2])


@pytest.mark.parametrize("kind", ["log", "simple", "difference"])
@pytest.mark.parametrize("factors", [(), ("dollar",)])
def test_one_event_alone_has_its_what_if_usd(kind: Any, factors: tuple[str, ...]) -> None:
    events = osk.load_events().filter(ids=[ATTACK])
    model = "factors" if factors else "mean"
    study = osk.EventStudy(
        osk.load_prices(), events, model=model, factors=factors, returns=kind, tests=["t"]
    )
    result = study.fit()
    parts = result.what_moved.parts
    own = parts[parts["kind"] == "event"]["usd"].to_numpy()
    path = result.what_if(ATTACK).to_frame()
    expected = path.loc[path["relative_day"] >= 0, "usd"].to_numpy()
    np.testing.assert_allclose(own, expected, atol=1e-9)
    total = parts.groupby("session")["usd"].sum()
    price = parts.groupby("session")["price"].first()
    np.testing.assert_allclose(total, price, rtol=1e-10)
    assert ("factors" in set(parts["kind"])) == bool(factors)


def small_episode() -> Decomposition:
    three = np.array([91.0, 92.0, 89.0])
    return Decomposition(
        "x", np.array([5, 6, 7]), 90.0, three, np.full(3, 90.0), ("x",), ("event",),
        np.zeros((1, 3)), np.zeros((1, 3)),
    )  # fmt: skip


def test_sessions_above_a_level_by_hand() -> None:
    # Paths above 90 on 0, 1, 2 and 3 sessions: on average 1.5; actual 2, so 0.5 are accounted.
    paths = np.array([[80, 80, 80], [95, 80, 80], [95, 95, 80], [95, 95, 95]], dtype=float)
    found = Alternatives(small_episode(), paths)
    counts = found.sessions_above(90.0, alpha=0.05)
    assert counts == {
        "sessions_above": 2,
        "without": 1.5,
        "without_low": 0.0,
        "without_high": 3.0,
        "accounted": 0.5,
        "accounted_low": -1.0,
        "accounted_high": 2.0,
    }
    np.testing.assert_array_equal(found.chance_above(90.0), [0.75, 0.5, 0.25])


def test_without_ordinary_sessions_there_is_no_figure() -> None:
    found = Alternatives(small_episode(), np.empty((0, 3)))
    assert np.isnan(found.sessions_above(90.0, alpha=0.05)["accounted"])
    assert np.isnan(found.chance_above(90.0)).all()
    few = osk.load_prices().loc["2023-06":"2024-06"]
    events = osk.load_events().filter(ids=[ATTACK])
    study = osk.EventStudy(few, events, levels=[90.0], tests=["t"]).fit()
    row = study.what_moved.accounted.iloc[0]
    assert row["reason"] == "too few ordinary sessions"
    assert row["sessions_above"] == 2


def study(**tables: Any) -> StudyResult:
    data = {
        "study": {"name": "s"},
        "events": {"ids": [ATTACK, DAMASCUS, "isfahan-strike-2024"]},
        "levels": {"usd": [90.0, 100.0]},
        "inference": {"tests": ["t", "placebo"]},
        **tables,
    }
    return run_study(config_from_dict(data, where="test"))


@pytest.fixture(scope="module")
def result() -> StudyResult:
    return study(decomposition={"report": True, "rules": ["previous-year-high"]})


def test_the_chance_of_one_event_agrees_with_its_what_if_path() -> None:
    one = study(events={"ids": [ATTACK]})
    path = one.what_if(ATTACK, level=90.0).to_frame()
    path = path[path["relative_day"] >= 0]
    own = one.what_moved.counterfactual
    np.testing.assert_allclose(own["p_above_90"], path["p_above_90"], atol=0.04)
    np.testing.assert_allclose(own["expected_price"], path["expected_price"], rtol=1e-12)


def test_levels_and_rules(result: StudyResult) -> None:
    rows = result.what_moved.accounted
    assert rows["rule"].tolist() == ["", "", "previous-year-high"]
    prices = osk.load_prices()
    assert rows["level"].iloc[2] == prices.loc["2023"].max()
    inside = result.what_moved.counterfactual
    assert rows["sessions_above"].tolist() == [
        int((inside["price"] > level).sum()) for level in rows["level"]
    ]
    assert (rows["accounted_low"] <= rows["accounted"]).all()
    assert (rows["accounted"] <= rows["accounted_high"]).all()
    expected = rows["sessions_above"] - rows["without"]
    np.testing.assert_allclose(rows["accounted"].astype(float), expected.astype(float))
    mean = inside[["p_above_90", "p_above_100"]].sum()
    np.testing.assert_allclose(rows["without"].iloc[:2].astype(float), mean)


def test_a_year_without_prices_has_no_high() -> None:
    days = pd.DatetimeIndex(["2024-01-02", "2024-03-01"])
    assert np.isnan(previous_year_high(np.array([1.0, 2.0]), days, session=1))


def test_section_tables_and_notebook(result: StudyResult) -> None:
    from matplotlib.figure import Figure

    section = decomposition_section(Artist(result.estimates, result.facts, progress=silent))
    assert section is not None
    assert [chart.name for chart in section.charts] == ["parts_1"]
    assert len(accounted_table(result.estimates).rows) == 3
    words = " ".join(decomposition_paragraphs(result.estimates))
    n_above = int((result.what_moved.counterfactual["price"] > 90.0).sum())
    assert f"$90: {n_above} sessions of" in words
    names = ("decomposition", "counterfactual", "accounted")
    assert result.estimates.asked_tables == names
    for name in names:
        assert len(result.table(name))
    (label,) = result.episodes["episode"]
    ax = result.plot_parts(label, ax=Figure().add_subplot())
    price = result.what_moved.counterfactual["price"]
    base = result.what_moved.parts["usd"].iloc[0]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), price - base, atol=1e-9)
    with pytest.raises(ConfigError, match='"wrong" is not an episode'):
        result.plot_parts("wrong")
    plain = study()
    assert plain.estimates.asked_tables == ()
    assert decomposition_section(Artist(plain.estimates, plain.facts, progress=silent)) is None
