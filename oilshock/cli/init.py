"""`oilshock init`: a starter config, or the JSON Schema."""

from __future__ import annotations

import click


@click.command()
@click.argument("path", type=click.Path(path_type=str), required=False)
@click.option("--schema", is_flag=True, help="The JSON Schema of the config instead.")
def init(path: str | None, schema: bool) -> None:
    """Write a commented starter config to PATH (default: study.toml).

    With --schema, write the JSON Schema that editors complete and check with: to PATH, or
    to the screen.

    \b
    Examples:
      oilshock init my-study.toml
      oilshock init --schema oilshock.schema.json
    """
    from pathlib import Path

    from oilshock.starter import starter_config, starter_schema
    from oilshock.storage import write_new_file

    if schema and path is None:
        click.echo(starter_schema(), nl=False)
        return
    target = Path(path or "study.toml")
    write_new_file(target, starter_schema() if schema else starter_config(target.stem))
    click.echo(f"Written: {target}")
    if not schema:
        click.echo(f"Run it: oilshock run {target}")
