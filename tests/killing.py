"""Run a function in processes that are killed: each before another one of the changes that it makes to the disk."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

# The functions of os that change the names in folders. All that we call ends in them.
_CHANGING = ("link", "mkdir", "rename", "replace", "rmdir", "unlink")


def kills(act: Callable[[], object], counts: Callable[[str], bool] = lambda _: True) -> Iterator[int]:
    """Fork a process that is killed before its first change, one that is killed before its second, and so on.

    After each of them, its number is given out, so that what it left can be looked at. The last process is not killed,
    and does all of ``act``. ``counts`` says by its first path whether a change counts.
    """
    for number in count():
        with warnings.catch_warnings():
            # Python warns of threads, of which pytest-xdist has some. The forked process uses none.
            warnings.simplefilter("ignore", DeprecationWarning)
            process = os.fork()
        if process == 0:
            _act_until(number, act, counts)
        _, status = os.waitpid(process, 0)
        yield number
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0, "the process that was not killed has failed"
            return


def _act_until(number: int, act: Callable[[], object], counts: Callable[[str], bool]) -> None:
    left = number

    def watched(change: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **options: Any) -> Any:
            nonlocal left
            if counts(os.fspath(path)):
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
            return change(path, *rest, **options)

        return call

    code = 1
    try:
        for name in _CHANGING:
            setattr(os, name, watched(getattr(os, name)))
        act()
        code = 0
    finally:
        os._exit(code)
