"""The tests of one event in a study: the table's contract, GARCH studies, and what fails aloud."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from arch.univariate import GARCH, ConstantMean, StudentsT
from scipy import stats
from strategies import CLOSE, brent, brent_returns, dated, fit_brent

from oilshock import estimates, event_tests, plan
from oilshock.config import config_from_dict
from oilshock.documents import to_document, to_json
from oilshock.errors import ConfigError, EstimationError
from oilshock.models import GarchFit, garch_fit
from oilshock.options import ONE_EVENT_TESTS
from oilshock.plan import estimate, plan_study
from oilshock.results import StudyResult
from oilshock.study import EventStudy
from oilshock.tables import COLUMNS, to_csv

DATES = ("2019-09-14", "2022-02-24", "2026-09-25")
NAMES = ("t", "permutation", "estimation-rank", "garch")


def run(tables: dict[str, Any], *, dates: tuple[str, ...] = DATES) -> StudyResult:
    data = {"study": {"name": "x"}, "windows": {"estimation": 250}, **tables}
    config = config_from_dict(data, where="x")
    events = EventStudy(brent().prices, dated(*dates), **CLOSE)._events
    made = estimate(plan_study(config, brent(), events=events, factors={}))
    return StudyResult(estimates=made, factors={}, compared={})


@lru_cache
def mean_study() -> StudyResult:
    return run({"inference": {"tests": list(NAMES), "draws": 500, "bootstrap": True}})


@lru_cache
def garch_study() -> StudyResult:
    return run(
        {
            "model": {"kind": "garch", "span": "expanding"},
            "inference": {"tests": list(NAMES), "draws": 500},
        }
    )


@pytest.mark.parametrize("study", [mean_study, garch_study])
def test_one_row_per_event_window_and_test_each_once(study: Any) -> None:
    result = study()
    table = result.table("event_tests")
    assert tuple(table.columns) == COLUMNS["event_tests"]
    assert not table.duplicated(["event_id", "start", "end", "test"]).any()
    assert len(table) == 3 * 4 * len(NAMES)
    assert table["test"].tolist()[:4] == list(NAMES)
    given = table["p_value"].notna()
    assert (given | table["reason"].ne("")).all()
    assert table["p_value"][given].between(0, 1).all()
    assert (table["p_value"][given] > 0).all()


def test_day_0_is_there_without_being_asked_for_and_unknown_names_add_nothing() -> None:
    result = run(
        {"windows": {"estimation": 250, "car": [[0, 5]]}, "inference": {"tests": ["t", "bmp"]}}
    )
    table = result.table("event_tests")
    assert table[["start", "end", "test"]].drop_duplicates().to_numpy().tolist() == [
        [0, 0, "t"],
        [0, 5, "t"],
    ]
    none = run({"inference": {"tests": ["bmp"]}}).table("event_tests")
    assert none.empty
    assert tuple(none.columns) == COLUMNS["event_tests"]


def test_a_window_past_the_last_session_says_so_in_every_test() -> None:
    table = mean_study().table("event_tests").set_index(["event_id", "end"])
    late = table.loc[("2026-09-25", 10)]
    assert (late["reason"] == "the window is not complete").all()
    assert late[["statistic", "p_value"]].isna().all(axis=None)


def test_on_day_0_the_permutation_test_is_the_rank_of_the_absolute_ar() -> None:
    table = mean_study().table("event_tests").set_index(["event_id", "end", "test"])
    sessions, returns = brent().prices.index, brent_returns()
    for date in DATES:
        day0 = sessions.searchsorted(pd.Timestamp(date))
        past = returns[day0 - 260 : day0 - 10]
        ar = returns[day0] - past.mean()
        count = (np.abs(past - past.mean()) >= abs(ar)).sum()
        assert table.loc[(date, 0, "permutation"), "p_value"] == pytest.approx((count + 1) / 251)


def test_the_garch_test_of_day_0_is_that_of_arch() -> None:
    row = mean_study().event_test("garch", 0, 0).set_index("event_id").loc["2022-02-24"]
    sessions, returns = brent().prices.index, brent_returns()
    day0 = sessions.searchsorted(pd.Timestamp("2022-02-24"))
    y = returns[day0 - 260 : day0]
    unit = y[:250].std()
    model = ConstantMean(y / unit, volatility=GARCH(), distribution=StudentsT(), rescale=False)
    own = model.fit(disp="off", show_warning=False, last_obs=250)
    h = own.forecast(horizon=1, start=259).variance.to_numpy()[0, 0] * unit**2
    nu = own.params["nu"]
    seen = own.conditional_volatility[:250] ** 2 * unit**2
    mean_variance = (nu - 2) * (nu + 3) / (nu * (nu + 1)) / (1 / seen).sum()
    t = (returns[day0] - own.params["mu"] * unit) / np.sqrt(h + mean_variance)
    assert row["statistic"] == pytest.approx(t, rel=1e-7)
    assert row["df"] == pytest.approx(nu, rel=1e-9)
    shock = abs(t) * np.sqrt(h)
    law = stats.t(nu, scale=np.sqrt(h * (nu - 2) / nu))
    assert row["p_value"] == pytest.approx(2 * law.sf(shock), rel=1e-6)


def test_in_a_garch_study_the_test_is_the_t_test_but_for_what_it_knows() -> None:
    table = garch_study().table("event_tests").set_index(["event_id", "start", "test"])
    # [-5, 10] begins with the event window: both know the same. [0, 0] knows five sessions more.
    t, own = (table.loc[("2022-02-24", -5, name)] for name in ("t", "garch"))
    assert own["statistic"] == pytest.approx(t["statistic"], rel=1e-9)
    later, earlier = (table.loc[("2022-02-24", 0, name)] for name in ("garch", "t"))
    assert later["statistic"].iloc[0] != pytest.approx(earlier["statistic"].iloc[0], rel=1e-3)


def test_a_garch_study_uses_one_law_in_every_table() -> None:
    result = garch_study()
    fit = result.estimates.abnormal.fit
    assert isinstance(fit, GarchFit)
    nu = dict(zip(result.estimates.ids, fit.nu, strict=True))
    unit = {key: np.sqrt((value - 2) / value) for key, value in nu.items()}
    for row in result.table("car").dropna(subset="car").itertuples():
        law = stats.t(nu[row.event_id], scale=unit[row.event_id])
        assert row.p_value == pytest.approx(2 * law.sf(abs(row.car / row.std_error)), rel=1e-9)
        half = law.isf(0.025) * row.std_error
        assert (row.ci_low, row.ci_high) == pytest.approx((row.car - half, row.car + half))
    for day in result.table("abnormal_returns").iloc[::7].itertuples():
        law = stats.t(nu[day.event_id], scale=unit[day.event_id])
        assert day.p_value == pytest.approx(2 * law.sf(abs(day.t_stat)), rel=1e-9)
    path = result.what_if("2022-02-24", level=105.0).to_frame().set_index("relative_day")
    law = stats.t(nu["2022-02-24"], scale=unit["2022-02-24"])
    errors = result.estimates.abnormal.std_error[1]
    row = path.loc[0]
    assert np.log(row["high"] / row["expected_price"]) == pytest.approx(law.isf(0.025) * errors[5])
    z = np.log(105.0 / row["expected_price"]) / errors[5]
    assert row["p_above_105"] == pytest.approx(law.sf(z), rel=1e-9)


def test_helpers_of_a_garch_study_fit_no_garch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garch_fit, "_call_arch", lambda *_: pytest.fail("a GARCH fit"))
    data = {"model": {"kind": "garch"}, "levels": {"usd": [90.0]}}
    mean = fit_brent(dated("2022-02-24"), levels=[90.0], estimation=120)
    config = config_from_dict({"study": {"name": "x"}, **data}, where="x")
    own = estimates.StudyEstimates(**{**vars_of(mean), "config": config})
    pd.testing.assert_frame_equal(own.calibration.size, mean.estimates.calibration.size)
    pd.testing.assert_frame_equal(own.levels, mean.estimates.levels)


def vars_of(result: StudyResult) -> dict[str, Any]:
    made = result.estimates
    return {name: getattr(made, name) for name in made.__dataclass_fields__}


def test_the_same_bytes_twice_and_others_for_another_seed() -> None:
    tables = {"inference": {"tests": list(NAMES), "draws": 200, "bootstrap": True}}
    first, again = (run(tables, dates=DATES[1:2]) for _ in range(2))
    assert to_json(to_document(first)) == to_json(to_document(again))
    other = run({**tables, "study": {"name": "x", "seed": 1}}, dates=DATES[1:2])
    assert to_csv(other.table("event_tests")) != to_csv(first.table("event_tests"))


def test_results_json_holds_the_models_and_the_intervals() -> None:
    document = json.loads(to_json(to_document(mean_study())))
    models = {row["event_id"]: row for row in document["diagnostics"]["garch"]}
    fit = mean_study().estimates.rated.garch
    own = models["2022-02-24"]
    assert own["alpha"] == fit.alpha[1]
    assert own["persistence"] == pytest.approx(own["alpha"] + own["beta"])
    assert (own["convergence_flag"], own["failure"], own["n_obs"]) == (0, "", 250)
    assert set(own["mean"]) == {"constant"}
    intervals = pd.DataFrame(document["bootstrap_intervals"])
    assert len(intervals) == 12
    whole = intervals[intervals["car"].notna()]
    assert ((whole["low"] < whole["high"]) & (whole["reason"] == "")).all()
    row = mean_study().bootstrap_interval(0, 5).iloc[1]
    same = intervals.query("event_id == '2022-02-24' and start == 0 and end == 5").iloc[0]
    assert (row["low"], row["high"]) == (same["low"], same["high"])
    plain = to_document(run({"inference": {"tests": ["t"]}}))
    assert "garch" not in plain["diagnostics"]
    assert "bootstrap_intervals" not in plain


def test_a_test_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigError, match="permutation"):
        mean_study().event_test("permutaton", 0, 0)
    with pytest.raises(ConfigError, match="is not a window"):
        mean_study().event_test("t", 0, 50)


def stuck_on_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    own, calls = garch_fit._call_arch, []

    def call(y: Any, x: Any, *, errors: Any) -> Any:
        calls.append(1)
        found = own(y, x, errors=errors)
        return (*found[:2], 9, found[3]) if len(calls) == 2 else found

    monkeypatch.setattr(garch_fit, "_call_arch", call)


GARCH_TABLE = {"kind": "garch", "span": "expanding"}


def test_an_event_that_does_not_converge_is_left_out_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stuck_on_the_second(monkeypatch)
    result = run({"model": GARCH_TABLE})
    ledger = result.events.set_index("event_id")
    assert ledger["status"].tolist() == ["ok", "left_out", "ok"]
    assert ledger.loc["2022-02-24", "reason"] == "GARCH did not converge (flag 9)"
    assert result.estimates.ids == ("2019-09-14", "2026-09-25")
    kept = garch_study().car(0, 0).set_index("event_id").loc[list(result.estimates.ids)]
    np.testing.assert_array_equal(result.car(0, 0)["car"], kept["car"])


def test_it_falls_back_only_if_told_and_then_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck_on_the_second(monkeypatch)
    result = run({"model": {**GARCH_TABLE, "on_failure": "constant-variance"}})
    ledger = result.events.set_index("event_id")
    assert ledger["status"].tolist() == ["ok"] * 3
    text = "constant variance: GARCH did not converge (flag 9)"
    assert ledger["reason"].tolist()[:2] == ["", text]
    assert ledger["reason"].iloc[2].startswith("window ends at day")
    mean = mean_study().car(0, 5).set_index("event_id")
    own = result.car(0, 5).set_index("event_id")
    columns = ["car", "std_error", "p_value", "ci_low"]
    np.testing.assert_allclose(
        own.loc["2022-02-24", columns].astype(float),
        mean.loc["2022-02-24", columns].astype(float),
        rtol=1e-10,
    )
    tests = result.event_test("garch", 0, 0).set_index("event_id")
    assert tests.loc["2022-02-24", "reason"] == "GARCH did not converge (flag 9)"
    assert tests.loc["2022-02-24", ["statistic", "p_value", "df"]].isna().all()
    models = to_document(result)["diagnostics"]["garch"]
    assert models[1]["failure"] == "GARCH did not converge (flag 9)"
    assert (models[1]["mean"], models[1]["omega"]) == ({"constant": None}, None)
    assert (models[1]["convergence_flag"], models[0]["failure"]) == (9, "")


def test_a_window_too_short_for_garch_leaves_nothing_and_says_why() -> None:
    with pytest.raises(EstimationError, match="GARCH needs 50 returns, has 40") as caught:
        fit_brent(dated("2022-02-24"), model="garch", estimation=40)
    assert 'model.span = "expanding"' in str(caught.value)


def test_the_notebook_takes_the_options_of_garch() -> None:
    result = fit_brent(
        dated("2022-02-24"), model="garch", errors="normal", span="expanding", estimation=60
    )
    fit = result.estimates.abnormal.fit
    assert isinstance(fit, GarchFit)
    assert np.isinf(fit.nu).all()
    t = result.event_test("t", 0, 0).iloc[0]
    assert np.isnan(t["df"])
    assert t["p_value"] == pytest.approx(2 * stats.norm.sf(abs(t["statistic"])), rel=1e-10)
    with pytest.raises(ConfigError, match="on_failure"):
        EventStudy(brent().prices, dated("2022-02-24"), on_failure="ignore", **CLOSE)  # type: ignore[arg-type]


def test_progress_reaches_the_caller() -> None:
    calls: list[str] = []
    config = config_from_dict({"study": {"name": "x"}, "model": GARCH_TABLE}, where="x")
    events = EventStudy(brent().prices, dated("2019-09-14"), **CLOSE)._events
    made = plan_study(config, brent(), events=events, factors={})
    plan.estimate(made, progress=lambda what, *_: calls.append(what))
    assert set(calls) == {"fitting GARCH"}


def test_every_name_of_the_registry_is_an_option() -> None:
    assert set(event_tests.EVENT_TESTS) <= set(ONE_EVENT_TESTS)
