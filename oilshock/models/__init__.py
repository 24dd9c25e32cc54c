"""Expected-return models: linear designs and the regression that fits them."""

from oilshock.models.design import Design, build_design
from oilshock.models.ols import OlsFit, collinear_columns, fit_ols

__all__ = ["Design", "OlsFit", "build_design", "collinear_columns", "fit_ols"]
