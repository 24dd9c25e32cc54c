"""`oilshock doctor`: say whether everything is here that a run needs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

import click

from oilshock.cli.options import format_option

if TYPE_CHECKING:
    from oilshock.cli.health import Check

EXIT_UNWELL = 3
"""Something that a run needs cannot be used; 1 stays for a bug of oilshock itself."""

SIGNS = {"ok": "\N{CHECK MARK}", "note": "!", "wrong": "\N{BALLOT X}"}
STYLES = {"ok": "green", "note": "yellow", "wrong": "red"}


CHECKS = {".toml": "oilshock check", ".csv": "oilshock prices check"}
"""What looks at a file, by the ending of its name."""


class Installation(click.Command):
    """A command on the installation, which sends those who name a file to where it is checked."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; refuse a file with the command that checks it."""
        left = super().parse_args(ctx, args)
        if left:
            command = CHECKS.get(PurePath(left[0]).suffix.lower(), "oilshock check")
            message = f"{left[0]}: doctor looks at the installation and takes no file. Run: "
            ctx.fail(f"{message}{command} {left[0]}")
        return left


@click.command(
    cls=Installation,
    short_help="Look for what is wrong: versions, data, cache, fonts, terminal.",
    context_settings={"allow_extra_args": True},
)
@format_option
def doctor(output_format: str) -> int:
    """Check versions, libraries, bundled data, cache, fonts, time zones, terminal.

    Uses no network and changes nothing. Ends with code 3 if something is wrong. It looks at the
    installation; a config, with its prices and events, is checked by `oilshock check CONFIG`.

    \b
    Example:
      oilshock doctor
    """
    checks = examined()
    n_wrong = sum(check.state == "wrong" for check in checks)
    if output_format == "json":
        from dataclasses import asdict

        from oilshock.cli.console import echo_json

        listed = [asdict(check) for check in checks]
        echo_json({"schema_version": 1, "is_well": not n_wrong, "checks": listed})
    else:
        print_checks(checks)
    return EXIT_UNWELL if n_wrong else 0


def examined() -> list[Check]:
    """Look at everything, in the order in which it is told."""
    from oilshock.cli import health, surroundings

    looks = {
        "Versions": health.version_checks,
        "Libraries": health.library_checks,
        "Bundled data": health.data_checks,
        "Folders": surroundings.folder_checks,
        "Fonts": health.font_checks,
        "Time zones": health.zone_checks,
        "Terminal": surroundings.terminal_checks,
    }
    return [check for group, look in looks.items() for check in health.looked(group, look)]


def print_checks(checks: Sequence[Check]) -> None:
    """Print a line for each check under the heading of its group, and what to do at the end."""
    # click itself does not look at NO_COLOR.
    colour = False if os.environ.get("NO_COLOR") else None
    width = max(len(check.name) for check in checks)
    group = ""
    for check in checks:
        if check.group != group:
            group = check.group
            click.secho(group, bold=True, color=colour)
        sign = click.style(SIGNS[check.state], fg=STYLES[check.state])
        click.echo(f"  {sign} {check.name:<{width}}  {check.value}", color=colour)
    click.echo()
    todo = [check for check in checks if check.fix]
    for check in todo:
        click.echo(f"{SIGNS[check.state]} {check.name}: {check.fix}")
    n_wrong = sum(check.state == "wrong" for check in checks)
    things = "1 thing is" if n_wrong == 1 else f"{n_wrong} things are"
    click.echo(f"{things} wrong." if n_wrong else "All is well.")
