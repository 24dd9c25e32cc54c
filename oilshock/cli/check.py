"""`oilshock check`: validate, estimate nothing."""

from __future__ import annotations

import click

from oilshock.cli.options import format_option


@click.command()
@click.argument("config", type=click.Path(path_type=str))
@format_option
def check(config: str, output_format: str) -> None:
    """Check CONFIG, its prices, its events and where each event goes. Estimate nothing.

    \b
    Example:
      oilshock check configs/april-2024.toml
    """
    from pathlib import Path

    from oilshock.cli.console import echo_json, echo_rows
    from oilshock.config import load_config
    from oilshock.ledger import OK
    from oilshock.output import plan_document
    from oilshock.study import check_study

    plan = check_study(load_config(config), base=Path(config).parent)
    document = plan_document(plan)
    if output_format == "json":
        echo_json(document)
        return
    click.echo(
        f"{config} is valid. {document['n_kept']} of {len(document['events'])} events can be "
        f"estimated on {plan.market.series.name}, {document['sessions']:,} sessions."
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
        click.echo(f"- {message}")
