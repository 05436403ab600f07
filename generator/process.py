"""The process of a command: its standard streams, its interrupts and its exit. It imports little, to be there early."""

from __future__ import annotations

import atexit
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

INTERRUPTED = 130
_SENTENCE = "timm-atlas: interrupted; nothing is left half-written."

# Seconds after which an interrupt that got lost is raised again.
_AGAIN = 0.01


class _Stream(io.FileIO):
    """A standard stream that drops, without an error, what fails to be written with one of these errors."""

    def __init__(self, descriptor: int, dropped: type[OSError]) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._dropped = dropped

    def write(self, data: ReadableBuffer) -> int:
        """Write, or claim to have written."""
        try:
            return super().write(data)
        except self._dropped:
            return memoryview(data).nbytes


def prepare_streams() -> None:
    """Make printing safe, so that nothing but a full disk ends a command that prints.

    Output whose reader has gone, such as ``head``, is dropped, and so are messages that cannot be written: the work
    does not depend on them. A stream that the caller has closed leads nowhere. A character that the encoding lacks is
    written as an escape.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # The lowest free number is this one. Otherwise the next file would have it, and get all that is printed.
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = _text(1, sys.stdout, BrokenPipeError)
    sys.stderr = _text(2, sys.stderr, OSError)


def interrupts_end_at_once() -> None:
    """Let an interrupt end the process in a sentence, wherever it comes: for a time when nothing is to be cleaned up.

    An exception would be lost where Python cannot pass it on, as in the callbacks that imports are full of.
    """
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: leave(interrupted()))


def interrupts_raise() -> None:
    """Let an interrupt raise KeyboardInterrupt, also where it comes in a callback that cannot pass it on."""
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        sys.unraisablehook = _raise_again


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put an interrupt off until the end of the block. Processes that are started in the block put it off for good."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def interrupted() -> int:
    """Say that the command was interrupted, and return the exit code."""
    print(_SENTENCE, file=sys.stderr)
    return INTERRUPTED


def leave(code: int) -> NoReturn:
    """End the process without freeing the facts of all models one by one, which takes a third of a second."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The temporary folder of multiprocessing is removed here, for one.
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _text(descriptor: int, old: Any, dropped: type[OSError]) -> io.TextIOWrapper:
    """A text stream like ``old``, which is ``None`` if the caller has closed it."""
    return io.TextIOWrapper(
        io.BufferedWriter(_Stream(descriptor, dropped)),
        encoding=getattr(old, "encoding", "utf-8"),
        errors="backslashreplace",
        line_buffering=getattr(old, "line_buffering", False),
        write_through=getattr(old, "write_through", False),
    )


def _raise_again(lost: sys.UnraisableHookArgs) -> None:
    if issubclass(lost.exc_type, KeyboardInterrupt):
        signal.setitimer(signal.ITIMER_REAL, _AGAIN)
    else:
        sys.__unraisablehook__(lost)
