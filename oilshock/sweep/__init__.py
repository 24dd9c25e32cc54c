"""Specification curves: the answer of a study under every other reasonable choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from oilshock.config import Config
from oilshock.events import EventCatalogue
from oilshock.inference.curve import CURVE_COLUMNS, SpecificationCurve
from oilshock.market import Factor
from oilshock.prices import PriceSeries
from oilshock.sweep.choices import MAIN, filled
from oilshock.sweep.engines import compute_parts
from oilshock.sweep.grid import Grid, build_grid, window_label
from oilshock.sweep.part import PartResult, specifications
from oilshock.typing import Progress, silent

__all__ = ["MAIN", "sweep_study"]


def sweep_study(
    config: Config,
    *,
    series: Mapping[str, PriceSeries],
    factors: Mapping[str, Factor],
    events: EventCatalogue,
    jobs: int = 1,
    scheduler: str = "",
    store: Path | None = None,
    progress: Progress = silent,
) -> SpecificationCurve:
    """Run every specification of `[sweep]`, and the test of the whole curve.

    Parameters
    ----------
    config : Config
        The study's config; `[sweep]` is the grid.
    series : mapping of str to PriceSeries
        The series of the study as `prices`, and every further series by its name.
    factors : mapping of str to Factor
        Factors at hand; presets need not be there.
    events : EventCatalogue
        The events of the study.
    jobs : int, default 1
        Number of processes; -1 for one a core.
    scheduler : str, default ""
        Address of a Dask scheduler.
    store : Path, optional
        Folder of finished parts, so that a killed run goes on.
    progress : callable, optional
        Called with (what is done, how many, of how many).

    Returns
    -------
    SpecificationCurve
        The same numbers on every engine.

    Raises
    ------
    OilshockError
        As `build_grid` and `compute_parts`.
    """
    grid = build_grid(config, series=series, factors=factors, events=events)
    results = compute_parts(
        grid.parts, jobs=jobs, scheduler=scheduler, store=store, progress=progress
    )
    frame = _frame(grid, results)
    table = filled(config)
    return SpecificationCurve(
        frame=frame,
        placed_effect=np.hstack([result.placed_effect for result in results]),
        placed_p=np.hstack([result.placed_p for result in results]),
        alpha=config.inference.alpha,
        effect=table.effect,
        own=_own_row(frame, grid),
    )


def _frame(grid: Grid, results: Sequence[PartResult]) -> pd.DataFrame:
    """Lay the specifications out as a table."""
    rows = []
    for part, label, result in zip(grid.parts, grid.labels, results, strict=True):
        for place, (window, test) in enumerate(specifications(part)):
            effect, p_value = float(result.effect[place]), float(result.p_value[place])
            n_events = int(result.n_events[place])
            rows.append(
                {
                    **label,
                    "window": window_label(window),
                    "start": window[0],
                    "end": window[1],
                    "test": test,
                    "n_events": n_events,
                    "effect": effect,
                    "statistic": float(result.statistic[place]),
                    "p_value": p_value,
                    "reason": _reason(test, n_events, p_value),
                }
            )
    frame = pd.DataFrame(rows)
    frame.insert(0, "specification", np.arange(1, len(frame) + 1))
    return frame[list(CURVE_COLUMNS)]


def _reason(test: str, n_events: int, p_value: float) -> str:
    if n_events == 0:
        return "no event has the estimation window and the CAR window"
    if not np.isnan(p_value):
        return ""
    if test == "cross-sectional" and n_events == 1:
        return "needs two events"
    return "fewer than 200 placebo sessions" if test == "placebo" else "no variance"


def _own_row(frame: pd.DataFrame, grid: Grid) -> int:
    """Find the study's own specification in the table; -1 where it is not."""
    own = {**grid.own, "window": window_label(grid.own["window"])}
    same = np.ones(len(frame), dtype=np.bool_)
    for column, value in own.items():
        same &= (frame[column] == value).to_numpy()
    rows = np.flatnonzero(same)
    return int(rows[0]) if len(rows) else -1
