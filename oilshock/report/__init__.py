"""The report: context as data, then HTML and PDF."""

from oilshock.report.figures import Chart, Charts, draw_charts
from oilshock.report.html import render_html
from oilshock.report.pdf import render_pdf

__all__ = ["Chart", "Charts", "draw_charts", "render_html", "render_pdf"]
