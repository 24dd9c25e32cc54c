"""Charts as files of their own: PNG for everything, SVG and PDF as vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

import typst

from oilshock.options import ChartFormat
from oilshock.report.artist import Chart
from oilshock.report.fonts import fixed_fonts
from oilshock.report.raster import PAGES, rasterise, svg_data

FALLBACK = "'DejaVu Sans', Verdana, sans-serif"
"""Fonts of an SVG file: Verdana has nearly the same widths and is where the first often is not."""


def chart_files(
    charts: Sequence[Chart], *, kind: ChartFormat, timestamp: int
) -> Iterator[tuple[str, bytes]]:
    """Turn charts into files of one kind.

    Parameters
    ----------
    charts : sequence of Chart
        Drawn charts.
    kind : {"png", "svg", "pdf"}
        PNG has 200 pixels per inch. The text of an SVG stays text, to search and to edit; a PDF
        holds its fonts.
    timestamp : int
        Creation date written into a PDF, seconds since 1970.

    Yields
    ------
    (str, bytes)
        Name and content of each file. Equal charts give equal bytes.
    """
    if kind == "png":
        contents: Iterator[bytes] = rasterise([chart.svg for chart in charts])
    elif kind == "svg":
        contents = (described(chart).encode() for chart in charts)
    else:
        contents = (chart_pdf(chart.svg, timestamp=timestamp) for chart in charts)
    for chart, content in zip(charts, contents, strict=True):
        yield f"{chart.name}.{kind}", content


def described(chart: Chart) -> str:
    """Return the SVG of a chart with its words for those who cannot see it."""
    words = f"<title>{escape(chart.caption)}</title>\n <desc>{escape(chart.alt)}</desc>"
    start = chart.svg.index("<svg")
    end = chart.svg.index(">", start)
    svg = f'{chart.svg[:end]} role="img">\n {words}{chart.svg[end + 1 :]}'
    return svg.replace("'DejaVu Sans'", FALLBACK)


def chart_pdf(svg: str, *, timestamp: int) -> bytes:
    """Turn an SVG chart into a PDF file of one page of its size."""
    compiled = typst.compile(
        PAGES,
        format="pdf",
        sys_inputs=svg_data([svg]),
        font_paths=fixed_fonts(),
        timestamp=timestamp,
    )
    if not isinstance(compiled, bytes):
        raise TypeError("the compiler gave no single file")
    return compiled
