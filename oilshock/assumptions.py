"""Short words on the assumptions that fail for an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from oilshock.options import ReturnKind
from oilshock.words import day, listed, number, p_text, per_cent


def assumption_sentence(
    row: Mapping[str, Any], *, t_stat: float, alpha: float, kind: ReturnKind
) -> str | None:
    """Say which assumptions of the t test fail in an event's estimation window.

    Parameters
    ----------
    row : mapping
        The event's row of `diagnostics.csv`.
    t_stat : float
        T of day 0.
    alpha : float
        Level of the study: an assumption fails where its test has a p value below.
    kind : {"log", "simple", "difference"}
        Kind of the returns.

    Returns
    -------
    str or None
        One sentence or two; None where no assumption fails.
    """
    tests = _tests(row, alpha=alpha)
    sentences = [tests]
    if row["outlier_p_value"] < alpha:
        whose = "Its" if tests else "The estimation window's"
        sentences.append(f"{whose} {_outlier(row, t_stat=t_stat, kind=kind)}")
    if row["leverage"] > row["largest_estimation_leverage"] * (1 + 1e-9):
        sentences.append(
            "The factors moved more on day 0 than on any session of the estimation window "
            f"(leverage {number(row['leverage'])} against "
            f"{number(row['largest_estimation_leverage'])}): the model extrapolates."
        )
    return " ".join(filter(None, sentences)) or None


def _tests(row: Mapping[str, Any], *, alpha: float) -> str:
    tails = "fat tails" if row["excess_kurtosis"] > 0 else "returns that are not normal"
    failures = [
        f"{words} ({test} p {p_text(row[column])})"
        for column, test, words in (
            ("arch_lm_p_value", "ARCH-LM", "volatility clusters"),
            ("jarque_bera_p_value", "Jarque-Bera", tails),
            ("ljung_box_p_value", "Ljung-Box", "autocorrelated returns"),
        )
        if row[column] < alpha
    ]
    return f"The estimation window has {listed(failures)}." if failures else ""


def _outlier(row: Mapping[str, Any], *, t_stat: float, kind: ReturnKind) -> str:
    value = row["outlier_return"]
    move = f"{number(value, sign='+')} USD/bbl" if kind == "difference" else per_cent(value)
    return (
        f"most unusual return, {move} on {day(pd.Timestamp(row['outlier_session']))}, is "
        f"{number(abs(row['outlier_sigmas']), digits=1)} standard deviations from the expected "
        f"one; without it t would be {number(row['t_stat_without_outlier'])}, "
        f"not {number(t_stat)}."
    )
