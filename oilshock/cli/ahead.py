"""`oilshock event` for an event that has no price yet."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from oilshock.cli.console import echo_brief, echo_json, echo_rows, echo_wrapped, note
from oilshock.config import Config
from oilshock.documents import brief_document
from oilshock.lookback import is_ahead, look_back_from
from oilshock.lookback_output import aftermath_document, write_aftermath
from oilshock.options import Format
from oilshock.report.aftermath import COLUMNS, table_rows
from oilshock.storage import refuse_foreign
from oilshock.study import check_study

SHORT = {"events": "events", "events_scaled": "scaled", "ordinary": "ordinary"}
"""Samples in a narrow table."""


def answer_ahead(
    config: Config,
    *,
    out: Path,
    output_format: str,
    reports: tuple[str, ...] | None,
    tables: tuple[str, ...] | None,
    brief: str | None,
    quiet: bool,
) -> bool:
    """Answer for an event after the last session; False, with nothing done, for any other."""
    target = out / config.study.name
    refuse_foreign(target)
    plan = check_study(config, base=Path())
    if not is_ahead(plan):
        return False
    formats = config.report.formats if reports is None else cast("tuple[Format, ...]", reports)
    result = look_back_from(plan)
    text = None if brief is None else result.brief()
    files = write_aftermath(result, target, formats=formats, brief=text)
    if tables:
        note("No tables for papers: the event has no price yet.", quiet=quiet)
    if output_format == "json":
        told = {} if text is None else {"brief": brief_document(text)}
        document = aftermath_document(result)
        echo_json({**document, **told, "files": [str(path) for path in files]})
        return True
    if text is not None:
        echo_brief(text, form=brief, files=files, quiet=quiet)
        return True
    echo_wrapped(config.title, style="bold")
    for sentence in [*result.answer, *(f"Warning: {warning}" for warning in result.warnings)]:
        click.echo()
        echo_wrapped(sentence)
    click.echo()
    labels = [label.lstrip("<") for label in COLUMNS]
    # Dollars are in the JSON and the CSV; the terminal is narrow.
    rows = [
        [row[0], SHORT[sample], *row[2:-1]]
        for row, sample in zip(table_rows(result.view), result.view.frame["sample"], strict=True)
    ]
    echo_rows(labels[:-1], rows, grow=1, right=[0, *range(2, len(labels) - 1)])
    echo_wrapped(result.note)
    click.echo("\nWritten:")
    for path in files:
        click.echo(f"  {path}")
    return True
