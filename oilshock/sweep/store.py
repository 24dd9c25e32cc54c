"""Finished parts of a sweep on disk, so that a killed run goes on where it stopped."""

from __future__ import annotations

import hashlib
import io
from dataclasses import fields
from pathlib import Path

import numpy as np

from oilshock import __version__
from oilshock.storage import write_file
from oilshock.sweep.part import Part, PartResult

DIGEST = 64
"""Hex digits of the checksum that opens a file."""


def part_key(part: Part) -> str:
    """Name a part by all that its numbers depend on: its fields and the version of the package."""
    digest = hashlib.sha256(__version__.encode())
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, np.ndarray):
            digest.update(f"{field.name} {value.dtype} {value.shape}".encode())
            digest.update(np.ascontiguousarray(value).tobytes())
        else:
            digest.update(f"{field.name} {value!r}".encode())
    return digest.hexdigest()


def save_part(folder: Path, part: Part, result: PartResult) -> None:
    """Write a finished part: its checksum, then its arrays; whole or not at all."""
    buffer = io.BytesIO()
    np.savez(buffer, **{field.name: getattr(result, field.name) for field in fields(result)})
    payload = buffer.getvalue()
    digest = hashlib.sha256(payload).hexdigest().encode()
    write_file(folder / f"{part_key(part)}.part", digest + payload)


def load_part(folder: Path, part: Part) -> PartResult | None:
    """Read a finished part; None where there is none, or where its checksum does not hold."""
    try:
        data = (folder / f"{part_key(part)}.part").read_bytes()
    except OSError:
        return None
    digest, payload = data[:DIGEST], data[DIGEST:]
    if hashlib.sha256(payload).hexdigest().encode() != digest:
        return None
    with np.load(io.BytesIO(payload)) as arrays:
        return PartResult(**{field.name: arrays[field.name] for field in fields(PartResult)})
