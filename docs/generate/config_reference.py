"""docs/reference/config.md: every key of the config model, with its type, default and meaning."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from typing import Any

from oilshock.config import json_schema

HEAD = """# Config keys

A config is a TOML file. Every key has a default but `study.name`; a key that is not listed here is
an error, and the message names the nearest one. `oilshock init` writes a commented file to start
from; `oilshock init --schema oilshock.schema.json` writes the JSON Schema with which an editor
completes and checks keys. Days are sessions (days with a price), returns are fractions, prices and
levels are in USD/bbl. "None" as a default means that the key may be left out, and the last column
says what happens then.
"""

NAMES = {"items": "[[events.items]]", "models": "[[sweep.models]]"}
"""Headings of the tables that are items of a list."""

BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
}
PLAIN = {
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
    "string": "text",
}

Schema = dict[str, Any]


def tables(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield the heading and the schema of every table, in the order of the model."""
    for name, field in schema["properties"].items():
        is_series = name == "series"
        table = lookup(
            next(iter(field["patternProperties"].values())) if is_series else field, schema
        )
        yield ("[series.NAME]" if is_series else f"[{name}]"), table
        for key, value in table["properties"].items():
            inner = inner_table(value, schema)
            if inner:
                yield NAMES[key], inner


def inner_table(field: Schema, schema: Schema) -> Schema | None:
    """Return the table that a list of tables holds, if the field is one."""
    for option in field.get("anyOf", [field]):
        if "$ref" in option.get("items", {}):
            return lookup(option["items"], schema)
    return None


def lookup(field: Schema, schema: Schema) -> Schema:
    """Follow a reference; of `X or nothing` take X."""
    for option in field.get("anyOf", [field]):
        if option.get("type") != "null":
            path = option.get("$ref", "").removeprefix("#/$defs/")
            return schema["$defs"][path] if path else option
    raise ValueError(field)


def kind(field: Schema) -> str:
    """Say in words what a key takes."""
    options = [option for option in field.get("anyOf", [field]) if option.get("type") != "null"]
    return " or ".join(dict.fromkeys(_kind(option) for option in options))


def _kind(field: Schema) -> str:
    if "const" in field:
        return toml(field["const"])
    if "enum" in field:
        return ", ".join(toml(value) for value in field["enum"])
    if "$ref" in field:
        return "table"
    if field["type"] == "array":
        if "prefixItems" in field:
            return f"pair of: {kind(field['prefixItems'][0])}"
        items = kind(field["items"])
        return f"list of: {'tables, see below' if items == 'table' else items}"
    if field.get("format") in ("date", "time"):
        return "date, YYYY-MM-DD" if field["format"] == "date" else "time of day"
    bounds = [text.format(field[key]) for key, text in BOUNDS.items() if key in field]
    return ", ".join([PLAIN[field["type"]], *bounds])


def toml(value: Any) -> str:
    """Write a value as TOML in code, `None` and the empty text in words."""
    if value is None:
        return "none"
    return "empty" if value == "" else f"`{json.dumps(value, ensure_ascii=False)}`"


def rows(table: Schema, *, known: Container[str] = ()) -> Iterator[str]:
    """Yield one row a key that is not known already."""
    required = table.get("required", [])
    for key, field in table["properties"].items():
        if key in known:
            continue
        default = "**required**" if key in required else toml(field.get("default", None))
        meaning = field["description"].replace("|", "\\|").replace("<", "&lt;")
        yield f"| `{key}` | {kind(field)} | {default} | {meaning} |"


def render() -> str:
    """Write the page."""
    schema = json_schema()
    parts = [HEAD]
    of_prices = schema["$defs"]["PricesTable"]["properties"]
    for heading, table in tables(schema):
        said = " ".join(table["description"].split()).split("`: ", 1)[-1]
        said = said[0].upper() + said[1:]
        known = of_prices if heading == "[series.NAME]" else ()
        if known:
            said += " It takes every key of [prices], and one more."
        parts += [f"## {heading}\n", f"{said}\n", "| key | takes | default | meaning |"]
        parts += ["| --- | --- | --- | --- |", *rows(table, known=known), ""]
    return "\n".join(parts)
