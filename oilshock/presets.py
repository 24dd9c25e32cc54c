"""Factor presets: names in `model.factors` that stand for series and their transforms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oilshock.options import ReturnKind, Source


@dataclass(frozen=True)
class PresetPart:
    """One factor of a preset: where it comes from, and how it enters the model.

    Parameters
    ----------
    name : str
        What the factor is called.
    source : {"bundled", "yahoo", "fred"}
        Its source.
    symbol : str
        What the source calls it.
    kind : {"log", "difference"}
        Log returns of prices and indices; the change of a yield, in percentage points.
    """

    name: str
    source: Source
    symbol: str
    kind: ReturnKind


PRESETS: dict[str, tuple[PresetPart, ...]] = {
    "dollar": (PresetPart("dollar", "bundled", "usd-broad", "log"),),
    "hamilton": (
        PresetPart("copper", "yahoo", "HG=F", "log"),
        PresetPart("broad-dollar", "fred", "DTWEXBGS", "log"),
        PresetPart("treasury-10y", "fred", "DGS10", "difference"),
    ),
    "equity": (PresetPart("equity", "yahoo", "^GSPC", "log"),),
}
"""Presets by name. `docs/sources/presets.md` says when each is endogenous to an oil shock."""


def count_factors(names: Iterable[str]) -> int:
    """Count the factors behind names, of which a preset may hold several.

    Examples
    --------
    >>> count_factors(["hamilton", "equity", "my-series"])
    5
    """
    return sum(len(PRESETS.get(name, (None,))) for name in names)


def preset_parts(names: Iterable[str]) -> tuple[str, ...]:
    """Name the factors of the presets among names.

    Examples
    --------
    >>> preset_parts(["hamilton", "my-series"])
    ('copper', 'broad-dollar', 'treasury-10y')
    """
    return tuple(part.name for name in names for part in PRESETS.get(name, ()))
