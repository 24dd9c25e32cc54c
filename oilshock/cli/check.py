"""`oilshock check`: validate, estimate nothing."""

from __future__ import annotations

from datetime import timedelta

import click

from oilshock.cli.located import keys_of
from oilshock.cli.options import access_options, config_argument, format_option


@click.command()
@config_argument
@format_option
@access_options
def check(
    config: str, output_format: str, offline: bool, max_age: timedelta, as_shipped: bool
) -> None:
    """Check CONFIG, its prices, its events and where each event goes. Estimate nothing.

    \b
    Example:
      oilshock check configs/april-2024.toml
    """
    from pathlib import Path

    from oilshock.cli.console import echo_json, echo_rows, echo_wrapped
    from oilshock.config import load_config
    from oilshock.documents import plan_document
    from oilshock.ledger import OK
    from oilshock.sources.access import Access
    from oilshock.study import check_study

    access = Access(offline=offline, max_age=max_age, as_shipped=as_shipped)
    with keys_of(config):
        plan = check_study(load_config(config), base=Path(config).parent, access=access)
    document = plan_document(plan)
    if output_format == "json":
        echo_json(document)
        return
    click.echo(f"{config} is valid.")
    echo_wrapped(
        f"{document['n_kept']} of {len(document['events'])} events can be estimated on "
        f"{plan.market.series.name}, {document['sessions']:,} sessions."
    )
    echo_rows(
        ["Event", "Date", "Day 0", "Status", "Why"],
        [
            [
                event["event_id"],
                event["event_date"],
                event["session"] or "",
                "kept" if event["status"] == OK else "left out",
                "; ".join(filter(None, [event["shift_reason"], event["reason"]])),
            ]
            for event in document["events"]
        ],
        grow=0,
        wrap=4,
    )
    for message in document["findings"]:
        echo_wrapped(message, first="- ", then="  ")
