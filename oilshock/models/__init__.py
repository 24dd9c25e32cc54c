"""Expected-return models: linear designs, and what fits them."""

from oilshock.models.design import Design, build_design
from oilshock.models.garch import GarchFit, forecast_variance, select
from oilshock.models.garch_fit import fit_garch
from oilshock.models.ols import OlsFit, collinear_columns, fit_ols

__all__ = [
    "Design",
    "GarchFit",
    "OlsFit",
    "build_design",
    "collinear_columns",
    "fit_garch",
    "fit_ols",
    "forecast_variance",
    "select",
]
