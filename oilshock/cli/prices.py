"""`oilshock prices`: which series there is, how good one is, and how to refresh it."""

from __future__ import annotations

from datetime import timedelta

import click

from oilshock.cli.completion import complete_series
from oilshock.cli.options import format_option, max_age_option, price_file_options, quiet_option
from oilshock.errors import SourceError
from oilshock.options import ReturnKind


@click.group()
def prices() -> None:
    """Show, check and refresh price series.

    \b
    Examples:
      oilshock prices show
      oilshock prices update yahoo:BZ=F
      oilshock prices check my-prices.csv
    """


@prices.command("show")
@click.argument("symbol", required=False, shell_complete=complete_series)
@format_option
def show_prices(symbol: str | None, output_format: str) -> None:
    """Show the bundled and the cached series, or the one named SYMBOL.

    SYMBOL is a bundled name, or SOURCE:SYMBOL such as fred:DCOILWTICO. Shown are
    publisher, span, licence, checksum, and when a cached series was fetched.

    \b
    Examples:
      oilshock prices show brent-spot
      oilshock prices show yahoo:BZ=F
    """
    from oilshock.cli.console import echo_json, echo_pairs
    from oilshock.cli.series import known_series

    listing = known_series(symbol)
    if output_format == "json":
        echo_json({"schema_version": 1, "series": listing})
        return
    for number, series in enumerate(listing):
        if number:
            click.echo()
        echo_pairs([(name, str(value)) for name, value in series.items() if value])


@prices.command("update")
@click.argument("symbols", nargs=-1, shell_complete=complete_series)
@max_age_option("0m")
@format_option
@quiet_option
def update_prices(
    symbols: tuple[str, ...], max_age: timedelta, output_format: str, quiet: bool
) -> None:
    """Fetch what is new of the SYMBOLS into the cache; of the bundled series if none is named.

    A SYMBOL is SOURCE:SYMBOL, a bundled name, or a config file, whose series are all
    fetched. From then on source = "bundled" goes beyond the snapshot and says so.

    \b
    Examples:
      oilshock prices update
      oilshock prices update yahoo:BZ=F fred:DCOILWTICO
      oilshock prices update my-study.toml
    """
    from oilshock.cli.console import echo_json, echo_wrapped, progress_on
    from oilshock.cli.series import updated_series

    with progress_on(quiet=quiet) as progress:
        listing, problems = updated_series(symbols, max_age=max_age, progress=progress)
    if output_format == "json":
        echo_json({"schema_version": 1, "series": listing})
    for series in listing if output_format == "text" else ():
        click.echo(
            f"{series['name']}: {series['sessions']:,} sessions, {series['first_session']} to "
            f"{series['last_session']}, as of {series['as_of']}."
        )
        for finding in series["notes"]:
            echo_wrapped(finding, first="- ", then="  ")
    if problems:
        raise SourceError(*problems)


@prices.command("check")
@click.argument("path", type=click.Path(path_type=str), required=False)
@price_file_options
@click.option(
    "--returns",
    type=click.Choice(["log", "simple", "difference"]),
    default="log",
    show_default=True,
    help="Returns that are to be taken; prices of zero or less have differences only.",
)
@format_option
def check_prices(
    path: str | None, returns: ReturnKind, output_format: str, **columns: str | None
) -> None:
    """Report on the quality of a price file, of a cached series, or of the bundled one.

    \b
    Examples:
      oilshock prices check my-prices.csv --price-column Close
      oilshock prices check wti.csv --returns difference
      oilshock prices check yahoo:BZ=F
    """
    from oilshock.cli.console import echo_json, echo_wrapped
    from oilshock.cli.series import checked_prices
    from oilshock.price_settings import as_option, named_as

    with named_as(as_option):
        document = checked_prices(path, columns, returns=returns)
    if output_format == "json":
        echo_json(document)
        return
    click.echo(
        f"{document['name']} is valid: {document['sessions']:,} sessions, "
        f"{document['first_session']} to {document['last_session']}."
    )
    for finding in document["findings"]:
        echo_wrapped(finding["message"], first="- ", then="  ")
    if not document["findings"]:
        click.echo("Nothing odd was found.")


@prices.command("clear")
@click.argument("symbols", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Clear all that is cached.")
def clear_prices(symbols: tuple[str, ...], everything: bool) -> None:
    """Delete cached prices: those of the SYMBOLS, or --all. Bundled data stays.

    \b
    Examples:
      oilshock prices clear yahoo:BZ=F
      oilshock prices clear --all
    """
    from oilshock.cli.series import cleared_series

    cleared = cleared_series(symbols, everything=everything)
    for name in cleared:
        click.echo(f"Cleared {name}.")
    if not cleared:
        click.echo("Nothing was cached.")
