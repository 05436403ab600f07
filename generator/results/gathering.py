"""Find the tables to read: timm's, by the environment or in the cache, and the user's own. Nothing is fetched."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from generator.errors import ResultsError
from generator.results import pin as pins
from generator.results.pin import Pin

# The environment variable with a folder of timm's tables, or with NONE for doing without.
VARIABLE, NONE = "ATLAS_RESULTS", "none"
OPTION = "--results"
# The names of timm's tables begin like this.
_PREFIXES = ("results-", "benchmark-")
# Letters of a digest that stand for a version.
_SHORT = 12


class File(NamedTuple):
    """A table as it was found: its content, and where it comes from. `Source` says what each means."""

    path: Path
    content: bytes
    version: str
    date: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables to read: timm's, and the user's own. ``note`` is a sentence for the user, or ""."""

    timm: tuple[File, ...] = ()
    own: tuple[File, ...] = ()
    note: str = ""

    @property
    def digest(self) -> str:
        """The digest of all that follows from the tables."""
        found = hashlib.sha256()
        for kind, files in (("timm", self.timm), ("own", self.own)):
            for file in files:
                facts = (kind, file.path.name, file.version, file.date, file.address, _sha256(file.content))
                found.update(repr(facts).encode())
        return found.hexdigest()


def gather(
    root: Path, own: Sequence[Path] = (), *, environment: Mapping[str, str] = os.environ, pin: Pin | None = None
) -> Tables:
    """Find and read the files of the tables.

    Args:
        root: the project, in whose cache the pinned tables of timm may be.
        own: tables of the user.
        environment: has the folder of timm's tables, if another than the cache's.
        pin: the pinned tables; by default those of this version.

    Raises:
        ResultsError: a file or folder that was named is not there, or not what it should be.
    """
    pin = pin or pins.read()
    found, note = _timm_tables(root, environment.get(VARIABLE, ""), pin)
    return Tables(found, _own_tables(own), note)


def _timm_tables(root: Path, asked: str, pin: Pin) -> tuple[tuple[File, ...], str]:
    if asked == NONE:
        return (), ""
    if asked:
        return _in_folder(Path(asked), pin), ""
    folder = pins.kept(root, pin)
    if not folder.is_dir():
        return (), ""
    files = []
    for name, digest in pin.files.items():
        path = folder / name
        content = path.read_bytes() if path.is_file() else None
        if content is None or _sha256(content) != digest:
            problem = "is missing" if content is None else "is not what is pinned"
            return (
                (),
                f"timm's result tables are not used: {path} {problem}; ./scripts/results fetches them again.",
            )
        files.append(_dated(path, content, pin))
    return tuple(files), ""


def _in_folder(folder: Path, pin: Pin) -> tuple[File, ...]:
    """timm's tables in a folder that the user has named."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.startswith(_PREFIXES) and path.suffix == ".csv")
        found = tuple(_dated(path, path.read_bytes(), pin) for path in paths)
    except OSError as error:
        raise ResultsError(VARIABLE, folder, f"which cannot be read ({error.strerror or error})") from error
    if not found:
        raise ResultsError(VARIABLE, folder, f"where none of timm's tables is; {NONE!r} does without them")
    return found


def _own_tables(paths: Sequence[Path]) -> tuple[File, ...]:
    found: dict[str, File] = {}
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ResultsError(OPTION, path, f"which cannot be read ({error.strerror or error})") from error
        if path.name in found or path.name != path.name.encode(errors="replace").decode():
            problem = "and another of that name" if path.name in found else "whose name is no text"
            raise ResultsError(OPTION, path, problem)
        found[path.name] = File(path, content, _short(content))
    return tuple(found.values())


def _dated(path: Path, content: bytes, pin: Pin) -> File:
    """A table of timm: with commit and date if it is the pinned one, else with the digest of its content."""
    if pin.files.get(path.name) == _sha256(content):
        return File(path, content, pin.commit, pin.date, pin.address(path.name))
    return File(path, content, _short(content))


def _short(content: bytes) -> str:
    return f"sha256:{_sha256(content)[:_SHORT]}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
