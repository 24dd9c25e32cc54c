"""`oilshock power`: how large a move must be to be seen."""

from __future__ import annotations

import click

from oilshock.cli.options import answer_out_option, config_argument, format_option, quiet_option


@click.command()
@config_argument
@answer_out_option
@format_option
@quiet_option
def power(config: str, out: str | None, output_format: str, quiet: bool) -> None:
    """Say how large a move the study of CONFIG can find.

    The minimum detectable move at each event's moment and at the last price, and power curves
    simulated on the series. [power] in CONFIG sets target, shocks and numbers of events.

    \b
    Example:
      oilshock power configs/april-2024.toml --out outputs
    """
    from oilshock.answers import power_answer
    from oilshock.cli.answer import answer_and_print

    answer_and_print(
        config,
        lambda result, _: power_answer(result, result.power()),
        name="power",
        out=out,
        output_format=output_format,
        quiet=quiet,
    )
