"""`oilshock run`: the main job."""

from __future__ import annotations

from datetime import timedelta

import click

from oilshock.cli.located import keys_of
from oilshock.cli.options import (
    access_options,
    brief_option,
    config_argument,
    format_option,
    out_option,
    quiet_option,
    reports_option,
    tables_option,
)


@click.command()
@config_argument
@out_option
@format_option
@reports_option
@tables_option
@brief_option
@quiet_option
@access_options
def run(
    config: str,
    out: str,
    output_format: str,
    reports: tuple[str, ...] | None,
    tables: tuple[str, ...] | None,
    brief: str | None,
    quiet: bool,
    offline: bool,
    max_age: timedelta,
    as_shipped: bool,
) -> None:
    """Run the study of CONFIG and write its report.

    \b
    Examples:
      oilshock run configs/april-2024.toml
      oilshock run configs/april-2024.toml --brief
      oilshock run configs/opec-decisions.toml --tables latex,excel
    """
    from pathlib import Path

    from oilshock.cli.job import run_and_write
    from oilshock.config import load_config
    from oilshock.sources.access import Access

    with keys_of(config):
        run_and_write(
            load_config(config),
            base=Path(config).parent,
            out=Path(out),
            output_format=output_format,
            reports=reports,
            tables=tables,
            brief=brief,
            quiet=quiet,
            access=Access(offline=offline, max_age=max_age, as_shipped=as_shipped),
        )
