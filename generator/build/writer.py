"""Write pages to docs/: only those that differ, and never over hand-written files. Compare them on request."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.build import parallel
from generator.errors import HandWrittenFileError, UnwritableError
from generator.pages.markdown import MARKER, is_generated
from generator.store import digests
from generator.store.files import Replacement

# The folders below docs/ in which generated files are removed if there is no longer a page for them.
GENERATED_FOLDERS = ("models", "families", "generated")

# The least number of parts for which a second process is started.
_MANY = 8

_EQUAL, _MISSING, _OUTDATED, _HAND_WRITTEN = "equal", "missing", "outdated", "hand-written"


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences between the pages on disk and those of the dataset: sorted paths below ``docs/``."""

    missing: list[str]
    outdated: list[str]
    stale: list[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.outdated or self.stale)


@dataclass(frozen=True, slots=True)
class Written:
    """The changes that were made, and the digest of all generated texts, equal to `standing_digest`."""

    changes: Changes
    digest: str


def compare(texts: Iterable[tuple[str, str]], docs: Path) -> Changes:
    """The changes that are needed so that ``docs`` has exactly these generated texts, given with their paths.

    Raises:
        HandWrittenFileError: files without our marker are at paths where generated files belong.
    """
    return _changes({name: _state(docs / name, text.encode()) for name, text in texts}, docs)


def write(parts: Sequence[Iterable[tuple[str, str]]], docs: Path) -> Written:
    """Write generated texts, so that ``docs`` has exactly these. Hand-written and unchanged files are not touched.

    Args:
        parts: texts with their paths below ``docs``, in parts. Each part is iterated once, in any order, in this
            process or in a second one.
        docs: the folder.

    Raises:
        HandWrittenFileError: a hand-written file is at the path of a text; nothing was written.
        UnwritableError: a file could not be written; no file was replaced.
    """
    with Replacement(docs, GENERATED_FOLDERS) as replacement:

        def put(texts: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
            return [(name, *_put(replacement, name, text.encode())) for name, text in texts]

        outcomes = [outcome for part in parallel.shared(put, parts, many=_MANY) for outcome in part]
        changes = _changes({name: state for name, state, _ in outcomes}, docs)
        replacement.carry_out(remove=changes.stale)
    return Written(changes, digests.of_values(sorted((name, digest) for name, _, digest in outcomes)))


def _put(replacement: Replacement, name: str, content: bytes) -> tuple[str, str]:
    """Write a file if it is missing or outdated. Return its state before, and the digest of its new content."""
    state = _state(replacement.root / name, content)
    if state in (_MISSING, _OUTDATED):
        replacement.put(name, content)
    return state, digests.of_bytes(content)


def standing_digest(docs: Path) -> str:
    """The digest of the generated texts on disk."""
    standing = [path for folder in GENERATED_FOLDERS for path in (docs / folder).glob("*.md") if _is_ours(path)]
    return digests.of_values(sorted((str(path.relative_to(docs)), digests.of_file(path)) for path in standing))


def _state(path: Path, content: bytes) -> str:
    """The state of the file at a page's path: equal, missing, outdated or hand-written."""
    try:
        standing = path.read_bytes()
    except FileNotFoundError:
        return _MISSING
    except OSError as error:
        raise UnwritableError(path, error) from error
    if standing == content:
        return _EQUAL
    return _OUTDATED if is_generated(standing.decode(errors="replace")) else _HAND_WRITTEN


def _changes(states: dict[str, str], docs: Path) -> Changes:
    names = {state: sorted(name for name, found in states.items() if found == state) for state in set(states.values())}
    if _HAND_WRITTEN in names:
        raise HandWrittenFileError([docs / name for name in names[_HAND_WRITTEN]])
    return Changes(names.get(_MISSING, []), names.get(_OUTDATED, []), _stale(states, docs))


def _stale(names: Container[str], docs: Path) -> list[str]:
    return sorted(
        str(path.relative_to(docs))
        for folder in GENERATED_FOLDERS
        for path in (docs / folder).glob("*.md")
        if str(path.relative_to(docs)) not in names and path.is_file() and _is_ours(path)
    )


def _is_ours(path: Path) -> bool:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return is_generated(file.read(len(MARKER) + 16))
    except OSError:
        # A file that cannot be read is not removed: it may be hand-written.
        return False
