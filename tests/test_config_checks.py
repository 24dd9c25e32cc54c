"""`[scan]`, `[power]` and `[sweep]`: defaults, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from oilshock.config import Config, config_from_dict
from oilshock.config_checks import SweepModel
from oilshock.errors import ConfigError


def config_of(**tables: Any) -> Config:
    return config_from_dict({"study": {"name": "demo"}, **tables}, where="demo.toml")


def test_the_defaults() -> None:
    config = config_of()
    assert config.sweep is None
    assert (config.scan.top, config.scan.within, config.scan.q) == (50, 1, 0.05)
    assert (config.power.target, config.power.events) == (0.8, (1, 5, 20, 50))
    sweep = config_of(sweep={}).sweep
    assert sweep is not None
    assert (sweep.series, sweep.tests, sweep.effect) == (("prices",), ("t", "placebo"), "signed")


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"sweep": {"estimation": []}}, r"sweep\.estimation: \[\] is empty"),
        ({"sweep": {"windows": [[2, 1]]}}, r"sweep\.windows\[0\]: .* Write \[1, 2\]"),
        ({"sweep": {"returns": ["log", "difference"]}}, "mix USD and per cent"),
        ({"sweep": {"models": [{"kind": "market"}]}}, "do not fit market"),
        ({"sweep": {"models": [{"kind": "mean", "factors": ["dollar"]}]}}, "do not fit mean"),
        ({"sweep": {"models": [{"kind": "garch"}]}}, r"sweep\.models\[0\]\.kind"),
        (
            {"sweep": {"models": [{"kind": "factors", "factors": ["dolar"]}]}},
            r'sweep\.models: "dolar" is neither',
        ),
        ({"sweep": {"series": ["futures"]}}, r'sweep\.series: "futures" is no'),
        ({"sweep": {}, "model": {"kind": "garch"}}, r'sweep\.models: "garch" cannot be swept'),
        ({"sweep": {"tests": ["bmp"]}}, r"sweep\.tests"),
        ({"scan": {"q": 0.0}}, r"scan\.q"),
        ({"power": {"target": 1.0}}, r"power\.target"),
        ({"power": {"shocks": [-0.1]}}, r"power\.shocks"),
    ],
)
def test_what_is_wrong_is_named(tables: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        config_of(**tables)


def test_a_model_is_named_with_its_factors() -> None:
    assert SweepModel().label == "mean"
    assert SweepModel(kind="factors", factors=("a", "b")).label == "factors (a, b)"
