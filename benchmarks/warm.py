"""Builds of what is built already: how long nothing takes, and how little one change writes."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.project import Project, state
from benchmarks.results import Result, at_most


def unchanged(project: Project, runs: int) -> Iterator[Result]:
    """A build when nothing has changed: its time, and the files of the site that it wrote."""
    before = state(project.root / "site")
    took = [project.run("build") for _ in range(runs)]
    yield at_most("Warm build, nothing changed", statistics.median(took), 5, "s")
    written = len(state(project.root / "site").items() ^ before.items())
    yield Result("Files of site/ that it wrote again", f"{written}", f"{len(before):,} files", "–", "0", written == 0)
