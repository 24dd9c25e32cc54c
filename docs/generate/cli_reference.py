"""docs/reference/cli.md: the `--help` text of every command."""

from __future__ import annotations

from collections.abc import Iterator

import click

from oilshock.cli import cli

WIDTH = 78
"""As in a terminal of 80 columns."""

HEAD = """# Command line

The `--help` text of every command, as the program prints it. Returns and p values are fractions
in every file and in `--format json`; the screen shows per cent. What the exit codes mean:
[What went wrong](../how-to/what-went-wrong.md#exit-codes).
"""


def commands(
    command: click.Command, parent: click.Context | None = None
) -> Iterator[click.Context]:
    """Yield the context of a command and of every command below it, in the order of `--help`."""
    settings = command.context_settings | {"terminal_width": WIDTH}
    name = "oilshock" if parent is None else command.name
    context = click.Context(command, info_name=name, parent=parent, **settings)
    yield context
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            yield from commands(command.commands[child], context)


def render() -> str:
    """Write the page."""
    parts = [HEAD]
    for context in commands(cli):
        level = "##" if context.command_path.count(" ") < 2 else "###"
        parts.append(f"{level} {context.command_path}\n\n```text\n{context.get_help()}\n```\n")
    return "\n".join(parts)
