"""The tasks that worker processes run, and their outcomes. torch and timm are imported only in workers."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import ForkServerContext
from types import MappingProxyType
from typing import Any, TypeVar

from generator.build import keeping, parallel
from generator.build.pool import Pool, WorkerDied
from generator.build.progress import Progression
from generator.build.serving import Last, TaskError
from generator.errors import CatalogError, MeasurementError, ResolutionError, WorkersError
from generator.facts.inspections import Failure, Inspection, Outcome, Partial, Stage
from generator.facts.records import Resized
from generator.facts.registry import Catalog, CatalogEntry
from generator.facts.sizes import Size
from generator.measuring import catalog
from generator.measuring.reasons import in_one_line
from generator.process import uninterrupted

Found = TypeVar("Found")
# An entry and, where there are any, the sizes to measure beside the default and what was inspected before.
Inspect = Callable[..., Outcome | Last]
Measure = Callable[[CatalogEntry, tuple[int, int]], Resized | ResolutionError | Last]


@contextmanager
def pool(processes: int | None = None) -> Iterator[Pool]:
    """A pool of worker processes, forked from a server process that has imported torch and timm once for all.

    Raises:
        WorkersError: the server process could not be started, or it died.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["generator.measuring.preload"])
    _await_server(context)
    with Pool(processes or parallel.usable(), context) as made:
        yield made


def _await_server(context: ForkServerContext) -> None:
    """Start the server process, unless it runs, and wait until it has imported torch and timm.

    This takes seconds, and an interrupt ends it at once. The server then ends by itself, without a word.
    """
    try:
        # It would let interrupts through again when its own process is started, so that comes first.
        resource_tracker.ensure_running()
        with uninterrupted():
            forkserver.ensure_running()
        # A process that needs nothing of this one. It starts as soon as the server is ready.
        first = context.Process(target=os.getpid)
        first.start()
        first.join()
    except (OSError, EOFError) as error:
        raise WorkersError(in_one_line(error)) from error


def read_catalog(pool: Pool, read: Callable[[], Catalog] = catalog.read) -> Catalog:
    """Read timm's registry in a worker, so that this process does not import torch.

    Raises:
        CatalogError: the registry cannot be read, or the worker died.
    """
    ((_, future),) = pool.run(read, [()])
    try:
        known: Catalog = future.result()
    except WorkerDied as error:
        raise CatalogError(f"the process that imports it died ({error})") from error
    except TaskError as error:
        raise CatalogError(str(error)) from error
    return known


def inspect_model(entry: CatalogEntry, sizes: Sequence[Size] = (), known: Inspection | None = None) -> Outcome | Last:
    """Inspect one model, and run it at other ``sizes``. To be run in a worker, because it imports torch.

    Where the model was inspected before, its inspection, ``known``, gets the sizes, and nothing else is measured.
    """
    from generator.measuring.inspection import attempt, with_sizes

    if entry.problem is not None:
        return Failure(entry.name, Stage.REGISTRY, entry.problem)
    return _watched(
        lambda: keeping.kept(entry, with_sizes(entry, known, sizes) if known else attempt(entry, sizes)),
        lambda outcome, change: _with_failure(outcome, entry.name, change),
    )


def measure_model_at(entry: CatalogEntry, size: tuple[int, int]) -> Resized | ResolutionError | Last:
    """Measure one model at the input size ``size``, height and width in pixels. To be run in a worker.

    An error is returned, not raised.
    """
    from generator.measuring.resolution import at_resolution

    def measure() -> Resized | ResolutionError:
        try:
            return at_resolution(entry, size)
        except ResolutionError as error:
            return error

    def blame(found: Resized | ResolutionError, change: str) -> Resized | ResolutionError:
        if not isinstance(found, Resized):
            return found
        failures = (*found.record.failures, Failure(entry.name, Stage.STATE, change))
        return replace(found, record=replace(found.record, failures=failures))

    return _watched(measure, blame)


def _watched(measure: Callable[[], Found], blame: Callable[[Found, str], Found]) -> Found | Last:
    """Measure a model. If it changes the state that other models are measured in, its worker measures no other.

    ``blame`` adds to what was measured that the model did so. What was measured is kept, since it holds for the model
    itself: whoever creates it gets this.
    """
    from generator.measuring import state

    before = state.snapshot()
    found = measure()
    changed = state.changes(before, state.snapshot())
    return Last(blame(found, f"it changed {'; '.join(changed)}")) if changed else found


def _with_failure(outcome: Outcome, name: str, change: str) -> Outcome:
    if isinstance(outcome, Failure):
        return replace(outcome, reason=f"{outcome.reason}; {change}")
    return _and(outcome, Failure(name, Stage.STATE, change))


def _and(outcome: Inspection | Partial, failure: Failure) -> Partial:
    """The outcome with another failure."""
    if isinstance(outcome, Inspection):
        return Partial(outcome, (failure,))
    return Partial(outcome.inspection, (*outcome.failures, failure))


def measure_at(
    pool: Pool,
    entries: Sequence[CatalogEntry],
    size: tuple[int, int],
    *,
    measure: Measure = measure_model_at,
    timeout: float,
    advance: Callable[[], None] = lambda: None,
) -> list[Resized | ResolutionError | MeasurementError]:
    """Measure each model at ``size``, height and width in pixels, with the installed timm.

    ``advance`` is called as each model is done.

    Returns:
        For each model what was measured, or the error: a `ResolutionError` if it does not run at this size, a
        `MeasurementError` if it gave no answer within ``timeout`` seconds or its worker died.
    """
    found: dict[int, Resized | ResolutionError | MeasurementError] = {}
    for place, future in pool.run(measure, [(entry, size) for entry in entries], timeout=timeout):
        try:
            found[place] = future.result()
        except (TimeoutError, WorkerDied, TaskError) as error:
            found[place] = MeasurementError(entries[place].name, _reason(error, timeout))
        advance()
    return [found[place] for place in range(len(entries))]


def inspect_all(
    pool: Pool,
    entries: Sequence[CatalogEntry],
    *,
    inspect: Inspect = inspect_model,
    sizes: Mapping[str, Sequence[Size]] = MappingProxyType({}),
    known: Mapping[str, Inspection] = MappingProxyType({}),
    timeout: float,
    progress: Progression,
) -> Iterator[tuple[CatalogEntry, Outcome]]:
    """Run ``inspect`` on every entry, in the pool, and yield each entry with its outcome as soon as it is known.

    A worker that gives no answer within ``timeout`` seconds is killed, and a worker that died is replaced. Its model
    becomes a `Failure` of stage "inspect". If that comes from another size, only the sizes are lost: a model to be run
    at any is inspected once more without.

    Args:
        pool: the workers.
        entries: the models.
        inspect: what inspects a model.
        sizes: the sizes beside the default that each model is run at, by its name.
        known: the inspections of models that were inspected before and lack these sizes, by name.
        timeout: seconds.
        progress: counts the models.
    """
    tasks: list[tuple[Any, ...]] = [
        (entry, sizes[entry.name], known.get(entry.name)) if sizes.get(entry.name) else (entry,) for entry in entries
    ]
    lost: list[Failure] = []
    with progress:
        for place, future in pool.run(inspect, tasks, timeout=timeout):
            outcome = _outcome(future, entries[place].name, timeout)
            if len(tasks[place]) > 1 and isinstance(outcome, Failure) and outcome.stage is Stage.INSPECT:
                lost.append(outcome)
            else:
                progress.advance(outcome)
                yield entries[place], outcome
        named = {entry.name: entry for entry in entries}
        again = [named[failure.name] for failure in lost]
        for place, future in pool.run(inspect, [(entry,) for entry in again], timeout=timeout):
            outcome = _outcome(future, again[place].name, timeout)
            if not isinstance(outcome, Failure):
                outcome = _and(outcome, replace(lost[place], stage=Stage.SIZES))
            progress.advance(outcome)
            yield again[place], outcome


def _outcome(future: Future[Outcome], name: str, timeout: float) -> Outcome:
    try:
        return future.result()
    except (TimeoutError, WorkerDied, TaskError) as error:
        return Failure(name, Stage.INSPECT, _reason(error, timeout))


def _reason(error: Exception, timeout: float) -> str:
    return f"no answer within {timeout:g} seconds" if isinstance(error, TimeoutError) else str(error)
