"""`oilshock events`: the catalogue, and a user's own file."""

from __future__ import annotations

import click

from oilshock.cli.completion import complete_event_ids
from oilshock.cli.options import filter_options, format_option

WIDE = 110
"""Columns from which the list has the titles."""


@click.group()
def events() -> None:
    """List, show and check events.

    \b
    Examples:
      oilshock events list --since 2026-01-01
      oilshock events show abqaiq-khurais-attack-2019
      oilshock events check my-events.csv
    """


@events.command("list")
@filter_options
@format_option
def list_events(output_format: str, **filters: object) -> None:
    """List the bundled catalogue.

    \b
    Example:
      oilshock events list --category sanctions --since 2022-01-01
    """
    from oilshock.cli.console import echo_json, echo_rows, echo_wrapped, stdout
    from oilshock.cli.listing import event_list
    from oilshock.words import count

    listing = event_list(filters)
    if output_format == "json":
        echo_json(listing)
        return
    # The title comes last, and is left out where it would have no room.
    shown = 6 if stdout().width >= WIDE else 5
    echo_rows(
        ["Id", "Date", "Dir", "Sev", "Category", "Title"][:shown],
        [
            [
                event["id"],
                event["date"],
                event["direction"],
                str(event["severity"] or ""),
                event["category"],
                event["title"],
            ][:shown]
            for event in listing["events"]
        ],
        grow=5 if shown == 6 else 0,
    )
    about, n_shown = listing["provenance"], len(listing["events"])
    click.echo(f"{count(n_shown, 'event')}; {listing['n_rejected']} do not pass the filters.")
    click.echo("Title and source of one: oilshock events show ID\n")
    echo_wrapped(f"{about['label']}, as of {about['as_of']}. {about['note']}", style="dim")


@events.command("show")
@click.argument("event_id", metavar="ID", shell_complete=complete_event_ids)
@format_option
def show_event(event_id: str, output_format: str) -> None:
    """Show everything known of one event: source, confidence, confounders.

    \b
    Example:
      oilshock events show abqaiq-khurais-attack-2019
    """
    from oilshock.cli.console import echo_json, echo_pairs
    from oilshock.cli.listing import event_list

    event = event_list({"ids": [event_id]})["events"][0]
    if output_format == "json":
        echo_json(event)
        return
    words = {True: "yes", False: "no"}
    echo_pairs(
        [
            (name, words[value] if isinstance(value, bool) else str(value))
            for name, value in event.items()
            if value not in ("", None)
        ]
    )


@events.command("check")
@click.argument("path", type=click.Path(path_type=str))
@format_option
def check_events(path: str, output_format: str) -> None:
    """Check a CSV file of events.

    \b
    Example:
      oilshock events check my-events.csv
    """
    from oilshock.cli.console import echo_json, echo_wrapped
    from oilshock.cli.listing import checked_events

    document = checked_events(path)
    if output_format == "json":
        echo_json(document)
        return
    click.echo(f"{path} is valid: {document['n_events']} events, {document['span']}.")
    for finding in document["findings"]:
        echo_wrapped(finding["message"], first="- ", then="  ")
