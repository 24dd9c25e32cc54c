"""Standard errors of the joint regression: robust, of the placebo law, and by GARCH."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from joint_studies import fit_toy, hand_study, written_out
from strategies import catalogue, fit_brent

from oilshock import StudyResult
from oilshock.joint import LawFigures, PlaceboSums
from oilshock.joint import frame as joint_frames
from oilshock.joint.frame import NO_GARCH, NO_LAW
from oilshock.joint.law import NO_MODEL, NOT_IN_A_ROW, TOO_FEW
from oilshock.models import Design
from oilshock.placebo import build_pool
from oilshock.typing import Float, Int


def test_robust_errors_are_not_for_single_events(april: StudyResult) -> None:
    for covariance in ("hac", "hc3", "cluster"):
        for dummies in ("day", "window"):
            found = april.joint(dummies, covariance=covariance)  # type: ignore[arg-type]
            plain = april.joint(dummies)  # type: ignore[arg-type]
            single = found["kind"] != "class"
            assert set(found.loc[single, "covariance"]) == {"classical"}
            pd.testing.assert_frame_equal(found[single], plain[single])
            classes = found[~single]
            assert classes["std_error"].isna().all()
            assert classes["reason"].str.contains(r"needs 20 separate episodes, has [12]").all()
            assert set(classes["covariance"]) == {covariance}


def test_the_placebo_law_gives_the_errors(april: StudyResult) -> None:
    asked: list[tuple[float, int]] = []

    def law(estimate: float, *, sessions: Int) -> LawFigures:
        asked.append((estimate, len(sessions)))
        return LawFigures(0.5, 0.125)

    found = april.estimates.joint_of("day", covariance="placebo", law=law)
    told = found[(found["identified"] == "yes") & (found["kind"] != "class")]
    assert len(asked) == len(told)
    assert sorted(asked) == sorted(zip(told["estimate"], told["n_sessions"], strict=True))
    np.testing.assert_allclose(told["statistic"], told["estimate"] / 0.5)
    assert (told["p_value"] == 0.125).all()
    assert set(told["covariance"]) == {"placebo"}
    assert set(found.loc[found["kind"] == "class", "covariance"]) == {"classical"}


def test_without_a_placebo_law_the_reason_says_so() -> None:
    found = fit_toy(hand_study(), (0, 1), covariance="placebo")
    assert found["estimate"].tolist() == pytest.approx([3.0, -3.0, 8.0])
    assert found[["std_error", "p_value", "df"]].isna().all(axis=None)
    assert found["reason"].str.startswith(NO_LAW).all()


def test_one_event_alone_has_the_calibrated_p_value() -> None:
    """From day 0 on, the sums of placebo sessions are the placebo CARs of the same window."""
    result = fit_brent(catalogue().filter(ids=["iran-attacks-israel-apr2024"]))
    found = result.joint(covariance="placebo")
    car = result.table("car").set_index(["start", "end"])
    own = found[found["kind"] == "event"].set_index(["start", "end"])
    for window in ((0, 0), (0, 5)):
        assert own.loc[window, "p_value"] == pytest.approx(car.loc[window, "p_calibrated"])
    # [-1, 1] is rated as three sessions in a row: its estimation window ends one session earlier.
    near = car.loc[(-1, 1), "p_calibrated"]
    assert own.loc[(-1, 1), "p_value"] == pytest.approx(near, abs=0.05)


def test_the_placebo_law_rates_only_sessions_in_a_row(april: StudyResult) -> None:
    estimates = april.estimates
    law = PlaceboSums(estimates.pool, last_day=10, past_only=False)
    assert law(0.1, sessions=np.array([5000, 5002])).reason == NOT_IN_A_ROW
    assert law(0.1, sessions=np.array([5])).reason == NO_MODEL
    few = PlaceboSums(estimates.pool, last_day=10, past_only=True)
    assert few(0.1, sessions=np.array([250])).reason == TOO_FEW
    # Longer than any event window, up to the last session; a larger sum has a smaller p value.
    last = np.arange(len(estimates.market.returns) - 40, len(estimates.market.returns))
    p_values = [law(x, sessions=last).p_value for x in (0.01, 0.1, 0.4)]
    assert p_values == sorted(p_values, reverse=True)
    assert law(0.1, sessions=last).std_error > law(0.1, sessions=last[:5]).std_error


def test_the_placebo_law_keeps_its_size_on_noise() -> None:
    rng = np.random.default_rng(30)
    returns = np.concatenate([[np.nan], rng.standard_t(5, size=3_000)])
    design = Design(np.zeros(3_001), np.ones((3_001, 1)), ("constant",))
    pool = build_pool(
        returns, design, length=120, gap=10, window=(-5, 10), left_out=np.empty(0, dtype=np.intp)
    )
    law = PlaceboSums(pool, last_day=10, past_only=False)
    for days in (1, 6):
        starts = np.arange(200, 2_900, 6)
        p = [
            law(returns[s : s + days].sum(), sessions=np.arange(s, s + days)).p_value
            for s in starts
        ]
        # 450 windows side by side: three Monte Carlo errors are 3.1 points.
        assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.031)


def test_garch_that_does_not_converge_is_said(
    april: StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joint_frames, "conditional_variance", lambda _: None)
    found = april.joint(covariance="garch")
    assert found["std_error"].isna().all()
    assert found["reason"].str.startswith(NO_GARCH).all()


@pytest.mark.parametrize("dummies", ["day", "window"])
def test_garch_errors_equal_weighted_least_squares(
    april: StudyResult, dummies: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With given variances, statsmodels' WLS with every column written out says the same."""
    rng = np.random.default_rng(11)
    variance: list[Float] = []

    def given(residuals: Float) -> Float:
        variance.append(rng.uniform(0.5, 3.0, size=len(residuals)))
        return variance[-1]

    monkeypatch.setattr(joint_frames, "conditional_variance", given)
    found = april.joint(dummies, covariance="garch")
    found = found[(found["start"] == 0) & (found["end"] == 5)].set_index("id")
    p = april.estimates.position[0]
    others = {s for q in april.estimates.position for s in range(q, q + 6)}
    y, x, rows, dummied = written_out(april, others if dummies == "window" else None)
    h = variance[0][rows - rows[0]]
    if dummies == "day":
        fit = sm.WLS(y, x, weights=1 / h).fit()
        weights = np.zeros(x.shape[1])
        weights[1 + np.searchsorted(dummied, np.arange(p, p + 4))] = 1.0
    else:
        distinct = list(dict.fromkeys(april.estimates.position.tolist()))
        windows = np.column_stack([(rows >= q) & (rows <= q + 5) for q in distinct])
        x = np.hstack([x, windows.astype(float)])
        fit = sm.WLS(y, x, weights=1 / h).fit()
        weights = np.zeros(x.shape[1])
        weights[x.shape[1] - len(distinct)] = 6.0
    test = fit.t_test(weights)
    row = found.loc["damascus-consulate-strike-2024"]
    assert row["estimate"] == pytest.approx(float(test.effect[0]), rel=1e-8)
    assert row["std_error"] == pytest.approx(float(test.sd[0, 0]), rel=1e-8)
