"""Share work between two processes, and count the processors that this process can use."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from generator.build import signals

Item = TypeVar("Item")
Result = TypeVar("Result")


def usable() -> int:
    """Count the processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shared(work: Callable[[Item], Result], items: Sequence[Item], *, many: int) -> list[Result]:
    """Call ``work`` on each item, in two processes if possible and worth it, and return the results in order.

    The second process is forked, so that it already has ``work`` and the items. Only results are sent between the
    processes, and they should be small. The second process starts with the first item and this process with the last,
    until they meet.

    Args:
        work: the function to call on each item. Its exceptions must be picklable.
        items: the items.
        many: the least number of items for which a second process is started.
    """
    can_fork = "fork" in multiprocessing.get_all_start_methods()
    if len(items) < many or not can_fork or usable() < 2:
        return [work(item) for item in items]
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_take, initargs=(work, items)) as beside:
        futures = [beside.submit(_work_on, place) for place in range(len(items))]
        # An item that the second process has not started is cancelled there and done here.
        last_first = [
            work(item) if future.cancel() else future.result()
            for item, future in zip(reversed(items), reversed(futures), strict=True)
        ]
    return last_first[::-1]


# Set only in the second process: the function and the items.
_taken: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def _take(work: Callable[[Any], Any], items: Sequence[Any]) -> None:
    global _taken
    signals.restore()
    _taken = work, items


def _work_on(place: int) -> Any:
    assert _taken is not None, "the initializer has run"
    work, items = _taken
    return work(items[place])
