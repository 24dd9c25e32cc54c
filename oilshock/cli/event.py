"""`oilshock event`: one event, without a config."""

from __future__ import annotations

from datetime import timedelta

import click

from oilshock.cli.completion import complete_from
from oilshock.cli.delivery import Delivery
from oilshock.cli.located import options_of
from oilshock.cli.options import access_options, delivery_options, price_file_options
from oilshock.options import CATEGORIES
from oilshock.presets import PRESETS


@click.command(short_help="Study one event, given by its date and time.")
@click.argument("when")
@click.option("--title", help="Title of the event.  [default: the date]")
@click.option("--level", "levels", type=float, multiple=True, help="A price level, USD/bbl.")
@click.option(
    "--direction",
    type=click.Choice(["+", "-", "0"]),
    help="Expected beforehand: + tightening, - easing, 0 none.",
)
@click.option(
    "--category",
    default="",
    help="Category of the event, such as conflict.",
    shell_complete=complete_from(CATEGORIES),
)
@click.option("--name", help="Name of the output folder.  [default: event-DATE]")
@click.option("--prices", "price_file", type=click.Path(), help="A file, yahoo:TICKER or fred:ID.")
@price_file_options
@click.option("--close", help="Close of the price file's market, HH:MM.")
@click.option("--timezone", help="Zone of the close, such as Europe/London.")
@click.option(
    "--factor",
    "factors",
    multiple=True,
    help="A preset: dollar, equity, hamilton.",
    shell_complete=complete_from(PRESETS),
)
@click.option("--estimation", type=int, default=120, show_default=True, help="Estimation returns.")
@click.option("--gap", type=int, default=10, show_default=True, help="Sessions left before day 0.")
@click.option(
    "--window",
    type=(int, int),
    default=(-5, 10),
    show_default=True,
    help="First and last relative day of the event window.",
)
@delivery_options
@access_options
def event(
    when: str,
    delivery: Delivery,
    offline: bool,
    max_age: timedelta,
    as_shipped: bool,
    **options: object,
) -> None:
    """Study one event: WHEN is a date, or a date and time with its zone (bare: UTC).

    For an event after the last session, which has no price yet: what followed earlier events of
    its category and direction, against ordinary sessions in like volatility.

    \b
    Examples:
      oilshock event 2024-04-13T20:00Z --level 90
      oilshock event 2019-09-14 --title "Attack on Abqaiq" --direction +
      oilshock event 2026-10-03 --category attack_on_supply --direction +
    """
    from dataclasses import replace
    from pathlib import Path

    from oilshock.cli.ahead import answer_ahead
    from oilshock.cli.job import run_and_write
    from oilshock.cli.single import single_event_config
    from oilshock.sources.access import Access

    with options_of("oilshock event"):
        config = single_event_config(when, options)
        access = Access(offline=offline, max_age=max_age, as_shipped=as_shipped)
        if answer_ahead(config, delivery, access=access):
            return
        # What is new was fetched just now, to see where the event lies.
        fetched = replace(access, max_age=max(max_age, timedelta(hours=1)))
        run_and_write(config, base=Path(), delivery=delivery, access=fetched)
