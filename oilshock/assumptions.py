"""Short words on the assumptions that fail for an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from oilshock.options import ReturnKind
from oilshock.words import listed, number, p_text, per_cent


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
        A sentence, and one more where day 0 has leverage; None where no assumption fails.
    """
    parts = []
    if tests := _tests(row, alpha=alpha):
        parts.append(f"Estimation window: {tests}.")
    if row["outlier_p_value"] < alpha:
        parts.append(_outlier(row, t_stat=t_stat, kind=kind))
    if row["leverage"] > row["largest_estimation_leverage"] * (1 + 1e-9):
        parts.append(
            "The factors of day 0 lie outside those of the estimation window (leverage "
            f"{number(row['leverage'])}, there at most "
            f"{number(row['largest_estimation_leverage'])})."
        )
    return " ".join(parts) or None


def _tests(row: Mapping[str, Any], *, alpha: float) -> str:
    tails = "fat tails" if row["excess_kurtosis"] > 0 else "returns that are not normal"
    failures = [
        f"{words} ({test} p {p_text(row[column])})"
        for column, test, words in (
            ("arch_lm_p_value", "ARCH-LM", "volatility clusters"),
            ("jarque_bera_p_value", "Jarque-Bera", tails),
            ("ljung_box_p_value", "Ljung-Box", "autocorrelation"),
        )
        if row[column] < alpha
    ]
    return listed(failures)


def _outlier(row: Mapping[str, Any], *, t_stat: float, kind: ReturnKind) -> str:
    value = row["outlier_return"]
    on = f"{pd.Timestamp(row['outlier_session']):%Y-%m-%d}"
    move = f"{number(value, sign='+')} USD/bbl" if kind == "difference" else per_cent(value)
    without = number(row["t_stat_without_outlier"])
    same = "still " if without == number(t_stat) else ""
    return (
        f"The estimation window's most unusual return, {move} on {on}, is "
        f"{number(abs(row['outlier_sigmas']), digits=1)} standard deviations off: without it, "
        f"{same}t = {without}."
    )
