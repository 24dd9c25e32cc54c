"""Groups of events in words, and the order in which they are shown."""

from __future__ import annotations

from collections.abc import Iterable

from oilshock.words import capital, plain_name

FIRST = ("direction=+", "direction=-", "signed")
"""Groups that come first: one that mixes both directions says little."""

WORDS = {
    "direction=+": "Expected to tighten (+)",
    "direction=-": "Expected to ease (\N{MINUS SIGN})",
    "direction=0": "No direction expected (0)",
    "signed": "All, in the direction expected",
    "all": "All events, whatever their direction",
}


def group_words(group: str) -> str:
    """Name a group in a table.

    Examples
    --------
    >>> group_words("category=attack_on_supply"), group_words("direction=0")
    ('Category: attack on supply', 'No direction expected (0)')
    """
    return WORDS.get(group, capital(plain_name(group)))


def place_of(group: str) -> int:
    """Return the place of a group: the groups by direction stand before all others."""
    return FIRST.index(group) if group in FIRST else len(FIRST)


def directions_first(groups: Iterable[str]) -> list[str]:
    """Put the groups by direction first, and leave the others in their order.

    Examples
    --------
    >>> directions_first(["all", "direction=-", "region=Gulf", "direction=+"])
    ['direction=+', 'direction=-', 'all', 'region=Gulf']
    """
    return sorted(groups, key=place_of)
