"""`oilshock dynamics`: how long moves last."""

from __future__ import annotations

import click

from oilshock.cli.located import keys_of
from oilshock.cli.options import config_argument, format_option, quiet_option


@click.command()
@config_argument
@click.option(
    "--chart", type=click.Path(dir_okay=False), help="Also draw the responses: a PNG file."
)
@format_option
@quiet_option
def dynamics(config: str, chart: str | None, output_format: str, quiet: bool) -> None:
    """Say how long moves last, by class and by event of CONFIG.

    Local projections of the cumulated return, session by session after the event, with the
    share of the peak given back. The table [dynamics] of the config has the choices.

    \b
    Examples:
      oilshock dynamics configs/april-2024.toml
      oilshock dynamics configs/catalogue.toml --chart dynamics.png
    """
    from pathlib import Path

    from oilshock.cli.beyond import print_dynamics
    from oilshock.cli.console import echo_json, progress_on
    from oilshock.cli.doubts import warn_of_dates
    from oilshock.config import load_config
    from oilshock.documents import dynamics_document
    from oilshock.report.beyond import dynamics_report
    from oilshock.storage import write_file
    from oilshock.study import run_study

    with progress_on(quiet=quiet) as progress, keys_of(config):
        result = run_study(load_config(config), base=Path(config).parent, progress=progress)
        progress("projecting returns", 0, 1)
        report = dynamics_report(result.estimates, result.facts)
    if chart is not None:
        write_file(Path(chart), report.png)
    warn_of_dates(result)
    if output_format == "json":
        echo_json(dynamics_document(result))
        return
    print_dynamics(report.section)
    if chart is not None:
        click.echo(f"\nWritten: {chart}")
