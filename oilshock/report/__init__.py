"""The report: context as data, then HTML and PDF."""

from oilshock.report.analyses import Analyses, analyse
from oilshock.report.artist import Chart
from oilshock.report.chart_files import chart_files
from oilshock.report.context import build_context
from oilshock.report.figures import Charts, draw_charts
from oilshock.report.html import html_from
from oilshock.report.pdf import creation_time, pdf_from
from oilshock.report.raster import rasterise

__all__ = [
    "Analyses",
    "Chart",
    "Charts",
    "analyse",
    "build_context",
    "chart_files",
    "creation_time",
    "draw_charts",
    "html_from",
    "pdf_from",
    "rasterise",
]
