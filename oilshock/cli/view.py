"""`oilshock view`: open the report of a run."""

from __future__ import annotations

import click

from oilshock.cli.completion import complete_runs
from oilshock.cli.options import format_option, out_option


@click.command(short_help="Open the report of a run.")
@click.argument("study", required=False, shell_complete=complete_runs)
@click.option(
    "--report",
    type=click.Choice(["html", "pdf"]),
    help="Which report.  [default: html, else pdf]",
)
@click.option("--print", "print_only", is_flag=True, help="Print where it is; open nothing.")
@out_option
@format_option
def view(
    study: str | None, report: str | None, print_only: bool, out: str, output_format: str
) -> None:
    """Open the report of STUDY: a study's name, its config, or the folder of its run.

    Without STUDY, open the newest report. Where it is, is always printed; that is all in a
    session without a screen, or with CI set.

    \b
    Examples:
      oilshock view
      oilshock view april-2024 --report pdf
      oilshock view configs/april-2024.toml
    """
    from pathlib import Path

    from oilshock.cli.console import echo_json, note
    from oilshock.cli.opening import find_report, opened, without_screen

    path = find_report(study, out=Path(out), report=report)
    reason = "--print" if print_only else without_screen()
    is_opened = not reason and opened(path)
    if output_format == "json":
        echo_json({"schema_version": 1, "report": str(path), "opened": is_opened})
        return
    click.echo(str(path))
    if not is_opened and not print_only:
        note(f"Not opened: {reason or 'no program for it was found'}.", quiet=False)
