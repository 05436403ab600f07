"""What results follow from: all that decides them is in the fingerprint, and nothing heavy is imported for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from generator import fingerprint
from generator.errors import CatalogError
from tests.conftest import ROOT
from tests.test_architecture import reachable

PRINT = """
import sys
from generator import fingerprint
print(fingerprint.of_inspection().whole, fingerprint.of_inspection().versions, fingerprint.of_surroundings())
sys.exit(", ".join({"torch", "timm", "torchvision", "pandas"} & set(sys.modules)) or 0)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder to import from first, with copies of our package, of timm's beginning, and of torch's version."""
    shutil.copytree(ROOT / "generator", tmp_path / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    for package in ("timm", "torch"):
        (tmp_path / package / "models").mkdir(parents=True)
        for name in ("__init__.py", "version.py", "models/tiny.py"):
            (tmp_path / package / name).write_text(f'__version__ = "1.0"  # {name}\n')
    return tmp_path


def taken(folder: Path) -> list[str]:
    """The fingerprint as a process takes it that imports from this folder first: whole, versions, surroundings."""
    finished = subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return finished.stdout.split()


def test_nothing_heavy_is_imported() -> None:
    """The installed timm and torch are told apart by their files; neither is imported for it."""
    assert [len(digest) for digest in taken(ROOT)] == [64, 64, 64]


def test_what_inspects_is_what_inspection_imports() -> None:
    """The modules that decide an inspection are all that the inspecting ones and the cache import, and no others."""
    expected = reachable("inspection") | reachable("catalog") | reachable("cache")
    assert set(fingerprint.INSPECTING) == expected - {""}


@pytest.mark.parametrize(
    ("name", "whole", "versions", "surroundings"),
    [
        ("timm/models/tiny.py", True, False, False),
        ("timm/version.py", True, True, False),
        ("torch/version.py", True, True, False),
        ("torch/models/tiny.py", False, False, False),
        ("generator/inspection.py", True, False, True),
        ("generator/catalog.py", True, False, True),
        ("generator/records.py", True, False, True),
        ("generator/pages/model.py", False, False, True),
        ("generator/site/hooks.py", False, False, True),
        ("generator/cli.py", False, False, True),
        ("generator/releases.json", False, False, True),
    ],
)
def test_a_change_moves_what_follows_from_it(
    copy: Path, name: str, whole: bool, versions: bool, surroundings: bool
) -> None:
    """timm's source and our inspecting code move the fingerprint, other code of ours the surroundings alone."""
    before = taken(copy)
    with open(copy / name, "a") as file:
        file.write("# changed\n")
    assert [one != other for one, other in zip(before, taken(copy), strict=True)] == [whole, versions, surroundings]


def test_it_is_the_same_wherever_it_is_taken(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same files in another folder have the same fingerprint."""
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(copy, other, dirs_exist_ok=True)
    assert taken(other) == taken(copy)


@pytest.mark.parametrize("package", ["timm", "torch"])
def test_a_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Where timm or torch is not installed, the error is that of a registry that cannot be read, and names it."""
    monkeypatch.setattr("generator.fingerprint.find_spec", lambda name: None if name == package else find_spec(name))
    with pytest.raises(CatalogError, match=f"could not be read: ModuleNotFoundError: No module named '{package}'"):
        fingerprint.of_inspection()
