"""What holds for every test: one BLAS thread, no window, no network, examples that repeat."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# "gate": the same examples each time, and no failure because the machine was busy.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


def pytest_configure() -> None:
    """Set what numpy and matplotlib read once, when they are first imported."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ["MPLBACKEND"] = "Agg"
    # No test reads or writes the cache of whoever runs it; those of the cache name their own.
    os.environ["OILSHOCK_CACHE"] = str(Path(tempfile.gettempdir(), f"oilshock-{os.getpid()}"))
    # Nor does one reach beyond this machine: port 9 of loopback answers nothing.
    for name in ("OILSHOCK_YAHOO_URL", "OILSHOCK_FRED_URL"):
        os.environ[name] = "http://127.0.0.1:9"
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = "127.0.0.1"


def pytest_unconfigure() -> None:
    """Clear away what tests without a cache of their own left in this one."""
    shutil.rmtree(os.environ["OILSHOCK_CACHE"], ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection: what a test needs is in the package or in tmp_path."""

    def refuse(_: socket.socket, address: Any) -> None:
        raise AssertionError(f"A test tried to reach {address!r}. Tests use no network.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        yield
