"""The command line: thin commands over the same functions that notebooks call."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Sequence

import click

from oilshock import __version__
from oilshock.cli.calibrate import calibrate
from oilshock.cli.check import check
from oilshock.cli.doctor import doctor
from oilshock.cli.dynamics import dynamics
from oilshock.cli.event import event
from oilshock.cli.events import events
from oilshock.cli.init import init
from oilshock.cli.power import power
from oilshock.cli.prices import prices
from oilshock.cli.run import run
from oilshock.cli.scan import scan
from oilshock.cli.sweep import sweep
from oilshock.cli.view import view
from oilshock.errors import EXIT_INTERRUPTED, EXIT_OK, OilshockError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


class InReadingOrder(click.Group):
    """A group whose help lists the commands as they were added: the main one first."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        del ctx
        return list(self.commands)


@click.group(cls=InReadingOrder, context_settings=CONTEXT)
@click.version_option(__version__, "--version", prog_name="oilshock")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def cli(debug: bool) -> None:
    """Event studies of the oil price.

    Did this event move the price, by how much, for how long, how sure are we?

    \b
    Start here:
      oilshock event 2024-04-13T20:00Z --level 90
      oilshock run configs/april-2024.toml
    """


PLAIN = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{HORIZONTAL ELLIPSIS}": "~",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{BOX DRAWINGS LIGHT HORIZONTAL}": "-",
    "\N{CHECK MARK}": "+",
    "\N{BALLOT X}": "x",
}
"""What stands for a sign that an encoding lacks; one character each."""

COMMANDS = (
    run,
    view,
    event,
    init,
    check,
    calibrate,
    dynamics,
    scan,
    sweep,
    power,
    events,
    prices,
    doctor,
)
for command in COMMANDS:
    cli.add_command(command)


THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What tells numpy's linear algebra how many threads to use; sums of several differ in last digits.

Set before numpy is loaded: matrices here are small, and more threads gain no time.
"""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code; the one place where errors are shown."""
    given = list(sys.argv[1:] if args is None else args)
    _never_fail_on_a_character()
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        code = cli.main(given, prog_name="oilshock", standalone_mode=False)
    except OilshockError as error:
        if "--debug" in given:
            raise
        show_error(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. Nothing was written.", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except Exception as error:
        if "--debug" in given:
            raise
        click.echo(
            f"Error: this is a bug of oilshock ({type(error).__name__}: {error}).\n"
            "Please report it with the output of the same command and --debug before it:\n"
            f"  oilshock --debug {' '.join(given)}",
            err=True,
        )
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else EXIT_OK)


def _never_fail_on_a_character() -> None:
    """Write what the encoding of a stream lacks in plain signs, the minus sign as `-` say."""
    codecs.register_error("oilshock.plain", _plain_signs)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="oilshock.plain")


def _plain_signs(error: UnicodeError) -> tuple[str, int]:
    """Replace what cannot be written, sign by sign, so that tables stay in line."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(PLAIN.get(sign, "?") for sign in lacking), error.end


def show_error(error: OilshockError) -> None:
    """Print an error as one readable block on stderr."""
    problems = [str(problem) for problem in error.problems]
    if len(problems) == 1:
        click.echo(f"Error: {problems[0]}", err=True)
        return
    click.echo(f"Error: {len(problems)} problems.", err=True)
    for problem in problems:
        click.echo(f"  - {problem}", err=True)
