"""Charts: frames in, Axes or Figure out; they know nothing of results.

Every ``plot_*`` function takes ``ax`` and returns it. Every ``*_figure`` function composes
several charts with a source line. Importing this changes no setting and loads no pyplot.
"""

from __future__ import annotations

from oilshock.charts.abnormal import plot_abnormal_returns, plot_car
from oilshock.charts.aftermath import aftermath_figure, plot_aftermath
from oilshock.charts.average import plot_aar, plot_caar
from oilshock.charts.coefficients import plot_coefficients
from oilshock.charts.curve import curve_figure, plot_choices, plot_specification_curve
from oilshock.charts.dynamics import dynamics_figure, plot_response
from oilshock.charts.event import event_figure
from oilshock.charts.event_key import plot_event_key
from oilshock.charts.figures import (
    average_figure,
    coefficients_figure,
    forest_figure,
    timeline_figure,
)
from oilshock.charts.forest import forest_pages, plot_car_forest
from oilshock.charts.frame import add_source
from oilshock.charts.history import history_figure, plot_history
from oilshock.charts.moves import moves_figure, plot_unusual_moves, usual_sizes
from oilshock.charts.parts import parts_figure, plot_parts
from oilshock.charts.paths import paths_figure, plot_paths
from oilshock.charts.power import (
    minimum_figure,
    plot_minimum_moves,
    plot_power_curves,
    power_figure,
)
from oilshock.charts.price import plot_price, price_figure
from oilshock.charts.save import figure_pdf, figure_png, figure_svg
from oilshock.charts.series import plot_series, series_figure
from oilshock.charts.style import chart_style as style
from oilshock.charts.style import font_folder
from oilshock.charts.timeline import plot_timeline, timeline_pages
from oilshock.charts.volatility import plot_volatility, volatility_figure, volatility_pages
from oilshock.charts.whatif import plot_what_if

__all__ = [
    "add_source",
    "aftermath_figure",
    "average_figure",
    "coefficients_figure",
    "curve_figure",
    "dynamics_figure",
    "event_figure",
    "figure_pdf",
    "figure_png",
    "figure_svg",
    "font_folder",
    "forest_figure",
    "forest_pages",
    "history_figure",
    "minimum_figure",
    "moves_figure",
    "parts_figure",
    "paths_figure",
    "plot_aar",
    "plot_abnormal_returns",
    "plot_aftermath",
    "plot_caar",
    "plot_car",
    "plot_car_forest",
    "plot_choices",
    "plot_coefficients",
    "plot_event_key",
    "plot_history",
    "plot_minimum_moves",
    "plot_parts",
    "plot_paths",
    "plot_power_curves",
    "plot_price",
    "plot_response",
    "plot_series",
    "plot_specification_curve",
    "plot_timeline",
    "plot_unusual_moves",
    "plot_volatility",
    "plot_what_if",
    "power_figure",
    "price_figure",
    "series_figure",
    "style",
    "timeline_figure",
    "timeline_pages",
    "usual_sizes",
    "volatility_figure",
    "volatility_pages",
]
