"""The config of a run: frozen models, checked as a whole, read from TOML.

Every key has a default but `study.name`. All that is wrong is reported at once,
each with its key path, its value and the way to put it right.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from oilshock.config_analysis import (
    ComparisonTable,
    EpisodesTable,
    InferenceTable,
    ModelTable,
    PlaceboTable,
)
from oilshock.config_beyond import (
    AftermathTable,
    DecompositionTable,
    DynamicsTable,
    VolatilityTable,
)
from oilshock.config_checks import PowerTable, ScanTable, SweepTable
from oilshock.config_errors import counted_from_one, cross_problems, explain
from oilshock.config_prices import PricesTable, SeriesTable
from oilshock.config_tables import (
    RESERVED_SERIES,
    ConfigTable,
    EventsTable,
    Findings,
    LevelsTable,
    ReportTable,
    ReturnsTable,
    StudyTable,
    WindowsTable,
)
from oilshock.errors import ConfigError, Problem, nearest
from oilshock.presets import PRESETS, count_factors, preset_parts


class Config(ConfigTable):
    """A whole run."""

    study: StudyTable
    prices: PricesTable = Field(default=PricesTable())
    events: EventsTable = Field(default=EventsTable())
    returns: ReturnsTable = Field(default=ReturnsTable())
    model: ModelTable = Field(default=ModelTable())
    windows: WindowsTable = Field(default=WindowsTable())
    inference: InferenceTable = Field(default=InferenceTable())
    placebo: PlaceboTable = Field(default=PlaceboTable())
    episodes: EpisodesTable = Field(default=EpisodesTable())
    comparison: ComparisonTable = Field(default=ComparisonTable())
    levels: LevelsTable = Field(default=LevelsTable())
    scan: ScanTable = Field(default=ScanTable())
    power: PowerTable = Field(default=PowerTable())
    sweep: SweepTable | None = Field(
        None, description="Other choices that the answer is tried under; default: none."
    )
    dynamics: DynamicsTable = Field(default=DynamicsTable())
    volatility: VolatilityTable = Field(default=VolatilityTable())
    aftermath: AftermathTable = Field(default=AftermathTable())
    decomposition: DecompositionTable = Field(default=DecompositionTable())
    report: ReportTable = Field(default=ReportTable())
    series: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")], SeriesTable] = (
        Field(default_factory=dict, description="Further series: factors and compared series.")
    )

    @model_validator(mode="after")
    def _check(self) -> Config:
        problems: Findings = []
        for name in self.model.factors:
            if name not in self.series and name not in PRESETS:
                problems.append(
                    (
                        "model.factors",
                        name,
                        "is neither a [series.NAME] table nor a preset",
                        f"Add [series.{name}], or use a preset: {', '.join(PRESETS)}.",
                    )
                )
        if self.inference.adjust == "romano-wolf":
            if "placebo" not in self.inference.tests:
                fix = 'Add "placebo" to inference.tests, or use adjust = "holm".'
                problems.append(("inference.adjust", "romano-wolf", "needs placebo draws", fix))
            if self.placebo.past_only:
                message = "draws sessions after the events, which placebo.past_only forbids"
                fix = 'Use adjust = "holm".'
                problems.append(("inference.adjust", "romano-wolf", message, fix))
        for name in self.series:
            if name.lower() in RESERVED_SERIES:
                problems.append(
                    (f"series.{name}", name, "is a reserved name", "Choose another name.")
                )
            if name in preset_parts(self.model.factors):
                problems.append(
                    (f"series.{name}", name, "is a factor of a preset", "Choose another name.")
                )
        tables = {"prices": (self.prices, self.returns.kind)} | {
            f"series.{name}": (table, table.returns or self.returns.kind)
            for name, table in self.series.items()
        }
        problems += [
            (
                f"{name}.contract_column",
                "",
                'joins contracts by ratios, of which returns.kind = "difference" makes no sense',
                'Set returns.kind = "log".',
            )
            for name, (table, kind) in tables.items()
            if table.contracts and kind == "difference"
        ]
        problems += self._sweep_problems()
        parameters = 1 + count_factors(self.model.factors)
        if self.windows.fewest < parameters + 2:
            problems.append(
                (
                    "windows.estimation",
                    self.windows.fewest,
                    f"is too short for {parameters} parameters",
                    f"Use at least {parameters + 2}.",
                )
            )
        return cross_problems(self, problems)

    def _sweep_problems(self) -> Findings:
        """Check the names in `[sweep]` against the tables they refer to."""
        if self.sweep is None:
            return []
        known = [*self.series, *RESERVED_SERIES[:3]]
        named = [name for model in self.sweep.models or () for name in model.factors]
        problems: Findings = [
            ("sweep.models", name, "is neither a [series.NAME] table nor a preset", "Add it.")
            for name in named
            if name not in known
        ]
        problems += [
            ("sweep.series", name, "is no [series.NAME] table", "Add it, or use prices.")
            for name in self.sweep.series
            if name != "prices" and name not in self.series
        ]
        if self.sweep.models is None and self.model.kind == "garch":
            fix = 'List linear ones, such as models = [{ kind = "mean" }].'
            problems.append(("sweep.models", "garch", "cannot be swept", fix))
        return problems

    @property
    def title(self) -> str:
        """The title of the report: `study.title`, else `study.name`."""
        return self.study.title or self.study.name


def config_from_dict(data: dict[str, Any], *, where: str) -> Config:
    """Check a config given as nested dicts.

    Parameters
    ----------
    data : dict
        Tables and keys as in the TOML file.
    where : str
        How messages name the origin.

    Returns
    -------
    Config
        The frozen config.

    Raises
    ------
    ConfigError
        With one problem for each thing that is wrong.

    Examples
    --------
    >>> config_from_dict({"study": {"name": "demo"}}, where="demo").windows.car_windows
    ((0, 0), (-1, 1), (0, 5), (-5, 10))
    """
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(*explain(error, data, model=Config, where=where)) from None


def load_config(path: str | Path) -> Config:
    """Read and check a TOML config.

    Parameters
    ----------
    path : str or Path
        The file; UTF-8, with or without a byte order mark.

    Returns
    -------
    Config
        The frozen config. Paths in it stay relative to the file.

    Raises
    ------
    ConfigError
        When the file cannot be read, is not TOML, or holds anything wrong.

    Examples
    --------
    >>> load_config("configs/april-2024.toml").study.name
    'april-2024'
    """
    data = read_toml(Path(path))
    try:
        return config_from_dict(data, where=str(path))
    except ConfigError as error:
        raise ConfigError(*map(counted_from_one, error.problems)) from None


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; a `ConfigError` says why it cannot be read."""
    import tomllib

    where = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        near = nearest(where, sorted(map(str, path.parent.glob("*.toml"))))
        fix = near or "Check the path, or write a starter config with `oilshock init`."
        raise ConfigError(Problem(where, "there is no such file.", fix=fix)) from None
    except OSError as error:
        raise ConfigError(
            Problem(where, f"cannot be read: {error.strerror}.", fix="Give a readable TOML file.")
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(
            Problem(where, "is not text in UTF-8.", fix="Give a TOML file, saved as UTF-8.")
        ) from None
    if not text.strip():
        raise ConfigError(
            Problem(where, "is empty.", fix="Write a starter config with `oilshock init`.")
        )
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = re.sub(r"\('([^()]*)',?\)", lambda match: f"[{match[1]}]", str(error))
        message = f"is not valid TOML: {said.replace(chr(39) + ', ' + chr(39), '.')}."
        raise ConfigError(Problem(where, message, fix=_toml_fix(path, said))) from None


def _toml_fix(path: Path, said: str) -> str:
    """Tell the likely slip: a data file in place of the config, a Windows path, a table twice."""
    if path.suffix.lower() != ".toml":
        return "CONFIG is a TOML file that names prices and events; `oilshock init` writes one."
    if "\\" in said:
        return "Write a Windows path with / in place of \\, or between single quotes."
    if "twice" in said or "overwrite" in said:
        return "Write each table and each key once."
    return "Text needs quotes, dates are YYYY-MM-DD, lists use [ ]."


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the config, for editors that complete and check TOML."""
    schema = Config.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "oilshock config",
    }
