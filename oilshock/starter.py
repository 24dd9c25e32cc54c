"""The starter config and the JSON Schema, as text."""

from __future__ import annotations

import json
import re
from importlib import resources

from oilshock.config import json_schema


def starter_config(name: str) -> str:
    """Return a commented config that runs as it stands.

    Parameters
    ----------
    name : str
        Name of the study; what a folder name cannot hold becomes a dash.

    Returns
    -------
    str
        TOML.
    """
    text = resources.files("oilshock.data").joinpath("starter.toml").read_text(encoding="utf-8")
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._") or "study"
    return text.replace('name = "my-study"', f'name = "{safe}"')


def starter_schema() -> str:
    """Return the JSON Schema of the config as text."""
    return json.dumps(json_schema(), indent=2) + "\n"
