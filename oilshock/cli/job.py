"""Run a config, write its folder, print what an analyst wants to know first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pandas as pd

from oilshock.cli.console import (
    can_show,
    echo_lines,
    echo_wrapped,
    note,
    progress_on,
    stdout,
)
from oilshock.cli.delivery import Delivery
from oilshock.cli.doubts import warn_of_dates
from oilshock.config import Config
from oilshock.documents import to_document
from oilshock.ledger import LEFT_OUT
from oilshock.output import write_study
from oilshock.quality import DOUBTED_DATES, Finding
from oilshock.report.calibration import placebo_notes, size_notes
from oilshock.report.gaps import gaps
from oilshock.results import StudyResult
from oilshock.sources import Access
from oilshock.sources.load import NETWORK_SOURCES
from oilshock.sparkline import BLOCKS, DAY_0
from oilshock.study import run_study
from oilshock.tables import rows_of
from oilshock.words import count

MOST_LISTED = 12


def run_and_write(config: Config, *, base: Path, delivery: Delivery, access: Access) -> None:
    """Run a study from its config to its folder, then print the short table."""
    target = delivery.folder(config)
    written = "Written, in place of the earlier run" if target.exists() else "Written"
    with progress_on(quiet=delivery.quiet) as progress:
        result = run_study(config, base=base, progress=progress, access=access)
        brief = None if delivery.brief is None else result.brief()
        files = write_study(
            result,
            target,
            formats=delivery.report_formats(config),
            tables=delivery.table_formats(config),
            brief=brief,
            progress=progress,
        )
    warn_of_dates(result)
    if delivery.printed(document=lambda: to_document(result), brief=brief, files=files):
        return
    _print_text(result, files, written=written, quiet=delivery.quiet)
    if access.offline and not delivery.quiet:
        _note_old_prices(result)


def _print_text(result: StudyResult, files: tuple[Path, ...], *, written: str, quiet: bool) -> None:
    summary = result.summary()
    if not can_show(BLOCKS + DAY_0):
        summary = summary.without_sparklines()
    echo_lines(summary.lines(width=stdout().width))
    click.echo()
    for line in ledger_lines(result):
        echo_wrapped(line.lstrip(), first=line[: -len(line.lstrip())], then="    ")
    warnings = placebo_notes(result.estimates) + size_notes(result.estimates)
    for line in [*warnings, *_findings(result, quiet=quiet)]:
        echo_wrapped(line, then="  ")
    click.echo(f"\n{written}:")
    for path in files:
        click.echo(f"  {path}")
    report = next((path for path in files if path.stem == "report"), None)
    if report is not None and not quiet:
        # Double quotes hold a name together in every shell, that of Windows too.
        folder = f'"{report.parent}"' if " " in str(report.parent) else str(report.parent)
        click.echo(f"\nOpen the report: oilshock view {folder}")


def _findings(result: StudyResult, *, quiet: bool) -> Iterator[str]:
    """Say what was found odd in prices and events, and where series part."""
    if not quiet:
        for finding in _without_doubts(result.estimates.market.series.findings):
            yield f"Prices: {finding.message}"
        for name, other in result.compared_estimates.items():
            for finding in _without_doubts(other.market.series.findings):
                yield f"Series {name}: {finding.message}"
    for gap in gaps(result.estimates, result.compared_estimates):
        yield gap.sentence()
    for event_finding in result.estimates.events.findings:
        yield f"Events: {event_finding.message}"


def _without_doubts(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out what a warning on stderr has said."""
    return [finding for finding in findings if finding.kind not in DOUBTED_DATES]


def _note_old_prices(result: StudyResult) -> None:
    """Say how old cached prices are that no source was asked for."""
    config = result.estimates.config
    tables = {"prices": (config.prices, result.estimates)} | {
        f"series.{name}": (config.series[name], other)
        for name, other in result.compared_estimates.items()
    }
    for name, (table, estimates) in tables.items():
        if table.source in NETWORK_SOURCES:
            as_of = estimates.market.series.provenance["as_of"]
            note(f"[{name}] comes from the cache, as of {as_of}; nothing was asked.", quiet=False)


def ledger_lines(result: StudyResult) -> list[str]:
    """List what was left out, moved or cut off, with reasons."""
    ledger = result.estimates.ledger
    left_out = ledger[ledger["status"] == LEFT_OUT]
    kept = ledger[ledger["status"] != LEFT_OUT]
    moved = kept[kept["shift_reason"] != ""]
    short = kept[kept["reason"] != ""]
    rejected = result.estimates.events.n_rejected
    lost = len(result.estimates.market.lost_sessions)
    lines = [f"{count(len(kept), 'event')} kept, {len(left_out)} left out, {len(moved)} moved."]
    lines += _listed(
        "Left out", [f"{row['event_id']}: {row['reason']}" for row in rows_of(left_out)]
    )
    lines += _listed(
        "Moved",
        [
            f"{row['event_id']}: {row['event_date']:%Y-%m-%d} -> {row['session']:%Y-%m-%d} "
            f"({str(row['shift_reason']).replace(';', ', ')})"
            for row in rows_of(moved)
        ],
    )
    lines += _listed("Cut off", _with_reason(short))
    if lost:
        lines.append(f"{count(lost, 'price session')} not used: a factor has no value there.")
    if rejected:
        lines.append(f"{count(rejected, 'event')} of the source did not pass the filters.")
    return lines


def _with_reason(frame: pd.DataFrame) -> list[str]:
    return [f"{row['event_id']}: {row['reason']}" for row in rows_of(frame)]


def _listed(heading: str, items: list[str]) -> list[str]:
    if not items:
        return []
    shown = [f"  {item}" for item in items[:MOST_LISTED]]
    if len(items) > MOST_LISTED:
        shown.append(f"  and {len(items) - MOST_LISTED} more: see tables/events.csv")
    return [f"{heading}:", *shown]
