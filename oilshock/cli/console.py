"""What the commands print: tables and results on stdout, notes and progress on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

# No library but click at the top: `oilshock doctor` prints through here when one is broken.
if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console, RenderableType
    from rich.text import Text

    from oilshock.brief import Brief
    from oilshock.typing import Progress

WIDTH = 80


def stdout() -> Console:
    """Return the console of results: as wide as the terminal, 80 columns elsewhere."""
    from rich.console import Console

    is_terminal = sys.stdout.isatty()
    return Console(width=None if is_terminal else WIDTH, highlight=False, emoji=False)


def can_show(text: str) -> bool:
    """Say whether the encoding of stdout has all characters of a text."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def echo_lines(lines: Sequence[Text]) -> None:
    """Print lines that fit the width already, with colour in a terminal only."""
    console = stdout()
    for line in lines:
        console.print(line, no_wrap=True, overflow="ignore", crop=False)


def echo_wrapped(text: str, *, first: str = "", then: str = "", style: str = "") -> None:
    """Print a text wrapped to the width; `first` and `then` stand before its lines."""
    from oilshock.wrapping import hanging

    echo_lines(hanging(text, width=stdout().width, first=first, then=then, style=style))


def _echo(console: Console, shown: RenderableType) -> None:
    """Print a table; off a terminal without the blanks that fill its lines."""
    if console.is_terminal:
        console.print(shown)
        return
    with console.capture() as captured:
        console.print(shown)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def echo_json(document: Any) -> None:
    """Print one JSON document."""
    import json

    click.echo(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False))


def echo_rows(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    grow: int,
    right: Sequence[int] = (),
    wrap: int | None = None,
) -> None:
    """Print a table that fits the width.

    The column `grow` is cut to the room left; `wrap` takes several lines where it is wider than
    a quarter and than what the others leave.
    """
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    console = stdout()
    widths = [
        max([cell_len(heading), *(cell_len(row[place]) for row in rows)])
        for place, heading in enumerate(headings)
    ]
    if wrap is not None:
        spare = console.width - sum(width + 2 for i, width in enumerate(widths) if i != wrap) - 2
        widths[wrap] = min(widths[wrap], max(console.width // 4, spare))
    room = console.width - sum(width + 2 for i, width in enumerate(widths) if i != grow) - 2
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(
            heading,
            justify="right" if place in right else "left",
            no_wrap=place != wrap,
            overflow="fold" if place == wrap else "ellipsis",
            min_width=None if place == grow else widths[place],
            max_width=max(room, 12) if place == grow else widths[place],
        )
    for row in rows:
        table.add_row(*(Text(value) for value in row))
    _echo(console, table)


def echo_pairs(rows: Sequence[tuple[str, str]]) -> None:
    """Print names and values, values wrapped to the width."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(name, style="dim"), Text(value))
    _echo(stdout(), table)


@contextmanager
def progress_on(*, quiet: bool) -> Iterator[Progress]:
    """Show progress on stderr while the body runs; nothing with --quiet or off a terminal."""
    if quiet or not sys.stderr.isatty():
        from oilshock.typing import silent

        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def report(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total or None)

        yield report


def echo_brief(brief: Brief, *, form: str | None, files: Sequence[Path], quiet: bool) -> None:
    """Print a brief on stdout, unwrapped, and on stderr where the files are."""
    click.echo(brief.to_markdown() if form == "markdown" else str(brief))
    note(f"\nWritten: {', '.join(str(path) for path in files)}", quiet=quiet)


def note(text: str, *, quiet: bool) -> None:
    """Print a note on stderr unless --quiet."""
    if not quiet:
        click.echo(text, err=True)
