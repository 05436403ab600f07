"""All models to records and failures: worker processes, time limits and the progress display.

What the cache knows is not inspected again. A model that raises, hangs or takes its process down is a result like any
other. Records and failures together are exactly the models that were asked for. A model of which only a later stage
failed has both.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from pebble import ProcessExpired, ProcessPool
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from generator import __version__, catalog, digests, processors
from generator.cache import Cache
from generator.errors import AtlasError, CatalogError, MeasurementError, in_one_line
from generator.records import Catalog, CatalogEntry, Compute, Failure, ModelRecord, Outcome, Partial, Provenance, Survey

Inspect = Callable[[CatalogEntry], Outcome]


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for: the models that the patterns match, among all that timm has."""

    catalog: Catalog
    patterns: tuple[str, ...]
    entries: tuple[CatalogEntry, ...]

    def digest(self, cache: Cache) -> str | None:
        """What the outcome follows from, short of code that comes after; ``None`` while a model is not in the cache."""
        names = [entry.name for entry in self.entries]
        if not cache.checksums.keys() >= set(names):
            return None
        return digests.of_values(cache.fingerprint, self.patterns, [(name, cache.checksums[name]) for name in names])


def plan(patterns: Sequence[str], *, cache: Cache, console: Console) -> Plan:
    """Find the models that the patterns match, all of timm where there are none. timm is read where the cache lacks it.

    Raises:
        UnknownModelError: a pattern matches nothing.
        CatalogError: timm's registry cannot be read.
    """
    known = cache.catalog()
    if known is None:
        with workers(1) as pool, console.status("Reading timm's registry"):
            known = read_catalog(pool)
        cache.store_catalog(known)
    return Plan(known, tuple(patterns), catalog.select(known, patterns))


def survey(planned: Plan, *, cache: Cache, processes: int | None = None, timeout: float, console: Console) -> Survey:
    """Inspect every model of the plan that the cache does not know, and keep it there.

    Failures are not kept: a model that failed is tried again the next time.
    """
    known = cache.inspections(entry.name for entry in planned.entries)
    missing = [entry for entry in planned.entries if entry.name not in known]
    if known:
        _print(
            console, f"{len(known):,} of {len(planned.entries):,} models were inspected before under the same versions"
        )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    records = {entry.name: ModelRecord(entry, *known[entry.name]) for entry in planned.entries if entry.name in known}
    failures: dict[str, tuple[Failure, ...]] = {}
    if missing:
        with workers(processes) as pool:
            progress = Progression(len(missing), console)
            for entry, outcome in inspect_all(pool, missing, timeout=timeout, progress=progress):
                if isinstance(outcome, Failure):
                    failures[entry.name] = (outcome,)
                    cache.forget(entry.name)
                elif isinstance(outcome, Partial):
                    failures[entry.name] = outcome.failures
                    records[entry.name] = ModelRecord(entry, outcome.inspection, now)
                    cache.forget(entry.name)
                else:
                    records[entry.name] = ModelRecord(entry, outcome, cache.store(entry.name, outcome, now))
    if not planned.patterns:
        cache.drop_others()
    families = {entry.family for entry in planned.entries}
    names = [entry.name for entry in planned.entries]
    return Survey(
        records=tuple(records[name] for name in names if name in records),
        failures=tuple(failure for name in names for failure in failures.get(name, ())),
        families=tuple(family for family in planned.catalog.families if family.name in families),
        provenance=Provenance(
            timm_version=planned.catalog.timm_version,
            torch_version=planned.catalog.torch_version,
            generator_version=__version__,
            date=max((record.date for record in records.values()), default=now),
            registered_models=len(planned.catalog.entries),
            patterns=planned.patterns,
        ),
        deprecated=planned.catalog.deprecated,
    )


@contextmanager
def workers(processes: int | None = None) -> Iterator[ProcessPool]:
    """A pool of worker processes, forked from a server that has imported torch and timm once for all of them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["generator.preload"])
    pool = ProcessPool(max_workers=processes or processors.usable(), context=context)
    try:
        yield pool
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.join()


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


def inspect_model(entry: CatalogEntry) -> Outcome:
    """What a worker runs for one model. Imports torch in the worker, never in the process that reads the results."""
    from generator.inspection import attempt

    return attempt(entry)


def compute_at(entry: CatalogEntry, size: tuple[int, int]) -> Compute:
    """What a worker runs for one model at another input size, height and width in pixels."""
    from generator.resolution import at_resolution

    return at_resolution(entry, size)


def measure_at(
    pool: ProcessPool,
    entries: Sequence[CatalogEntry],
    size: tuple[int, int],
    *,
    measure: Callable[[CatalogEntry, tuple[int, int]], Compute] = compute_at,
    timeout: float,
) -> list[Compute]:
    """What each model takes at ``size``, height and width in pixels, with the timm that is installed now.

    Raises:
        ResolutionError: a model does not run at this size.
        MeasurementError: a model gave no answer within ``timeout`` seconds, or its worker died over it.
    """
    futures = [pool.schedule(measure, args=(entry, size), timeout=timeout) for entry in entries]
    found = []
    for entry, future in zip(entries, futures, strict=True):
        try:
            found.append(future.result())
        except AtlasError:
            raise
        except TimeoutError as error:
            raise MeasurementError(entry.name, f"no answer within {timeout:g} seconds") from error
        except (Exception, SystemExit) as error:
            raise MeasurementError(entry.name, in_one_line(error)) from error
    return found


def inspect_all(
    pool: ProcessPool,
    entries: Sequence[CatalogEntry],
    *,
    inspect: Inspect = inspect_model,
    timeout: float,
    progress: Progression,
) -> Iterator[tuple[CatalogEntry, Outcome]]:
    """Run ``inspect`` on every entry in the pool; each with its outcome, as they come.

    A worker that gives no answer within ``timeout`` seconds is ended, one that dies is replaced, and the model it was
    busy with becomes a `Failure` of stage "inspect".
    """
    futures: dict[Future[Outcome], CatalogEntry] = {
        pool.schedule(inspect, args=[entry], timeout=timeout): entry for entry in entries
    }
    with progress:
        for future in as_completed(futures):
            entry = futures[future]
            outcome = _outcome(future, entry.name, timeout)
            progress.advance(outcome)
            yield entry, outcome


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

    def advance(self, outcome: Outcome) -> None:
        """Count one model as done."""
        self.done += 1
        failures: tuple[Failure, ...] = (outcome,) if isinstance(outcome, Failure) else ()
        if isinstance(outcome, Partial):
            failures = outcome.failures
        self.failed += bool(failures)
        for failure in failures:
            _print(self.console, f"failed: {failure.name} ({failure.stage}): {failure.reason}")
        rate = f"{self.done / max(time.monotonic() - self._started, 1e-9):.1f} models/s"
        failed = f"{self.failed} failed" if self.failed else "no failures"
        self._bar.update(self._task, completed=self.done, rate=rate, failures=failed)
        tenth_passed = self.done * 10 // self.total > (self.done - 1) * 10 // self.total
        if not self.console.is_terminal and tenth_passed:
            _print(self.console, f"inspected {self.done} of {self.total} models, {rate}, {failed}")


def _outcome(future: Future[Outcome], name: str, timeout: float) -> Outcome:
    try:
        return future.result()
    except TimeoutError:
        return Failure(name, "inspect", f"no answer within {timeout:g} seconds")
    except ProcessExpired as error:
        return Failure(name, "inspect", f"its process died with exit code {error.exitcode}")
    except (Exception, SystemExit) as error:
        return Failure(name, "inspect", in_one_line(error))


def _print(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
