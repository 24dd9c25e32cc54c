"""What computes the parts of a sweep: this process, several processes, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from oilshock.errors import ConfigError, Problem, SourceError
from oilshock.sweep.part import Part, PartResult, compute_part
from oilshock.sweep.store import load_part, save_part
from oilshock.typing import Progress, silent

PATIENCE = "5s"
"""How long a scheduler may take to answer."""

RETRIES = 5
"""How often a part is sent again after a worker was lost."""


def compute_parts(
    parts: Sequence[Part],
    *,
    jobs: int = 1,
    scheduler: str = "",
    store: Path | None = None,
    progress: Progress = silent,
) -> list[PartResult]:
    """Compute parts on the engine asked for; the numbers are the same on each.

    Parameters
    ----------
    parts : sequence of Part
        What is to be computed.
    jobs : int, default 1
        Number of processes; -1 for one a core.
    scheduler : str, default ""
        Address of a Dask scheduler, such as ``tcp://host:8786``; its workers need this package.
    store : Path, optional
        Folder of finished parts: those found are not computed again, new ones are added.
    progress : callable, optional
        Called with (what is done, how many, of how many).

    Returns
    -------
    list of PartResult
        In the order of the parts.

    Raises
    ------
    ConfigError
        When the Dask extra is not installed.
    SourceError
        When the scheduler does not answer.
    """
    found = {n: load_part(store, part) for n, part in enumerate(parts)} if store else {}
    results = {n: result for n, result in found.items() if result is not None}
    left = [(n, part) for n, part in enumerate(parts) if n not in results]
    for number, result in _engine(left, jobs=jobs, scheduler=scheduler):
        results[number] = result
        if store:
            save_part(store, parts[number], result)
        progress("computing specifications", len(results), len(parts))
    return [results[number] for number in range(len(parts))]


Numbered = tuple[int, Part]


def _engine(left: list[Numbered], *, jobs: int, scheduler: str) -> Iterator[tuple[int, PartResult]]:
    if not left:
        return iter(())
    if scheduler:
        return _on_cluster(left, scheduler)
    if jobs == 1 or len(left) == 1:
        return map(_numbered, left)
    return _on_processes(left, jobs)


def _numbered(item: Numbered) -> tuple[int, PartResult]:
    return item[0], compute_part(item[1])


def _on_processes(left: list[Numbered], jobs: int) -> Iterator[tuple[int, PartResult]]:
    from joblib import Parallel, delayed

    pool = Parallel(n_jobs=jobs, return_as="generator_unordered")
    yield from pool(delayed(_numbered)(item) for item in left)


def _on_cluster(left: list[Numbered], scheduler: str) -> Iterator[tuple[int, PartResult]]:
    try:
        from distributed import Client, as_completed
    except ImportError:
        fix = 'Install it with: pip install "oilshock[dask]".'
        message = "needs the Dask extra, which is not installed."
        raise ConfigError(Problem("--scheduler", message, fix=fix)) from None
    try:
        client: Any = Client(scheduler, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        fix = "Start one with `dask scheduler`, and give its address, such as tcp://host:8786."
        message = f"no scheduler answers ({type(error).__name__})."
        raise SourceError(Problem(scheduler, message, fix=fix)) from None
    with client:
        futures = [client.submit(_numbered, item, pure=False, retries=RETRIES) for item in left]
        done: Any = as_completed(futures, with_results=True)  # type: ignore[no-untyped-call]
        for _, result in done:
            yield result
