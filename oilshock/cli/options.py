"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

import click

from oilshock.cli.completion import complete_configs, complete_from
from oilshock.cli.delivery import Delivery
from oilshock.options import CATEGORIES, FORMATS, TABLE_FORMATS

F = TypeVar("F", bound=Callable[..., Any])


class NamedList(click.ParamType):  # type: ignore[type-arg]
    """A comma-separated list of known names, or `none`."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Split the list; an unknown name fails."""
        if isinstance(value, tuple):
            return value
        names = [name.strip() for name in str(value).split(",")]
        if names == ["none"]:
            return ()
        unknown = [name for name in names if name not in self.known]
        if unknown:
            self.fail(f'"{unknown[0]}" is not one of {", ".join(self.known)}, none.', param, ctx)
        return tuple(name for name in self.known if name in names)


def config_argument(function: F) -> F:
    """Add the argument CONFIG."""
    return click.argument(
        "config", type=click.Path(path_type=str), shell_complete=complete_configs
    )(function)


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
        type=NamedList("FORMATS", FORMATS),
        help="Formats to write, separated by commas, or none.  [default: as the config says]",
    )(function)


def tables_option(function: F) -> F:
    """Add `--tables latex,markdown,excel,none`."""
    return click.option(
        "--tables",
        type=NamedList("KINDS", TABLE_FORMATS),
        help="Tables for papers to write: latex, markdown, excel, separated by commas, or none.  "
        "[default: as the config says]",
    )(function)


def brief_option(function: F) -> F:
    """Add `--brief[=text|markdown]`."""
    return click.option(
        "--brief",
        type=click.Choice(["text", "markdown"]),
        is_flag=False,
        flag_value="text",
        help="Print half a page to send, instead of the table; write it as brief.md, and the "
        "table cell of each number as brief.csv.  [default with --brief: text]",
    )(function)


def price_file_options(function: F) -> F:
    """Add what may be said of how a price file is read."""
    options = [
        click.option(
            "--date-column",
            metavar="NAME",
            help="Column of dates of the file.  [default: found by name]",
        ),
        click.option(
            "--price-column",
            metavar="NAME",
            help="Column of prices of the file.  [default: found by name]",
        ),
        click.option(
            "--date-order",
            type=click.Choice(["ymd", "dmy", "mdy"]),
            help="Order of its dates.  [default: what they prove]",
        ),
        click.option(
            "--decimal",
            type=click.Choice([".", ","]),
            help="Its decimal sign.  [default: what the numbers prove]",
        ),
        click.option("--sheet", metavar="NAME", help="Its sheet, of an Excel file."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def delivery_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of what a run hands on; the command takes them as one `delivery`."""

    @wraps(function)
    def gathered(
        *,
        out: str,
        output_format: str,
        reports: Any,
        tables: Any,
        brief: str | None,
        quiet: bool,
        **others: Any,
    ) -> None:
        delivery = Delivery(
            out=out,
            output_format=output_format,
            reports=reports,
            tables=tables,
            brief=brief,
            quiet=quiet,
        )
        function(delivery=delivery, **others)

    for option in (
        quiet_option,
        brief_option,
        tables_option,
        reports_option,
        format_option,
        out_option,
    ):
        gathered = option(gathered)
    return gathered


class Age(click.ParamType):  # type: ignore[type-arg]
    """A span of time such as 90m, 12h or 7d."""

    name = "AGE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read the number and its unit; anything else fails."""
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"(\d{1,5})([mhd])", str(value).strip())
        if match is None:
            self.fail(
                f'"{value}" is no age. Use a number with m, h or d: 90m, 12h, 7d.', param, ctx
            )
        unit = {"m": "minutes", "h": "hours", "d": "days"}[match[2]]
        return timedelta(**{unit: int(match[1])})


def max_age_option(default: str) -> Callable[[F], F]:
    """Add `--max-age AGE`."""
    return click.option(
        "--max-age",
        type=Age(),
        default=default,
        show_default=True,
        help="Use cached prices younger than this without asking: 90m, 12h, 7d.",
    )


def access_options(function: F) -> F:
    """Add `--offline`, `--max-age` and `--as-shipped`."""
    options = [
        click.option(
            "--offline",
            is_flag=True,
            help="Use no network: bundled data, files and cache only.",
        ),
        max_age_option("12h"),
        click.option(
            "--as-shipped",
            is_flag=True,
            help="Take bundled series as they came, without what `prices update` added.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def filter_options(function: F) -> F:
    """Add the filters of the catalogue."""
    options = [
        click.option(
            "--category",
            "categories",
            multiple=True,
            help="Only this category.",
            shell_complete=complete_from(CATEGORIES),
        ),
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
