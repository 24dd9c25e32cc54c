"""A study from a config, or from arguments in a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from oilshock.arguments import Factors, factors_from, named_as_arguments
from oilshock.config import Config, config_from_dict
from oilshock.errors import EstimationError
from oilshock.events import EventCatalogue, load_events
from oilshock.inputs import (
    Inputs,
    read_inputs,
    refuse_unknown_groups,
    warn_of_rolls,
)
from oilshock.lookback import AftermathResult, look_back_from
from oilshock.options import (
    TESTS_DEFAULT,
    Adjust,
    Alternative,
    GarchErrors,
    GarchFailure,
    GarchSpan,
    ModelKind,
    ReturnKind,
    TestName,
)
from oilshock.plan import Plan, estimate, plan_study
from oilshock.presets import PRESETS
from oilshock.prices import PriceSeries, from_series
from oilshock.results import StudyResult
from oilshock.sources import Access
from oilshock.sweep import MAIN, sweep_study
from oilshock.sweep.choices import plain
from oilshock.typing import Progress, Window, silent


def check_study(config: Config, *, base: str | Path = ".", access: Access | None = None) -> Plan:
    """Read and check all that a config asks for, and say where events go; estimate nothing.

    Parameters
    ----------
    config : Config
        The config, from `load_config`.
    base : str or Path, default "."
        Folder that relative paths of the config start from.
    access : Access, optional
        Whether the network may be used, how fresh prices must be, where the cache is.

    Returns
    -------
    Plan
        Prices, events, alignment, and why events are left out.
    """
    inputs = read_inputs(config, base=Path(base), access=access)
    return plan_study(config, inputs.series, events=inputs.events, factors=inputs.factors)


def run_study(
    config: Config,
    *,
    base: str | Path = ".",
    progress: Progress | None = None,
    access: Access | None = None,
) -> StudyResult:
    """Run a whole study: read, check, align, estimate.

    Parameters
    ----------
    config : Config
        The config, from `load_config`.
    base : str or Path, default "."
        Folder that relative paths of the config start from.
    progress : callable, optional
        Called with (what is done, how many, of how many).
    access : Access, optional
        Whether the network may be used, how fresh prices must be, where the cache is.

    Returns
    -------
    StudyResult
        All numbers; compared series are in `compared`.

    Raises
    ------
    OilshockError
        As `read_inputs`, `plan_study` and `estimate`.

    Examples
    --------
    >>> from oilshock.config import load_config
    >>> config = load_config("configs/april-2024.toml")
    >>> run_study(config).car(0, 0).set_index("event_id")["p_value"].round(2)[
    ...     "iran-attacks-israel-apr2024"]
    np.float64(0.22)
    """
    report = progress or silent
    report("reading prices and events", 0, 3)
    inputs = read_inputs(config, base=Path(base), access=access, progress=report)
    report("aligning events", 1, 3)
    plan = plan_study(config, inputs.series, events=inputs.events, factors=inputs.factors)
    report("estimating", 2, 3)
    estimates = estimate(plan, progress=report)
    if config.sweep is not None:
        curve = sweep_study(
            config,
            series={MAIN: inputs.series, **inputs.compared},
            factors=inputs.factors,
            events=inputs.events,
            progress=report,
        )
        estimates = replace(estimates, curve=curve)
    compared = {
        name: _compared_study(config, name, series, inputs=inputs)
        for name, series in inputs.compared.items()
    }
    report("estimating", 3, 3)
    return StudyResult(estimates=estimates, factors=inputs.factors, compared=compared)


def _compared_study(
    config: Config, name: str, series: PriceSeries, *, inputs: Inputs
) -> StudyResult:
    kind = config.series[name].returns or config.returns.kind
    own = config.model_copy(update={"returns": config.returns.model_copy(update={"kind": kind})})
    plan = plan_study(own, series, events=inputs.events, factors=inputs.factors)
    try:
        estimates = estimate(plan)
    except EstimationError as error:
        first, *rest = error.problems
        fix = f"{first.fix} Or take [series.{name}] out."
        raise EstimationError(replace(first, where=f"series.{name}", fix=fix), *rest) from None
    return StudyResult(estimates=estimates, factors=inputs.factors, compared={})


class EventStudy:
    """An event study, from prices and events at hand.

    Parameters
    ----------
    prices : Series
        Prices with a DatetimeIndex, such as `load_prices()`.
    events : EventCatalogue, DataFrame, list of dict, str or Path
        The events, or where to read them.
    model : {"mean", "market-adjusted", "market", "factors", "garch"}, default "mean"
        The expected-return model. The mean model needs no other series, and over short
        windows the others seldom tell more. `garch` is a constant or factor mean with
        GARCH(1,1) errors.
    factors : Series, DataFrame, mapping of str to Series, or list of str, optional
        Factor price levels, or names of presets such as ``["dollar"]``.
    errors : {"t", "normal"}, default "t"
        `garch`: law of the errors.
    span : {"window", "expanding"}, default "window"
        `garch`: fitted on the estimation window, or on all history before its end.
    on_failure : {"leave-out", "constant-variance"}, default "leave-out"
        `garch`: what becomes of an event whose fit does not converge.
    estimation : int, default 120
        Number of returns L of the estimation window: about half a year.
    gap : int, default 10
        Sessions between the estimation window and day 0, at least as many as the event
        window holds before day 0.
    window : tuple of int, default (-5, 10)
        Event window: first and last relative day, in sessions.
    car : sequence of tuple of int, optional
        CAR windows. Default: those of (0, 0), (-1, 1), (0, 5) that fit, and the whole window.
    returns : {"log", "simple", "difference"}, default "log"
        Kind of returns, also of the factors.
    alpha : float, default 0.05
        Level of tests; intervals cover 1 - alpha.
    tests : sequence of str
        Tests of one event and across events; default: t, patell, bmp, rank, generalized-sign and
        placebo. Without `placebo` no calibrated p value is computed.
    adjust : {"holm", "bh", "romano-wolf", "none"}, default "holm"
        Adjustment of p values over the events of one CAR window.
    draws : int, default 10_000
        Number of random draws of resampling tests.
    seed : int, default 0
        Seed of everything that is drawn at random.
    past_only : bool, default False
        Rate each event among the sessions before it alone.
    groups : sequence of str, default ("category", "direction")
        Event columns by which averages are taken.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        Alternative of the tests across events.
    levels : sequence of float, default ()
        Price levels of interest, USD/bbl.
    exclude_events : bool, default False
        Cut the event windows of the other events out of the estimation windows.
    min_estimation : int, optional
        Fewest estimation returns an event may have; default: `estimation`.
    include_endogenous : bool, default False
        Keep events that are defined by a price itself.
    close, timezone : str, optional
        Market close (HH:MM) and its zone; default: from `prices.attrs`.
    title : str, default "Event study"
        Title of the report.

    Raises
    ------
    ConfigError
        When an argument is wrong; the message lists all that are.

    Examples
    --------
    >>> events = load_events().filter(ids=["iran-attacks-israel-apr2024"])
    >>> from oilshock.prices import load_prices
    >>> study = EventStudy(load_prices(), events)
    >>> float(study.fit().car(0, 0)["p_value"].round(2).iloc[0])
    0.22
    """

    def __init__(
        self,
        prices: pd.Series[float],
        events: EventCatalogue | pd.DataFrame | Sequence[Mapping[str, Any]] | str | Path,
        *,
        model: ModelKind = "mean",
        factors: Factors = (),
        errors: GarchErrors = "t",
        span: GarchSpan = "window",
        on_failure: GarchFailure = "leave-out",
        estimation: int = 120,
        gap: int = 10,
        window: Window = (-5, 10),
        car: Sequence[Window] | None = None,
        returns: ReturnKind = "log",
        alpha: float = 0.05,
        tests: Sequence[TestName] = TESTS_DEFAULT,
        adjust: Adjust = "holm",
        draws: int = 10_000,
        seed: int = 0,
        past_only: bool = False,
        groups: Sequence[str] = ("category", "direction"),
        alternative: Alternative = "two-sided",
        levels: Sequence[float] = (),
        exclude_events: bool = False,
        min_estimation: int | None = None,
        include_endogenous: bool = False,
        close: str | None = None,
        timezone: str | None = None,
        title: str = "Event study",
    ) -> None:
        self._factors = factors_from(factors, kind=returns)
        data: dict[str, Any] = {
            "study": {"name": "study", "title": title, "seed": plain(seed)},
            "prices": {"close": close, "timezone": timezone},
            "returns": {"kind": returns},
            "model": {
                "kind": model,
                "factors": list(self._factors),
                "errors": errors,
                "span": span,
                "on_failure": on_failure,
            },
            "series": {
                name: {"source": "file", "symbol": name}
                for name in self._factors
                if name not in PRESETS
            },
            "windows": {
                "estimation": plain(estimation),
                "gap": plain(gap),
                "event": plain(window),
                "car": plain(car),
                "exclude_events": exclude_events,
                "min_estimation": plain(min_estimation),
            },
            "inference": {
                "alpha": plain(alpha),
                "tests": plain(tests),
                "alternative": alternative,
                "adjust": adjust,
                "draws": plain(draws),
                "groups": plain(groups),
            },
            "placebo": {"past_only": past_only},
            "levels": {"usd": plain(levels)},
            "events": {"include_endogenous": include_endogenous},
        }
        with named_as_arguments():
            self._config = config_from_dict(data, where="EventStudy")
        series = from_series(prices, close=close, timezone=timezone)
        self._series = warn_of_rolls(series)
        self._events = events if isinstance(events, EventCatalogue) else load_events(events)
        with named_as_arguments():
            refuse_unknown_groups(self._events, self._config)

    def fit(self) -> StudyResult:
        """Estimate the study.

        Returns
        -------
        StudyResult
            All numbers, and the views on them.

        Raises
        ------
        DataError
            When prices or events cannot be used.
        EstimationError
            When every event is left out.
        """
        with named_as_arguments():
            plan = plan_study(
                self._config, self._series, events=self._events, factors=self._factors
            )
        return StudyResult(estimates=estimate(plan), factors=self._factors, compared={})

    def aftermath(self) -> AftermathResult:
        """Say what followed earlier events of the kind of one that has no price yet.

        Returns
        -------
        AftermathResult
            For the first event after the last session: moves of the next sessions after events
            of its category and direction, against ordinary sessions in like volatility.

        Raises
        ------
        ConfigError
            When no event comes after the last session.
        """
        with named_as_arguments():
            plan = plan_study(
                self._config, self._series, events=self._events, factors=self._factors
            )
        return look_back_from(plan)

    def __repr__(self) -> str:
        return (
            f"EventStudy({self._series.name}, {len(self._events)} events, "
            f"model={self._config.model.kind!r})"
        )
