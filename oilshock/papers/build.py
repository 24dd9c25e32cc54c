"""Which tables for papers there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from oilshock.errors import ConfigError, Problem, check_known
from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.papers.across import average_paper, tests_paper
from oilshock.papers.cars import car_paper, p_values_paper
from oilshock.papers.figures import Figures
from oilshock.papers.prices import events_paper, levels_paper, what_if_paper
from oilshock.papers.table import PaperTable

Builder = Callable[..., PaperTable]

BUILDERS: Mapping[str, Builder] = {
    "car": car_paper,
    "p_values": p_values_paper,
    "average": average_paper,
    "tests": tests_paper,
    "whatif": what_if_paper,
    "levels": levels_paper,
    "events": events_paper,
}
PAPER_TABLES = tuple(BUILDERS)


def build_table(
    estimates: StudyEstimates, facts: Sequence[EventFacts], *, name: str, stars: Sequence[float]
) -> PaperTable:
    """Build a table for a paper.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.
    facts : sequence of EventFacts
        The kept events.
    name : str
        One of `PAPER_TABLES`.
    stars : sequence of float
        Levels at which an estimate gets a star more; empty for no stars.

    Returns
    -------
    PaperTable
        The table; without rows where the study has nothing for it.

    Raises
    ------
    ConfigError
        When there is no table of that name, or a level is not between 0 and 1.
    """
    check_known(
        name, PAPER_TABLES, where="table", otherwise="is not a table for papers", label="Tables"
    )
    for level in stars:
        if not 0 < level < 1:
            fix = "Use levels such as (0.1, 0.05, 0.01)."
            raise ConfigError(Problem("stars", f"{level!r} is not between 0 and 1.", fix=fix))
    return BUILDERS[name](
        estimates,
        facts,
        figures=Figures.of(estimates, stars=stars),
        label=f"tab:{estimates.config.study.name}-{name.replace('_', '-')}",
    )
