"""Write files and folders whole or not at all, so that nobody sees them half-written.

Where a path is a symbolic link, what it leads to is written, and the link stays.
"""

from __future__ import annotations

import errno
import filecmp
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import UnwritableError
from generator.store import staging as stages
from generator.store.digests import files_below
from generator.store.exchange import exchange

# The errors of a folder that cannot be moved, though its files can be written: its parent is another user's, or it is
# the root of a disk.
_UNMOVABLE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV})


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Give the block a new empty folder, which replaces ``target`` if the block ends without an error.

    A folder that cannot be moved, such as the root of a disk, has its files replaced one by one.

    Raises:
        UnwritableError: the folder could not be made, filled or moved. ``target`` is unchanged, unless the error says
            otherwise.
    """
    place = Path(os.path.realpath(target))
    staging: Path | None = None
    try:
        if place.exists() and not place.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        place.parent.mkdir(parents=True, exist_ok=True)
        staging = _staging_folder(place)
        yield staging
        _take_place(staging, place)
    except OSError as error:
        raise UnwritableError(target, error) from error
    finally:
        if staging is not None:
            stages.remove(staging)


def _staging_folder(place: Path) -> Path:
    """Make a staging folder beside ``place``, or in it if it cannot be moved."""
    if not os.path.ismount(place):
        try:
            return _made_in(place.parent, stages.name(stages.NEW, place.name))
        except OSError as error:
            if error.errno not in _UNMOVABLE or not place.is_dir():
                raise
    return _made_in(place, stages.name(stages.NEW))


def _made_in(folder: Path, name: str) -> Path:
    stages.mend(folder)
    staging = folder / name
    staging.mkdir()
    staging.chmod(0o755)
    return staging


def _take_place(staging: Path, place: Path) -> None:
    """Move a staging folder to its place, and remove what stood there."""
    if staging.parent == place:
        _fill(place, staging)
        return
    old = place.with_name(stages.name(stages.OLD, place.name))
    try:
        if place.exists():
            os.rename(place, old)
        os.rename(staging, place)
    except BaseException as error:
        _put_back(old, place)
        if not isinstance(error, OSError) or error.errno not in _UNMOVABLE or not place.is_dir():
            raise
        _fill_with_copies(place, staging)
    if old.exists():
        stages.remove(old)


def _put_back(old: Path, place: Path) -> None:
    """Move the folder that stood at ``place`` back, if nothing has taken its place."""
    if not old.exists() or os.path.lexists(place):
        return
    try:
        os.rename(old, place)
    except OSError as error:
        raise UnwritableError(place, error, is_unchanged=False) from error


def _fill_with_copies(place: Path, staging: Path) -> None:
    """Fill ``place`` with copies of the files in ``staging``, which may be on another disk."""
    inner = place / stages.name(stages.NEW)
    try:
        shutil.copytree(staging, inner)
        _fill(place, inner)
    finally:
        stages.remove(inner)


def _fill(place: Path, staging: Path) -> None:
    """Move all files in ``staging``, a folder in ``place``, into ``place``, and remove whatever else is there.

    New files come first, because others may refer to them. Old files are removed last.
    """
    folders, files = [], []
    for parent, _, names in os.walk(staging):
        folders.append(Path(parent).relative_to(staging))
        files += [Path(parent, name).relative_to(staging) for name in names]
    expected = {*folders, *files}
    kept = place / stages.name(stages.KEPT)
    with exchange(lambda _: kept) as exchanged:
        for folder in folders:
            standing = place / folder
            if os.path.lexists(standing) and (standing.is_symlink() or not standing.is_dir()) and standing != place:
                exchanged.remove(standing)
            if not standing.exists():
                exchanged.make(standing)
        for file in sorted(files, key=lambda file: os.path.lexists(place / file)):
            if (place / file).is_dir() and not (place / file).is_symlink():
                exchanged.remove(place / file)
            exchanged.replace(place / file, staging / file)
        for folder in folders:
            for entry in list(stages.entries(place / folder)):
                if folder / entry.name not in expected:
                    exchanged.remove(Path(entry))


def keep_unchanged(new: Path, old: Path) -> None:
    """Replace each file in ``new`` by a hard link to the file in ``old`` with the same path, if the contents are equal.

    The file keeps its inode and time, so that tools that mirror or watch the folder see only real changes.
    """
    for path in files_below(new):
        standing = old / path.relative_to(new)
        # A symbolic link in the old folder would lead out of it.
        if standing.is_symlink() or not standing.is_file() or not filecmp.cmp(standing, path, shallow=False):
            continue
        link = path.with_name(f"{stages.PREFIX}link")
        try:
            os.link(standing, link)
        except OSError:
            # The file system has no hard links. The new file stays, which has the same content.
            continue
        os.replace(link, path)


def write_all(root: Path, texts: dict[str, str]) -> None:
    """Write each text to its path below ``root``, all or nothing.

    Raises:
        UnwritableError: the texts could not be written; no file was replaced.
    """
    with Replacement(root, {str(Path(name).parent) for name in texts}) as replacement:
        for name, text in texts.items():
            replacement.put(name, text.encode())
        replacement.carry_out()


class Replacement:
    """Replaces files below ``root``, all at once or not at all: a context manager.

    New files are written to a staging folder beside their target, so that a full disk or a missing permission is found
    before any existing file is touched. Processes forked within the block may write some of the files. A block that
    ends without `carry_out` changes nothing.

    Raises:
        UnwritableError: a file could not be written; nothing was replaced.
    """

    def __init__(self, root: Path, folders: Iterable[str] = ("",)) -> None:
        """Prepare a replacement. Files can only be put directly in ``folders``, paths below the root."""
        self.root = root
        self._folders = [root / folder for folder in folders]
        # The same names in every process that writes files for this replacement.
        self._staging, self._kept = stages.name(stages.NEW), stages.name(stages.KEPT)

    def __enter__(self) -> Replacement:
        return self

    def __exit__(self, *_: object) -> None:
        for made in self._made():
            stages.remove(made)

    def put(self, name: str, content: bytes) -> None:
        """Write the new content of the file at ``name``, a path below the root, to a staging folder."""
        target = self.root / name
        staging = target.parent / self._staging
        assert target.parent in self._folders, f"{name} is in none of the folders"
        try:
            if not staging.is_dir():
                make_folder(target.parent)
                stages.mend(target.parent)
                staging.mkdir(exist_ok=True)
            (staging / target.name).write_bytes(content)
        except OSError as error:
            raise UnwritableError(target.parent, error) from error

    def carry_out(self, remove: Iterable[str] = ()) -> None:
        """Move the new files to their targets, and remove the files in ``remove``.

        Raises:
            UnwritableError: a file could not be moved or removed. All files are as before, unless the error says
                otherwise.
        """
        target = self.root
        try:
            with exchange(lambda target: target.parent / self._kept) as exchanged:
                for staging in self._made():
                    for made in sorted(staging.iterdir()):
                        target = staging.parent / made.name
                        exchanged.replace(target, made)
                for name in remove:
                    target = self.root / name
                    exchanged.remove(target)
        except OSError as error:
            raise UnwritableError(target.parent, error) from error

    def _made(self) -> list[Path]:
        # os.path, because `Path.is_dir` raises an error for a folder in a folder that must not be entered.
        made = [folder / self._staging for folder in self._folders]
        return [folder for folder in made if os.path.isdir(folder)]  # noqa: PTH112


def make_folder(folder: Path) -> None:
    """Make a folder with its parents, unless it is there. Behind a dead link, the folder that it leads to is made."""
    Path(os.path.realpath(folder)).mkdir(parents=True, exist_ok=True)
