"""Write files and folders whole or not at all, so that nobody sees them half-written."""

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

from generator.errors import UnwritableError
from generator.store.digests import files_below

# Followed by the ID of the process that made the folder, so that leftovers of killed processes can be found.
STAGING_PREFIX = ".staging-"


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Give the block a new empty folder, which replaces ``target`` if the block ends without an error.

    Raises:
        UnwritableError: the folder could not be made, filled or moved; ``target`` is unchanged.
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
    """Replace each file in ``new`` by a hard link to the file in ``old`` with the same path, if the contents are equal.

    The file keeps its inode and time, so that tools that mirror or watch the folder see only real changes.
    """
    for path in files_below(new):
        standing = old / path.relative_to(new)
        # A symbolic link in the old folder would lead out of it.
        if standing.is_symlink() or not standing.is_file() or not filecmp.cmp(standing, path, shallow=False):
            continue
        link = path.with_name(f"{STAGING_PREFIX}link")
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
        # The same name in every process that writes files for this replacement.
        self._staging = f"{STAGING_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"

    def __enter__(self) -> Replacement:
        return self

    def __exit__(self, *_: object) -> None:
        for made in self._made():
            shutil.rmtree(made, ignore_errors=True)

    def put(self, name: str, content: bytes) -> None:
        """Write the new content of the file at ``name``, a path below the root, to a staging folder."""
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
        """Remove the files in ``remove``, and move the new files to their targets."""
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
    """Make a new staging folder in ``parent``."""
    _remove_leftovers(parent)
    return Path(tempfile.mkdtemp(prefix=f"{STAGING_PREFIX}{os.getpid()}-", dir=parent))


def _remove_leftovers(parent: Path) -> None:
    """Remove the staging folders of processes that do not run any more."""
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
