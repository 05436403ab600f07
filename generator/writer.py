"""Pages to docs/: written where they differ, compared on request, and never over what people wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator import digests
from generator.errors import HandWrittenFileError, UnwritableError
from generator.files import write_all
from generator.pages.markdown import MARKER, is_generated

# The folders below docs/ whose generated files are ours to remove once no page is made for them.
GENERATED_FOLDERS = ("models", "families", "generated")


@dataclass(frozen=True, slots=True)
class Changes:
    """How the pages on disk differ from those that the dataset gives; paths below ``docs/``, sorted."""

    missing: list[str]
    outdated: list[str]
    stale: list[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.outdated or self.stale)


def compare(texts: dict[str, str], docs: Path) -> Changes:
    """What would have to change on disk for it to hold exactly these texts.

    Raises:
        HandWrittenFileError: files without our marker stand where generated ones belong.
    """
    missing: list[str] = []
    outdated: list[str] = []
    hand_written: list[str] = []
    for name, text in sorted(texts.items()):
        path = docs / name
        try:
            standing = path.read_bytes()
        except FileNotFoundError:
            missing.append(name)
            continue
        except OSError as error:
            raise UnwritableError(path, error) from error
        if standing != text.encode():
            (outdated if is_generated(standing.decode(errors="replace")) else hand_written).append(name)
    if hand_written:
        raise HandWrittenFileError([docs / name for name in hand_written])
    return Changes(missing, outdated, _stale(texts, docs))


def write(texts: dict[str, str], docs: Path) -> Changes:
    """Make ``docs`` hold exactly these generated texts, and leave hand-written files and equal ones untouched.

    Raises:
        HandWrittenFileError: nothing has been written.
        UnwritableError: nothing has been replaced.
    """
    changes = compare(texts, docs)
    write_all(docs, {name: texts[name] for name in changes.missing + changes.outdated}, remove=changes.stale)
    return changes


def digest(texts: dict[str, str]) -> str:
    """The digest of generated texts, by which `standing_digest` tells whether they are what is on disk."""
    return digests.of_values(sorted((name, digests.of_bytes(text.encode())) for name, text in texts.items()))


def standing_digest(docs: Path) -> str:
    """The digest of the generated texts that are on disk."""
    standing = [path for folder in GENERATED_FOLDERS for path in (docs / folder).glob("*.md") if _is_ours(path)]
    return digests.of_values(sorted((str(path.relative_to(docs)), digests.of_file(path)) for path in standing))


def _stale(texts: dict[str, str], docs: Path) -> list[str]:
    return sorted(
        str(path.relative_to(docs))
        for folder in GENERATED_FOLDERS
        for path in (docs / folder).glob("*.md")
        if str(path.relative_to(docs)) not in texts and path.is_file() and _is_ours(path)
    )


def _is_ours(path: Path) -> bool:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return is_generated(file.read(len(MARKER) + 16))
    except OSError:
        # What cannot be read was not written by us, or is no longer ours to remove.
        return False
