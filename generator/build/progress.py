"""Show progress: of a survey by a bar on a terminal, or else a line for each tenth; and each failure at once."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from generator.facts.inspections import Failure, Outcome, Partial
from generator.facts.texts import printable


class Progression:
    """Counts the inspected models and shows the progress: a context manager around the inspection."""

    def __init__(self, total: int, console: Console) -> None:
        self.total = total
        self.console = console
        self.done = 0
        self.failed = 0
        self._started = 0.0
        self._drawing = ExitStack()
        self._bar = Progress(
            TextColumn("Inspecting"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[failures]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=total, rate="", failures="no failures")

    def __enter__(self) -> Progression:
        self._started = time.monotonic()
        self._drawing.enter_context(_drawn(self._bar))
        return self

    def __exit__(self, *_: object) -> None:
        self._drawing.close()

    def advance(self, outcome: Outcome) -> None:
        """Count one model as inspected, and print its failures."""
        self.done += 1
        failures: tuple[Failure, ...] = (outcome,) if isinstance(outcome, Failure) else ()
        if isinstance(outcome, Partial):
            failures = outcome.failures
        self.failed += bool(failures)
        for failure in failures:
            say(self.console, f"failed: {failure.name} ({failure.stage}): {failure.reason}")
        rate = f"{self.done / max(time.monotonic() - self._started, 1e-9):.1f} models/s"
        failed = f"{self.failed} failed" if self.failed else "no failures"
        self._bar.update(self._task, completed=self.done, rate=rate, failures=failed)
        tenth_passed = self.done * 10 // self.total > (self.done - 1) * 10 // self.total
        if not self.console.is_terminal and tenth_passed:
            say(self.console, f"inspected {self.done} of {self.total} models, {rate}, {failed}")


def console() -> Console:
    """The console on standard error.

    Only a terminal that can move its cursor gets a bar. rich would also draw it into a log if colour is forced.
    """
    return Console(stderr=True, force_terminal=sys.stderr.isatty() and os.environ.get("TERM") != "dumb")


@contextmanager
def bar(total: int, console: Console, *, is_shown: bool) -> Iterator[Callable[[], None]]:
    """Draw a bar of what has been measured on a terminal, and give what counts one more as measured."""
    progress = Progress(
        TextColumn("Measuring"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not is_shown or not console.is_terminal,
    )
    task = progress.add_task("", total=total)
    with _drawn(progress):
        yield lambda: progress.advance(task)


@contextmanager
def _drawn(progress: Progress) -> Iterator[None]:
    """Draw a bar during the block."""
    others = threading.enumerate()
    progress.start()
    drawing = [thread for thread in threading.enumerate() if thread not in others]
    try:
        yield
    finally:
        progress.stop()
        # Stopping does not wait for the thread that draws, and a process with threads cannot be forked.
        for thread in drawing:
            thread.join()


def say(console: Console, line: str) -> None:
    """Print a line without markup, colours, line breaks or commands to the terminal."""
    console.print(printable(line), markup=False, highlight=False, soft_wrap=True)
