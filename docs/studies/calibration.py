"""Measure what the calibrated p values are worth: tables and picture of docs/calibration.md.

Run it with `python docs/studies/calibration.py`; it takes about a minute, prints Markdown and
draws docs/images/calibration.png.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

import oilshock as osk
from oilshock.calibration import LEVELS, SIZE_COLUMNS, power_rows, size_rows
from oilshock.inference.placebo import critical_size, placebo_law
from oilshock.inference.placebo_scale import expected_size
from oilshock.models import build_design
from oilshock.placebo import PlaceboPool, build_pool
from oilshock.placebo_trial import Trial, folds, out_of_sample, past_splits, textbook_p, trial
from oilshock.returns import compute_returns
from oilshock.typing import Bool, Float, Window
from oilshock.words import window_text

WINDOWS: tuple[Window, ...] = ((0, 0), (-1, 1), (0, 5), (-5, 10))
WHAT_IF: tuple[Window, ...] = ((0, 0), (0, 5), (0, 10))
LENGTH, GAP, EVENT, ALPHA = 120, 10, (-5, 10), 0.05
EMBARGO = LENGTH + GAP + EVENT[1]
SPANS = {
    "1987-2010": (None, "2010-12-31"),
    "2011-2026": ("2011-01-01", None),
    "1987-2026": (None, None),
}
N_SYNTHETIC = 20
SYNTHETIC = f"{N_SYNTHETIC} synthetic"
GARCH = {"alpha": 0.07, "beta": 0.92, "nu": 5.0, "daily": 0.023, "n": 9986}
LABELS = {**{name: f"below {100 * level:g} %" for name, level in LEVELS.items()}, "cover": "held"}
MOST = {"reject_10": 1, "reject_5": 1, "reject_1": 2, "reject_0_1": 2}
SOME = {"reject_5": 1, "reject_1": 2, "reject_0_1": 2}
"""Levels of a table, with the digits of each."""

PICTURE = Path(__file__).resolve().parents[1] / "images" / "calibration.png"

Splits = list[tuple[Bool, Bool]]
KEYS = ["start", "end", "test", "sessions", "level"]


def span_returns(name: str) -> Float:
    """Return the log returns of the bundled series over a span of `SPANS`."""
    start, end = SPANS[name]
    return compute_returns(osk.load_prices().loc[start:end].to_numpy(dtype=np.float64))


def garch_returns(seed: int) -> Float:
    """Simulate a GARCH(1,1) series with Student t shocks; the first return is missing."""
    n, nu = int(GARCH["n"]), GARCH["nu"]
    shock = np.random.default_rng(seed).standard_t(nu, n) * np.sqrt((nu - 2) / nu)
    mean = GARCH["daily"] ** 2
    variance, returns = mean, np.empty(n)
    for day in range(n):
        returns[day] = np.sqrt(variance) * shock[day]
        variance = (
            (1 - GARCH["alpha"] - GARCH["beta"]) * mean
            + GARCH["alpha"] * returns[day] ** 2
            + GARCH["beta"] * variance
        )
    returns[0] = np.nan
    return returns


def pool_of(returns: Float) -> PlaceboPool:
    """Take every session as a placebo, with the mean model and the default windows."""
    design = build_design("mean", factors=np.empty((len(returns), 0)), names=())
    nobody = np.array([], dtype=np.intp)
    return build_pool(returns, design, length=LENGTH, gap=GAP, window=EVENT, left_out=nobody)


def in_folds(pool: PlaceboPool) -> Splits:
    """Let each of five folds be rated by the others, 140 sessions away or more."""
    return folds(pool.position, embargo=EMBARGO)


def second_half(pool: PlaceboPool) -> Splits:
    """Let the second half be rated by the first, less the embargo."""
    middle = pool.position[len(pool) // 2]
    return [(pool.position < middle - EMBARGO, pool.position >= middle)]


def is_covered(own: Trial, splits: Splits) -> Float:
    """Say whether the calibrated interval of each session holds its CAR; NaN if not rated."""
    inside = np.full(len(own.car), np.nan)
    for learn, rated in splits:
        law = placebo_law(
            own.car[learn],
            position=own.position[learn],
            recent=own.recent[learn],
            estimation=own.estimation[learn],
        )
        critical = critical_size(law, alpha=ALPHA, position=own.position[rated], reach=0)
        at = {"recent": own.recent[rated], "estimation": own.estimation[rated]}
        inside[rated] = np.abs(own.car[rated]) <= critical * expected_size(law.scale, **at)
    return inside


def sizes(
    test: str, p_value: Float, own: Trial, *, window: Window
) -> Iterator[tuple[tuple[object, ...], dict[str, float], dict[str, float]]]:
    """Yield a key with shares below each level and their HAC errors, overall and by quartile."""
    for row in size_rows(test, p_value, own, window=window, lag=EMBARGO):
        named = dict(zip(SIZE_COLUMNS, row, strict=True))
        key = tuple(named[name] for name in KEYS[:-1])
        shares = {level: float(named[level]) for level in LEVELS}
        errors = {level: float(named[level.replace("reject", "error")]) for level in LEVELS}
        yield key, shares, errors


def measure(pool: PlaceboPool, splits: Splits) -> pd.DataFrame:
    """Measure sizes, coverage and power of a series: `KEYS`, share and error, a row for each."""
    rows: list[tuple[object, ...]] = []
    for window in dict.fromkeys((*WINDOWS, *WHAT_IF)):
        own = trial(pool, window)
        p_value = out_of_sample(own, own.car, splits=splits)
        textbook = np.where(np.isnan(p_value), np.nan, textbook_p(own, own.car))
        inside = is_covered(own, splits)
        # A p value of 0 stands for "outside", so that one routine counts both.
        tried = {
            "placebo": p_value,
            "t": textbook,
            "interval": inside,
            "textbook interval": np.where(np.isnan(textbook), np.nan, textbook >= ALPHA),
        }
        for test, values in tried.items():
            for key, shares, errors in sizes(test, values, own, window=window):
                if "interval" in test:
                    rows.append((*key, "cover", 1.0 - shares["reject_5"], errors["reject_5"]))
                    continue
                rows += [(*key, level, shares[level], errors[level]) for level in LEVELS]
        law = partial(out_of_sample, own, splits=splits)
        power = power_rows(own, window=window, alpha=ALPHA, calibrated_p=law, seed=0, lag=EMBARGO)
        rows += [(a, b, f"power {test}", "all", f"{x:g}", y, e) for a, b, test, x, y, e in power]
    return pd.DataFrame(rows, columns=[*KEYS, "share", "error"]).set_index(KEYS)


def measure_past(pool: PlaceboPool) -> pd.DataFrame:
    """Measure the size of the placebo test that learns from the past alone."""
    rows: list[tuple[object, ...]] = []
    splits = past_splits(pool.position, reach=pool.reach)
    for window in WINDOWS:
        own = trial(pool, window)
        p_value = out_of_sample(own, own.car, splits=splits)
        for key, shares, errors in sizes("past only", p_value, own, window=window):
            rows += [(*key, level, shares[level], errors[level]) for level in LEVELS]
    return pd.DataFrame(rows, columns=[*KEYS, "share", "error"]).set_index(KEYS)


def columns() -> dict[str, pd.DataFrame]:
    """Measure every column of the tables."""
    found = {}
    for name in SPANS:
        pool = pool_of(span_returns(name))
        found[name] = pd.concat([measure(pool, in_folds(pool)), measure_past(pool)])
    each = []
    for seed in range(N_SYNTHETIC):
        pool = pool_of(garch_returns(seed))
        each.append(measure(pool, second_half(pool))["share"])
    shares = pd.concat(each, axis=1)
    error = shares.std(axis=1, ddof=1) / np.sqrt(N_SYNTHETIC)
    found[SYNTHETIC] = pd.DataFrame({"share": shares.mean(axis=1), "error": error})
    return found


# --- tables -----------------------------------------------------------------------------------


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


def markdown() -> str:
    """Measure, and write all tables."""
    return written(columns())


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


# --- picture ----------------------------------------------------------------------------------


def draw(frame: pd.DataFrame) -> None:
    """Draw the share rejected at 5 % by quartile of the EWMA variance, whole series."""
    from matplotlib import pyplot as plt

    from oilshock.charts import add_source, style
    from oilshock.charts.size import measures
    from oilshock.charts.style import ABNORMAL, BODY_PT, EXPECTED, GREY, INK, PALE, dress

    looks = {"t": ("textbook t", ABNORMAL, "^"), "placebo": ("calibrated", EXPECTED, "o")}
    with style():
        figure, axes = plt.subplots(1, 4, figsize=(measures().width, 2.35), sharey=True)
        for ax, window in zip(axes, WINDOWS, strict=True):
            asked = 2.5 if window == (-5, 10) else 1.5
            ax.axhspan(5 - asked, 5 + asked, color=PALE, linewidth=0, zorder=0)
            ax.axhline(5.0, color=GREY, linewidth=0.8, zorder=1)
            for test, (label, color, marker) in looks.items():
                keys = [(*window, test, f"ewma quartile {q}", "reject_5") for q in range(1, 5)]
                shares = [100 * frame.loc[key, "share"] for key in keys]
                ax.plot(range(1, 5), shares, color=color, marker=marker, ms=4, lw=1, label=label)
            dress(ax, title=f"CAR {window_text(*window)}")
            ax.set(xticks=range(1, 5), xlim=(0.6, 4.4), ylim=(0, 10))
        axes[0].set_ylabel("% of sessions with p below 5 %")
        figure.supxlabel(
            "quartile of the EWMA variance before the window (1: calmest)",
            x=0.53,
            y=0.13,
            fontsize=BODY_PT,
            color=INK,
        )
        axes[0].legend(frameon=False, loc="lower left", borderaxespad=0.2)
        figure.subplots_adjust(left=0.065, right=0.99, top=0.9, bottom=0.29, wspace=0.12)
        add_source(
            figure,
            "Bundled Brent series, 9,846 sessions; each of five folds is rated by the others. "
            "Grey: what was asked for.",
        )
        figure.savefig(PICTURE, dpi=200, metadata={"Software": None})
        plt.close(figure)


if __name__ == "__main__":
    measured = columns()
    print(written(measured))
    draw(measured["1987-2026"])
