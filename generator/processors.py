"""How many processors there are for this process, and how two of them share work."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def usable() -> int:
    """Number of processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shared(work: Callable[[Item], Result], items: Sequence[Item], *, many: int) -> list[Result]:
    """The results of some work on each item, in their order, done by two processes where that can be and pays.

    The process beside this one is forked, so that it has work and items without their being sent; only results are
    sent, and should be small. It begins with the first item while this one begins with the last, and they meet.

    Args:
        work: what to do with an item; it may raise whatever can be pickled.
        items: what to work on.
        many: how many items make it worth to start a process.
    """
    can_fork = "fork" in multiprocessing.get_all_start_methods()
    if len(items) < many or not can_fork or usable() < 2:
        return [work(item) for item in items]
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_take, initargs=(work, items)) as beside:
        futures = [beside.submit(_work_on, place) for place in range(len(items))]
        # What the process beside has not begun is done here.
        last_first = [
            work(item) if future.cancel() else future.result()
            for item, future in zip(reversed(items), reversed(futures), strict=True)
        ]
    return last_first[::-1]


# In the process beside: its work, and what to do it on.
_taken: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def _take(work: Callable[[Any], Any], items: Sequence[Any]) -> None:
    global _taken
    _taken = work, items


def _work_on(place: int) -> Any:
    assert _taken is not None, "the initializer has run"
    work, items = _taken
    return work(items[place])
