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

from generator import dataset, survey
from generator.records import Catalog
from generator.stages import CACHE
from tests import examples
from tests.doubles import TinyTimm

ROOT = Path(__file__).resolve().parent.parent

# Nothing here is measured in seconds: the machine may be busy. In CI the same examples are tried each time.
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
    """What the installed timm says about its models."""
    from generator.catalog import read

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
    dataset.write(examples.full(), bare_project / "dataset")
    return bare_project


@pytest.fixture
def tiny_timm(monkeypatch: pytest.MonkeyPatch) -> TinyTimm:
    """A timm of the tiny models in the place of the real one, without worker processes."""
    timm = TinyTimm()
    monkeypatch.setattr(survey, "workers", nullcontext)
    monkeypatch.setattr(survey, "read_catalog", timm.read_catalog)
    monkeypatch.setattr(survey, "inspect_all", timm.inspect_all)
    return timm


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 64 KiB of its own."""
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
    """Every file below a folder, with what is in it; what earlier runs left for later ones is left out."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    contents = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    return {name: content for name, content in contents.items() if not name.startswith(f"{CACHE}/")}
