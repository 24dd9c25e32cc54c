"""Measure what keeping p no smaller than the t test's repairs on short series.

Run it with `python docs/studies/short_series.py`; it takes about half a minute and prints the
second table of "Short series" in docs/calibration.md. Stretches of the bundled series, each half
a length after the one before, stand for short series.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

import oilshock as osk

LENGTHS = (700, 900, 1500)
EVENT_AT = 300


def measure(prices: pd.Series) -> tuple[pd.DataFrame, int]:
    """Return the guarded windows of a series, with their size after, and how many are named."""
    event = {"id": "x", "title": "x", "date": f"{prices.index[EVENT_AT]:%Y-%m-%d}"}
    study = osk.EventStudy(prices, [event], close="16:30", timezone="Europe/London").fit()
    estimates = study.estimates
    size = estimates.calibration.size
    placebo = size[(size["test"] == "placebo") & (size["sessions"] == "all")]
    after = placebo.set_index(["start", "end"])["reject_5"].rename("after")
    return estimates.guarded.join(after, on=["start", "end"]), len(estimates.oversized)


def table(prices: pd.Series) -> str:
    """Write a row for each length."""
    lines = [
        "| sessions | stretches | windows | guarded | the law alone: mean, largest | as quoted | "
        "still named |",
        "|---|---|---|---|---|---|---|",
    ]
    for length in LENGTHS:
        starts = range(0, len(prices) - length, length // 2)
        found = [measure(prices.iloc[start : start + length]) for start in starts]
        rows = pd.concat([guarded for guarded, _ in found])
        before, after = (
            f"{100 * np.mean(rows[name]):.1f} %, {100 * np.max(rows[name]):.1f} %"
            for name in ("share", "after")
        )
        lines.append(
            f"| {length:,} | {len(found)} | {4 * len(found)} | {len(rows)} | {before} | {after} | "
            f"{sum(left for _, left in found)} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(osk.load_prices()))
