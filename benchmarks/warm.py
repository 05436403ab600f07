"""Builds after a build: the time where nothing has changed, and the files written where one record has."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.project import Project, state
from benchmarks.results import Result, at_most
from generator.build import steps
from generator.store import dataset, fingerprint
from generator.store.cache import Cache


def unchanged(project: Project, runs: int) -> Iterator[Result]:
    """Measure a build when nothing has changed: its time, and the files of the site that it wrote."""
    before = state(project.root / "site")
    took = [project.run("build") for _ in range(runs)]
    yield at_most("Warm build, nothing changed", statistics.median(took), 2, "s")
    written = _written(before, project)
    yield Result(
        "Files of site/ that it wrote again", f"{len(written)}", f"{len(before):,} files", "–", "0", not written
    )


def one_changed(project: Project) -> Iterator[Result]:
    """Measure a build after the record of one model has changed: the pages of the site that it wrote."""
    name = dataset.names(project.root / "dataset")[0]
    with Cache(
        project.root / steps.CACHE / steps.RECORDS, fingerprint.of_inspection(), fresh=False, tell=print
    ) as cache:
        known = cache.inspections([name])[name]
        # A figure that only the model's own page shows.
        cache.store(name, replace(known.inspection, buffers=known.inspection.buffers + 1), known.date)
    before = state(project.root / "site")
    took = project.run("build")
    written = _written(before, project)
    pages = {path for path in written if path.endswith(".html")}
    yield Result(
        "Pages of site/ written after one record changed",
        f"{len(pages)}, with {len(written) - len(pages)} data files, in {took:.1f} s",
        f"{sum(path.endswith('.html') for path in before):,} pages",
        "–",
        "its own",
        pages == {f"models/{name}/index.html"},
    )


def _written(before: dict[str, tuple[int, int]], project: Project) -> set[str]:
    """The files of the site that were added, removed or written again."""
    return {path for path, _ in state(project.root / "site").items() ^ before.items()}
