"""`oilshock calibrate`: what p values are worth on a series."""

from __future__ import annotations

import click

from oilshock.cli.located import keys_of
from oilshock.cli.options import config_argument, format_option, quiet_option


@click.command()
@config_argument
@format_option
@quiet_option
def calibrate(config: str, output_format: str, quiet: bool) -> None:
    """Measure what the p values of CONFIG are worth on its series.

    Every session of the series is tested as if it had an event; most had none. A test with the
    right size finds an effect on 5 % of them at the 5 % level, in months of low and of high
    volatility.

    \b
    Example:
      oilshock calibrate configs/april-2024.toml
    """
    from pathlib import Path

    from oilshock.cli.console import echo_json, echo_rows, progress_on
    from oilshock.cli.doubts import warn_of_dates
    from oilshock.config import load_config
    from oilshock.documents import calibration_document
    from oilshock.report.calibration import calibration_tables
    from oilshock.study import run_study

    with progress_on(quiet=quiet) as progress, keys_of(config):
        result = run_study(load_config(config), base=Path(config).parent, progress=progress)
        progress("testing ordinary sessions", 0, 1)
        result.calibrate()
    warn_of_dates(result)
    if output_format == "json":
        echo_json(calibration_document(result))
        return
    for number, table in enumerate(calibration_tables(result.estimates)):
        if number:
            click.echo()
        click.echo(click.wrap_text(" ".join([f"{table.caption}.", *table.notes]), width=80))
        columns = table.to_record()["columns"]
        echo_rows(
            [column["label"] for column in columns],
            table.rows,
            grow=1,
            right=[place for place, column in enumerate(columns) if not column["left"]],
        )
