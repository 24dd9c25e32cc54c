"""What moves more: rows of a window, from samples made by hand and from the catalogue."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from strategies import catalogue, fit_brent

from oilshock.comparison import (
    CarSample,
    asymmetry_row,
    comparison_frame,
    contrast_row,
    members,
    regression_rows,
    signed_rows,
    window_episodes,
)
from oilshock.config import config_from_dict
from oilshock.errors import ConfigError
from oilshock.results import StudyResult
from oilshock.study import check_study
from oilshock.tables import EXTRA_COLUMNS
from oilshock.typing import Window

DRAW: dict[str, Any] = {"alpha": 0.05, "draws": 1000, "seed": 0}


def sample(
    car: list[float],
    direction: str,
    *,
    position: list[int] | None = None,
    window: Window = (0, 0),
    **columns: list[Any],
) -> CarSample:
    n = len(car)
    return CarSample(
        window=window,
        car=np.array(car),
        std_error=np.full(n, 0.02),
        events=pd.DataFrame({"direction": list(direction), **columns}),
        position=np.array(position if position is not None else [100 * i for i in range(n)]),
    )


@pytest.fixture(scope="module")
def whole() -> StudyResult:
    return fit_brent(catalogue())


@pytest.mark.parametrize(
    ("position", "window", "episode"),
    [
        ([5, 6, 7], (0, 0), [0, 1, 2]),
        ([7, 5, 5], (0, 0), [1, 0, 0]),
        ([5, 6, 7, 9], (0, 1), [0, 0, 0, 1]),
        ([5, 7], (-1, 1), [0, 0]),
        ([5, 8], (-1, 1), [0, 1]),
        ([], (0, 5), []),
    ],
)
def test_episodes_share_a_session(position: list[int], window: Window, episode: list[int]) -> None:
    found = window_episodes(np.array(position, dtype=np.intp), window=window)
    assert found.tolist() == episode


def test_asymmetry_compares_sizes() -> None:
    # Tightening moved by 3 and 5, easing by 1, 2 and 3: 4 less 2.
    row = asymmetry_row(sample([0.03, 0.05, -0.01, -0.02, -0.03, 9.0], "++---0"), **DRAW)
    assert row["estimate"] == pytest.approx(0.02)
    assert row["term"] == "direction=+ vs direction=-"
    assert (row["n_events"], row["n_episodes"]) == (5, 5)
    assert row["reason"] == "exact, over 10 splits"
    sizes = np.array([0.03, 0.05, 0.01, 0.02, 0.03])
    welch = stats.ttest_ind(sizes[:2], sizes[2:], equal_var=False)
    assert row["statistic"] == pytest.approx(welch.statistic)


def test_an_event_against_its_sign_counts_against() -> None:
    row = asymmetry_row(sample([0.03, -0.01, 0.02, -0.02], "++--"), **DRAW)
    assert row["estimate"] == pytest.approx(0.01 - 0.0)


def test_contrast_leaves_out_what_is_of_both_and_what_has_no_car() -> None:
    found = contrast_row(
        sample(
            [0.01, 0.02, 0.05, 0.04, np.nan, 0.07],
            "++++++",
            kind=["a", "a", "b", "b", "b", "a"],
            zone=["x", "x", "y", "y", "y", "y"],
        ),
        first="kind=a",
        second="zone=y",
        **DRAW,
    )
    assert found["estimate"] == pytest.approx(0.015 - 0.045)
    assert found["n_events"] == 4
    assert found["reason"] == "1 event of both groups left out; exact, over 6 splits"
    assert found["term"] == "kind=a vs zone=y"


def test_contrast_of_a_group_without_events_says_so() -> None:
    row = contrast_row(
        sample([0.01, 0.02], "++", kind=["a", "a"]), first="kind=a", second="kind=z", **DRAW
    )
    assert np.isnan(row["p_value"])
    assert row["reason"] == "groups of 2 and 0 separate episodes, each needs 2"


def test_overlapping_windows_move_together() -> None:
    car, direction = [0.02, 0.02, 0.05, -0.01, -0.03, -0.03], "+++---"
    position = [10, 11, 50, 90, 130, 131]
    one_day = asymmetry_row(sample(car, direction, position=position), **DRAW)
    six = asymmetry_row(sample(car, direction, position=position, window=(0, 5)), **DRAW)
    assert (one_day["n_episodes"], six["n_episodes"]) == (6, 4)
    assert one_day["reason"] == "exact, over 20 splits"
    assert six["reason"] == "exact, over 6 splits"


def test_a_session_expected_both_ways_tells_nothing() -> None:
    car, direction = [0.02, 0.02, 0.05, 0.04, -0.03, -0.01], "+-++--"
    row = asymmetry_row(sample(car, direction, position=[5, 5, 20, 30, 40, 50]), **DRAW)
    assert row["n_events"] == 4
    assert row["reason"].startswith("2 events left out, in episodes that hold both groups")


def test_signed_rows() -> None:
    average, share = signed_rows(sample([0.03, -0.01, -0.02, 0.5], "+--0"), alpha=0.05)
    t = stats.ttest_1samp([0.03, 0.01, 0.02], 0, alternative="greater")
    assert average["p_value"] == pytest.approx(t.pvalue)
    assert average["kind"] == "signed-average"
    assert (share["estimate"], share["statistic"], share["p_value"]) == (1.0, 3.0, 0.125)
    assert average["n_events"] == share["n_events"] == 3


def test_errors_from_few_episodes_are_called_unsure() -> None:
    average, _ = signed_rows(sample([0.03, 0.02, -0.02], "++-", position=[1, 1, 50]), alpha=0.05)
    assert average["reason"] == "only 2 episodes: the error is unsure"


def test_regression_rows_stand_by_attribute_base_first() -> None:
    kind = ["b"] * 6 + ["a"] * 5 + ["c"]
    rows = regression_rows(
        sample(
            np.random.default_rng(0).normal(size=12).tolist(),
            "+" * 12,
            kind=kind,
            size=list(range(12)),
            position=[0, 0, *range(100, 1100, 100)],
        ),
        attributes=["size", "kind"],
        weights="equal",
        alpha=0.05,
    )
    frame = comparison_frame(rows)
    assert frame["term"].tolist() == ["constant", "size", "kind=b", "kind=a", "kind=c"]
    assert frame["n_events"].tolist() == [11, 11, 6, 5, 0]
    assert frame["n_episodes"].tolist() == [10, 10, 5, 5, 0]
    assert frame["reason"].tolist() == [
        "11 events in 10 episodes whose windows share sessions are taken as independent",
        "",
        "base level",
        "",
        "1 event, fewer than 5: left out",
    ]


def test_weights_need_a_variance() -> None:
    made = sample([0.01, 0.03, 0.02, 0.05, 0.04, 0.06, 0.9], "+" * 7)
    made.std_error[6] = 0.0
    rows = regression_rows(made, attributes=["direction"], weights="inverse-variance", alpha=0.05)
    assert rows[0]["n_events"] == 6
    assert rows[0]["estimate"] == pytest.approx(0.035)


def test_members_are_compared_as_text() -> None:
    frame = pd.DataFrame({"severity": pd.array([1, None, 3], dtype="Int64")})
    assert members(frame, "severity=3").tolist() == [False, False, True]


def test_table_of_the_catalogue(whole: StudyResult) -> None:
    table = whole.table("comparison")
    assert tuple(table.columns) == EXTRA_COLUMNS["comparison"]
    kinds = ["asymmetry", "signed-average", "share-as-expected", "signed-average"]
    assert table["kind"].tolist() == kinds * 4
    is_placebo = table["term"] == "placebo"
    assert table.loc[is_placebo, "kind"].tolist() == ["signed-average"] * 4
    assert (table.loc[is_placebo, "p_value"] < 0.01).all()
    day0 = (table["start"] == 0) & (table["end"] == 0) & ~is_placebo
    first = table[day0].set_index("kind")
    events = whole.estimates.kept_events
    sign = events["direction"].map({"+": 1.0, "-": -1.0}).to_numpy(dtype=float)
    signed = whole.car(0, 0)["car"].to_numpy() * sign
    assert first.loc["signed-average", "estimate"] == pytest.approx(np.nanmean(signed))
    directed = ~np.isnan(signed)
    assert first.loc["signed-average", "n_events"] == directed.sum()
    sessions = len(set(whole.estimates.position[directed].tolist()))
    assert first.loc["signed-average", "n_episodes"] == sessions < directed.sum()
    assert first.loc["share-as-expected", "statistic"] == (signed[directed] > 0).sum()


def test_notebook_calls_agree_with_the_table(whole: StudyResult) -> None:
    table = whole.table("comparison")
    rows = table[(table["start"] == 0) & (table["end"] == 5)].reset_index(drop=True)
    again = whole.compare(0, 5)
    assert again["null"].str.len().min() > 20
    pd.testing.assert_frame_equal(again.drop(columns="null"), rows)


def test_contrast_depends_on_no_order(whole: StudyResult) -> None:
    row = whole.contrast("category=conflict", "category=sanctions", 0, 0).iloc[0]
    other = whole.contrast("category=sanctions", "category=conflict", 0, 0).iloc[0]
    means = [
        whole.car(0, 0)["car"][members(whole.estimates.kept_events, f"category={name}")].mean()
        for name in ("conflict", "sanctions")
    ]
    assert row["estimate"] == pytest.approx(means[0] - means[1])
    assert other["estimate"] == pytest.approx(-row["estimate"])
    assert other["p_value"] == pytest.approx(row["p_value"], abs=0.03)
    greater = whole.contrast("category=conflict", "category=sanctions", 0, 0, alternative="greater")
    assert greater["p_value"].iloc[0] != row["p_value"]


def test_regression_of_the_catalogue_and_its_chart(whole: StudyResult) -> None:
    from matplotlib.figure import Figure

    equal = whole.regress(["direction"], 0, 0)
    weighted = whole.regress(["direction"], 0, 0, weights="inverse-variance")
    assert equal["term"].tolist() == ["constant", "direction=+", "direction=-", "direction=0"]
    assert (equal["estimate"] - weighted["estimate"]).abs().max() > 1e-4
    ax = whole.plot_regression(["direction"], 0, 0, ax=Figure(figsize=(7, 3)).add_subplot())
    assert ax.get_title(loc="left").startswith("CAR[0, 0] by attribute")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda r: r.regress(["categry"], 0, 0), '"categry" is no column of the events.*category'),
        (lambda r: r.regress(["number"], 0, 0), '"number" is no column'),
        (lambda r: r.regress(["category"], 0, 99), "not a window inside"),
        (lambda r: r.contrast("category=war", "category=policy", 0, 0), '"category=war" has no'),
        (lambda r: r.contrast("kind=a", "category=policy", 0, 0), '"kind" is no column'),
        (lambda r: r.compare(5, 0), "not a window inside"),
    ],
)
def test_wrong_calls_are_named(whole: StudyResult, call: Any, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        call(whole)


def test_a_single_event_has_no_comparison() -> None:
    result = fit_brent(catalogue().filter(ids=["iran-attacks-israel-apr2024"]))
    assert result.table("comparison").empty
    assert len(result.diagnostics) == 1


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"contrasts": [["category", "category=policy"]]}, "is no pair of groups"),
        ({"contrasts": [["a=1", "a=1"]]}, "compares a group with itself"),
        ({"attributes": ["region", "region"]}, "names one twice"),
    ],
)
def test_wrong_config_is_refused(table: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        config_from_dict({"study": {"name": "s"}, "comparison": table}, where="test")


def test_unknown_columns_of_the_config_are_named() -> None:
    config = config_from_dict(
        {
            "study": {"name": "s"},
            "comparison": {"attributes": ["categry"], "contrasts": [["zone=a", "zone=b"]]},
        },
        where="test",
    )
    with pytest.raises(ConfigError) as refused:
        check_study(config)
    text = str(refused.value)
    assert text.count("is no column of the events") == 2
    assert 'comparison.attributes: "categry"' in text
    assert 'comparison.contrasts: "zone"' in text
