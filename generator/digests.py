"""Things by their content: SHA-256 over values, files and folders, to tell whether anything changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def of_values(*values: object) -> str:
    """Of values that JSON can tell apart, in their order."""
    return of_bytes(json.dumps(values, sort_keys=True).encode())


def of_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def of_file(path: Path) -> str:
    """Of what is in a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_contents(paths: Iterable[Path], base: Path) -> str:
    """Of what is in files and where they are below ``base``."""
    return of_values(sorted((str(path.relative_to(base)), of_file(path)) for path in paths))


def of_states(folder: Path) -> str:
    """Of the names, sizes and times of all files below a folder, without reading them.

    It differs whenever a file was added, removed or written, even if its content stayed the same.
    """
    states = []
    for path in files_below(folder):
        state = path.stat()
        states.append((str(path.relative_to(folder)), state.st_size, state.st_mtime_ns))
    return of_values(sorted(states))


def files_below(folder: Path, suffix: str = "") -> Iterator[Path]:
    """Every file below a folder whose name ends in ``suffix``, in no order; none where there is no folder."""
    for parent, folders, names in os.walk(folder, followlinks=True):
        # What Python compiled follows from the sources.
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            path = Path(parent, name)
            # Dead links are no files.
            if name.endswith(suffix) and path.is_file():
                yield path
