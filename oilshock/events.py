"""The event catalogue: the bundled one, a user's file, a frame or a list; checked and filtered."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from oilshock.errors import ConfigError, EventError, OilshockError, Problem, nearest
from oilshock.event_files import Row, raise_all, read_csv_rows, read_frame_rows, read_item_rows
from oilshock.event_rows import (
    EventFinding,
    bare_time_finding,
    check_rows,
    nearest_or_containing,
    parse_date,
)
from oilshock.notebook import table_html
from oilshock.options import CATEGORIES, DIRECTIONS
from oilshock.storage import no_such_file
from oilshock.typing import Bool
from oilshock.words import listed

__all__ = ["EventCatalogue", "EventFinding", "load_events"]

_BUNDLED = "bundled"

BUNDLED_LABEL = "Bundled catalogue"
"""The label of the bundled events in their provenance."""
_HTML_COLUMNS = ["id", "date", "time", "title", "category", "direction", "region", "severity"]


@dataclass(frozen=True, eq=False, repr=False)
class EventCatalogue:
    """Events in the order given, with what was found on reading them.

    Made by `load_events` and `filter`, not by hand.

    Parameters
    ----------
    frame : DataFrame
        One row per event, with the columns that `to_frame` names.
    findings : tuple of EventFinding, default ()
        What was handled on reading, and is said.
    provenance : dict of str
        Where the events come from: at least `title`, `file` and `sha256`.
    n_rejected : int, default 0
        How many events the filters left out so far.
    loaded : DataFrame, optional
        All events before any filter; default: `frame`.

    Examples
    --------
    >>> load_events().filter(since="2024-04-13", until="2024-04-16")
    EventCatalogue(2 events, 2024-04-13 to 2024-04-16, 192 left out by filters)
    """

    frame: InitVar[pd.DataFrame]
    findings: tuple[EventFinding, ...] = ()
    provenance: dict[str, str] = field(default_factory=dict)
    n_rejected: int = 0
    loaded: InitVar[pd.DataFrame | None] = None
    _frame: pd.DataFrame = field(init=False)
    _loaded: pd.DataFrame = field(init=False)

    def __post_init__(self, frame: pd.DataFrame, loaded: pd.DataFrame | None) -> None:
        object.__setattr__(self, "_frame", frame.reset_index(drop=True))
        object.__setattr__(self, "_loaded", self._frame if loaded is None else loaded)
        object.__setattr__(self, "provenance", dict(self.provenance))

    def __len__(self) -> int:
        return len(self._frame)

    def __repr__(self) -> str:
        count = "1 event" if len(self) == 1 else f"{len(self)} events"
        dates = self._frame["date"]
        span = f", {dates.min():%Y-%m-%d} to {dates.max():%Y-%m-%d}" if len(self) else ""
        rejected = f", {self.n_rejected} left out by filters" if self.n_rejected else ""
        return f"EventCatalogue({count}{span}{rejected})"

    def _repr_html_(self) -> str:
        return table_html(self._frame[_HTML_COLUMNS], notes=[repr(self)])

    def to_frame(self) -> pd.DataFrame:
        """Return the events as a fresh frame.

        Returns
        -------
        DataFrame
            One row per event, in the order given: `id`, `date` (datetime64[ns], midnight),
            `time` (text, empty when none), `title`, `category`, `direction`, `region`,
            `anticipated`, `endogenous` (bool), `confounders`, `severity` (Int64), `source`,
            `confidence`, `source_read`, then the further columns of the source, as text.

        Examples
        --------
        >>> load_events().to_frame().loc[0, "id"]
        'iraq-invades-kuwait'
        """
        return self._frame.copy()

    def filter(
        self,
        *,
        ids: Sequence[str] | None = None,
        categories: Sequence[str] | None = None,
        regions: Sequence[str] | None = None,
        directions: Sequence[str] | None = None,
        since: dt.date | str | None = None,
        until: dt.date | str | None = None,
        min_severity: int | None = None,
        where: str = "filter",
    ) -> EventCatalogue:
        """Keep the events that fit all that is asked for, in the order of the catalogue.

        Parameters
        ----------
        ids, categories, regions, directions : sequence of str, optional
            The values to keep; an empty sequence keeps all.
        since, until : datetime.date or str, optional
            First and last event date, both included.
        min_severity : int, optional
            Least severity, 1 to 3; an event without a severity is left out.
        where : str, default "filter"
            How messages name the origin of the filter.

        Returns
        -------
        EventCatalogue
            The events kept; `n_rejected` counts those left out. It may be empty.

        Raises
        ------
        ConfigError
            When a value is unknown to the catalogue as loaded, with every such value.

        Examples
        --------
        >>> len(load_events().filter(categories=["accident"]))
        1
        """
        wanted = {"id": ids, "category": categories, "region": regions, "direction": directions}
        first, last = _day(since, name="since", where=where), _day(until, name="until", where=where)
        problems = _unknown_values(
            self._loaded, wanted, where=where, of_ids=_hint_of_ids(self.provenance, self._loaded)
        )
        problems += _wrong_range(first, last, min_severity=min_severity, where=where)
        raise_all(problems, error=ConfigError)
        keep = np.ones(len(self), dtype=np.bool_)
        for column, values in wanted.items():
            if values:
                keep &= self._frame[column].isin(list(values)).to_numpy(dtype=np.bool_)
        if first is not None:
            keep &= (self._frame["date"] >= pd.Timestamp(first)).to_numpy(dtype=np.bool_)
        if last is not None:
            keep &= (self._frame["date"] <= pd.Timestamp(last)).to_numpy(dtype=np.bool_)
        if min_severity is not None:
            keep &= (self._frame["severity"].fillna(0) >= min_severity).to_numpy(dtype=np.bool_)
        return self._kept(keep)

    def with_finding(self, finding: EventFinding) -> EventCatalogue:
        """Return the same events with one finding more.

        Parameters
        ----------
        finding : EventFinding
            What was found.

        Returns
        -------
        EventCatalogue
            A new one.
        """
        return EventCatalogue(
            self._frame,
            findings=(*self.findings, finding),
            provenance=self.provenance,
            n_rejected=self.n_rejected,
            loaded=self._loaded,
        )

    def _kept(self, keep: Bool) -> EventCatalogue:
        frame = self._frame[keep]
        return EventCatalogue(
            frame,
            findings=_findings_about(self.findings, set(frame["id"])),
            provenance=self.provenance,
            n_rejected=self.n_rejected + len(self) - len(frame),
            loaded=self._loaded,
        )


def load_events(
    source: str | Path | pd.DataFrame | Sequence[Mapping[str, object]] = _BUNDLED,
    *,
    shown_as: str = "",
) -> EventCatalogue:
    """Load events and check every row.

    `id`, `date` and `title` are required. A `time` is HH:MM with Z, an offset or a zone name; a
    bare time is taken as UTC. Further columns are kept as text and can be groups; one that is
    nearly a known name, such as "directon", is refused. Outer blanks of a cell are dropped.

    Parameters
    ----------
    source : str, Path, DataFrame or sequence of mappings, default "bundled"
        The bundled catalogue, the path of a CSV file, a frame, or a list of dicts.
    shown_as : str, default ""
        How messages name the source; default: its path, or "events".

    Returns
    -------
    EventCatalogue
        The events in the order given.

    Raises
    ------
    EventError
        When a file cannot be read, or rows of a file or frame are wrong.
    ConfigError
        When items of a list are wrong, or the source is of another type.

    Examples
    --------
    >>> load_events()
    EventCatalogue(194 events, 1990-08-02 to 2026-09-19)
    >>> load_events([{"id": "x", "date": "2024-04-13", "time": "20:00Z", "title": "Attack"}])
    EventCatalogue(1 event, 2024-04-13 to 2024-04-13)
    """
    if isinstance(source, str | Path):
        return _load_file(source, where=shown_as or str(source))
    where = shown_as or "events"
    if isinstance(source, pd.DataFrame):
        rows = read_frame_rows(source, where=where)
        return _catalogue(rows, where=where, error=EventError, title="events of a frame")
    if isinstance(source, bytes | Mapping) or not isinstance(source, Sequence):
        message = f"{type(source).__name__} is no source of events."
        raise ConfigError(Problem(where, message, fix="Give a path, a frame or a list of dicts."))
    rows = read_item_rows(source, where=where)
    return _catalogue(rows, where=where, error=ConfigError, title="inline events")


def _load_file(source: str | Path, *, where: str) -> EventCatalogue:
    if source == _BUNDLED:
        folder = resources.files("oilshock") / "data"
        described = json.loads((folder / "provenance.json").read_text("utf-8"))["events"]
        rows, _ = read_csv_rows((folder / str(described["file"])).read_bytes(), where=where)
        frame, findings = check_rows(rows, where=where, error=EventError)
        return EventCatalogue(frame, findings=findings, provenance=described)
    data = _read_bytes(Path(source), where=where)
    rows, said = read_csv_rows(data, where=where)
    frame, findings = check_rows(rows, where=where, error=EventError)
    if said:
        layout = EventFinding("layout", (), f"The events were read with {said}.")
        findings = (layout, *findings)
    provenance = {
        "title": Path(source).name,
        "file": where,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return EventCatalogue(frame, findings=findings, provenance=provenance)


def _read_bytes(path: Path, *, where: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        problem = no_such_file(path, where=where, otherwise=f'or use "{_BUNDLED}"')
        near = nearest(str(path), [_BUNDLED])
        raise EventError(replace(problem, fix=near) if near else problem) from None
    # A null character in a path is a ValueError.
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"cannot be read: {reason}."
        raise EventError(Problem(where, message, fix="Give a readable CSV file.")) from None


def _catalogue(
    rows: Sequence[Row], *, where: str, error: type[OilshockError], title: str
) -> EventCatalogue:
    frame, findings = check_rows(rows, where=where, error=error)
    provenance = {"title": title, "file": "", "sha256": ""}
    return EventCatalogue(frame, findings=findings, provenance=provenance)


def _unknown_values(
    loaded: pd.DataFrame,
    wanted: Mapping[str, Sequence[str] | None],
    *,
    where: str,
    of_ids: str,
) -> list[Problem]:
    """Return a problem for each value that no event loaded, and no list of options, has."""
    options = {"category": CATEGORIES, "direction": DIRECTIONS}
    names = {"id": "ids", "category": "categories", "region": "regions", "direction": "directions"}
    problems: list[Problem] = []
    for column, values in wanted.items():
        if isinstance(values, str):
            fix = f'Write {names[column]} = ["{values}"].'
            problems.append(Problem(where, f'"{values}" is not a list.', names[column], fix))
            continue
        present = dict.fromkeys([*options.get(column, ()), *map(str, loaded[column].unique())])
        known = [value for value in present if value]
        for value in dict.fromkeys(values or ()):
            if value not in present:
                near = nearest_or_containing(str(value), known)
                fix = near or _hint(column, known, of_ids=of_ids)
                message = f'"{value}" is not a known {column}.'
                problems.append(Problem(where, message, names[column], fix))
    return problems


def _hint_of_ids(provenance: Mapping[str, str], loaded: pd.DataFrame) -> str:
    """Say where the ids are to be seen: in the catalogue, or among the user's own events."""
    if provenance.get("label") == BUNDLED_LABEL:
        return "List the ids with `oilshock events list`."
    own = listed([str(event_id) for event_id in loaded["id"]])
    return f"Your events are {own}; without ids, all are taken."


def _hint(column: str, known: Sequence[str], *, of_ids: str) -> str:
    if column == "id":
        return of_ids
    return f"Known: {', '.join(known)}." if known else f"No event has a {column}."


def _day(value: dt.date | str | None, *, name: str, where: str) -> dt.date | None:
    if value is None:
        return None
    try:
        return parse_date(value)
    except EventError as error:
        problem = error.problems[0]
        raise ConfigError(Problem(where, problem.message, name, problem.fix)) from None


def _wrong_range(
    first: dt.date | None, last: dt.date | None, *, min_severity: int | None, where: str
) -> list[Problem]:
    problems = []
    if first is not None and last is not None and first > last:
        message = f"{first} is after until = {last}."
        problems.append(Problem(where, message, "since", "Swap the two."))
    if min_severity is not None and min_severity not in (1, 2, 3):
        message = f'"{min_severity}" is not 1, 2 or 3.'
        problems.append(Problem(where, message, "min_severity", "Use 2 for severe events."))
    return problems


def _findings_about(findings: Iterable[EventFinding], ids: set[str]) -> tuple[EventFinding, ...]:
    """Return the findings that concern at least one of the events kept."""
    result = []
    for finding in findings:
        kept = [name for name in finding.ids if name in ids]
        if kept or not finding.ids:
            result.append(bare_time_finding(kept) if finding.kind == "bare_time" else finding)
    return tuple(result)
