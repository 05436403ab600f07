"""Writing whole or not at all: files and folders that are never seen half-made."""

from __future__ import annotations

import errno
import filecmp
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.digests import files_below
from generator.errors import UnwritableError

# Followed by the number of the process that made it, so that leftovers of processes that were killed can be told.
STAGING_PREFIX = ".staging-"


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """A new empty folder that takes the place of ``target`` once the block ends without an error.

    Raises:
        UnwritableError: the folder cannot be made, filled or moved; ``target`` is as it was.
    """
    staging: Path | None = None
    try:
        if target.exists() and not target.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = _staging_folder(target.parent)
        staging.chmod(0o755)
        yield staging
        old = staging.with_name(staging.name + "-old")
        if target.exists():
            os.rename(target, old)
        try:
            os.rename(staging, target)
        except OSError:
            if old.exists():
                os.rename(old, target)
            raise
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise UnwritableError(target, error) from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)


def keep_unchanged(new: Path, old: Path) -> None:
    """Put each file of ``old`` in the place of the file in ``new`` that is the same to the last byte.

    It is a hard link, so that the file keeps inode and time: who mirrors or watches the folder sees what changed.
    """
    for path in files_below(new):
        standing = old / path.relative_to(new)
        # A link would be kept as a link to elsewhere.
        if standing.is_symlink() or not standing.is_file() or not filecmp.cmp(standing, path, shallow=False):
            continue
        link = path.with_name(f"{STAGING_PREFIX}link")
        try:
            os.link(standing, link)
        except OSError:
            # Not every file system has hard links. The new file is as good as the old.
            continue
        os.replace(link, path)


def write_all(root: Path, texts: dict[str, str]) -> None:
    """Write each text to its path below ``root``, all or nothing.

    Raises:
        UnwritableError: nothing has been replaced.
    """
    with Replacement(root, {str(Path(name).parent) for name in texts}) as replacement:
        for name, text in texts.items():
            replacement.put(name, text.encode())
        replacement.carry_out()


class Replacement:
    """New contents for some files below ``root``, which take their places all at once or not at all.

    New files are made in a staging folder beside their target, so that a full disk or a missing permission shows before
    anything that stands is touched. Processes that are forked within the block can make some of them. Leaving the block
    without `carry_out` leaves everything as it was.

    Raises:
        UnwritableError: nothing has been replaced.
    """

    def __init__(self, root: Path, folders: Iterable[str] = ("",)) -> None:
        """``folders`` are those below the root that files can go to; without any it is the root itself."""
        self.root = root
        self._folders = [root / folder for folder in folders]
        # The same in every process that makes files for this.
        self._staging = f"{STAGING_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"

    def __enter__(self) -> Replacement:
        return self

    def __exit__(self, *_: object) -> None:
        for made in self._made():
            shutil.rmtree(made, ignore_errors=True)

    def put(self, name: str, content: bytes) -> None:
        """Make the file that is to be at ``name``, a path below the root."""
        target = self.root / name
        staging = target.parent / self._staging
        assert target.parent in self._folders, f"{name} is in none of the folders"
        try:
            if not staging.is_dir():
                target.parent.mkdir(parents=True, exist_ok=True)
                _remove_leftovers(target.parent)
                staging.mkdir(exist_ok=True)
            (staging / target.name).write_bytes(content)
        except OSError as error:
            raise UnwritableError(target.parent, error) from error

    def carry_out(self, remove: Iterable[str] = ()) -> None:
        """Remove some files, and put the new ones in their places."""
        target = self.root
        try:
            for name in remove:
                target = self.root / name
                target.unlink()
            for staging in self._made():
                for made in staging.iterdir():
                    target = staging.parent / made.name
                    os.replace(made, target)
        except OSError as error:
            raise UnwritableError(target.parent, error) from error

    def _made(self) -> list[Path]:
        return [folder / self._staging for folder in self._folders if (folder / self._staging).is_dir()]


def _staging_folder(parent: Path) -> Path:
    """A new folder to make things in."""
    _remove_leftovers(parent)
    return Path(tempfile.mkdtemp(prefix=f"{STAGING_PREFIX}{os.getpid()}-", dir=parent))


def _remove_leftovers(parent: Path) -> None:
    """Remove what processes that were killed left of theirs."""
    for left in parent.glob(f"{STAGING_PREFIX}*"):
        process = left.name.removeprefix(STAGING_PREFIX).partition("-")[0]
        if process.isdecimal() and not _is_running(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
