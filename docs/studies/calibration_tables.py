"""Tables of docs/calibration.md: shares of ordinary sessions, power and coverage, in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from oilshock.calibration import LEVELS
from oilshock.typing import Window
from oilshock.words import window_text

WINDOWS: tuple[Window, ...] = ((0, 0), (-1, 1), (0, 5), (-5, 10))
WHAT_IF: tuple[Window, ...] = ((0, 0), (0, 5), (0, 10))
SPANS = {
    "1987-2010": (None, "2010-12-31"),
    "2011-2026": ("2011-01-01", None),
    "1987-2026": (None, None),
}
N_SYNTHETIC = 20
SYNTHETIC = f"{N_SYNTHETIC} synthetic"
LABELS = {**{name: f"below {100 * level:g} %" for name, level in LEVELS.items()}, "cover": "held"}
MOST = {"reject_10": 1, "reject_5": 1, "reject_1": 2, "reject_0_1": 2}
SOME = {"reject_5": 1, "reject_1": 2, "reject_0_1": 2}
"""Levels of a table, with the digits of each."""


def percent(frame: pd.DataFrame, key: tuple[object, ...], *, digits: int = 1) -> str:
    """Write a share in per cent with two standard errors; a dash where it was not measured."""
    if key not in frame.index:
        return "-"
    share, error = 100 * frame.loc[key, "share"], 200 * frame.loc[key, "error"]
    return f"{share:.{digits}f}" + ("" if np.isnan(error) else f" ± {error:.{digits}f}")


def quartiles(frame: pd.DataFrame, key: tuple[object, ...], kind: str) -> str:
    """Write the shares of four quartiles, lowest volatility first."""
    start, end, test, level = key
    keys = [(start, end, test, f"{kind} quartile {q}", level) for q in range(1, 5)]
    if keys[0] not in frame.index:
        return "-"
    return ", ".join(percent(frame[["share"]].assign(error=np.nan), each) for each in keys)


def table(
    found: dict[str, pd.DataFrame],
    heading: str,
    rows: Iterable[tuple[str, Callable[[pd.DataFrame], str]]],
) -> str:
    """Lay rows out under the columns."""
    lines = [f"| {heading} | " + " | ".join(found) + " |", "|---" * (1 + len(found)) + "|"]
    for label, cell in rows:
        lines.append(f"| {label} | " + " | ".join(cell(each) for each in found.values()) + " |")
    return "\n".join(lines)


def size_table(found: dict[str, pd.DataFrame], test: str, levels: dict[str, int]) -> str:
    """Lay out the realised sizes of a test, in per cent, with two standard errors."""
    rows = [
        (
            f"{window_text(*window)}, {100 * LEVELS[level]:g} %",
            lambda frame, w=window, v=level, d=digits: percent(
                frame, (*w, test, "all", v), digits=d
            ),
        )
        for window in WINDOWS
        for level, digits in levels.items()
    ]
    return table(found, "window, level", rows)


def quartile_table(found: dict[str, pd.DataFrame], tests: tuple[str, ...], level: str) -> str:
    """Lay out shares by quartile of the EWMA variance and of the estimation variance."""
    rows = [
        (
            f"{window_text(*window)}, {test}, {kind}",
            lambda frame, w=window, t=test, k=kind: quartiles(frame, (*w, t, level), k),
        )
        for window in WINDOWS
        for test in tests
        for kind in ("ewma", "estimation")
    ]
    return table(found, "window, test, quartile of", rows)


def power_table(found: dict[str, pd.DataFrame]) -> str:
    """Lay out the power at 1, 2 and 3 sigma: placebo against the size-corrected t."""

    def cell(frame: pd.DataFrame, window: Window) -> str:
        names = ("power placebo", "power t, size-corrected")
        keys = [[(*window, name, "all", x) for x in "123"] for name in names]
        return " against ".join(
            ", ".join(f"{100 * frame.loc[key, 'share']:.1f}" for key in each) for each in keys
        )

    rows = [(window_text(*w), lambda frame, w=w: cell(frame, w)) for w in WINDOWS]
    return table(found, "window", rows)


def coverage_table(found: dict[str, pd.DataFrame]) -> str:
    """Lay out how often intervals and what-if bands of 95 % hold the CAR."""

    def cell(frame: pd.DataFrame, window: Window, name: str) -> str:
        overall = percent(frame, (*window, name, "all", "cover"))
        return f"{overall} ({quartiles(frame, (*window, name, 'cover'), 'ewma')})"

    rows = [
        (
            f"{window_text(*window)}, {'calibrated' if name == 'interval' else 'textbook'}",
            lambda frame, w=window, n=name: cell(frame, w, n),
        )
        for window in dict.fromkeys((*WINDOWS, *WHAT_IF))
        for name in ("interval", "textbook interval")
    ]
    return table(found, "window, interval", rows)


def limits(name: str, window: Window) -> list[tuple[str, str, str, float, float]]:
    """List the targets of a column and window: test, sessions, level, target and tolerance."""
    wide = 0.025 if window == (-5, 10) else 0.015
    four = range(1, 5)
    if name == SYNTHETIC:
        return [("placebo", "all", "reject_5", 0.05, 0.01)] if window in WINDOWS else []
    sizes = [
        ("placebo", "all", "reject_5", 0.05, 0.005),
        ("placebo", "all", "reject_1", 0.01, 0.003),
        *[("placebo", f"ewma quartile {q}", "reject_5", 0.05, wide) for q in four],
        *[("placebo", f"estimation quartile {q}", "reject_5", 0.05, 0.025) for q in four],
        ("past only", "all", "reject_5", 0.05, 0.01),
    ]
    coverage = [
        ("interval", "all", "cover", 0.95, 0.015),
        *[("interval", f"ewma quartile {q}", "cover", 0.95, 0.025) for q in four],
    ]
    return [*(sizes if window in WINDOWS else []), *coverage]


def missed(found: dict[str, pd.DataFrame]) -> str:
    """List every target that is missed, with two standard errors."""
    lines = []
    for name, frame in found.items():
        for window in dict.fromkeys((*WINDOWS, *WHAT_IF)):
            for test, sessions, level, target, tolerance in limits(name, window):
                key = (*window, test, sessions, level)
                if abs(frame.loc[key, "share"] - target) > tolerance:
                    asked = f"{100 * target:g} ± {100 * tolerance:g}"
                    lines.append(
                        f"- {name}, {window_text(*window)}, {test}, {sessions}, {LABELS[level]}: "
                        f"{percent(frame, key, digits=2)} %; asked for: {asked} %."
                    )
        lines += too_weak(name, frame)
    return "\n".join(lines) or "None."


def too_weak(name: str, frame: pd.DataFrame) -> list[str]:
    """List where the power is below that of the size-corrected t, by cell and on average."""
    lines = []
    for window in WINDOWS:
        ours, theirs = (
            np.array([frame.loc[(*window, f"power {test}", "all", x), "share"] for x in "123"])
            for test in ("placebo", "t, size-corrected")
        )
        gain = 100 * (ours - theirs)
        if gain.mean() <= 0 or gain.min() < -1:
            text = ", ".join(f"{each:+.1f}" for each in gain)
            lines.append(f"- {name}, {window_text(*window)}, power less that of t: {text} points.")
    return lines


def written(found: dict[str, pd.DataFrame]) -> str:
    """Write all tables."""
    real = {name: found[name] for name in SPANS}
    parts = {
        "Calibrated p: share of ordinary sessions below the level, %": size_table(
            found, "placebo", MOST
        ),
        "Textbook p: the same, %": size_table(found, "t", SOME),
        "Share below 5 %, by quartile of variance from low to high, %": quartile_table(
            found, ("placebo", "t"), "reject_5"
        ),
        "Past only: share below the level, %": size_table(real, "past only", MOST),
        "Past only: share below 5 %, by quartile, %": quartile_table(
            real, ("past only",), "reject_5"
        ),
        "Power at 5 % for shocks of 1, 2, 3 sigma, %: calibrated against t": power_table(found),
        "Coverage of 95 % intervals, %; in brackets by quartile of EWMA variance": coverage_table(
            found
        ),
        "What is missed": missed(found),
    }
    return "\n\n".join(f"### {title}\n\n{text}" for title, text in parts.items())
