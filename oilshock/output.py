"""The output folder of a run: tables, results, manifest, figures and report, all or nothing."""

from __future__ import annotations

from pathlib import Path

from oilshock.beyond.view import TABLES as FURTHER_TABLES
from oilshock.brief import Brief
from oilshock.charts import style
from oilshock.documents import to_document, to_json
from oilshock.manifest import manifest
from oilshock.options import ChartSize, Format, TableFormat
from oilshock.papers.files import WORKBOOK, paper_files
from oilshock.report import (
    Analyses,
    Charts,
    analyse,
    build_context,
    chart_files,
    creation_time,
    draw_charts,
    html_from,
    pdf_from,
)
from oilshock.results import StudyResult
from oilshock.storage import MANIFEST, replacing
from oilshock.tables import EXTRA_TABLES, TABLES, to_csv
from oilshock.typing import Progress, Record, silent

BRIEF = "brief.md"
BRIEF_TRACE = "brief.csv"

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
        *([] if brief is None else [target / BRIEF, target / BRIEF_TRACE]),
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
    (folder / BRIEF_TRACE).write_text(to_csv(brief.trace), encoding="utf-8")


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
    sizes = dict.fromkeys(_size(result, name) for name in formats)
    progress("analysing the series", 0, total)
    analyses = analyse(result.estimates)
    charts = {size: _draw(result, size, analyses, progress) for size in sizes}
    if "png" in formats:
        _write_figures(result, folder / "figures", charts[_size(result, "png")], progress)
    if not {"html", "pdf"} & set(formats):
        return
    context = build_context(
        result.estimates,
        result.facts,
        charts=charts["report"],
        factors=result.factors,
        compared=result.compared_estimates,
    )
    if "html" in formats:
        progress("writing HTML", total, total)
        (folder / "report.html").write_text(html_from(context), encoding="utf-8")
    if "pdf" in formats:
        progress("setting PDF", total, total)
        timestamp = creation_time(result.estimates.market.sessions[-1])
        (folder / "report.pdf").write_bytes(pdf_from(context, timestamp=timestamp))


def _size(result: StudyResult, name: Format) -> ChartSize:
    """Choose the size of the charts of a format: files of their own have the size asked for."""
    return result.estimates.config.report.chart_size if name == "png" else "report"


def _draw(result: StudyResult, size: ChartSize, analyses: Analyses, progress: Progress) -> Charts:
    total = len(result.facts)
    with style(size):
        return draw_charts(
            result.estimates,
            result.facts,
            analyses=analyses,
            progress=lambda what, done, _: progress(what, done, total),
            compared=result.compared_estimates,
        )


def _write_figures(result: StudyResult, folder: Path, charts: Charts, progress: Progress) -> None:
    """Write every chart as a file of its own, in the kinds that the config asks."""
    timestamp = creation_time(result.estimates.market.sessions[-1])
    folder.mkdir()
    for kind in result.estimates.config.report.chart_kinds:
        files = chart_files(charts.all(), kind=kind, timestamp=timestamp)
        for done, (name, content) in enumerate(files, start=1):
            (folder / name).write_bytes(content)
            progress(f"writing {kind.upper()}", done, len(charts.all()))


def _write_json(path: Path, document: Record) -> None:
    path.write_text(to_json(document), encoding="utf-8")
