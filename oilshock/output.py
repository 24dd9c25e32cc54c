"""The output folder of a run: tables, results, manifest, figures and report, all or nothing."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd

from oilshock import __version__
from oilshock.beyond.view import TABLES as FURTHER_TABLES
from oilshock.brief import Brief
from oilshock.config import Config
from oilshock.options import SCHEMA_VERSION, Format, TableFormat
from oilshock.papers.files import WORKBOOK, paper_files
from oilshock.plan import Plan
from oilshock.quality import finding_record
from oilshock.report import draw_charts, rasterise, render_html, render_pdf
from oilshock.report.calibration import placebo_notes
from oilshock.report.gaps import gaps
from oilshock.results import StudyResult
from oilshock.storage import GENERATOR, MANIFEST, replacing
from oilshock.tables import EXTRA_TABLES, TABLES, to_csv
from oilshock.typing import Progress, Record, silent

PACKAGES = (
    "numpy",
    "pandas",
    "scipy",
    "arch",
    "statsmodels",
    "ruptures",
    "matplotlib",
    "pydantic",
    "jinja2",
    "typst",
    "tabulate",
    "xlsxwriter",
)
"""Packages whose versions can change a figure or a byte."""

BRIEF = "brief.md"

PAPERS = "papers"
"""The folder of tables for papers in LaTeX and Markdown."""


def write_study(
    result: StudyResult,
    target: Path,
    *,
    formats: tuple[Format, ...],
    tables: tuple[TableFormat, ...] = (),
    brief: Brief | None = None,
    progress: Progress = silent,
) -> tuple[Path, ...]:
    """Write everything of a run; an existing folder of ours is replaced as a whole.

    Parameters
    ----------
    result : StudyResult
        The finished study.
    target : Path
        The output folder.
    formats : tuple of {"pdf", "html", "png"}
        What is written beside tables and JSON.
    tables : tuple of {"latex", "markdown", "excel"}, default ()
        Tables for papers, for each series.
    brief : Brief, optional
        Written as `brief.md`, with its trace as `brief.csv`.
    progress : callable, optional
        Called with (what is done, how many, of how many).

    Returns
    -------
    tuple of Path
        The main files, for the reader.

    Raises
    ------
    OutputError
        When the folder is not ours or the disk refuses; nothing is changed then.
    """
    with replacing(target) as folder:
        for name, series in {"": result, **result.compared}.items():
            _write_tables(series, folder / name)
            _write_papers(series, folder / name, tables)
        _write_json(folder / "results.json", to_document(result))
        if brief is not None:
            write_brief(brief, folder)
        if formats:
            _write_report(result, folder, formats, progress)
        _write_json(folder / MANIFEST, manifest(result))
    names = {"pdf": "report.pdf", "html": "report.html", "png": "figures"}
    return (
        *([] if brief is None else [target / BRIEF]),
        *(target / names[name] for name in formats),
        *([target / PAPERS] if {"latex", "markdown"} & set(tables) else []),
        *([target / WORKBOOK] if "excel" in tables else []),
        target / "tables",
        target / "results.json",
    )


def _write_tables(result: StudyResult, folder: Path) -> None:
    tables = folder / "tables"
    tables.mkdir(parents=True)
    for name in (*TABLES, *EXTRA_TABLES, *result.estimates.asked_tables):
        (tables / f"{name}.csv").write_text(to_csv(result.table(name)), encoding="utf-8")
    # What lies beyond the windows of the study stands beside the tables of the contract.
    for name in FURTHER_TABLES:
        frame = result.estimates.beyond.table(name)
        (tables / f"{name}.csv").write_text(to_csv(frame), encoding="utf-8")


def write_brief(brief: Brief, folder: Path) -> None:
    """Write a brief and the table cell of each of its numbers into a folder."""
    (folder / BRIEF).write_text(f"{brief.to_markdown()}\n", encoding="utf-8")
    (folder / "brief.csv").write_text(to_csv(brief.trace), encoding="utf-8")


def brief_document(brief: Brief) -> Record:
    """Build the block of a brief for JSON: text, Markdown, and where each number comes from."""
    return {
        "text": str(brief),
        "markdown": brief.to_markdown(),
        "trace": records(brief.trace),
    }


def _write_papers(result: StudyResult, folder: Path, tables: tuple[TableFormat, ...]) -> None:
    files = paper_files(
        result.estimates,
        result.facts,
        formats=tables,
        stars=result.estimates.config.report.stars,
    )
    for name, content in files.items():
        place = folder if name == WORKBOOK else folder / PAPERS
        place.mkdir(exist_ok=True)
        (place / name).write_bytes(content)


def _write_report(
    result: StudyResult, folder: Path, formats: tuple[Format, ...], progress: Progress
) -> None:
    total = len(result.facts)
    charts = draw_charts(
        result.estimates,
        result.facts,
        progress=lambda what, done, _: progress(what, done, total),
        compared=result.compared_estimates,
    )
    if "png" in formats:
        figures = folder / "figures"
        figures.mkdir()
        names = [f"{chart.name}.png" for chart in charts.all()]
        pictures = rasterise([chart.svg for chart in charts.all()])
        for done, (name, png) in enumerate(zip(names, pictures, strict=True), start=1):
            (figures / name).write_bytes(png)
            progress("writing PNG", done, len(names))
    if "html" in formats:
        progress("writing HTML", total, total)
        text = render_html(
            result.estimates,
            result.facts,
            factors=result.factors,
            charts=charts,
            compared=result.compared_estimates,
        )
        (folder / "report.html").write_text(text, encoding="utf-8")
    if "pdf" in formats:
        progress("setting PDF", total, total)
        (folder / "report.pdf").write_bytes(
            render_pdf(
                result.estimates,
                result.facts,
                factors=result.factors,
                charts=charts,
                compared=result.compared_estimates,
            )
        )


def _write_json(path: Path, document: Record) -> None:
    path.write_text(to_json(document), encoding="utf-8")


def to_json(document: Any) -> str:
    """Write a document as JSON: full precision, no NaN, characters as they are.

    Examples
    --------
    >>> json.loads(to_json({"title": "a"}))
    {'title': 'a'}
    """
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def records(frame: pd.DataFrame) -> list[Record]:
    """Turn a frame into records: missing values are None, dates ISO texts.

    Examples
    --------
    >>> records(pd.DataFrame({"x": [1.5, float("nan")]}))
    [{'x': 1.5}, {'x': None}]
    """
    columns = {name: [_plain(value) for value in frame[name]] for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_document(result: StudyResult) -> Record:
    """Build `results.json`: every table, and what the tables do not hold."""
    estimates = result.estimates
    config = estimates.config
    series = estimates.market.series
    lost = estimates.market.lost_sessions
    inner = lost[(lost >= estimates.market.sessions[0]) & (lost <= estimates.market.sessions[-1])]
    return {
        "schema_version": SCHEMA_VERSION,
        "study": {"name": config.study.name, "title": config.title, "series": series.name},
        **{name: records(result.table(name)) for name in (*TABLES, *estimates.asked_tables)},
        "signed_average": records(estimates.signed_average),
        "comparison": records(result.table("comparison")),
        "bhar": [
            {"event_id": event_id, "start": start, "end": end, "bhar": _plain(value)}
            for start, end in config.windows.car_windows
            for event_id, value in zip(estimates.ids, estimates.bhar_of((start, end)), strict=True)
        ],
        "placebo": _placebo(result),
        "confounders": records(estimates.neighbours),
        "diagnostics": {
            "sessions": len(estimates.market.sessions),
            "first_session": _plain(estimates.market.sessions[0]),
            "last_session": _plain(estimates.market.sessions[-1]),
            "sessions_without_a_factor": len(lost),
            "sessions_without_a_factor_inside": [f"{date:%Y-%m-%d}" for date in inner],
            "events_rejected_by_filters": estimates.events.n_rejected,
            "price_findings": [finding_record(finding) for finding in series.findings],
            "event_findings": [
                {"kind": finding.kind, "ids": list(finding.ids), "message": finding.message}
                for finding in estimates.events.findings
            ],
            "placebo_notes": placebo_notes(estimates),
            "realised_size": records(estimates.calibration.size),
            "power": records(estimates.calibration.power),
            "models": _models(result),
            **_garch(result),
            "events": records(result.diagnostics),
        },
        **_bootstrap(result),
        "series_gaps": [
            {**vars(gap), "session": _plain(gap.session)}
            for gap in gaps(estimates, result.compared_estimates)
        ],
        **beyond_document(result),
        "compared": {name: to_document(other) for name, other in result.compared.items()},
    }


def beyond_document(result: StudyResult) -> Record:
    """Build the blocks on persistence, rank in history and volatility."""
    beyond = result.estimates.beyond
    variance = beyond.variance
    return {
        "dynamics": {
            "response": records(beyond.dynamics),
            "shapes": records(beyond.dynamics_shapes),
            "events": records(beyond.dynamics_events),
            "surges": records(beyond.surges),
        },
        "history": records(beyond.history),
        "volatility": {
            "model": variance.model,
            "reason": variance.reason,
            "events": records(beyond.volatility),
        },
    }


def dynamics_document(result: StudyResult) -> Record:
    """Build what `oilshock dynamics` prints as JSON."""
    return {
        "schema_version": SCHEMA_VERSION,
        "study": result.estimates.config.study.name,
        "series": result.estimates.market.series.name,
        "dynamics": beyond_document(result)["dynamics"],
    }


def calibration_document(result: StudyResult) -> Record:
    """Build what `oilshock calibrate` prints as JSON."""
    calibration = result.estimates.calibration
    return {
        "schema_version": SCHEMA_VERSION,
        "study": result.estimates.config.study.name,
        "series": result.estimates.market.series.name,
        "realised_size": records(calibration.size),
        "power": records(calibration.power),
    }


def _placebo(result: StudyResult) -> list[Record]:
    """Say how each calibrated p value came about."""
    estimates = result.estimates
    rows: list[Record] = []
    for start, end in estimates.config.windows.car_windows:
        rating = estimates.rating_of((start, end))
        if rating is None:
            continue
        columns = zip(
            estimates.ids,
            rating.scaled,
            rating.p_value,
            rating.n_placebos,
            rating.extrapolated,
            rating.bounded,
            strict=True,
        )
        rows += [
            {
                "event_id": event_id,
                "start": start,
                "end": end,
                "scaled_car": _plain(scaled),
                "p_value": _plain(p_value),
                "n_placebos": int(n),
                "extrapolated": bool(extrapolated),
                "bounded": bool(bounded),
            }
            for event_id, scaled, p_value, n, extrapolated, bounded in columns
        ]
    return rows


def plan_document(plan: Plan) -> Record:
    """Build what `oilshock check` prints: where every event goes, and every finding."""
    ledger = plan.ledger()
    messages = [finding.message for finding in plan.market.series.findings]
    messages += [finding.message for finding in plan.events.findings]
    return {
        "schema_version": SCHEMA_VERSION,
        "study": plan.config.study.name,
        "series": plan.market.series.name,
        "sessions": len(plan.market.sessions),
        "n_kept": len(plan.reasons.kept),
        "n_rejected": plan.events.n_rejected,
        "events": records(ledger),
        "findings": messages,
    }


def _models(result: StudyResult) -> list[Record]:
    """Describe the fitted model of each event."""
    estimates = result.estimates
    fit = estimates.abnormal.fit
    return [
        {
            "event_id": event_id,
            "coefficients": {
                name: _plain(value)
                for name, value in zip(estimates.regressors, fit.beta[row], strict=True)
            },
            "sigma": _plain(fit.sigma[row]),
            "df": int(fit.df[row]),
        }
        for row, event_id in enumerate(estimates.ids)
    ]


def _garch(result: StudyResult) -> Record:
    """Describe the GARCH model of each event, where the study or a test uses one."""
    estimates = result.estimates
    if not ("garch" in estimates.config.inference.tests or estimates.config.model.kind == "garch"):
        return {}
    fit = estimates.rated.garch
    columns = {
        "omega": fit.omega,
        "alpha": fit.alpha,
        "beta": fit.garch_beta,
        "nu": fit.nu,
        "persistence": fit.persistence,
        "convergence_flag": fit.flag,
        "n_obs": fit.n_obs,
    }
    return {
        "garch": [
            {
                "event_id": event_id,
                "mean": {
                    name: None if fit.failed[row] else _plain(value)
                    for name, value in zip(estimates.regressors, fit.beta[row], strict=True)
                },
                **{name: _plain(values[row]) for name, values in columns.items()},
                "failure": fit.failure[row],
                "warnings": list(fit.notes[row]),
            }
            for row, event_id in enumerate(estimates.ids)
        ]
    }


def _bootstrap(result: StudyResult) -> Record:
    config = result.estimates.config
    if not config.inference.bootstrap:
        return {}
    frames = [result.bootstrap_interval(*window) for window in config.windows.car_windows]
    return {"bootstrap_intervals": records(pd.concat(frames, ignore_index=True))}


def manifest(result: StudyResult) -> Record:
    """Build `manifest.json`: what one needs to make the same report again."""
    config = result.estimates.config
    return {
        "generator": GENERATOR,
        "schema_version": SCHEMA_VERSION,
        "oilshock": __version__,
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "seed": config.study.seed,
        "config": resolved(config, result),
        "inputs": _inputs(result),
    }


def resolved(config: Config, result: StudyResult) -> Record:
    """Write a config with all defaults filled in."""
    data = config.model_dump(mode="json")
    for table in (data["prices"], *data["series"].values()):
        table["symbol"] = _without_folder(table["symbol"])
    data["events"]["source"] = _without_folder(data["events"]["source"])
    series = result.estimates.market.series
    data["prices"] |= {"close": series.close, "timezone": series.timezone}
    data["prices"]["symbol"] = data["prices"]["symbol"] or series.name
    data["windows"]["car"] = [list(window) for window in config.windows.car_windows]
    data["windows"]["min_estimation"] = config.windows.fewest
    data["study"]["title"] = config.title
    return data


def _without_folder(path: str) -> str:
    """Return the name of a file given by its absolute path, which is nobody else's business."""
    return PurePath(path).name if PurePath(path).is_absolute() else path


def _inputs(result: StudyResult) -> list[Record]:
    estimates = result.estimates
    origins: list[tuple[str, Mapping[str, str]]] = [
        ("prices", estimates.market.series.provenance),
        *((f"factor {name}", factor.series.provenance) for name, factor in result.factors.items()),
        *(
            (f"series {name}", other.estimates.market.series.provenance)
            for name, other in result.compared.items()
        ),
        ("events", estimates.events.provenance),
    ]
    keys = ("title", "file", "series_id", "as_of", "sha256")
    return [
        {
            "input": name,
            **{key: _without_folder(about[key]) for key in keys if about.get(key)},
        }
        for name, about in origins
    ]
