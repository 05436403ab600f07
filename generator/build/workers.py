"""Worker processes: the pool, and the tasks that workers run. torch and timm are imported only in workers."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from pebble import ProcessExpired, ProcessPool

from generator.build import keeping, parallel
from generator.build.progress import Progression
from generator.errors import AtlasError, CatalogError, MeasurementError
from generator.facts.inspections import Compute, Failure, Outcome, Stage
from generator.facts.registry import Catalog, CatalogEntry
from generator.measuring import catalog
from generator.measuring.reasons import in_one_line

Inspect = Callable[[CatalogEntry], Outcome]


@contextmanager
def pool(processes: int | None = None) -> Iterator[ProcessPool]:
    """A pool of worker processes, forked from a server process that has imported torch and timm once for all."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["generator.measuring.preload"])
    made = ProcessPool(max_workers=processes or parallel.usable(), context=context)
    try:
        yield made
        made.close()
    except BaseException:
        made.stop()
        raise
    finally:
        made.join()


def read_catalog(pool: ProcessPool, read: Callable[[], Catalog] = catalog.read) -> Catalog:
    """Read timm's registry in a worker, so that this process does not import torch.

    Raises:
        CatalogError: the registry cannot be read, or the worker died.
    """
    try:
        known: Catalog = pool.schedule(read).result()
    except (ProcessExpired, BrokenProcessPool) as error:
        raise CatalogError(f"the process that imports it died ({in_one_line(error)})") from error
    return known


def inspect_model(entry: CatalogEntry) -> Outcome:
    """Inspect one model. To be run in a worker, because it imports torch."""
    from generator.measuring.inspection import attempt

    if entry.problem is not None:
        return Failure(entry.name, Stage.REGISTRY, entry.problem)
    return keeping.kept(entry, attempt(entry))


def compute_at(entry: CatalogEntry, size: tuple[int, int]) -> Compute:
    """Measure one model at the input size ``size``, height and width in pixels. To be run in a worker."""
    from generator.measuring.resolution import at_resolution

    return at_resolution(entry, size)


def measure_at(
    pool: ProcessPool,
    entries: Sequence[CatalogEntry],
    size: tuple[int, int],
    *,
    measure: Callable[[CatalogEntry, tuple[int, int]], Compute] = compute_at,
    timeout: float,
) -> list[Compute]:
    """Measure each model at ``size``, height and width in pixels, with the installed timm.

    Raises:
        ResolutionError: a model does not run at this size.
        MeasurementError: a model gave no answer within ``timeout`` seconds, or its worker died.
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
    """Run ``inspect`` on every entry, in the pool, and yield each entry with its outcome as soon as it is known.

    A worker that gives no answer within ``timeout`` seconds is killed, and a worker that died is replaced. Its model
    becomes a `Failure` of stage "inspect".
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


def _outcome(future: Future[Outcome], name: str, timeout: float) -> Outcome:
    try:
        return future.result()
    except TimeoutError:
        return Failure(name, Stage.INSPECT, f"no answer within {timeout:g} seconds")
    except ProcessExpired as error:
        return Failure(name, Stage.INSPECT, f"its process died with exit code {error.exitcode}")
    except (Exception, SystemExit) as error:
        return Failure(name, Stage.INSPECT, in_one_line(error))
