"""`oilshock sweep`: the answer of a study under other choices."""

from __future__ import annotations

import click

from oilshock.cli.options import answer_out_option, config_argument, format_option, quiet_option


@click.command(short_help="Try the study of CONFIG under other choices.")
@config_argument
@answer_out_option
@click.option(
    "--jobs",
    type=click.IntRange(min=-1),
    default=1,
    show_default=True,
    help="Number of processes; -1 for one a core.",
)
@click.option("--scheduler", default="", help="Dask scheduler, such as tcp://host:8786.")
@click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=str),
    help="Folder that keeps finished parts: a killed sweep goes on from there.",
)
@format_option
@quiet_option
def sweep(
    config: str,
    out: str | None,
    jobs: int,
    scheduler: str,
    store: str | None,
    output_format: str,
    quiet: bool,
) -> None:
    """Try the study of CONFIG under other choices: its specification curve.

    [sweep] in CONFIG holds the grid: models, windows, returns, series, tests. Without one, the
    estimation window and the gap are varied. The numbers are the same on every engine.

    \b
    Example:
      oilshock sweep configs/april-2024.toml --jobs 2 --out outputs
    """
    from oilshock.answers import sweep_answer
    from oilshock.cli.answer import answer_and_print

    answer_and_print(
        config,
        lambda result, progress: sweep_answer(
            result,
            result.sweep(
                jobs=jobs or 1, scheduler=scheduler, store=store or None, progress=progress
            ),
        ),
        name="sweep",
        out=out,
        output_format=output_format,
        quiet=quiet,
    )
