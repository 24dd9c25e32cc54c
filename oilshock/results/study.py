"""A finished study: the summary, the report, and the further questions asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from oilshock.conclusion import answer
from oilshock.errors import OutputError, Problem, check_known
from oilshock.options import JointCovariance, JointDummies
from oilshock.results.written import WrittenResult
from oilshock.storage import write_file
from oilshock.summary import Summary, summarise
from oilshock.typing import Progress, silent
from oilshock.what_moved import WhatMoved

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from oilshock.inference.curve import SpecificationCurve
    from oilshock.power import PowerResult
    from oilshock.scan import ScanResult


@dataclass(frozen=True, eq=False, repr=False)
class StudyResult(WrittenResult):
    """A finished study.

    Parameters
    ----------
    estimates : StudyEstimates
        All numbers.
    factors : mapping of str to Factor
        Factors of the model.
    compared : mapping of str to StudyResult
        The same study on other series.
    """

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    def summary(self) -> Summary:
        """Summarise the study.

        Returns
        -------
        Summary
            Three sentences, a table and verdicts; prints as text, shows as HTML in a notebook.
        """
        sentences = answer(self.estimates, self.facts)
        return summarise(self.estimates, self.facts, sentences=sentences)

    def report(self, path: str | Path) -> Path:
        """Write the report as one file.

        Parameters
        ----------
        path : str or Path
            Ends in .pdf or .html.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        OutputError
            When the ending is another one or the disk refuses.
        """
        from oilshock.report import (
            analyse,
            build_context,
            creation_time,
            draw_charts,
            html_from,
            pdf_from,
        )

        target = Path(path)
        if target.suffix not in (".pdf", ".html"):
            raise OutputError(
                Problem(str(path), "ends in neither .pdf nor .html.", fix="Rename it.")
            )
        compared = self.compared_estimates
        charts = draw_charts(
            self.estimates,
            self.facts,
            analyses=analyse(self.estimates),
            progress=silent,
            compared=compared,
        )
        context = build_context(
            self.estimates, self.facts, charts=charts, factors=self.factors, compared=compared
        )
        if target.suffix == ".pdf":
            timestamp = creation_time(self.estimates.market.sessions[-1])
            write_file(target, pdf_from(context, timestamp=timestamp))
        else:
            write_file(target, html_from(context))
        return target

    @property
    def episodes(self) -> pd.DataFrame:
        """Events that belong together, and the sessions that events share."""
        return self.table("episodes")

    def joint(
        self, dummies: JointDummies = "day", *, covariance: JointCovariance = "classical"
    ) -> pd.DataFrame:
        """Fit all events in one regression with event dummies.

        Parameters
        ----------
        dummies : {"day", "window"}, default "day"
            One dummy per event day, or one per CAR window, which assumes a constant daily effect.
        covariance : {"classical", "garch", "hac", "hc3", "cluster"}, default "classical"
            Standard errors. hac, hc3 and cluster are for classes of at least 20 separate
            episodes; events and episodes then have classical ones.

        Returns
        -------
        DataFrame
            The columns of `joint.csv`: events, episodes and classes, for each CAR window.
        """
        return self.estimates.joint_of(dummies, covariance=covariance)

    @property
    def what_moved(self) -> WhatMoved:
        """The price of each episode taken apart: frames `parts`, `counterfactual`, `accounted`.

        `parts` are base, expected drift, factors and what events added; `counterfactual` has the
        expected path and the chance above each level; `accounted` the sessions above each level
        that the events account for.
        """
        return self.estimates.what_moved

    def plot_parts(self, episode: str, *, ax: Axes | None = None) -> Axes:
        """Draw what moved the price of an episode, session by session.

        Parameters
        ----------
        episode : str
            Name of the episode, as in `result.episodes`.
        ax : Axes, optional
            Where to draw; a new figure if not given.

        Returns
        -------
        Axes
            The Axes drawn on.

        Raises
        ------
        ConfigError
            When there is no episode of that name.
        """
        from oilshock.charts import plot_parts

        parts = self.estimates.decomposition
        names = list(dict.fromkeys(parts["episode"]))
        check_known(
            episode, names, where="episode", otherwise="is not an episode", label="Episodes"
        )
        return plot_parts(parts[parts["episode"] == episode], ax=ax)

    def scan(self) -> ScanResult:
        """Scan the series for moves that no event explains; `[scan]` of the config sets how.

        Returns
        -------
        ScanResult
            Unusual sessions, structural breaks, and how well the events match them.
        """
        from oilshock.scan import scan_study

        return scan_study(self.estimates)

    def power(self) -> PowerResult:
        """Compute how large a move must be to be seen; `[power]` of the config sets how.

        Returns
        -------
        PowerResult
            Minimum detectable moves and power curves.
        """
        from oilshock.power import power_of_study

        return power_of_study(self.estimates)

    def sweep(
        self,
        *,
        jobs: int = 1,
        scheduler: str = "",
        store: str | Path | None = None,
        progress: Progress = silent,
        **choices: Any,
    ) -> SpecificationCurve:
        """Try the study under other choices: its specification curve.

        Parameters
        ----------
        jobs : int, default 1
            Number of processes; -1 for one a core.
        scheduler : str, default ""
            Address of a Dask scheduler, such as ``tcp://host:8786``.
        store : str or Path, optional
            Folder of finished parts, so that a killed sweep goes on.
        progress : callable, optional
            Called with (what is done, how many, of how many).
        **choices
            The keys of `[sweep]`, such as ``estimation=[60, 120]``. Default: `[sweep]` of the
            config; without one, a small grid round the study's own choices.

        Returns
        -------
        SpecificationCurve
            All specifications, and the same for events placed at random.

        Raises
        ------
        ConfigError
            When a choice is wrong.
        """
        from oilshock.sweep import sweep_study
        from oilshock.sweep.choices import MAIN, with_choices

        others = {name: other.estimates.market.series for name, other in self.compared.items()}
        return sweep_study(
            with_choices(self.estimates.config, choices),
            series={MAIN: self.estimates.market.series, **others},
            factors=self.factors,
            events=self.estimates.events,
            jobs=jobs,
            scheduler=scheduler,
            store=None if store is None else Path(store),
            progress=progress,
        )
