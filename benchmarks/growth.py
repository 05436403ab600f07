"""Cost against number of tensors: a quarter, a half and all of the models, each built from nothing."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import plot, site
from benchmarks.project import Project
from benchmarks.results import Result
from generator.store import dataset

_PARTS = (4, 2, 1)
# How much more a tensor may cost with all models than with a quarter of them, where start-up weighs most.
_LIMIT = 1.1


def measured(project: Project, runs: int) -> Iterator[Result | str]:
    """Measure seconds and bytes of each part, and plot them."""
    if not (project.root / "dataset").is_dir():
        project.run("inspect")
    names = dataset.names(project.root / "dataset")
    tensors, seconds, html, total = [], [], [], []
    for part in _PARTS:
        project.forget_all()
        # Every second or fourth model, so that each part is a mixture like the whole.
        seconds.append(project.run("build", *(names[::part] if part > 1 else ())))
        tensors.append(sum(len(record.tensors) for record in dataset.read(project.root / "dataset").records))
        html.append(site.size(project.root / "site", "*.html") / 1e6)
        total.append(site.size(project.root / "site") / 1e6)
    for what, unit, values in (("Cold build", "s", seconds), ("HTML", "MB", html), ("Site", "MB", total)):
        a_tensor = [value / count for value, count in zip(values, tensors, strict=True)]
        yield Result(
            f"{what} a tensor: all models against a quarter",
            ", ".join(f"{value:.1f}" for value in values) + f" {unit}",
            "for " + ", ".join(f"{count:,}" for count in tensors) + " tensors",
            f"{a_tensor[-1] / a_tensor[0]:.2f}",
            f"≤ {_LIMIT:g} (linear)",
            a_tensor[-1] / a_tensor[0] <= _LIMIT,
        )
    yield plot.svg(
        tensors,
        [
            plot.Series("cold build", "s", seconds, ""),
            plot.Series("HTML", "MB", html, "6 3"),
            plot.Series("whole site", "MB", total, "2 3"),
        ],
    )
