"""Run a study, ask it one further question, and print or write the answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from oilshock.answers import Answer, write_answer
from oilshock.cli.console import echo_json, echo_wrapped, progress_on
from oilshock.cli.doubts import warn_of_dates
from oilshock.cli.located import keys_of
from oilshock.config import Config, load_config
from oilshock.options import ReturnKind
from oilshock.results import StudyResult
from oilshock.storage import refuse_foreign
from oilshock.study import run_study
from oilshock.typing import Progress


def answer_and_print(
    config: str,
    ask: Callable[[StudyResult, Progress], Answer],
    *,
    name: str,
    out: str | None,
    output_format: str,
    quiet: bool,
) -> None:
    """Run the study of a config without its sweep, ask, then print and perhaps write."""
    checked: Config = load_config(config)
    target = None if out is None else Path(out)
    if target is not None:
        refuse_foreign(target / f"{checked.study.name}-{name}")
    with progress_on(quiet=quiet) as progress, keys_of(config):
        result = run_study(
            checked.model_copy(update={"sweep": None}), base=Path(config).parent, progress=progress
        )
        own = result.estimates.with_config(checked)
        result = StudyResult(estimates=own, factors=result.factors, compared=result.compared)
        answer = ask(result, progress)
        files = write_answer(result, answer, target) if target is not None else ()
    warn_of_dates(result)
    if output_format == "json":
        echo_json({**answer.document, "files": [str(path) for path in files]})
        return
    for place, paragraph in enumerate(answer.paragraphs):
        if place:
            click.echo()
        echo_wrapped(paragraph)
    _print_tables(answer, kind=checked.returns.kind)
    if files:
        click.echo("\nWritten:")
        for path in files:
            click.echo(f"  {path}")


def _print_tables(answer: Answer, *, kind: ReturnKind) -> None:
    from oilshock.cli.answer_tables import shown_table
    from oilshock.cli.console import echo_rows

    headings, rows, grow, right = shown_table(answer, kind=kind)
    if rows:
        echo_rows(headings, rows, grow=grow, right=right)
