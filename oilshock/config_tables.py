"""The tables of a config, one class each: keys, defaults, checks."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    model_validator,
)
from pydantic_core import PydanticCustomError

from oilshock.config_errors import cross_problems
from oilshock.options import (
    ChartFormat,
    ChartSize,
    Direction,
    Format,
    ReturnKind,
    TableFormat,
)
from oilshock.words import count

StrictInt = Annotated[int, Strict()]
Real = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Pair = tuple[StrictInt, StrictInt]
Findings: TypeAlias = list[tuple[str, Any, str, str]]


def _no_number(value: Any) -> Any:
    """Refuse a number as a date: pydantic would count seconds from 1970."""
    if isinstance(value, int | float):
        raise PydanticCustomError("date", "a date is YYYY-MM-DD, not a number")
    return value


def _date_alone(value: Any) -> Any:
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date | str):
        message = "give the date alone, YYYY-MM-DD, and the time of day in the key time"
        raise PydanticCustomError("date", message)
    return value


def _time_of_day(value: Any) -> Any:
    if not isinstance(value, dt.time | str | None):
        raise PydanticCustomError("time", "give a text such as 20:00Z")
    return value


Day = Annotated[dt.date, BeforeValidator(_no_number)]
NO_NUL = r"^[^\x00]*$"

MOST_EVENT_DAYS = 5000
"""The longest event window, about 20 years: longer ones are slips of the pen."""

FIRST_CAR_WINDOWS: tuple[tuple[int, int], ...] = ((0, 0), (-1, 1), (0, 5))
"""The CAR windows of a study that names none, beside the whole event window."""

RESERVED_SERIES = (
    "dollar",
    "hamilton",
    "equity",
    "tables",
    "figures",
    "report.pdf",
    "report.html",
    "results.json",
    "manifest.json",
    "papers",
    "tables.xlsx",
    "brief.md",
    "brief.csv",
)
"""Names of preset factors, and of what stands beside the folders of compared series."""


class ConfigTable(BaseModel):
    """A frozen table that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class StudyTable(ConfigTable):
    """`[study]`: what the study is called."""

    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        max_length=100,
        description="Name of the folder under outputs/: letters, digits, dot, dash, underscore.",
        examples=["april-2024"],
    )
    title: str = Field("", description="Title of the report; default: the name.", examples=["Iran"])
    seed: Annotated[StrictInt, Field(ge=0)] = Field(
        0, description="Seed of everything that is drawn at random.", examples=[0]
    )


class EventItem(BaseModel):
    """One inline event; further keys are kept and can be groups."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str = Field(description="A name of its own; tables and charts use it.", examples=["abqaiq"])
    date: Annotated[dt.date | str, BeforeValidator(_date_alone)] = Field(
        description="Day on which the news became public.", examples=["2019-09-14"]
    )
    title: str = Field(description="What the report calls it.", examples=["Attack on Abqaiq"])
    time: Annotated[dt.time | str | None, BeforeValidator(_time_of_day)] = Field(
        None, description="HH:MM with Z, an offset or a zone name; bare: UTC.", examples=["20:00Z"]
    )
    category: str = Field(
        "", description="Its kind, such as conflict or sanctions.", examples=["conflict"]
    )
    direction: Direction | Literal[""] = Field(
        "", description="Expected beforehand: + tightening, - easing, 0 none.", examples=["+"]
    )
    region: str = Field("", description="Where it happened.", examples=["Middle East"])
    severity: Annotated[StrictInt, Field(ge=1, le=3)] | None = Field(
        None, description="How grave it was: 1 to 3, the gravest.", examples=[2]
    )


class EventsTable(ConfigTable):
    """`[events]`: which events are studied."""

    source: str = Field(
        "bundled",
        min_length=1,
        pattern=NO_NUL,
        description="bundled, inline, or a CSV path relative to the config file.",
        examples=["bundled"],
    )
    ids: tuple[str, ...] = Field(
        (), description="Only the events with these ids.", examples=[["abqaiq-2019"]]
    )
    categories: tuple[str, ...] = Field(
        (), description="Only events of these categories.", examples=[["conflict"]]
    )
    regions: tuple[str, ...] = Field(
        (), description="Only events of these regions.", examples=[["OPEC+"]]
    )
    directions: tuple[Direction, ...] = Field(
        (),
        description="Only events with these directions, as expected beforehand.",
        examples=[["+", "-"]],
    )
    since: Day | None = Field(None, description="First event day.", examples=["2024-02-01"])
    until: Day | None = Field(None, description="Last event day.", examples=["2024-04-30"])
    min_severity: Annotated[StrictInt, Field(ge=1, le=3)] | None = Field(
        None, description="Only events at least this severe (1 to 3).", examples=[2]
    )
    include_endogenous: bool = Field(
        default=False,
        strict=True,
        description="Keep events that are defined by a price itself. They bias every estimate.",
        examples=[False],
    )
    items: tuple[EventItem, ...] = Field((), description='The events of source = "inline".')

    @model_validator(mode="after")
    def _check(self) -> EventsTable:
        problems: Findings = []
        if self.source == "inline" and not self.items:
            problems.append(
                ("items", "", "is empty", "Add [[events.items]] tables with id, date and title.")
            )
        if self.source == "inline":
            known = {item.id for item in self.items}
            problems += [
                ("ids", name, "is not an id of events.items", "Delete ids, or correct it.")
                for name in self.ids
                if name not in known
            ]
        if self.items and self.source != "inline":
            problems.append(
                ("source", self.source, "does not read events.items", 'Set source = "inline".')
            )
        if self.since and self.until and self.since > self.until:
            problems.append(("since", self.since, f"is after until = {self.until}", "Swap them."))
        return cross_problems(self, problems)


class ReturnsTable(ConfigTable):
    """`[returns]`: how a move is measured."""

    kind: ReturnKind = Field(
        "log",
        description="log and simple need positive prices; difference is in USD/bbl.",
        examples=["log"],
    )


class WindowsTable(ConfigTable):
    """`[windows]`: estimation window, event window and CAR windows, in sessions."""

    estimation: Annotated[StrictInt, Field(ge=3)] = Field(
        120, description="Number of returns L of the estimation window.", examples=[120]
    )
    gap: Annotated[StrictInt, Field(ge=0)] = Field(
        10, description="Sessions between the estimation window and day 0.", examples=[10]
    )
    event: Pair = Field(
        (-5, 10), description="Event window: first and last relative day.", examples=[[-5, 10]]
    )
    car: Annotated[tuple[Pair, ...], Field(min_length=1)] | None = Field(
        None,
        description="CAR windows. Default: those of [0, 0], [-1, 1], [0, 5] that fit, "
        "and the whole event window.",
        examples=[[[0, 0], [-1, 1], [0, 5]]],
    )
    exclude_events: bool = Field(
        default=False,
        strict=True,
        description="Cut the event windows of the study's other events out of each estimation "
        "window, which then reaches further back (at most 3 times its length).",
        examples=[False],
    )
    min_estimation: Annotated[StrictInt, Field(ge=3)] | None = Field(
        None,
        description="Fewest estimation returns an event may have; default: estimation.",
        examples=[100],
    )

    @model_validator(mode="after")
    def _check(self) -> WindowsTable:
        w0, w1 = self.event
        problems: Findings = []
        if w0 > w1:
            problems.append(
                ("event", [w0, w1], "starts after it ends", f"Write event = [{w1}, {w0}].")
            )
        elif not w0 <= 0 <= w1:
            problems.append(
                ("event", [w0, w1], "does not contain day 0", "Use one such as event = [-5, 10].")
            )
        if w1 - w0 > MOST_EVENT_DAYS:
            problems.append(
                (
                    "event",
                    [w0, w1],
                    f"spans more than {MOST_EVENT_DAYS:,} sessions",
                    "Use a shorter one such as event = [-5, 10].",
                )
            )
        if self.gap < -w0:
            problems.append(
                (
                    "gap",
                    self.gap,
                    f"is smaller than the {count(-w0, 'session')} that windows.event = "
                    f"[{w0}, {w1}] holds before day 0, so the estimation window would contain "
                    "the event window",
                    f"Set gap = {-w0} or more.",
                )
            )
        if self.min_estimation is not None and self.min_estimation > self.estimation:
            problems.append(
                (
                    "min_estimation",
                    self.min_estimation,
                    f"is larger than estimation = {self.estimation}",
                    "Lower it, or leave it out.",
                )
            )
        for index, (a, b) in enumerate(self.car or ()):
            if a > b:
                problems.append(
                    (f"car[{index}]", [a, b], "starts after it ends", f"Write [{b}, {a}].")
                )
            elif a < w0 or b > w1:
                problems.append(
                    (
                        f"car[{index}]",
                        [a, b],
                        f"is not inside windows.event = [{w0}, {w1}]",
                        "Shorten it, or widen windows.event.",
                    )
                )
        return cross_problems(self, problems)

    @property
    def car_windows(self) -> tuple[tuple[int, int], ...]:
        """The CAR windows, each once, the defaults filled in."""
        w0, w1 = self.event
        if self.car is None:
            fitting = [(a, b) for a, b in FIRST_CAR_WINDOWS if w0 <= a and b <= w1]
            return tuple(dict.fromkeys([*fitting, (w0, w1)]))
        return tuple(dict.fromkeys(self.car))

    @property
    def fewest(self) -> int:
        """Fewest estimation returns an event may have."""
        return self.estimation if self.min_estimation is None else self.min_estimation


class LevelsTable(ConfigTable):
    """`[levels]`: prices of interest."""

    usd: tuple[Annotated[Real, Field(gt=0)], ...] = Field(
        (), description="Price levels in USD/bbl, above 0.", examples=[[90.0]]
    )

    @property
    def unique(self) -> tuple[float, ...]:
        """The levels, each once, in the order given."""
        return tuple(dict.fromkeys(self.usd))


class ReportTable(ConfigTable):
    """`[report]`: what is written beside tables and JSON."""

    formats: tuple[Format, ...] = Field(
        ("pdf", "html", "png"),
        description="Formats of the report and charts; [] writes tables and JSON only.",
        examples=[["pdf", "html", "png"]],
    )
    chart_size: ChartSize = Field(
        "report",
        description="Size of the charts in figures/: report (6.9 inches wide), slide (13.3 inches "
        "wide, 16:9, larger text) or web (for articles); the report keeps its own.",
        examples=["slide"],
    )
    chart_formats: tuple[ChartFormat, ...] = Field(
        ("png",),
        min_length=1,
        description="Files of each chart in figures/, which is written when formats has png: "
        "png, svg or pdf; the last two are vectors.",
        examples=[["png", "svg"]],
    )
    tables: tuple[TableFormat, ...] = Field(
        (),
        description="Tables for papers: latex and markdown in papers/, excel as tables.xlsx.",
        examples=[["latex", "excel"]],
    )
    stars: Annotated[tuple[Annotated[Real, Field(gt=0, lt=1)], ...], Field(max_length=3)] = Field(
        (),
        description="Levels at which an estimate in a table for papers gets a star more; "
        "default: no stars.",
        examples=[[0.1, 0.05, 0.01]],
    )

    @property
    def chart_kinds(self) -> tuple[ChartFormat, ...]:
        """The files of a chart, each kind once, in the order given."""
        return tuple(dict.fromkeys(self.chart_formats))
