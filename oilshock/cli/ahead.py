"""`oilshock event` for an event that has no price yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from oilshock.cli.console import echo_rows, echo_wrapped, note
from oilshock.cli.delivery import Delivery
from oilshock.cli.doubts import warn_of_dates_in
from oilshock.config import Config
from oilshock.lookback import AftermathResult, is_ahead, look_back_from
from oilshock.lookback_output import aftermath_document, write_aftermath
from oilshock.report.aftermath import COLUMNS, table_rows
from oilshock.sources import Access
from oilshock.study import check_study

SHORT = {"events": "events", "events_scaled": "scaled", "ordinary": "ordinary"}
"""Samples in a narrow table."""


def answer_ahead(config: Config, delivery: Delivery, *, access: Access) -> bool:
    """Answer for an event after the last session; False, with nothing done, for any other."""
    target = delivery.folder(config)
    plan = check_study(config, base=Path(), access=access)
    if not is_ahead(plan):
        return False
    result = look_back_from(plan)
    brief = None if delivery.brief is None else result.brief()
    formats = delivery.report_formats(config)
    files = write_aftermath(result, target, formats=formats, brief=brief)
    warn_of_dates_in([plan.market.series])
    if delivery.tables:
        note("No tables for papers: the event has no price yet.", quiet=delivery.quiet)
    if not delivery.printed(document=lambda: aftermath_document(result), brief=brief, files=files):
        _print_text(result, files)
    return True


def _print_text(result: AftermathResult, files: Sequence[Path]) -> None:
    echo_wrapped(result.plan.config.title, style="bold")
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
