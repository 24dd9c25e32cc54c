"""How figures stand in tables for papers: fixed decimals, brackets, stars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from oilshock.estimates import StudyEstimates
from oilshock.facts import CarFacts
from oilshock.quoted_p import p_cell
from oilshock.words import number, p_number

MISSING = number(math.nan)


@dataclass(frozen=True)
class Figures:
    """How the returns of a study are written.

    Parameters
    ----------
    scale : float
        100 for returns in per cent, 1 for differences in USD/bbl.
    unit : str
        The unit, for notes.
    stars : tuple of float
        Levels at which an estimate gets a star more; none by default.
    """

    scale: float
    unit: str
    stars: tuple[float, ...]

    @classmethod
    def of(cls, estimates: StudyEstimates, *, stars: Sequence[float]) -> Figures:
        """Return how the returns of a study are written."""
        levels = tuple(sorted(set(stars), reverse=True))
        if estimates.config.returns.kind == "difference":
            return cls(1.0, "USD/bbl", levels)
        return cls(100.0, "per cent", levels)

    def estimate(self, value: float, *, p_value: float = math.nan) -> str:
        """Write an estimate, with a star for each level that its p value is below."""
        return number(self.scale * value) + self._stars(p_value)

    def statistic(self, value: float, *, p_value: float = math.nan) -> str:
        """Write a test statistic, with its stars."""
        return number(value) + self._stars(p_value)

    def std_error(self, value: float) -> str:
        """Write a standard error in brackets; nothing where there is none."""
        return "" if math.isnan(value) else f"({number(self.scale * value)})"

    def _stars(self, p_value: float) -> str:
        return "*" * sum(p_value < level for level in self.stars)

    def legend(self, p_words: str) -> str:
        """Explain the stars; empty where there are none."""
        if not self.stars:
            return ""
        parts = [f"{'*' * n} {p_words} < {level:g}" for n, level in enumerate(self.stars, start=1)]
        return f"{', '.join(parts)}. "


def p_square(p_value: float) -> str:
    """Write a p value in square brackets; nothing where there is none.

    Examples
    --------
    >>> p_square(0.031), p_square(float("nan"))
    ('[0.031]', '')
    """
    return "" if math.isnan(p_value) else f"[{p_number(p_value)}]"


def p_calibrated(car: CarFacts) -> str:
    """Write the calibrated p value; a bound is written as one."""
    return MISSING if math.isnan(car.p_calibrated) else p_cell(car)
