"""The nightly script: it builds with the newest timm that the index has, or says why it does not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

Nightly = Callable[..., subprocess.CompletedProcess[str]]


pytestmark = pytest.mark.sweep


def wheel(folder: Path, version: str, requires: str = "") -> None:
    """Put a package named timm, of nothing but its name and version, into a folder."""
    info = f"timm-{version}.dist-info"
    with zipfile.ZipFile(folder / f"timm-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: timm\nVersion: {version}\n{requires}")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A folder of packages, for pip to take in place of an index."""
    folder = tmp_path / "index"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that has timm 1.0.9."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    wheel(folder, "1.0.9")
    pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-index", str(folder / "timm-1.0.9-py3-none-any.whl")], check=True)
    return folder / "venv"


@pytest.fixture
def nightly(tmp_path: Path, environment: Path, index: Path) -> Nightly:
    """A function that runs the script in a project whose environment has timm 1.0.9.

    The commands that take long are replaced: each writes its call to ``done``, with the version of timm that it finds.
    """
    root = tmp_path / "project"
    shutil.copytree(ROOT / "scripts", root / "scripts")
    shutil.copytree(ROOT / "requirements", root / "requirements")
    shutil.copy(ROOT / "pyproject.toml", root)
    own = root / ".venv-nightly"
    shutil.copytree(environment, own, symlinks=True)
    pins = (root / "requirements" / "test.txt").read_bytes() + (root / "pyproject.toml").read_bytes()
    sums = subprocess.run(["cksum"], input=pins, capture_output=True, check=True).stdout.decode().strip()
    (own / "installed-test").write_text(f"{sums} {root}\n")
    version = "from importlib.metadata import version; print(version('timm'))"
    for name in ("timm-atlas", "pytest"):
        command = own / "bin" / name
        command.write_text(
            f'#!/usr/bin/env bash\necho "{name} $* timm $("{own}/bin/python" -c "{version}")" >>"{tmp_path}/done"\n'
        )
        command.chmod(0o755)

    def run() -> subprocess.CompletedProcess[str]:
        variables = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "ATLAS_"))}
        variables |= {"ATLAS_BROWSER": "true", "ATLAS_RESULTS": "none"}
        return subprocess.run(
            [root / "scripts" / "nightly"],
            env={**variables, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def done(tmp_path: Path) -> list[str]:
    """The commands that were run, and the version of timm that each found."""
    return (tmp_path / "done").read_text().splitlines() if (tmp_path / "done").exists() else []


def test_the_newest_timm_is_built_and_checked(nightly: Nightly, index: Path, tmp_path: Path) -> None:
    """The newest version that the index has is installed, by number and not by name, then built, then checked."""
    for version in ("1.0.8", "1.0.10", "1.0.9"):
        wheel(index, version)
    finished = nightly()
    assert finished.returncode == 0, finished.stderr
    assert done(tmp_path) == ["timm-atlas build timm 1.0.10", "pytest -m not pinned tests/built timm 1.0.10"]
    assert finished.stderr.splitlines()[-1] == "timm 1.0.10 (before: 1.0.9)"


def test_a_night_without_a_new_timm_builds_the_same(nightly: Nightly, index: Path, tmp_path: Path) -> None:
    """Where the installed version is the newest, it is built."""
    wheel(index, "1.0.9")
    assert nightly().returncode == 0
    assert done(tmp_path) == ["timm-atlas build timm 1.0.9", "pytest -m not pinned tests/built timm 1.0.9"]


@pytest.mark.parametrize("versions", [(), ("1.0.8",)], ids=["nothing", "older"])
def test_a_night_without_the_index_builds_nothing(
    nightly: Nightly, index: Path, tmp_path: Path, versions: tuple[str, ...]
) -> None:
    """Where the index cannot be asked, or has but an older timm, the script says so and builds nothing."""
    for version in versions:
        wheel(index, version)
    finished = nightly()
    assert finished.returncode == 1
    assert "no timm that is as new as the installed 1.0.9" in finished.stderr.splitlines()[-1]
    assert done(tmp_path) == []


def test_a_timm_that_cannot_be_installed_is_not_built(nightly: Nightly, index: Path, tmp_path: Path) -> None:
    """Where a package that the newest timm needs is not to be had, nothing is built with the one before."""
    wheel(index, "1.0.10", "Requires-Dist: a-package-that-is-nowhere\n")
    assert nightly().returncode != 0
    assert done(tmp_path) == []
