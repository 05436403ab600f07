"""What the checks in a browser share: the small site, built once a run, its data, a server and a browser."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.project import Project, copy
from generator.build import steps
from generator.store import dataset as datasets
from tests import small
from tests.browsing import address, browser, kinds_of, page, texts_of

__all__ = ["address", "browser", "page"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every case of a test but its first as a sweep: a page in a browser takes seconds, and cases are alike."""
    tried: set[str] = set()
    for item in items:
        if item.path.parent == Path(__file__).parent and isinstance(item, pytest.Function):
            test = f"{item.path}::{item.originalname}"
            if test in tried:
                item.add_marker(pytest.mark.sweep)
            tried.add(test)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """A function that gives the folder of a name, which it has made once for all processes of a run of pytest."""
    base = tmp_path_factory.getbasetemp()
    # The folders of the processes of pytest-xdist are in one.
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        made = base / name
        with open(base / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                staging = base / f"{name}.part"
                make(staging)
                staging.rename(made)
        return made

    return folder


@pytest.fixture(scope="session")
def site(shared: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The small site, built from a copy of the project as `timm-atlas build` would."""
    return shared("small", lambda folder: steps.build_site(with_pages(folder).root)) / "site"


def with_pages(folder: Path) -> Project:
    """A copy of the project with the small dataset and its pages, to build its site from."""
    project = copy(folder)
    datasets.write(small.SMALL, folder / "dataset")
    steps.write_pages(folder, small.SMALL)
    return project


@pytest.fixture(scope="session")
def kinds(site: Path) -> list[str]:
    """The addresses of a page of each kind, and of the models that lack or have what others do not.

    Pages of text are alike: the longest stands for all of them here, and tests/built tries the others.
    """
    odd = [row.name for row in small.ROWS if row.family == "tiny_odd" or row.name == small.WITH_DEPLOY_FORM]
    found = [*kinds_of(site, small.ROWS), *(f"models/{name}/" for name in odd)]
    texts = texts_of(found)
    longest = max(texts, key=lambda kind: (site / kind / "index.html").stat().st_size)
    return [kind for kind in dict.fromkeys(found) if kind == longest or kind not in texts]
