"""The output folder of an event that has no price yet."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path

from oilshock import __version__
from oilshock.brief import Brief
from oilshock.charts import figure_svg
from oilshock.lookback import AftermathResult
from oilshock.options import SCHEMA_VERSION, Format
from oilshock.output import BRIEF, PACKAGES, records, to_json, write_brief
from oilshock.report import rasterise
from oilshock.storage import GENERATOR, MANIFEST, replacing
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
            files.insert(0, target / BRIEF)
        if "png" in formats:
            (folder / "figures").mkdir()
            svg = figure_svg(result.figure(), text="text")
            (folder / "figures" / "aftermath.png").write_bytes(next(iter(rasterise([svg]))))
            files.insert(0, target / "figures" / "aftermath.png")
        (folder / MANIFEST).write_text(to_json(_manifest(result)), encoding="utf-8")
    return tuple(files)


def _manifest(result: AftermathResult) -> Record:
    config = result.plan.config
    about = result.plan.market.series.provenance
    keys = ("title", "file", "series_id", "as_of", "sha256")
    return {
        "generator": GENERATOR,
        "schema_version": SCHEMA_VERSION,
        "oilshock": __version__,
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "seed": config.study.seed,
        "config": config.model_dump(mode="json"),
        "inputs": [{"input": "prices", **{key: about[key] for key in keys if about.get(key)}}],
    }
