"""Factors as an argument of `EventStudy` gives them: series, frames, mappings, names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from oilshock import arguments
from oilshock.arguments import factors_from
from oilshock.errors import ConfigError
from oilshock.market import Factor

DAYS = pd.DatetimeIndex(["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"])


def test_a_frame_gives_a_factor_for_each_column_without_its_gaps() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, np.nan, 4], "b": [np.nan, 5, 6, 7]}, index=DAYS)
    found = factors_from(frame, kind="simple")
    assert {name: factor.series.name for name, factor in found.items()} == {"a": "a", "b": "b"}
    assert found["a"].series.prices.tolist() == [1, 2, 4]
    assert found["b"].series.prices.index.tolist() == DAYS[1:].tolist()
    assert [factor.series.findings for factor in found.values()] == [(), ()]
    assert {factor.kind for factor in found.values()} == {"simple"}


@pytest.mark.parametrize(("name", "called"), [("dollar", "dollar"), (None, "factor")])
def test_one_series_is_a_factor_by_its_name(name: str | None, called: str) -> None:
    series = pd.Series([1.0, 2, 3, 4], index=DAYS, name=name)
    assert list(factors_from(series, kind="log")) == [called]
    assert series.name == name


def test_several_presets_are_all_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {name: object() for name in ("dollar", "equity")}
    monkeypatch.setattr(arguments, "preset_factors", lambda name: {name: made[name]})
    found: dict[str, Factor] = factors_from(["dollar", "equity"], kind="log")
    assert found == made


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("dollar", "str holds no factors"),
        (3, "int holds no factors"),
        ({"x": [1, 2]}, "list holds no factors"),
        (["dollar", "equty"], '"equty" is not a preset'),
    ],
)
def test_what_holds_no_factor_is_named(wrong: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        factors_from(wrong, kind="log")
