"""How the sources may be used: with or without network, how fresh, where the cache is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

CACHE_VARIABLE = "OILSHOCK_CACHE"
"""The environment variable that names the cache folder."""

MAX_AGE = timedelta(hours=12)
"""Younger prices of the cache are used without asking the source."""


@dataclass(frozen=True)
class Access:
    """How the sources may be used.

    Parameters
    ----------
    offline : bool, default False
        Use no network: bundled data, files and the cache only, however old it is.
    max_age : timedelta, default 12 hours
        Prices of the cache that are younger are used without asking the source.
    as_shipped : bool, default False
        Take the bundled series as they came with the package, without later prices.
    folder : Path or None, default None
        The cache folder; None takes ``OILSHOCK_CACHE``, else the platform's cache folder.

    Examples
    --------
    >>> Access(offline=True).max_age
    datetime.timedelta(seconds=43200)
    """

    offline: bool = False
    max_age: timedelta = MAX_AGE
    as_shipped: bool = False
    folder: Path | None = None

    @property
    def cache(self) -> Path:
        """The cache folder."""
        if self.folder is not None:
            return self.folder
        named = os.environ.get(CACHE_VARIABLE)
        if named:
            return Path(named).expanduser()
        from platformdirs import user_cache_path

        return user_cache_path("oilshock", appauthor=False)
