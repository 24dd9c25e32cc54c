"""What the commands scan, sweep and power give: a document, tables and charts; written as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from oilshock.documents import records, to_json
from oilshock.inference.curve import SpecificationCurve, by_level, drivers, summarise_curve
from oilshock.manifest import manifest
from oilshock.options import SCHEMA_VERSION
from oilshock.power import PowerResult
from oilshock.report import rasterise
from oilshock.report.artist import Artist, Chart
from oilshock.report.power import minimum_charts, power_chart, power_paragraphs
from oilshock.report.scan import own_moves, scan_chart, scan_paragraphs
from oilshock.report.sweep import sweep_chart, sweep_paragraphs
from oilshock.results import StudyResult
from oilshock.scan import ScanResult
from oilshock.storage import MANIFEST, replacing
from oilshock.tables import to_csv
from oilshock.typing import Record, silent


@dataclass(frozen=True, eq=False)
class Answer:
    """What a command found.

    Parameters
    ----------
    name : str
        The command.
    paragraphs : tuple of str
        The answer in words.
    document : dict
        The JSON document.
    tables : mapping of str to DataFrame
        Tables by file name.
    charts : tuple of Chart
        Charts.
    """

    name: str
    paragraphs: tuple[str, ...]
    document: Record
    tables: Mapping[str, pd.DataFrame]
    charts: tuple[Chart, ...]


def scan_answer(result: StudyResult, scan: ScanResult) -> Answer:
    """Gather what a scan found."""
    estimates = result.estimates
    own = own_moves(estimates, scan)
    tables = {"moves": scan.moves, "breaks": scan.breaks, "quiet_events": scan.quiet}
    figures = {
        "sessions": scan.n_sessions,
        "top": scan.top,
        "within_sessions": scan.within,
        "q": scan.q,
        "n_below_q": scan.n_below_q,
        "smallest_q": scan.smallest_q,
        "tail_df": scan.df,
        "reason": scan.reason,
        "coverage": asdict(scan.coverage),
    }
    return Answer(
        name="scan",
        paragraphs=tuple(scan_paragraphs(estimates, scan, own=own)),
        document=_document(result, "scan", figures, tables),
        tables=tables,
        charts=(scan_chart(_artist(result), scan),) if len(scan.moves) else (),
    )


def power_answer(result: StudyResult, power: PowerResult) -> Answer:
    """Gather what a power analysis found."""
    window = result.estimates.config.windows.car_windows[0]
    artist = _artist(result)
    tables = {"minimum": power.minimum, "curves": power.curves}
    figures = {
        "target_power": power.target,
        "alpha": power.alpha,
        "last_price_usd": power.last_price,
    }
    charts = [] if power.curves.empty else [power_chart(artist, power, window)]
    return Answer(
        name="power",
        paragraphs=tuple(power_paragraphs(result.estimates, power, window=window)),
        document=_document(result, "power", figures, tables),
        tables=tables,
        charts=(*minimum_charts(artist, power, window), *charts),
    )


def sweep_answer(result: StudyResult, curve: SpecificationCurve) -> Answer:
    """Gather what a sweep found."""
    own = replace(result, estimates=replace(result.estimates, curve=curve))
    summary = summarise_curve(curve)
    tables = {
        "specifications": curve.frame,
        "drivers": drivers(curve),
        "levels": by_level(curve),
    }
    figures = {
        "alpha": curve.alpha,
        "effect": curve.effect,
        "own_specification": curve.own + 1 if curve.own >= 0 else None,
        "summary": {**asdict(summary), "tests": [asdict(test) for test in summary.tests]},
    }
    return Answer(
        name="sweep",
        paragraphs=tuple(sweep_paragraphs(own.estimates, curve, summary)),
        document=_document(own, "sweep", figures, tables),
        tables=tables,
        charts=(sweep_chart(_artist(own), curve, summary),) if summary.n_computed else (),
    )


def _artist(result: StudyResult) -> Artist:
    return Artist(result.estimates, result.facts, progress=silent)


def _document(
    result: StudyResult, name: str, figures: Record, tables: Mapping[str, pd.DataFrame]
) -> Record:
    config = result.estimates.config
    return {
        "schema_version": SCHEMA_VERSION,
        "study": config.study.name,
        "series": result.estimates.market.series.name,
        name: _finite(figures),
        **{table: records(frame) for table, frame in tables.items()},
    }


def _finite(value: object) -> object:
    """Replace what JSON has no word for: NaN becomes None, at any depth."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def write_answer(result: StudyResult, answer: Answer, out: Path) -> tuple[Path, ...]:
    """Write an answer into `<out>/<study>-<command>/`, whole or not at all.

    Parameters
    ----------
    result : StudyResult
        The study behind it, for the manifest.
    answer : Answer
        What to write.
    out : Path
        The folder in which the answer's folder is made or replaced.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    OutputError
        When the folder is not ours or the disk refuses; nothing is changed then.
    """
    target = out / f"{result.estimates.config.study.name}-{answer.name}"
    names = []
    with replacing(target) as folder:
        for name, frame in answer.tables.items():
            (folder / f"{name}.csv").write_text(to_csv(frame), encoding="utf-8")
            names.append(f"{name}.csv")
        pictures = rasterise([chart.svg for chart in answer.charts])
        for chart, png in zip(answer.charts, pictures, strict=True):
            (folder / f"{chart.name}.png").write_bytes(png)
            names.append(f"{chart.name}.png")
        (folder / f"{answer.name}.json").write_text(to_json(answer.document), encoding="utf-8")
        names.append(f"{answer.name}.json")
        (folder / MANIFEST).write_text(to_json(manifest(result)), encoding="utf-8")
    return tuple(target / name for name in names)
