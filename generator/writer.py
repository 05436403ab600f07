"""Pages to docs/: written where they differ, compared on request, and never over what people wrote."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator import digests, processors
from generator.errors import HandWrittenFileError, UnwritableError
from generator.files import Replacement
from generator.pages.markdown import MARKER, is_generated

# The folders below docs/ whose generated files are ours to remove once no page is made for them.
GENERATED_FOLDERS = ("models", "families", "generated")

# How many parts make it worth to start a process.
_MANY = 8

_EQUAL, _MISSING, _OUTDATED, _HAND_WRITTEN = "equal", "missing", "outdated", "hand-written"


@dataclass(frozen=True, slots=True)
class Changes:
    """How the pages on disk differ from those that the dataset gives; paths below ``docs/``, sorted."""

    missing: list[str]
    outdated: list[str]
    stale: list[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.outdated or self.stale)


@dataclass(frozen=True, slots=True)
class Written:
    """What writing has changed, and the digest of all that was to be written, by which `standing_digest` tells it."""

    changes: Changes
    digest: str


def compare(texts: Iterable[tuple[str, str]], docs: Path) -> Changes:
    """What would have to change on disk for it to hold exactly these texts, each with its path below ``docs``.

    Raises:
        HandWrittenFileError: files without our marker stand where generated ones belong.
    """
    return _changes({name: _state(docs / name, text.encode()) for name, text in texts}, docs)


def write(parts: Sequence[Iterable[tuple[str, str]]], docs: Path) -> Written:
    """Make ``docs`` hold exactly these generated texts, and leave hand-written files and equal ones untouched.

    Args:
        parts: texts with their paths below ``docs``, in parts of which each is gone through once, in any order, in this
            process or in one beside it.
        docs: the folder.

    Raises:
        HandWrittenFileError: nothing has been written.
        UnwritableError: nothing has been replaced.
    """
    with Replacement(docs, GENERATED_FOLDERS) as replacement:

        def put(texts: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
            return [(name, *_put(replacement, name, text.encode())) for name, text in texts]

        outcomes = [outcome for part in processors.shared(put, parts, many=_MANY) for outcome in part]
        changes = _changes({name: state for name, state, _ in outcomes}, docs)
        replacement.carry_out(remove=changes.stale)
    return Written(changes, digests.of_values(sorted((name, digest) for name, _, digest in outcomes)))


def _put(replacement: Replacement, name: str, content: bytes) -> tuple[str, str]:
    """Make a new file where what stands is ours and differs; how it compares, and the digest of what is to be there."""
    state = _state(replacement.root / name, content)
    if state in (_MISSING, _OUTDATED):
        replacement.put(name, content)
    return state, digests.of_bytes(content)


def standing_digest(docs: Path) -> str:
    """The digest of the generated texts that are on disk."""
    standing = [path for folder in GENERATED_FOLDERS for path in (docs / folder).glob("*.md") if _is_ours(path)]
    return digests.of_values(sorted((str(path.relative_to(docs)), digests.of_file(path)) for path in standing))


def _state(path: Path, content: bytes) -> str:
    """How what stands in a page's place compares with the page."""
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
        # What cannot be read was not written by us, or is no longer ours to remove.
        return False
