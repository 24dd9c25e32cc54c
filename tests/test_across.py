"""`tests.csv`, `res.test(...)` and `osk.inference`, from the config to the row."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from strategies import brent, catalogue, dated, fit_brent

import oilshock as osk
from oilshock.config import config_from_dict
from oilshock.errors import ConfigError
from oilshock.inference import ACROSS, no_result
from oilshock.options import ACROSS_TESTS
from oilshock.results import StudyResult
from oilshock.study import run_study
from oilshock.tables import COLUMNS

DATES = ("2009-06-02", "2014-11-28", "2019-09-14", "2022-02-24", "2024-04-13", "2026-09-25")


@lru_cache
def study() -> StudyResult:
    events = [
        {**event, "direction": "+" if row % 2 else "-"} for row, event in enumerate(dated(*DATES))
    ]
    return fit_brent(events, tests=list(ACROSS_TESTS), groups=["direction"])


def test_columns_are_those_of_the_contract() -> None:
    assert tuple(study().table("tests").columns) == COLUMNS["tests"]


def test_each_group_window_and_test_is_there_once() -> None:
    tests = study().table("tests")
    keys = tests[["group", "start", "end", "test"]]
    assert not keys.duplicated().any()
    days = [(day, day) for day in range(-5, 11)]
    windows = [*days, (-1, 1), (0, 5), (-5, 10)]
    groups = ["all", "direction=-", "direction=+"]
    present = [name for name in ACROSS_TESTS if name in set(tests["test"])]
    assert set(present) >= set(ACROSS)
    expected = [(g, *w, t) for g in groups for w in windows for t in present]
    assert list(keys.itertuples(index=False, name=None)) == expected


def test_a_test_named_twice_or_a_window_that_is_a_day_makes_no_second_row() -> None:
    found = fit_brent(dated(*DATES[:2]), tests=["bmp", "t", "bmp"], car=[(0, 0), (0, 0), (0, 5)])
    tests = found.table("tests").query("group == 'all'")
    assert len(tests) == 2 * 17
    assert not tests.duplicated(["start", "end", "test"]).any()


def test_tests_of_one_event_only_have_no_rows() -> None:
    found = fit_brent(dated(*DATES[:2]), tests=["t", "permutation", "estimation-rank"])
    assert set(found.table("tests")["test"]) == {"t"}


def test_n_counts_the_events_with_the_whole_window() -> None:
    """The event of 25 September 2026 has days up to 2."""
    tests = study().table("tests").query("group == 'all'").set_index(["start", "end"])
    for window, n in {(0, 0): 6, (2, 2): 6, (3, 3): 5, (-1, 1): 6, (0, 5): 5, (-5, 10): 5}.items():
        assert set(tests.loc[[window], "n_events"]) == {n}


def test_a_group_is_a_study_of_its_events() -> None:
    plus = dated(*DATES[1::2])
    own = fit_brent(plus, tests=list(ACROSS), groups=[]).table("tests")
    rows = study().table("tests").query("group == 'direction=+' and test in @ACROSS")
    columns = ["start", "end", "test", "statistic", "p_value", "n_events", "df"]
    left = own[columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(left, rows[columns].reset_index(drop=True), rtol=1e-9)


@pytest.mark.parametrize("name", list(ACROSS))
def test_res_test_is_the_row_of_the_table_and_takes_an_alternative(name: str) -> None:
    row = study().test(name, 0, 5, group="direction=+")
    tests = study().table("tests")
    key = (
        (tests["group"] == "direction=+")
        & (tests["start"] == 0)
        & (tests["end"] == 5)
        & (tests["test"] == name)
    )
    pd.testing.assert_frame_equal(
        row[list(COLUMNS["tests"])], tests[key].reset_index(drop=True), check_dtype=False
    )
    assert row["null"].iloc[0]
    both = row["p_value"].iloc[0]
    up, down = (
        study().test(name, 0, 5, group="direction=+", alternative=side)["p_value"].iloc[0]  # type: ignore[arg-type]
        for side in ("greater", "less")
    )
    if not np.isnan(both):
        assert both == pytest.approx(min(1.0, 2 * min(up, down)), rel=1e-9)


def test_alternative_of_the_config_reaches_every_row() -> None:
    ids = catalogue().to_frame()["id"].iloc[[0, 60, 100, 150]].tolist()
    base = {
        "study": {"name": "x"},
        "events": {"ids": ids},
        "inference": {"tests": list(ACROSS), "groups": []},
    }
    tables = {}
    for side in ("two-sided", "greater", "less"):
        inference = {**base["inference"], "alternative": side}
        config = config_from_dict({**base, "inference": inference}, where="test")
        tables[side] = run_study(config).table("tests")
    two, up, down = (tables[side]["p_value"].to_numpy() for side in tables)
    np.testing.assert_allclose(two, np.minimum(1.0, 2 * np.minimum(up, down)), rtol=1e-9)
    assert (up != down).any()
    np.testing.assert_array_equal(tables["less"]["statistic"], tables["greater"]["statistic"])


def test_a_wrong_alternative_is_named_as_the_argument() -> None:
    with pytest.raises(ConfigError, match=r"EventStudy.*alternative.*upper"):
        fit_brent(dated(DATES[0]), alternative="upper")
    with pytest.raises(ConfigError, match=r"EventStudy.*tests\[0\].*bmpp"):
        fit_brent(dated(DATES[0]), tests=["bmpp"])


def test_one_event_gives_rows_that_say_why_they_are_empty() -> None:
    one = fit_brent(dated("2019-09-14"), tests=["bmp", "patell"])
    rows = one.table("tests").query("group == 'all' and test == 'bmp'")
    assert rows[["statistic", "p_value"]].isna().all(axis=None)
    assert (rows["n_events"] == 1).all()
    assert one.test("bmp", 0, 0)["reason"].tolist() == ["needs at least two events, has 1"]
    assert one.test("patell", 0, 0)["p_value"].notna().all()


def test_a_test_that_plugs_in_has_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that need more than a sample join the mapping of the study."""

    def placebo(chosen: object, alternative: object) -> object:
        return no_result("placebo", "null", n_events=0, reason="why")

    more = property(lambda self: {**ACROSS, "placebo": placebo})
    monkeypatch.setattr("oilshock.estimates.StudyEstimates.across", more)
    found = fit_brent(dated(*DATES[:2]), tests=["t", "placebo"])
    assert set(found.table("tests")["test"]) == {"t", "placebo"}
    assert found.test("placebo", 0, 0)["reason"].tolist() == ["why"]


def test_inference_is_at_hand_in_a_notebook() -> None:
    car = osk.load_prices().iloc[:5].to_numpy() - 18.0
    assert osk.inference.cross_sectional(car).n_events == 5
    for name in osk.inference.__all__:
        assert hasattr(osk.inference, name)
    assert len(brent().prices) > 5


def test_two_runs_give_the_same_p_values() -> None:
    """No test across events draws random numbers."""
    names = list(ACROSS)
    again = fit_brent(dated(*DATES), tests=names, groups=[]).table("tests")
    first = study().table("tests").query("group == 'all' and test in @names")
    pd.testing.assert_frame_equal(again, first.reset_index(drop=True))
