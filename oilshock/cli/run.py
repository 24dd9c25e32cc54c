"""`oilshock run`: the main job."""

from __future__ import annotations

from datetime import timedelta

import click

from oilshock.cli.delivery import Delivery
from oilshock.cli.located import keys_of
from oilshock.cli.options import access_options, config_argument, delivery_options


@click.command()
@config_argument
@delivery_options
@access_options
def run(
    config: str, delivery: Delivery, offline: bool, max_age: timedelta, as_shipped: bool
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
            delivery=delivery,
            access=Access(offline=offline, max_age=max_age, as_shipped=as_shipped),
        )
