"""Measure what the calibrated p values are worth: tables and picture of docs/calibration.md.

Run it with `python docs/studies/calibration.py`; it takes about a minute, prints Markdown and
draws docs/images/calibration.png.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from calibration_tables import N_SYNTHETIC, SPANS, SYNTHETIC, WHAT_IF, WINDOWS, written

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

LENGTH, GAP, EVENT, ALPHA = 120, 10, (-5, 10), 0.05
EMBARGO = LENGTH + GAP + EVENT[1]
GARCH = {"alpha": 0.07, "beta": 0.92, "nu": 5.0, "daily": 0.023, "n": 9986}
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
