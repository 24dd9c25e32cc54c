"""`oilshock prices`: which series there is, and how good one is."""

from __future__ import annotations

import click

from oilshock.cli.options import format_option


@click.group()
def prices() -> None:
    """Show and check price series.

    \b
    Examples:
      oilshock prices show
      oilshock prices check my-prices.csv
    """


@prices.command("show")
@click.argument("symbol", required=False)
@format_option
def show_prices(symbol: str | None, output_format: str) -> None:
    """Show the bundled series, or the one named SYMBOL: publisher, span, licence, checksum.

    \b
    Example:
      oilshock prices show brent-spot
    """
    from oilshock.cli.console import echo_json, echo_pairs
    from oilshock.cli.listing import bundled_series

    listing = bundled_series(symbol)
    if output_format == "json":
        echo_json({"schema_version": 1, "series": listing})
        return
    for number, series in enumerate(listing):
        if number:
            click.echo()
        echo_pairs([(name, str(value)) for name, value in series.items() if value])


@prices.command("check")
@click.argument("path", type=click.Path(path_type=str), required=False)
@click.option("--date-column", help="Column of dates.  [default: found by name]")
@click.option("--price-column", help="Column of prices.  [default: found by name]")
@format_option
def check_prices(
    path: str | None, date_column: str | None, price_column: str | None, output_format: str
) -> None:
    """Report on the quality of a price file, or of the bundled series.

    \b
    Example:
      oilshock prices check my-prices.csv --price-column Close
    """
    from oilshock.cli.console import echo_json
    from oilshock.cli.listing import checked_prices

    document = checked_prices(path, date_column=date_column, price_column=price_column)
    if output_format == "json":
        echo_json(document)
        return
    click.echo(
        f"{document['name']} is valid: {document['sessions']:,} sessions, "
        f"{document['first_session']} to {document['last_session']}."
    )
    for finding in document["findings"]:
        click.echo(f"- {finding['message']}")
    if not document["findings"]:
        click.echo("Nothing odd was found.")
