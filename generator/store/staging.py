"""Staging folders: where new files are made beside their place. What killed runs left in them is mended.

The name of a staging folder has the ID of the process that made it, a word that is this folder's own, its role, and the
name of the folder whose place it takes.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PREFIX = ".staging-"
# The roles: new files; a whole folder that was moved away; files that are kept until all new ones are in their place.
NEW, OLD, KEPT = "new", "old", "kept"

# The words of this process. In a container, a killed run may have had the ID that this process has.
_words: set[str] = set()


class _Parts(NamedTuple):
    process: str
    word: str
    role: str
    target: str


def name(role: str, target: str = "") -> str:
    """A name for a new staging folder. It is the same in all processes that are forked later."""
    word = secrets.token_hex(4)
    _words.add(word)
    return f"{PREFIX}{os.getpid()}-{word}-{role}-{target}"


def mend(folder: Path) -> list[Path]:
    """Mend what killed runs left in ``folder``: put back each folder that they had moved away, and remove the rest.

    A folder that stood is moved away just before the new one takes its place. It is put back if the run was killed in
    between.

    Returns:
        The folders that were put back.
    """
    put_back = []
    for path in sorted(folder.glob(f"{PREFIX}*")):
        parts = _parts(path.name)
        if not _is_left(parts):
            continue
        target = folder / parts.target
        if parts.role == OLD and parts.target and not os.path.lexists(target):
            os.rename(path, target)
            put_back.append(target)
        else:
            remove(path)
    return put_back


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder, as far as that is possible."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """The entries of a folder, except staging folders; none if there is no folder."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as found:
        yield from (entry for entry in found if not entry.name.startswith(PREFIX))


def _parts(name: str) -> _Parts:
    process, word, role, target, *_ = (*name.removeprefix(PREFIX).split("-", 3), "", "", "")
    return _Parts(process, word, role, target)


def _is_left(parts: _Parts) -> bool:
    if not parts.process.isdecimal():
        return False
    process = int(parts.process)
    return parts.word not in _words if process == os.getpid() else not _is_running(process)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
