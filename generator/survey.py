"""All models to records and failures: worker processes, time limits and the progress display.

A model that raises, hangs or takes its process down is a result like any other. Records and failures together are
exactly the models that were asked for.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import UTC, datetime

from pebble import ProcessExpired, ProcessPool
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from generator import __version__, catalog
from generator.errors import CatalogError, in_one_line
from generator.records import Catalog, CatalogEntry, Failure, Inspection, ModelRecord, Provenance, Survey

Inspect = Callable[[CatalogEntry], Inspection | Failure]

# Seconds after which a model counts as hanging. The slowest needs under 2.
TIMEOUT = 120.0


def survey(
    patterns: Sequence[str] = (), *, processes: int | None = None, timeout: float = TIMEOUT, console: Console
) -> Survey:
    """Inspect every model that the patterns match, all of timm where there are none.

    Raises:
        UnknownModelError: a pattern matches nothing; no model has been inspected then.
        CatalogError: timm's registry cannot be read.
    """
    with workers(processes) as pool:
        with console.status("Reading timm's registry"):
            known = read_catalog(pool)
        entries = catalog.select(known, patterns)
        results = inspect_all(pool, entries, timeout=timeout, progress=Progression(len(entries), console))
    date = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    records = [
        ModelRecord(entry, result, date) for entry in entries if isinstance(result := results[entry.name], Inspection)
    ]
    failures = [result for entry in entries if isinstance(result := results[entry.name], Failure)]
    families = {entry.family for entry in entries}
    return Survey(
        records=tuple(records),
        failures=tuple(failures),
        families=tuple(family for family in known.families if family.name in families),
        provenance=Provenance(
            timm_version=known.timm_version,
            torch_version=known.torch_version,
            generator_version=__version__,
            date=date,
            registered_models=len(known.entries),
            patterns=tuple(patterns),
        ),
        deprecated=known.deprecated,
    )


@contextmanager
def workers(processes: int | None = None) -> Iterator[ProcessPool]:
    """A pool of worker processes, forked from a server that has imported torch and timm once for all of them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["generator.preload"])
    pool = ProcessPool(max_workers=processes or usable_processors(), context=context)
    try:
        yield pool
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.join()


def usable_processors() -> int:
    """Number of processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read_catalog(pool: ProcessPool, read: Callable[[], Catalog] = catalog.read) -> Catalog:
    """timm's registry, read in a worker, so that this process stays free of torch.

    Raises:
        CatalogError: it cannot be read, or the worker died over it.
    """
    try:
        known: Catalog = pool.schedule(read).result()
    except (ProcessExpired, BrokenProcessPool) as error:
        raise CatalogError(f"the process that imports it died ({in_one_line(error)})") from error
    return known


def inspect_model(entry: CatalogEntry) -> Inspection | Failure:
    """What a worker runs for one model. Imports torch in the worker, never in the process that reads the results."""
    from generator.inspection import attempt

    return attempt(entry)


def inspect_all(
    pool: ProcessPool,
    entries: Sequence[CatalogEntry],
    *,
    inspect: Inspect = inspect_model,
    timeout: float = TIMEOUT,
    progress: Progression,
) -> dict[str, Inspection | Failure]:
    """Run ``inspect`` on every entry in the pool; the outcome of each by name.

    A worker that gives no answer within ``timeout`` seconds is ended, one that dies is replaced, and the model it was
    busy with becomes a `Failure` of stage "inspect".
    """
    futures: dict[Future[Inspection | Failure], CatalogEntry] = {
        pool.schedule(inspect, args=[entry], timeout=timeout): entry for entry in entries
    }
    results: dict[str, Inspection | Failure] = {}
    with progress:
        for future in as_completed(futures):
            entry = futures[future]
            outcome = _outcome(future, entry.name, timeout)
            results[entry.name] = outcome
            progress.advance(outcome)
    return results


class Progression:
    """Tells how far the survey is: a bar on a terminal, a line for each tenth elsewhere, and each failure at once."""

    def __init__(self, total: int, console: Console) -> None:
        self.total = total
        self.console = console
        self.done = 0
        self.failed = 0
        self._started = 0.0
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
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def advance(self, outcome: Inspection | Failure) -> None:
        """Count one model as done."""
        self.done += 1
        if isinstance(outcome, Failure):
            self.failed += 1
            self._print(f"failed: {outcome.name} ({outcome.stage}): {outcome.reason}")
        rate = f"{self.done / max(time.monotonic() - self._started, 1e-9):.1f} models/s"
        failures = f"{self.failed} failed" if self.failed else "no failures"
        self._bar.update(self._task, completed=self.done, rate=rate, failures=failures)
        tenth_passed = self.done * 10 // self.total > (self.done - 1) * 10 // self.total
        if not self.console.is_terminal and tenth_passed:
            self._print(f"inspected {self.done} of {self.total} models, {rate}, {failures}")

    def _print(self, line: str) -> None:
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)


def _outcome(future: Future[Inspection | Failure], name: str, timeout: float) -> Inspection | Failure:
    try:
        return future.result()
    except TimeoutError:
        return Failure(name, "inspect", f"no answer within {timeout:g} seconds")
    except ProcessExpired as error:
        return Failure(name, "inspect", f"its process died with exit code {error.exitcode}")
    except (Exception, SystemExit) as error:
        return Failure(name, "inspect", in_one_line(error))
