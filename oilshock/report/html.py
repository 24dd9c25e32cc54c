"""The report as one self-contained HTML file."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.market import Factor
from oilshock.report.context import build_context
from oilshock.report.figures import Charts, draw_charts
from oilshock.typing import Record, silent


def html_from(context: Record) -> str:
    """Fill the HTML template; every text is escaped.

    Parameters
    ----------
    context : dict
        From `build_context`.

    Returns
    -------
    str
        One HTML document with style and charts inside.
    """
    environment = Environment(
        loader=PackageLoader("oilshock.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["data_uri"] = _data_uri
    return environment.get_template("report.html").render(context)


def _data_uri(svg: str) -> str:
    # Verdana has nearly the widths of DejaVu Sans and is where that often is not.
    svg = svg.replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif")
    encoded = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return f"data:image/svg+xml;base64,{encoded}"


def render_html(
    estimates: StudyEstimates,
    facts: Sequence[EventFacts],
    *,
    factors: Mapping[str, Factor],
    charts: Charts | None = None,
    compared: Mapping[str, StudyEstimates] | None = None,
) -> str:
    """Render the HTML report of a study.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.
    facts : sequence of EventFacts
        The kept events.
    factors : mapping of str to Factor
        Factors of the model.
    charts : Charts, optional
        Charts that are drawn already.
    compared : mapping of str to StudyEstimates, optional
        The same study on other series.

    Returns
    -------
    str
        The document.
    """
    drawn = charts or draw_charts(estimates, facts, progress=silent, compared=compared)
    context = build_context(estimates, facts, charts=drawn, factors=factors, compared=compared)
    return html_from(context)
