"""What a shell completes after Tab: files, events, series and runs.

Runs at each press of the key, so nothing heavy is imported and nothing is checked.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable
from importlib import resources
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from oilshock.storage import is_ours

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def complete_configs(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer config files here and one folder below; where there is none, any file."""
    del ctx, param
    found = _files(incomplete, ending=".toml")
    # A name with a blank is left to the shell, which knows how to quote it.
    if not found or any(re.search(r"\s", name) for name in found):
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(name) for name in found]


def complete_from(names: Iterable[str]) -> Completer:
    """Offer some fixed names."""

    def complete(
        ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        del ctx, param
        return _starting(names, incomplete)

    return complete


def complete_series(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the bundled series and the sources of others."""
    del ctx, param
    described = json.loads(_data("provenance.json"))
    bundled = [name for name, about in described.items() if about["kind"] != "events"]
    return _starting([*bundled, "yahoo:", "fred:"], incomplete)


def complete_event_ids(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the ids of the bundled events, with their titles."""
    del ctx, param
    return [
        CompletionItem(event["id"], help=event["title"])
        for event in _bundled_events()
        if event["id"].startswith(incomplete)
    ]


def complete_runs(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the studies that were run, by name; where none fits, any file."""
    del param
    out = Path(ctx.params.get("out") or "outputs")
    names = sorted(folder.name for folder in out.glob("*") if is_ours(folder))
    return _starting(names, incomplete) or [CompletionItem(incomplete, type="file")]


def _starting(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _bundled_events() -> list[dict[str, str]]:
    return list(csv.DictReader(_data("events.csv").splitlines()))


def _data(name: str) -> str:
    return (resources.files("oilshock") / "data" / name).read_text(encoding="utf-8")


def _files(incomplete: str, *, ending: str) -> list[str]:
    folder, slash, start = incomplete.rpartition("/")
    here = Path(folder or slash or ".")
    try:
        entries = [entry for entry in sorted(here.iterdir()) if entry.name.startswith(start)]
        found = [entry.name for entry in entries if entry.name.endswith(ending)]
        for entry in entries:
            if entry.is_dir() and not entry.name.startswith("."):
                below = sorted(entry.iterdir())
                found += [f"{entry.name}/{one.name}" for one in below if one.suffix == ending]
    except OSError:
        return []
    return [f"{folder}{slash}{name}" for name in found]
