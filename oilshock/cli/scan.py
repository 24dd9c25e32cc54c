"""`oilshock scan`: what moved the price that nobody listed."""

from __future__ import annotations

import click

from oilshock.cli.options import answer_out_option, config_argument, format_option, quiet_option


@click.command()
@config_argument
@answer_out_option
@format_option
@quiet_option
def scan(config: str, out: str | None, output_format: str, quiet: bool) -> None:
    """List the moves of the series of CONFIG that no event explains.

    The largest days, raw and for the volatility of their moment, structural breaks, and how well
    the events match them. [scan] in CONFIG sets the lists.

    \b
    Example:
      oilshock scan configs/april-2024.toml --out outputs
    """
    from oilshock.answers import scan_answer
    from oilshock.cli.answer import answer_and_print

    answer_and_print(
        config,
        lambda result, _: scan_answer(result, result.scan()),
        name="scan",
        out=out,
        output_format=output_format,
        quiet=quiet,
    )
