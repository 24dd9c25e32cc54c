"""Charts: frames in, Axes or Figure out; they know nothing of results.

Every ``plot_*`` function takes ``ax`` and returns it. Every ``*_figure`` function composes
several charts with a source line. Importing this changes no setting and loads no pyplot.
"""

from __future__ import annotations

from oilshock.charts.abnormal import plot_abnormal_returns, plot_car
from oilshock.charts.aftermath import aftermath_figure, plot_aftermath
from oilshock.charts.average import plot_aar, plot_caar
from oilshock.charts.dynamics import dynamics_figure, paths_figure, plot_paths, plot_response
from oilshock.charts.event import event_figure
from oilshock.charts.figures import average_figure, forest_figure, timeline_figure
from oilshock.charts.forest import forest_pages, plot_car_forest
from oilshock.charts.history import history_figure, plot_history
from oilshock.charts.price import plot_event_key, plot_price, price_figure
from oilshock.charts.save import figure_png, figure_svg
from oilshock.charts.style import add_source, font_folder, style
from oilshock.charts.timeline import plot_timeline, timeline_pages
from oilshock.charts.volatility import plot_volatility, volatility_figure, volatility_pages
from oilshock.charts.whatif import plot_what_if

__all__ = [
    "add_source",
    "aftermath_figure",
    "average_figure",
    "dynamics_figure",
    "event_figure",
    "figure_png",
    "figure_svg",
    "font_folder",
    "forest_figure",
    "forest_pages",
    "history_figure",
    "paths_figure",
    "plot_aar",
    "plot_abnormal_returns",
    "plot_aftermath",
    "plot_caar",
    "plot_car",
    "plot_car_forest",
    "plot_event_key",
    "plot_history",
    "plot_paths",
    "plot_price",
    "plot_response",
    "plot_timeline",
    "plot_volatility",
    "plot_what_if",
    "price_figure",
    "style",
    "timeline_figure",
    "timeline_pages",
    "volatility_figure",
    "volatility_pages",
]
