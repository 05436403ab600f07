"""A pool of worker processes that survives all that a task can do to its worker, and leaves no process behind.

Each worker does one task at a time. A worker that dies, however it does so, is noticed at once; one that gives no
answer in time is killed. Only its own task fails, and a new worker takes its place.

Processes that a task starts are in the group of their worker, and end with it. Those that leave the group become
children of this process when their parents end (on Linux), and are ended with the pool.
"""

from __future__ import annotations

import math
import os
import pickle
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.context import ForkServerContext
from typing import Any

from generator.build import orphans
from generator.build.serving import Answer, TaskError, serve
from generator.errors import WorkersError
from generator.measuring.reasons import in_one_line
from generator.process import uninterrupted

# How often a worker is started anew where that fails: a task may have ended the server that workers are forked from,
# which is then noticed and started again.
_STARTS = 3
# Seconds for which a worker whose connection is closed may take to end.
_ENDING = 5.0
# The exit code that multiprocessing gives to a process whose server has ended. The process itself may go on.
_SERVER_ENDED = 255


class WorkerDied(Exception):  # noqa: N818, it is no error of ours
    """The worker of a task ended before it gave an answer."""

    def __init__(self, exit_code: int | None) -> None:
        self.exit_code = exit_code
        alternative = ", or ended the one that starts it" if exit_code == _SERVER_ENDED else ""
        super().__init__(f"its process died with exit code {exit_code}{alternative}")


@dataclass(eq=False, slots=True)
class _Task:
    """A task by its place in the sequence that was asked for. ``is_suspect``: whether it is tried a second time."""

    place: int
    arguments: tuple[Any, ...]
    is_suspect: bool = False


class _Worker:
    """A worker process, its end of a connection, and the task that it is at.

    ``deadline`` is the moment until which it has to give an answer, in seconds of the monotonic clock. Every other
    worker ``takes_last``: the last task that is waiting, not the first. Tasks beside each other are alike, and a worker
    remembers much of what the task before has found out.
    """

    def __init__(self, context: ForkServerContext, *, takes_last: bool) -> None:
        self.takes_last = takes_last
        self.connection, theirs = context.Pipe()
        self.task: _Task | None = None
        self.deadline = math.inf
        self._seconds = math.inf
        try:
            self.process = context.Process(target=serve, args=(theirs,))
            with uninterrupted():
                self.process.start()
        except BaseException:
            self.connection.close()
            raise
        finally:
            theirs.close()

    def give(self, work: Callable[..., Any], task: _Task, timeout: float | None) -> None:
        """Send a task to the worker.

        Raises:
            OSError: the worker has ended.
        """
        self.connection.send((work, task.arguments))
        self.task = task
        self._seconds = math.inf if timeout is None else timeout
        # The time that the process takes to start, and to import what the task needs, is not the task's.
        self.deadline = math.inf

    def answer(self) -> Answer | None:
        """The worker's answer if there is one.

        Raises:
            EOFError, OSError: the worker has ended.
        """
        # Looked at first: a worker may give its answer and end between two lines of this method.
        has_ended = self.process.exitcode is not None
        while self.connection.poll():
            received: Answer | None = self.connection.recv()
            if received is not None:
                return received
            # The worker begins with its task.
            self.deadline = time.monotonic() + self._seconds
        if has_ended:
            raise EOFError
        return None

    def end(self) -> int | None:
        """End the worker with all processes of its group, and return its exit code."""
        self.connection.close()
        if self.process.pid is None:
            return None
        with suppress(ProcessLookupError, PermissionError):  # the group is empty, or not yet made
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process.exitcode in (None, _SERVER_ENDED):
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code


class Pool:
    """Worker processes that do tasks: a context manager that ends them all, with all that they have started.

    Args:
        processes: the most workers at a time. They are started when there is something to do.
        context: the context that the workers are started in.
    """

    def __init__(self, processes: int, context: ForkServerContext) -> None:
        self._processes = processes
        self._context = context
        self._workers: list[_Worker] = []
        self._orphans = orphans.Orphans()

    def __enter__(self) -> Pool:
        self._orphans.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()
        self._orphans.__exit__(*error)

    def run(
        self, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], *, timeout: float | None = None
    ) -> Iterator[tuple[int, Future[Any]]]:
        """Call ``work`` with the arguments of each task, and yield each task's index and result as soon as it is known.

        A result is a future that is done. It raises `TimeoutError` for a task without an answer within ``timeout``
        seconds, `WorkerDied`, an `AtlasError` of the task itself, or `TaskError` for any other exception of the task.

        Raises:
            WorkersError: no worker can be started.
        """
        waiting = deque(_Task(place, arguments) for place, arguments in enumerate(tasks))
        # If the server that workers are forked from ends, nothing tells which task has ended it. The tasks of that
        # moment are tried again when the others are done, one by one.
        suspects: deque[_Task] = deque()
        done: list[tuple[_Task, Answer | Exception]] = []
        try:
            while True:
                while waiting and len(self._busy()) < self._processes:
                    self._give(work, waiting, timeout)
                if suspects and not self._busy():
                    self._give(work, suspects, timeout)
                # Only now, so that workers do not wait for whoever takes the results.
                for task, ending in done:
                    yield task.place, _future(ending)
                done = []
                if not self._busy():
                    return
                for task, ending in self._next():
                    has_lost_server = isinstance(ending, WorkerDied) and ending.exit_code == _SERVER_ENDED
                    if has_lost_server and not task.is_suspect:
                        task.is_suspect = True
                        suspects.append(task)
                    else:
                        done.append((task, ending))
        finally:
            # Nobody takes these results any more.
            for worker in self._busy():
                self._end(worker)

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.task is not None]

    def _give(self, work: Callable[..., Any], waiting: deque[_Task], timeout: float | None) -> None:
        """Give one of the waiting tasks to a worker that has none, or to a new one."""
        for idle in [worker for worker in self._workers if worker.task is None and worker.process.exitcode is not None]:
            self._end(idle)
        reason = ""
        for _ in range(_STARTS):
            worker = next((worker for worker in self._workers if worker.task is None), None)
            try:
                if worker is None:
                    self._orphans.spare_server()
                    last = sum(worker.takes_last for worker in self._workers)
                    worker = _Worker(self._context, takes_last=2 * last < len(self._workers))
                    self._workers.append(worker)
                place = -1 if worker.takes_last else 0
                worker.give(work, waiting[place], timeout)
                del waiting[place]
                return
            except (OSError, EOFError) as error:
                reason = in_one_line(error)
                if worker is not None:
                    self._end(worker)
        raise WorkersError(reason)

    def _next(self) -> Iterator[tuple[_Task, Answer | Exception]]:
        """Wait until a task ends, and yield each task that has, with its answer or the reason why there is none."""
        busy = self._busy()
        deadline = min(worker.deadline for worker in busy)
        seconds = None if deadline == math.inf else max(0.0, deadline - time.monotonic())
        connection.wait([end for worker in busy for end in (worker.connection, worker.process.sentinel)], seconds)
        for worker in busy:
            ending = self._ending(worker)
            if ending is not None:
                task, worker.task = worker.task, None
                assert task is not None, "it is busy"
                yield task, ending

    def _ending(self, worker: _Worker) -> Answer | Exception | None:
        """The answer of a worker, or the reason why it gives none; ``None`` while it works."""
        try:
            answer = worker.answer()
        except (EOFError, OSError):
            # A worker that has closed its connection may still be about to end.
            worker.process.join(_ENDING)
            return WorkerDied(self._end(worker))
        if answer is not None:
            if answer.is_last:
                self._end(worker)
            return answer
        if time.monotonic() >= worker.deadline:
            self._end(worker)
            return TimeoutError()
        return None

    def _end(self, worker: _Worker) -> int | None:
        self._workers.remove(worker)
        return worker.end()


def _future(ending: Answer | Exception) -> Future[Any]:
    future: Future[Any] = Future()
    if isinstance(ending, Exception):
        future.set_exception(ending)
        return future
    try:
        value = pickle.loads(ending.content)
    except Exception as error:  # a value of a class that can only be read where it was made
        future.set_exception(TaskError(in_one_line(error)))
        return future
    if ending.is_error:
        future.set_exception(value)
    else:
        future.set_result(value)
    return future
