"""The report: context as data, then HTML and PDF."""

from oilshock.report.artist import Chart
from oilshock.report.chart_files import chart_files
from oilshock.report.figures import Charts, draw_charts
from oilshock.report.html import render_html
from oilshock.report.pdf import creation_time, render_pdf
from oilshock.report.raster import rasterise

__all__ = [
    "Chart",
    "Charts",
    "chart_files",
    "creation_time",
    "draw_charts",
    "rasterise",
    "render_html",
    "render_pdf",
]
