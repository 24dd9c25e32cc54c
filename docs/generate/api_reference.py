"""The pages of the Python API: one directive for each public name, filled from its docstring."""

from __future__ import annotations

import oilshock
from oilshock import inference

GROUPS = {
    "Data": ("load_prices", "fetch_prices", "check_prices", "load_events", "EventCatalogue"),
    "A study": ("EventStudy", "run_study", "load_config", "Config"),
    "Results": ("StudyResult",),
    "Charts": ("chart_style",),
    "Errors": (
        "OilshockError",
        "ConfigError",
        "OutputError",
        "DataError",
        "PriceError",
        "EventError",
        "SourceError",
        "EstimationError",
    ),
}
"""Every public name but the version and the sub-modules, by what it is for."""

API_HEAD = """# Python API

```python
>>> import oilshock as osk
>>> prices = osk.load_prices()
>>> events = osk.load_events().filter(ids=["iran-attacks-israel-apr2024"])
>>> result = osk.EventStudy(prices, events).fit()
>>> result.car(0, 0)["car"].round(4).tolist()
[-0.0245]

```

Everything here can be imported from `oilshock`. Public names load on first use. The keys of a
`Config` are in [config keys](config.md); an error carries all its `problems` and the `exit_code`.
Prices are in USD/bbl, returns are fractions, dates are sessions. Results do not change once they
are made; each frame you get is a copy.

"""


def api_page() -> str:
    """Write the page of the public names."""
    parts = [API_HEAD]
    for heading, names in GROUPS.items():
        parts.append(f"## {heading}\n")
        # An error has one sentence of its own; all of them carry `problems` and `exit_code`.
        bare = "\n    options:\n      members: false\n      inherited_members: false\n"
        parts += [
            f"::: oilshock.{home(name)}.{name}{bare if name.endswith('Error') else ''}\n"
            for name in names
        ]
    return "\n".join(parts)


def home(name: str) -> str:
    """Return the module that defines a public name, below the package."""
    return str(getattr(oilshock, name).__module__).removeprefix("oilshock.")


def inference_page() -> str:
    """Write the page of the tests as plain functions."""
    parts = ["# Tests as functions\n", "`oilshock.inference`: arrays in, a small record out.\n"]
    parts += [f"::: oilshock.inference.{name}\n" for name in sorted(inference.__all__, key=first)]
    return "\n".join(parts)


def first(name: str) -> tuple[bool, bool, str]:
    """Sort functions before records, and constants last."""
    return name.isupper(), name[0].isupper(), name
