"""End a run that is asked to end by a signal as Ctrl-C ends it: everything is tidied up on the way."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

# A request to end, and the end of the terminal.
_NAMES = ("SIGTERM", "SIGHUP")


class Terminated(KeyboardInterrupt):
    """The process was asked to end by the signal ``number``."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


@contextmanager
def as_interrupts() -> Iterator[None]:
    """Let signals that would end the process at once raise `Terminated` in the block. Ignored signals stay ignored."""
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread can handle signals.
        yield
        return
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    taken = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _end)
    try:
        yield
    except KeyboardInterrupt:
        _end_server()
        raise
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def exit_code(interrupt: KeyboardInterrupt) -> int:
    """The exit code of an interrupted run, as shells have it: 128 and the number of the signal."""
    return 128 + (interrupt.number if isinstance(interrupt, Terminated) else signal.SIGINT)


def restore() -> None:
    """Let the signals end this process at once: for a process that was forked within the block."""
    for name in _NAMES:
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is _end:
            signal.signal(getattr(signal, name), signal.SIG_DFL)


def _end_server() -> None:
    """End the process that workers are forked from.

    It ends by itself, but not before it has imported torch and timm, which takes seconds.
    """
    server = getattr(sys.modules.get("multiprocessing.forkserver"), "_forkserver", None)
    process = getattr(server, "_forkserver_pid", None)
    if process is not None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    # The run ends once. A second signal would interrupt what it tidies up.
    signal.signal(number, signal.SIG_IGN)
    raise Terminated(number)
