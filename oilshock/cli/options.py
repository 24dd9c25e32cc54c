"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

REPORTS = ("pdf", "html", "png")


class Reports(click.ParamType):  # type: ignore[type-arg]
    """A comma-separated list of report formats, or `none`."""

    name = "FORMATS"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Split the list; an unknown name fails."""
        if isinstance(value, tuple):
            return value
        names = [name.strip() for name in str(value).split(",")]
        if names == ["none"]:
            return ()
        unknown = [name for name in names if name not in REPORTS]
        if unknown:
            self.fail(f'"{unknown[0]}" is not one of pdf, html, png, none.', param, ctx)
        return tuple(name for name in REPORTS if name in names)


def format_option(function: F) -> F:
    """Add `--format text|json`."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="Text for people, or one JSON document.",
    )(function)


def quiet_option(function: F) -> F:
    """Add `--quiet`."""
    return click.option(
        "--quiet", "-q", is_flag=True, help="Hide progress and notes, never errors or results."
    )(function)


def out_option(function: F) -> F:
    """Add `--out DIR`."""
    return click.option(
        "--out",
        type=click.Path(file_okay=False, path_type=str),
        default="outputs",
        show_default=True,
        help="Folder in which the study's folder is made.",
    )(function)


def answer_out_option(function: F) -> F:
    """Add `--out DIR` to a command that else prints only."""
    return click.option(
        "--out",
        type=click.Path(file_okay=False, path_type=str),
        help="Also write tables, charts and JSON into a folder in DIR named after study and "
        "command.",
    )(function)


def reports_option(function: F) -> F:
    """Add `--reports pdf,html,png,none`."""
    return click.option(
        "--reports",
        type=Reports(),
        help="Formats to write, separated by commas, or none.  [default: as the config says]",
    )(function)


def filter_options(function: F) -> F:
    """Add the filters of the catalogue."""
    options = [
        click.option("--category", "categories", multiple=True, help="Only this category."),
        click.option("--region", "regions", multiple=True, help="Only this region."),
        click.option(
            "--direction",
            "directions",
            multiple=True,
            type=click.Choice(["+", "-", "0"]),
            help="Only this ex-ante direction.",
        ),
        click.option("--since", help="First date, YYYY-MM-DD."),
        click.option("--until", help="Last date, YYYY-MM-DD."),
        click.option("--min-severity", type=click.IntRange(1, 3), help="Least severity."),
    ]
    for option in reversed(options):
        function = option(function)
    return function
