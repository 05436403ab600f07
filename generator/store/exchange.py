"""Replace and remove files one by one, and put back what stood before if one of them cannot be written."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import UnwritableError
from generator.store import staging


class Exchange:
    """Files that were replaced or removed, and what stood in their place. `exchange` makes one."""

    def __init__(self, beside: Callable[[Path], Path]) -> None:
        self._beside = beside
        # What was changed, in order, and where that which stood there is kept; ``None`` if nothing stood there.
        self._done: list[tuple[Path, Path | None]] = []
        self._folders: set[Path] = set()

    def make(self, folder: Path) -> None:
        """Make a folder that is not there."""
        self._done.append((folder, None))
        folder.mkdir()

    def replace(self, target: Path, new: Path) -> None:
        """Move the file ``new`` to ``target``, where a file, a link or nothing stands."""
        if target.is_dir() and not target.is_symlink():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not os.path.lexists(target):
            self._done.append((target, None))
        else:
            kept = self._kept(target)
            try:
                os.link(target, kept, follow_symlinks=False)
            except (OSError, NotImplementedError):
                # The file system has no hard links.
                os.rename(target, kept)
        os.replace(new, target)

    def remove(self, target: Path) -> None:
        """Remove a file, a link or a whole folder."""
        os.rename(target, self._kept(target))

    def undo(self) -> None:
        """Put back what stood before.

        Raises:
            UnwritableError: something could not be put back.
        """
        for target, kept in reversed(self._done):
            try:
                if kept is None:
                    _discard(target)
                elif os.path.lexists(kept):
                    os.replace(kept, target)
            except OSError as error:
                raise UnwritableError(target, error, is_unchanged=False) from error

    def drop(self) -> None:
        """Remove what was kept."""
        for folder in self._folders:
            staging.remove(folder)

    def _kept(self, target: Path) -> Path:
        folder = self._beside(target)
        if folder not in self._folders:
            folder.mkdir()
            self._folders.add(folder)
        kept = folder / str(len(self._done))
        self._done.append((target, kept))
        return kept


@contextmanager
def exchange(beside: Callable[[Path], Path]) -> Iterator[Exchange]:
    """Let the block replace and remove files. If it ends with an error, all that stood before is put back.

    ``beside`` gives the folder in which a file is kept until the end: a new one, on the same disk as the file.

    Raises:
        UnwritableError: something could not be put back.
    """
    made = Exchange(beside)
    try:
        yield made
    except BaseException:
        made.undo()
        made.drop()
        raise
    made.drop()


def _discard(target: Path) -> None:
    """Remove a file or an empty folder, if it is there."""
    if target.is_dir() and not target.is_symlink():
        target.rmdir()
    else:
        target.unlink(missing_ok=True)
