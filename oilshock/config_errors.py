"""Foreign validation errors, turned into problems that name key, value and fix."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from oilshock.errors import Problem, nearest, nearest_or_all

T = TypeVar("T")

_MAX_ROUNDS = 20


def cross_problems(checked: T, problems: Sequence[tuple[str, Any, str, str]]) -> T:
    """Return what was checked, or raise all problems between its keys as one error.

    Each problem is (key, value, what is wrong, fix).
    """
    if problems:
        raise PydanticCustomError("cross", "several keys do not fit", {"problems": list(problems)})
    return checked


def explain(
    error: ValidationError, data: dict[str, Any], *, model: type[BaseModel], where: str
) -> list[Problem]:
    """List all problems of a config, also those that only show once others are gone.

    Checks between keys run only when each key by itself is right. So the wrong keys are
    taken out, and the rest is checked again, until nothing new is found.
    """
    found: dict[str, Problem] = {}
    rest = copy.deepcopy(data)
    current: ValidationError | None = error
    dropped: set[str] = set()
    for _ in range(_MAX_ROUNDS):
        if current is None:
            break
        for detail in current.errors(include_url=False):
            for key, problem in _problems_of(detail, model, where):
                if key not in dropped:
                    found.setdefault(str(problem), problem)
            dropped |= _drop(rest, detail)
        current = _validate_again(model, rest, previous=current)
    return list(found.values())


def counted_from_one(problem: Problem) -> Problem:
    """Name a place in a list as a reader counts, who has a file and no Python before them.

    Examples
    --------
    >>> print(counted_from_one(Problem("s.toml", "is missing.", "events.items[1].date")))
    s.toml, events.items, item 2, date: is missing.
    """

    def counted(match: re.Match[str]) -> str:
        item, place = int(match[1]) + 1, match[2]
        inside = "" if place is None else f", place {int(place) + 1}"
        return f", item {item}{inside}{', ' if match[3] else ''}"

    field = re.sub(r"\[(\d+)\](?:\[(\d+)\])?(\.)?", counted, problem.field)
    return replace(problem, field=field)


def _validate_again(
    model: type[BaseModel], rest: dict[str, Any], *, previous: ValidationError
) -> ValidationError | None:
    try:
        model.model_validate(rest)
    except ValidationError as error:
        return None if error.errors() == previous.errors() else error
    return None


def _drop(rest: dict[str, Any], detail: ErrorDetails) -> set[str]:
    """Take the wrong keys out of the data; return the key paths taken out."""
    loc = [part for part in detail["loc"] if part != "[key]"]
    paths = [loc]
    if detail["type"] == "cross":
        keys = {str(key).split("[")[0] for key, *_ in detail["ctx"]["problems"]}
        paths = [[*loc, *key.split(".")] for key in sorted(keys)]
    taken = set()
    for path in paths:
        table: Any = rest
        for depth, part in enumerate(path[:-1]):
            inner = table.get(part) if isinstance(table, dict) else None
            if not isinstance(inner, dict):
                path = path[: depth + 1]
                break
            table = inner
        if isinstance(table, dict) and path and table.pop(path[-1], None) is not None:
            taken.add(".".join(str(part) for part in path))
    if not taken and detail["type"] == "missing" and loc == ["study", "name"]:
        rest["study"] = {**_as_dict(rest.get("study")), "name": "unnamed"}
    elif not taken and detail["type"] == "missing" and loc == ["study"]:
        rest["study"] = {"name": "unnamed"}
    if "study.name" in taken or "study" in taken:
        rest["study"] = {**_as_dict(rest.get("study")), "name": "unnamed"}
    return taken


def _as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _problems_of(
    detail: ErrorDetails, model: type[BaseModel], where: str
) -> list[tuple[str, Problem]]:
    """Return (key path, problem) for each thing that one validation error says."""
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    table = _path(loc)
    if detail["type"] == "cross":
        result = []
        for key, value, message, fix in detail["ctx"]["problems"]:
            field = f"{table}.{key}" if table else key
            shown = "" if value == "" else f"{_show(value)} "
            result.append((field, Problem(where, f"{shown}{message}.", field, fix)))
        return result
    if detail["type"] == "extra_forbidden":
        known = _known_keys(model, loc[:-1])
        elsewhere = _belongs_elsewhere(model, str(loc[-1]))
        fix = elsewhere or nearest_or_all(str(loc[-1]), known, label="Known keys")
        return [(table, Problem(where, "is not a known key.", table, fix))]
    info = _field_info(model, loc)
    fix = _fix_from(info, loc)
    if detail["type"] == "missing":
        inner = _model_in(info.annotation) if info else None
        if inner is not None:
            needed = next(key for key, field in inner.model_fields.items() if field.is_required())
            table, fix = f"{table}.{needed}", _fix_from(inner.model_fields[needed], (needed,))
        return [(table, Problem(where, "is missing.", table, fix))]
    wrong = f"{_show(detail['input'])} is not valid: {_expected(detail)}."
    if detail["type"] == "literal_error":
        allowed = str(detail["ctx"]["expected"])
        hint = nearest(
            str(detail["input"]), allowed.replace("'", "").replace(" or ", ", ").split(", ")
        )
        wrong, fix = f"{_show(detail['input'])} is not one of {allowed}.", hint or fix
    if detail["type"] == "string_pattern_mismatch":
        wrong = f"{_show(detail['input'])} is not valid: it holds a sign that it may not."
    if detail["type"] in ("model_type", "dict_type"):
        wrong, fix = f"{_show(detail['input'])} is not a table.", f"Write a table: [{table}]."
    if detail["type"] == "clock":
        wrong = f"{_show(detail['input'])} is not a 24-hour time of day, HH:MM."
        fix = f'Write {_key_name(loc)} = "{detail["ctx"]["meant"]}".'
    if detail["type"] == "zone":
        from zoneinfo import available_timezones

        wrong = f"{_show(detail['input'])} is not a known time zone."
        # Between abbreviations nearness means nothing: BST is not MST.
        places = sorted(zone for zone in available_timezones() if "/" in zone)
        fix = nearest(str(detail["input"]), places) or fix
    return [(table, Problem(where, wrong, table, fix))]


_EXPECTED = {
    "tuple_type": "a list is expected, in square brackets",
    "int_type": "a whole number is expected",
    "float_type": "a number is expected",
    "string_type": "a text is expected, in quotation marks",
    "bool_type": "true or false is expected",
    "date_from_datetime_parsing": "a date is expected, YYYY-MM-DD",
    "date_from_datetime_inexact": "a date is expected, YYYY-MM-DD",
    "date_type": "a date is expected, YYYY-MM-DD",
}


def _expected(detail: ErrorDetails) -> str:
    """Say what was expected in the words of a config, not of Python."""
    if detail["type"] in ("too_long", "too_short"):
        limits = detail["ctx"]
        low, high = limits.get("min_length"), limits.get("max_length")
        return f"at least {low} expected" if high is None else f"at most {high} expected"
    told = detail["msg"][:1].lower() + detail["msg"][1:]
    return _EXPECTED.get(detail["type"], told.removeprefix("input "))


def _show(value: Any) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _path(loc: Sequence[Any]) -> str:
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Find the model inside `X | None`, `dict[str, X]` or `tuple[X, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        model = _model_in(inner)
        if model is not None:
            return model
    return None


def _field_info(model: type[BaseModel], loc: Sequence[Any]) -> FieldInfo | None:
    """Return the field that a location leads to; indices and series names are passed over."""
    current: type[BaseModel] | None = model
    info: FieldInfo | None = None
    for part in loc:
        if current is None or part not in current.model_fields:
            continue
        info = current.model_fields[part]
        current = _model_in(info.annotation) or current
    return info


def _belongs_elsewhere(model: type[BaseModel], key: str) -> str:
    """Say under which tables a key stands, if it does; a line below the wrong header is common."""
    tables = [
        f"[{name}]"
        for name, field in model.model_fields.items()
        if isinstance(field.annotation, type)
        and issubclass(field.annotation, BaseModel)
        and key in field.annotation.model_fields
    ]
    return f"{key} belongs under {' or '.join(tables)}." if tables else ""


def _known_keys(model: type[BaseModel], loc: Sequence[Any]) -> list[str]:
    info = _field_info(model, loc)
    table = model if info is None else _model_in(info.annotation)
    return sorted(table.model_fields) if table else []


def _fix_from(info: FieldInfo | None, loc: Sequence[Any]) -> str:
    if info is None or not loc:
        return ""
    example = info.examples[0] if info.examples else None
    shown = "" if example is None else f" Example: {_key_name(loc)} = {_toml(example)}."
    return f"{info.description or ''}{shown}".strip()


def _key_name(loc: Sequence[Any]) -> str:
    names = [part for part in loc if isinstance(part, str)]
    return str(names[-1]) if names else ""


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return str(value)
