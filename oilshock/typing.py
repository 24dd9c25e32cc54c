"""Array aliases and the option names that run through the package."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Float: TypeAlias = npt.NDArray[np.float64]
Int: TypeAlias = npt.NDArray[np.intp]
Bool: TypeAlias = npt.NDArray[np.bool_]
Record: TypeAlias = dict[str, Any]

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, how many in all)."""

Window: TypeAlias = tuple[int, int]
"""A closed window of relative days, counted in sessions."""


def freeze(*arrays: npt.NDArray[Any]) -> None:
    """Make arrays read-only, so that a record that holds them cannot be changed."""
    for array in arrays:
        array.setflags(write=False)


def silent(what: str, done: int, total: int) -> None:
    """Report no progress."""
