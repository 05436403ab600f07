"""Fixtures that several modules share: projects in a temporary folder, small and read-only disks, timm's catalog."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

from generator.build import workers
from generator.build.steps import CACHE
from generator.facts.registry import Catalog
from generator.results import gathering
from generator.store import dataset
from tests import examples
from tests.doubles import TinyTimm

ROOT = Path(__file__).resolve().parent.parent

# Where somebody has set a folder of tables, tests do without it.
os.environ.pop(gathering.VARIABLE, None)

# No deadline, since the machine may be busy. In CI each run tries the same examples.
set_hypothesis_home_dir(ROOT / ".pytest_cache" / "hypothesis")
settings.register_profile(
    "atlas",
    deadline=None,
    database=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("atlas")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The catalog of the installed timm."""
    from generator.measuring.catalog import read

    return read()


@pytest.fixture
def bare_project(tmp_path: Path) -> Path:
    """A project as a fresh checkout has it: a configuration and a hand-written page, no dataset."""
    root = tmp_path / "project"
    (root / "docs").mkdir(parents=True)
    shutil.copy(ROOT / "mkdocs.yml", root)
    (root / "docs" / "index.md").write_text("# Home\n")
    return root


@pytest.fixture
def project(bare_project: Path) -> Path:
    """A project with the dataset of the tiny models."""
    dataset.write(examples.FULL, bare_project / "dataset")
    return bare_project


@pytest.fixture
def tiny_timm(monkeypatch: pytest.MonkeyPatch) -> TinyTimm:
    """A timm of the tiny models in place of the real one, without worker processes."""
    timm = TinyTimm()
    monkeypatch.setattr(workers, "pool", nullcontext)
    monkeypatch.setattr(workers, "read_catalog", timm.read_catalog)
    monkeypatch.setattr(workers, "inspect_all", timm.inspect_all)
    return timm


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on its own disk of 64 KiB."""
    with ExitStack() as stack:
        folder = tmp_path / "small"
        folder.mkdir()
        _mount(folder, stack, "size=64k")
        yield folder


@pytest.fixture
def read_only() -> Iterator[Callable[[Path], None]]:
    """A function that makes an existing folder read-only until the test ends, for root as well."""
    with ExitStack() as stack:

        def make(folder: Path) -> None:
            if os.geteuid() != 0:
                folder.chmod(0o555)
                stack.callback(folder.chmod, 0o755)
                return
            # Root ignores permissions, so the folder's contents move to a disk that is then made read-only.
            contents = {path.name: path.read_bytes() for path in folder.iterdir()}
            _mount(folder, stack, "size=1m")
            for name, content in contents.items():
                (folder / name).write_bytes(content)
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)

        yield make


def _mount(folder: Path, stack: ExitStack, options: str) -> None:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a disk of its own can only be mounted by root with that capability")
    stack.callback(subprocess.run, ["umount", str(folder)], check=True)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, except the cache."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    contents = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    return {name: content for name, content in contents.items() if not name.startswith(f"{CACHE}/")}
