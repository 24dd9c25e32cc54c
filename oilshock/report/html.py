"""The report as one self-contained HTML page."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from oilshock.report.inline import inline_svg
from oilshock.report.screen import SCREEN
from oilshock.typing import Record
from oilshock.words import MINUS

_FIGURE = re.compile(r"[<+-]?[\d,]*\.?\d+(?= %$|$)")


def html_from(context: Record) -> str:
    """Fill the HTML template; every text is escaped.

    Parameters
    ----------
    context : dict
        From `build_context`.

    Returns
    -------
    str
        One HTML document with style, script and charts inside. It may load nothing, and run no
        script but its own: its content security policy says so.
    """
    environment = Environment(
        loader=PackageLoader("oilshock.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["inline_svg"] = partial(_inline, tips=context[SCREEN]["tips"])
    environment.filters["narrow"] = context[SCREEN]["narrow"].get
    environment.filters["sort_key"] = sort_key
    environment.filters["prose"] = prose
    environment.filters["two_lines"] = two_lines
    source, _, _ = PackageLoader("oilshock.report").get_source(environment, "report.js")
    digest = base64.b64encode(hashlib.sha256(source.encode("utf-8")).digest()).decode("ascii")
    return environment.get_template("report.html").render(
        {
            **context,
            "contents": _contents(context),
            "events": _with_filters(context),
            "card_labels": _card_labels(context["main_table"]["columns"]),
            "script": source,
            "script_hash": f"sha256-{digest}",
        }
    )


def _inline(figure: Record, *, tips: Mapping[str, list[Record]]) -> str:
    key = f"f{figure['number']}"
    return inline_svg(figure["svg"], key=key, alt=figure["alt"], tips=tips[figure["name"]])


def sort_key(text: str) -> str:
    """Turn a cell into what its column is sorted by: a plain number, or the text itself.

    Examples
    --------
    >>> sort_key("−2.45 %"), sort_key("+1,234.5"), sort_key("2024-04-15"), sort_key("–")
    ('-2.45', '1234.5', '2024-04-15', '')
    >>> float(sort_key("<0.001")) < float(sort_key("0.001"))
    True
    """
    if text == "\N{EN DASH}":
        return ""
    plain = text.replace(MINUS, "-")
    found = _FIGURE.match(plain)
    if not found:
        return text
    figure = found[0].replace(",", "").lstrip("+")
    return f"{float(figure[1:]) * 0.999:g}" if figure.startswith("<") else figure


def _contents(context: Record) -> list[tuple[str, str]]:
    """List the sections that the page has: anchor and heading."""
    parts = [
        ("top", "The answer", True),
        ("events", "The events", True),
        ("overview", "The events compared", context["overview"] or context["averages"]["number"]),
        ("series", "Series side by side", context["series"]["number"]),
        ("each", "Event by event", True),
        ("levels", "Price levels", context["levels"]["number"]),
        *(
            (part["anchor"], part["heading"], True)
            for part in (*context["sections"], *context["appendix"])
        ),
        ("ledger", "Left out, moved, incomplete", True),
        ("method", "Method and assumptions", True),
        ("data", "Data", True),
        ("sources", "Sources", True),
    ]
    return [(anchor, heading) for anchor, heading, is_there in parts if is_there]


def _card_labels(columns: Sequence[Record]) -> list[str]:
    """Name the columns where each cell stands alone: the second p is that of the CAR before it."""
    labels: list[str] = []
    for column in columns:
        label = column["label"]
        labels.append(f"{label}, CAR" if label in labels else label)
    return labels


def prose(words: str) -> str:
    r"""Keep numbers with their signs at the end of a line.

    Examples
    --------
    >>> prose("p = 0.13, 95 %").split(" ")
    ['p\xa0=\xa00.13,', '95\xa0%']
    """
    kept = "\N{NO-BREAK SPACE}"
    for sign in ("=", "<"):
        words = words.replace(f" {sign} ", f"{kept}{sign}{kept}")
    return words.replace(" %", f"{kept}%")


def two_lines(cell: str) -> str:
    r"""Let a cell break before the interval in its brackets, and nowhere else.

    Examples
    --------
    >>> two_lines("71 % (−20 % to 150 %)").split(" ")
    ['71\xa0%', '(−20\xa0%\xa0to\xa0150\xa0%)']
    """
    kept = "\N{NO-BREAK SPACE}"
    return " (".join(part.replace(" ", kept) for part in cell.split(" ("))


def _with_filters(context: Record) -> list[Record]:
    """Add to each event what the table of events can be filtered by."""
    table = context["main_table"]
    place = [column["label"] for column in table["columns"]].index("Evidence")
    events = []
    for event, row in zip(context["events"], table["rows"], strict=True):
        facts = dict(event["facts"])
        filters = {
            "category": facts.get("Category", ""),
            "direction": facts.get("Direction expected", ""),
            "evidence": row[place],
            "abnormal": "yes" if event["is_found"] else "no",
        }
        events.append({**event, "filters": filters})
    return events
