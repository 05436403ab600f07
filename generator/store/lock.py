"""Let one run at a time write to a project: the others wait. The system drops the lock when its process ends."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on this system
    fcntl = None  # type: ignore[assignment]

# In the project's folder, which every run has to write to. The file is there while a run holds the lock; what a killed
# run leaves of it locks nothing.
NAME = ".timm-atlas.lock"

# How often a process looks for the name of the one that holds the lock, and the seconds in between.
_LOOKS, _PAUSE = 20, 0.005

# The open lock files of this process. A forked process would share their locks, and could outlive this one.
_open: set[int] = set()


@contextmanager
def held(folder: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of a folder during the block. ``tell`` is called with a sentence if another process holds it.

    Where the file cannot be made or locked, as on some network file systems, ``tell`` is called with a sentence, and
    the block runs without the lock.
    """
    path = folder / NAME
    descriptor = _locked(path, tell)
    try:
        yield
    finally:
        if descriptor is not None:
            # Removed before it is unlocked: whoever waits for it sees that, and makes a new one. A file that stays
            # locks nothing.
            with suppress(OSError):
                if _is_at(path, descriptor):
                    path.unlink()
            _close(descriptor)


def _locked(path: Path, tell: Callable[[str], None]) -> int | None:
    try:
        if fcntl is None:
            raise OSError("this system has no locks of files")
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            _open.add(descriptor)
            try:
                _lock(descriptor, path, tell)
                if _is_at(path, descriptor):
                    _sign(descriptor)
                    return descriptor
            except BaseException:
                _close(descriptor)
                raise
            _close(descriptor)
    except OSError as error:
        tell(
            f"{path} cannot be locked ({error.strerror or error}). Let no other run of timm-atlas write to this folder "
            "until this one has ended."
        )
        return None


def _lock(descriptor: int, path: Path, tell: Callable[[str], None]) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        tell(f"Waiting for another run of timm-atlas in {path.parent} to end: {_holder(descriptor)}.")
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _sign(descriptor: int) -> None:
    """Write into the file which process holds the lock, for the sentence that others are told."""
    with suppress(OSError):  # the disk may be full; the lock holds without it
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} on {platform.node()}\n".encode(), 0)


def _holder(descriptor: int) -> str:
    """The process that holds the lock, as it has written into the file, which it does right after it was locked."""
    for _ in range(_LOOKS):
        content = os.pread(descriptor, 256, 0).decode(errors="replace").strip()
        if re.fullmatch(r"process \d+ on [\w.-]*", content):
            return content
        time.sleep(_PAUSE)
    return "another process"


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether the file is still at its path: whoever held the lock has removed it at the end."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _close(descriptor: int) -> None:
    _open.discard(descriptor)
    os.close(descriptor)


def _close_all() -> None:
    for descriptor in tuple(_open):
        _close(descriptor)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_all)
