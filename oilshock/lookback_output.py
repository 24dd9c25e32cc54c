"""The output folder of an event that has no price yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from oilshock.brief import Brief
from oilshock.charts import figure_svg, style
from oilshock.documents import records, to_json
from oilshock.lookback import AftermathResult
from oilshock.manifest import config_record, input_record, manifest_of
from oilshock.options import SCHEMA_VERSION, Format
from oilshock.output import BRIEF, BRIEF_TRACE, write_brief
from oilshock.report import Chart, chart_files, creation_time
from oilshock.storage import MANIFEST, replacing
from oilshock.tables import to_csv
from oilshock.typing import Record


def aftermath_document(result: AftermathResult) -> Record:
    """Build what `oilshock event` prints as JSON for an event after the last session."""
    config, view = result.plan.config, result.view
    return {
        "schema_version": SCHEMA_VERSION,
        "study": {
            "name": config.study.name,
            "title": config.title,
            "series": result.plan.market.series.name,
        },
        "status": "after the last session",
        "events": records(result.plan.ledger()),
        "aftermath": {
            "kind": view.kind,
            "as_of": f"{view.as_of:%Y-%m-%d}",
            "last_price": view.moment.price,
            "unit": "usd" if view.is_difference else "fraction",
            "n_events": view.n_events,
            "warnings": list(result.warnings),
            "answer": list(result.answer),
            "quantiles": records(view.frame),
            "moves": records(view.moves),
        },
    }


def write_aftermath(
    result: AftermathResult,
    target: Path,
    *,
    formats: tuple[Format, ...],
    brief: Brief | None = None,
) -> tuple[Path, ...]:
    """Write tables, JSON and, with png among the formats, the chart; all or nothing.

    Parameters
    ----------
    result : AftermathResult
        What followed earlier events.
    target : Path
        The output folder; one of ours is replaced.
    formats : tuple of {"pdf", "html", "png"}
        A report needs a price for the event: pdf and html write nothing.
    brief : Brief, optional
        Written as `brief.md`, with its trace as `brief.csv`.

    Returns
    -------
    tuple of Path
        The main files, for the reader.
    """
    files = [target / "tables", target / "results.json"]
    with replacing(target) as folder:
        (folder / "tables").mkdir()
        for name, frame in (("aftermath", result.to_frame()), ("aftermath_moves", result.moves())):
            (folder / "tables" / f"{name}.csv").write_text(to_csv(frame), encoding="utf-8")
        document = to_json(aftermath_document(result))
        (folder / "results.json").write_text(document, encoding="utf-8")
        if brief is not None:
            write_brief(brief, folder)
            files[:0] = [target / BRIEF, target / BRIEF_TRACE]
        if "png" in formats:
            (folder / "figures").mkdir()
            for name, content in _figures(result):
                (folder / "figures" / name).write_bytes(content)
                files.insert(0, target / "figures" / name)
        (folder / MANIFEST).write_text(to_json(_manifest(result)), encoding="utf-8")
    return tuple(files)


def _figures(result: AftermathResult) -> Iterator[tuple[str, bytes]]:
    """Return the chart in the size and the kinds that the config asks."""
    asked = result.plan.config.report
    with style(asked.chart_size):
        svg = figure_svg(result.figure(), text="text")
    words = "What followed earlier events of this kind."
    chart = Chart(name="aftermath", caption=words, alt=words, svg=svg)
    timestamp = creation_time(result.plan.market.sessions[-1])
    for kind in asked.chart_kinds:
        yield from chart_files([chart], kind=kind, timestamp=timestamp)


def _manifest(result: AftermathResult) -> Record:
    prices = input_record("prices", result.plan.market.series.provenance)
    return manifest_of(config=config_record(result.plan.config), inputs=[prices])
