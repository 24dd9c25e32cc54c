"""The words on assumptions that fail."""

from __future__ import annotations

import pandas as pd
import pytest

from oilshock.assumptions import assumption_sentence

FINE = {
    "arch_lm_p_value": 0.5,
    "jarque_bera_p_value": 0.5,
    "ljung_box_p_value": 0.5,
    "excess_kurtosis": 2.0,
    "outlier_p_value": 0.5,
    "outlier_return": -0.081,
    "outlier_session": pd.Timestamp("2024-02-12"),
    "outlier_sigmas": -4.6,
    "t_stat_without_outlier": -1.31,
    "leverage": 0.1,
    "largest_estimation_leverage": 0.1,
}
OUTLIER = (
    "The estimation window's most unusual return, −8.10 % on 2024-02-12, is 4.6 standard "
    "deviations off: without it, t = −1.31."
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"arch_lm_p_value": 0.003}, "Estimation window: volatility clusters (ARCH-LM p = 0.003)."),
        ({"arch_lm_p_value": float("nan")}, None),
        (
            {"jarque_bera_p_value": 1e-9, "ljung_box_p_value": 0.01},
            "Estimation window: fat tails (Jarque-Bera p < 0.001) and autocorrelation "
            "(Ljung-Box p = 0.010).",
        ),
        (
            {"jarque_bera_p_value": 0.02, "excess_kurtosis": -1.0},
            "Estimation window: returns that are not normal (Jarque-Bera p = 0.020).",
        ),
        ({"outlier_p_value": 0.001}, OUTLIER),
        (
            {"outlier_p_value": 0.001, "arch_lm_p_value": 0.03},
            f"Estimation window: volatility clusters (ARCH-LM p = 0.030). {OUTLIER}",
        ),
        (
            {"leverage": 0.3},
            "The factors of day 0 lie outside those of the estimation window "
            "(leverage 0.30, there at most 0.10).",
        ),
    ],
)
def test_only_what_fails_is_said(change: dict[str, object], words: str | None) -> None:
    found = assumption_sentence({**FINE, **change}, t_stat=-1.22, alpha=0.05, kind="log")
    assert found == words


def test_the_level_of_the_study_decides() -> None:
    row = {**FINE, "arch_lm_p_value": 0.03}
    assert assumption_sentence(row, t_stat=1.0, alpha=0.01, kind="log") is None


def test_an_unchanged_t_and_dollars_are_said() -> None:
    row = {**FINE, "outlier_p_value": 0.001}
    words = assumption_sentence(row, t_stat=-1.312, alpha=0.05, kind="difference")
    assert words is not None
    assert "−0.08 USD/bbl" in words
    assert words.endswith("without it, still t = −1.31.")
