"""SHA-256 digests of values, files and folders, to find out whether anything changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def of_values(*values: object) -> str:
    """The digest of values in their order. Values with equal JSON have equal digests."""
    return of_bytes(json.dumps(values, sort_keys=True).encode())


def of_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def of_file(path: Path) -> str:
    """The digest of a file's content."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_contents(paths: Iterable[Path], base: Path) -> str:
    """The digest of the contents of files and of their paths relative to ``base``."""
    return of_values(sorted((str(path.relative_to(base)), of_file(path)) for path in paths))


def of_states(folder: Path) -> str:
    """The digest of the names, sizes and times of all files below a folder, without reading them.

    It changes whenever a file is added, removed or written, even with the same content.
    """
    states = []
    for path in files_below(folder):
        state = path.stat()
        states.append((str(path.relative_to(folder)), state.st_size, state.st_mtime_ns))
    return of_values(sorted(states))


def files_below(folder: Path, suffix: str = "") -> Iterator[Path]:
    """Every file below a folder whose name ends in ``suffix``, in any order; none if the folder does not exist."""
    for parent, folders, names in os.walk(folder, followlinks=True):
        # Compiled files depend on the sources alone.
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            path = Path(parent, name)
            # Skips dead links.
            if name.endswith(suffix) and path.is_file():
                yield path
