"""The life of a worker process: it does the tasks that come through a connection, one after the other."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from typing import Any

from generator.errors import AtlasError
from generator.measuring.reasons import in_one_line


@dataclass(frozen=True, slots=True)
class Last:
    """A value that a task returns so that its worker does no other task."""

    value: Any


class TaskError(Exception):
    """An exception of a task. Its message has the type and the first line of that exception, which stays there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a worker: the pickled result or error of its task, and whether it is to do no other task."""

    is_error: bool
    is_last: bool
    content: bytes


def serve(channel: Connection) -> None:
    """Do the tasks that come through a connection until it is closed. Each is a function and its arguments."""
    # A session of its own, so that the processes that tasks start can be ended with the worker.
    os.setsid()
    # Ctrl-C reaches every process of the terminal. The main process ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        while True:
            work, arguments = channel.recv()
            channel.send(None)  # it begins
            channel.send(answer(work, arguments))
    finally:
        # The connection is closed, so that the main process has ended: nobody else would end what tasks have started.
        _end()


def answer(work: Callable[..., Any], arguments: tuple[Any, ...]) -> Answer:
    """Do a task: call ``work`` with its arguments. Whatever it raises becomes an answer."""
    try:
        value = work(*arguments)
        is_last = isinstance(value, Last)
        return Answer(False, is_last, pickle.dumps(value.value if is_last else value))
    except AtlasError as error:
        return Answer(True, False, pickle.dumps(error))
    except BaseException as error:  # nothing that a task raises may end its worker
        return Answer(True, False, pickle.dumps(TaskError(in_one_line(error))))


def _end_with_parent() -> None:
    """End this worker when the main process has ended in any way, also while a task is running."""
    parent = parent_process()
    assert parent is not None, "workers are started by multiprocessing"
    parent.join()
    _end()


def _end() -> None:
    """End this worker and all processes of its group."""
    os.killpg(0, signal.SIGKILL)
