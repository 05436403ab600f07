"""Share work between two processes, and count the processors that this process can use."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from generator.build import signals
from generator.process import uninterrupted

Item = TypeVar("Item")
Result = TypeVar("Result")

_SYSTEM = Path("/")


def usable(system: Path = _SYSTEM) -> int:
    """Count the processors that this process may use: those that it may run on, and no more than its quota of time.

    ``system`` is the root of the file system, in which Linux tells the quota.
    """
    if hasattr(os, "process_cpu_count"):  # since Python 3.13, where a user can set it
        allowed = os.process_cpu_count() or 1
    elif hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    # A part of a processor is one that is used for a part of the time.
    return max(1, min([allowed, *(-(-quota // period) for quota, period in _quotas(system))]))


def _quotas(system: Path) -> Iterator[tuple[int, int]]:
    """The quotas of the control groups that this process is in: microseconds of processor time, in so many of time."""
    for line in _text(system / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        mount = system / "sys/fs/cgroup" / controllers
        if controllers and "cpu" not in controllers.split(","):
            continue
        # A group is limited by those above it too. In a container the mount may be the group itself.
        group = Path(path.lstrip("/"))
        for folder in (mount / group, *(mount / above for above in group.parents)):
            if controllers:
                pair = [_text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us")]
            else:
                pair = _text(folder / "cpu.max").split()
            # Without a quota, the number is "max" or -1.
            if len(pair) == 2 and all(number.strip().isdecimal() for number in pair):
                yield int(pair[0]), int(pair[1])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        # Not on this system, or not in this version of control groups.
        return ""


def shared(work: Callable[[Item], Result], items: Sequence[Item], *, many: int) -> list[Result]:
    """Call ``work`` on each item, in two processes if possible and worth it, and return the results in order.

    The second process is forked, so that it already has ``work`` and the items. Only results are sent between the
    processes, and they should be small. The second process starts with the first item and this process with the last,
    until they meet. If the second process is killed, this one does its work, again where it was begun. A process that
    runs threads is not forked, since a lock that one of them holds would stay locked in the other process.

    Args:
        work: the function to call on each item. Its exceptions must be picklable.
        items: the items.
        many: the least number of items for which a second process is started.
    """
    can_fork = "fork" in multiprocessing.get_all_start_methods() and _threads() == 1
    if len(items) < many or not can_fork or usable() < 2:
        return [work(item) for item in items]
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_take, initargs=(work, items))
    with _silent_about_cancelling(), pool as beside:
        try:
            futures: list[Future[Result]] = []
            # The first starts the process. No more can be submitted once it has been killed.
            with uninterrupted(), suppress(BrokenProcessPool):
                for place in range(len(items)):
                    futures.append(beside.submit(_work_on, place))
            last_first = [work(item) for item in reversed(items[len(futures) :])]
            # An item that the second process has not started is cancelled there and done here.
            last_first += [
                work(item) if future.cancel() else _result(future, work, item)
                for item, future in zip(reversed(items[: len(futures)]), reversed(futures), strict=True)
            ]
        except BaseException:
            # Without this, the second process would go on to the last item.
            beside.shutdown(cancel_futures=True)
            raise
    return last_first[::-1]


@contextmanager
def _silent_about_cancelling() -> Iterator[None]:
    """Say nothing where an item is cancelled in the moment in which the pool's own thread fails it.

    That thread fails all items of a process that was killed. Before Python 3.12 it does not expect that one of them has
    just been cancelled, and ends with a traceback. The items that had begun come first, so they have been failed.
    """
    before = threading.excepthook

    def tell(raised: threading.ExceptHookArgs) -> None:
        if not issubclass(raised.exc_type, InvalidStateError):
            before(raised)

    threading.excepthook = tell
    try:
        yield
    finally:
        threading.excepthook = before


def _threads() -> int:
    """Count the threads of this process. Linux tells those of libraries too."""
    tasks = _SYSTEM / "proc/self/task"
    return len([*tasks.iterdir()]) if tasks.is_dir() else threading.active_count()


def _result(future: Future[Result], work: Callable[[Item], Result], item: Item) -> Result:
    try:
        return future.result()
    except BrokenProcessPool:
        # The second process was killed, for its memory perhaps.
        return work(item)


# Set only in the second process: the function and the items.
_taken: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def _take(work: Callable[[Any], Any], items: Sequence[Any]) -> None:
    global _taken
    # Ctrl-C reaches every process of the terminal. The first process ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signals.restore()
    _taken = work, items


def _work_on(place: int) -> Any:
    assert _taken is not None, "the initializer has run"
    work, items = _taken
    return work(items[place])
