"""End the processes that tasks of a pool have left behind, wherever in the tree of processes they have gone."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from multiprocessing import forkserver
from pathlib import Path

from generator.process import uninterrupted

# Options of prctl(2). With the first one set, a process becomes the parent of all its descendants whose parents end.
_SET_CHILD_SUBREAPER, _GET_CHILD_SUBREAPER = 36, 37


class Orphans:
    """Makes this process the parent of all descendants whose own parents end, and ends them: a context manager.

    Spared are the processes that were children of this process before, and the server that workers are forked from.
    Only Linux can do this; elsewhere nothing is done.
    """

    def __init__(self) -> None:
        self._is_possible = sys.platform == "linux"
        self._spared: set[int] = set()
        self._was_subreaper = False

    def __enter__(self) -> Orphans:
        if self._is_possible:
            self._spared = children()
            self._was_subreaper = _is_subreaper()
            _set_subreaper(True)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_possible:
            return
        # The children of a process that is ended become children of this one.
        while left := children() - self._spared:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                with suppress(ChildProcessError):
                    os.waitpid(pid, 0)
        _set_subreaper(self._was_subreaper)

    def spare_server(self) -> None:
        """Start the server that workers are forked from if it does not run, and spare it."""
        before = children() if self._is_possible else set()
        with uninterrupted():
            forkserver.ensure_running()
        if self._is_possible:
            self._spared |= children() - before


def children() -> set[int]:
    """The ids of the child processes of this process, on Linux. Those that nobody has waited for are among them."""
    own, found = os.getpid(), set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name of the program comes before, in parentheses, and may hold anything.
            parent = int(status.read_text(errors="replace").rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):  # it has ended
            continue
        if parent == own:
            found.add(int(status.parent.name))
    return found


def _is_subreaper() -> bool:
    answer = ctypes.c_int()
    _prctl(_GET_CHILD_SUBREAPER, ctypes.byref(answer))
    return bool(answer.value)


def _set_subreaper(value: bool) -> None:
    _prctl(_SET_CHILD_SUBREAPER, ctypes.c_ulong(value))


def _prctl(option: int, argument: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(option, argument, 0, 0, 0):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
