"""Measure everything that the project promises about speed and size, and print it as one table."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from benchmarks import growth, hugo, keys, memory, site, warm
from benchmarks.project import MeasuringError, Project, copy, seconds
from benchmarks.results import Result, at_least, at_most, ratio_at_most, skipped, table
from generator.build import parallel
from generator.store import dataset

KB, MB, GB = 1e3, 1e6, 1e9

# The cold build is compared with this loop: the least work for any list of model sizes, in one process.
BARE_LOOP = """
import time, warnings
import timm, torch
warnings.simplefilter("ignore")
names = timm.list_models()
start = time.perf_counter()
for name in names:
    with torch.device("meta"):
        timm.create_model(name)
print(time.perf_counter() - start)
"""


def main() -> int:
    """Measure, print, and return 1 where a target is not met."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure the speed and the sizes that the project promises. All parts take about forty minutes, "
        "on a machine that does nothing else. Nothing is installed: what is missing is skipped, and said.",
    )
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="how often each thing is timed (default: 3)")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS), help="measure these parts only")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write the output to a file, as Markdown")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="timm-atlas-bench-") as folder:
        project = copy(Path(folder) / "project")
        results: list[Result] = []
        pictures: list[str] = []
        try:
            for part in PARTS:
                if part in options.only:
                    for found in PARTS[part](project, options.runs):
                        (results if isinstance(found, Result) else pictures).append(found)  # type: ignore[arg-type]
                        if isinstance(found, Result):
                            print(f"{found.what}: {found.figure}", file=sys.stderr)
        except MeasuringError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
    print(f"{machine()}\n\n{table(results)}")
    if options.write:
        options.write.write_text("\n\n".join([machine(), table(results), *pictures]) + "\n")
    return 1 if any(result.met is False for result in results) else 0


def machine() -> str:
    """Describe the machine and the versions of the programs that were measured with."""
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory_kib = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    programs = [f"Python {platform.python_version()}"]
    programs += [f"{name} {version(name)}" for name in ("timm", "torch", "pyarrow", "mkdocs", "mkdocs-material")]
    programs += [f"Hugo {hugo.version()}" if hugo.program() else "no Hugo", _lighthouse_version()]
    return (
        f"{parallel.usable()} × {model or platform.machine()}, {memory_kib / 2**20:.0f} GiB, {platform.system()}; "
        + ", ".join(programs)
        + "."
    )


def cold(project: Project, runs: int) -> Iterator[Result]:
    """Measure the whole build from nothing: its time against the bare loop, and its memory."""
    own, bare = [], []
    for _ in range(runs):
        finished = subprocess.run([sys.executable, "-c", BARE_LOOP], capture_output=True, text=True, check=True)
        bare.append(float(finished.stdout))
        project.forget_all()
        own.append(project.run("build"))
    yield ratio_at_most("Cold build of everything", own, "bare loop over all models, one process", bare, 1.25)
    if not memory.is_known():
        yield skipped("Memory of the cold build", "this system does not tell it", "≤ 1.5 GB a process, ≤ 3 GB in all")
        return
    project.forget_all()
    code, peak = memory.run(project.command("build"), stderr=subprocess.DEVNULL)
    if code:
        raise MeasuringError(f"the build ended with exit code {code}")
    yield at_most("Memory of the cold build, largest process", peak.process / GB, 1.5, "GB", digits=2)
    yield at_most("Memory of the cold build, all processes", peak.together / GB, 3.0, "GB", digits=2)


def mkdocs(project: Project, runs: int) -> Iterator[Result]:
    """Time MkDocs with Material, strict, against Hugo with an empty theme, on the same Markdown."""
    what = "MkDocs and Material, whole site"
    program = hugo.program()
    if program is None:
        yield skipped(what, "Hugo is not installed (Debian: apt install hugo)", "≤ 1.5 ×")
        return
    _ensure_built(project)
    own, other = [], []
    for _ in range(runs):
        target = project.root / "measured"
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(target)]
        own.append(seconds([*command, "--config-file", str(project.root / "mkdocs.yml")]))
        project.forget(target.name)
        other.append(hugo.build(program, project))
    yield ratio_at_most(what, own, "Hugo, empty theme, same Markdown", other, 1.5)


def pages(project: Project, runs: int) -> Iterator[Result]:
    """Time the making of all pages from the dataset."""
    _ensure_built(project)
    took = []
    for _ in range(runs):
        project.forget_pages()
        took.append(project.run("pages"))
    yield at_most("`timm-atlas pages`, all models", sorted(took)[len(took) // 2], 3, "s")


def again(project: Project, runs: int) -> Iterator[Result]:
    """Measure a build in which nothing has changed, and one in which a single record has."""
    _ensure_built(project)
    project.run("build")
    yield from warm.unchanged(project, runs)
    yield from warm.one_changed(project)


def sizes(project: Project, runs: int) -> Iterator[Result]:
    """Measure the size of the site on disk, and compressed."""
    _ensure_built(project)
    folder = project.root / "site"
    names = dataset.names(project.root / "dataset")
    packed = sorted(site.compressed(folder / "models" / name / "index.html") for name in names)
    yield at_most("HTML of the site", site.size(folder, "*.html") / MB, 100, "MB")
    yield at_most("Site with data files", site.size(folder) / MB, 200, "MB")
    yield at_most("Median model page, gzipped", packed[len(packed) // 2] / KB, 20, "kB")
    yield at_most("Longest model page, gzipped", packed[-1] / KB, 30, "kB")
    yield at_most("Rank page, gzipped", site.compressed(folder / "models" / "index.html") / KB, 90, "kB")
    yield at_most("Search index, gzipped", site.compressed(folder / "search" / "search_index.json") / KB, 80, "kB")


def lighthouse(project: Project, runs: int) -> Iterator[Result]:
    """Take Lighthouse's mobile scores of each kind of page."""
    targets = "scores ≥ 0.98, blocking ≤ 50 ms, shift ≤ 0.02"
    program, browser = site.lighthouse(), _browser()
    if program is None or browser is None:
        missing = "Lighthouse (npm install --global lighthouse)" if program is None else "Chromium"
        yield skipped("Lighthouse, mobile", f"{missing} is not installed", targets)
        return
    _ensure_built(project)
    records = sorted(dataset.read(project.root / "dataset").records, key=lambda record: len(record.tensors))
    by_tensors = [record.name for record in records]
    (largest, _), *_ = Counter(record.entry.family for record in records).most_common(1)
    addresses = {
        "home": "",
        "rank": "models/",
        "median model": f"models/{by_tensors[len(by_tensors) // 2]}/",
        "longest model": f"models/{by_tensors[-1]}/",
        "largest family": f"families/{largest}/",
        "comparison of six": f"compare/?m={','.join(by_tensors[:: len(by_tensors) // 5][:5] + by_tensors[-1:])}",
        "explore": "explore/",
        "guide": "guide/method/",
    }
    with site.served(project.root / "site", site.CompressingHandler) as root:
        for name, address in addresses.items():
            score = site.judged(program, browser, root + address, runs)
            yield at_least(f"Lighthouse mobile, {name}: performance", score.performance, 0.98)
            yield at_least(f"Lighthouse mobile, {name}: accessibility", score.accessibility, 0.98)
            yield at_least(f"Lighthouse mobile, {name}: best practices", score.best_practices, 0.98)
            yield at_most(f"Lighthouse mobile, {name}: total blocking time", score.blocking_ms, 50, "ms", digits=0)
            yield at_most(f"Lighthouse mobile, {name}: layout shift", score.layout_shift, 0.02, "", digits=3)


def typing(project: Project, runs: int) -> Iterator[Result]:
    """Time the budget finder's response to a key."""
    what, limit = f"Budget finder: slowest of {len(keys.TYPED)} keys, processor {keys.SLOWER} × slower", 100
    browser = _browser()
    if browser is None or find_spec("playwright") is None:
        missing = "Chromium" if browser is None else "Playwright (./scripts/test installs it)"
        yield skipped(what, f"{missing} is not installed", f"≤ {limit} ms")
        return
    _ensure_built(project)
    with site.served(project.root / "site", site.CompressingHandler) as root:
        own, bare = keys.answered(browser, root, runs)
    slowest = at_most(what, max(own), limit, "ms", digits=0)
    yield replace(slowest, compared_to=f"an empty page: {max(bare):.0f} ms", ratio=f"{max(own) / max(bare):.2f}")


PARTS: dict[str, Callable[[Project, int], Iterator[Result | str]]] = {
    "cold": cold,
    "mkdocs": mkdocs,
    "pages": pages,
    "warm": again,
    "sizes": sizes,
    "lighthouse": lighthouse,
    "keys": typing,
    "growth": growth.measured,
}


def _browser() -> str | None:
    return os.environ.get("ATLAS_BROWSER") or shutil.which("chromium")


def _ensure_built(project: Project) -> None:
    if not (project.root / "site" / "index.html").is_file():
        project.run("build")


def _lighthouse_version() -> str:
    program = site.lighthouse()
    if program is None:
        return "no Lighthouse"
    return "Lighthouse " + subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).is_file() else []


if __name__ == "__main__":
    sys.exit(main())
