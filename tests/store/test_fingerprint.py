"""What results follow from: all that decides them is in the fingerprint, and nothing heavy is imported for it."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import GenericAlias, UnionType

import pytest

from generator.errors import CatalogError
from generator.store import fingerprint
from tests.conftest import ROOT

MEASURING = sorted((ROOT / "generator" / "measuring").glob("*.py"))
INSPECTIONS, REGISTRY = "generator/facts/inspections.py", "generator/facts/registry.py"
MORE = "    more: int = 0\n"

# The modules of other wings that the fingerprint covers as well.
COVERED = tuple(f"generator.{name.removesuffix('.py').replace('/', '.')}" for name in fingerprint.SHARED)

PRINT = """
import sys
from generator.store import fingerprint
print(fingerprint.of_inspection().whole, fingerprint.of_inspection().versions, fingerprint.of_surroundings())
sys.exit(", ".join({"torch", "timm", "torchvision", "pandas"} & set(sys.modules)) or 0)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder to import from first, with copies of our package, and the beginnings of timm, torch and torchvision."""
    shutil.copytree(ROOT / "generator", tmp_path / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    for package in ("timm", "torch", "torchvision"):
        (tmp_path / package / "models").mkdir(parents=True)
        for name in ("__init__.py", "version.py", "models/tiny.py"):
            (tmp_path / package / name).write_text(f'__version__ = "1.0"  # {name}\n')
    return tmp_path


def taken(folder: Path, **variables: str) -> list[str]:
    """The fingerprint as a process takes it that imports from this folder first: whole, versions, surroundings."""
    finished = subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return finished.stdout.split()


def moved(before: list[str], after: list[str]) -> list[bool]:
    """Which of the digests have changed: whole, versions, surroundings."""
    return [one != other for one, other in zip(before, after, strict=True)]


def test_nothing_heavy_is_imported() -> None:
    """The installed timm and torch are told apart by their files; neither is imported for it."""
    assert [len(digest) for digest in taken(ROOT)] == [64, 64, 64]


def imported_from_outside(path: Path) -> dict[str, object]:
    """What a module of the wing that measures takes from our other wings, by its full name."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
            assert all(name.startswith("generator.measuring.") for name in modules if name.startswith("generator"))
        elif isinstance(node, ast.ImportFrom):
            module = str(node.module)
            if module.startswith("generator") and not module.startswith("generator.measuring"):
                names = [alias.name for alias in node.names]
                found.update({f"{module}.{name}": getattr(import_module(module), name) for name in names})
    return found


@pytest.mark.parametrize("path", MEASURING, ids=lambda path: path.stem)
def test_measuring_takes_nothing_from_outside_that_computes(path: Path) -> None:
    """Whatever decides an inspection is in the fingerprint: from other wings come types and what it covers."""
    for name, taken_over in imported_from_outside(path).items():
        is_type = isinstance(taken_over, type | GenericAlias | UnionType)
        assert is_type or name.startswith(COVERED), name


def test_measuring_is_read() -> None:
    """The modules that are looked at above are those that measure, and some of them take types from facts."""
    assert {"catalog", "inspection", "forward", "pyramid", "activation_memory"} <= {path.stem for path in MEASURING}
    taken_over = {name for path in MEASURING for name in imported_from_outside(path)}
    assert {"generator.facts.inspections.Inspection", "generator.facts.registry.Catalog"} <= taken_over
    assert all(any(name.startswith(module) for name in taken_over) for module in COVERED)


@pytest.mark.parametrize(
    ("name", "whole", "versions", "surroundings"),
    [
        ("timm/models/tiny.py", True, False, False),
        ("timm/version.py", True, True, False),
        ("torch/version.py", True, True, False),
        ("torch/models/tiny.py", False, False, False),
        ("torchvision/version.py", True, True, False),
        ("torchvision/models/tiny.py", False, False, False),
        *((f"generator/measuring/{path.name}", True, False, True) for path in MEASURING),
        *((f"generator/{shared}", True, False, True) for shared in fingerprint.SHARED),
        ("generator/facts/records.py", False, False, True),
        ("generator/facts/inspections.py", False, False, True),
        ("generator/facts/figures.py", False, False, True),
        ("generator/errors.py", False, False, True),
        ("generator/store/cache.py", False, False, True),
        ("generator/ranking/ranks.py", False, False, True),
        ("generator/pages/model.py", False, False, True),
        ("generator/site/hooks.py", False, False, True),
        ("generator/cli.py", False, False, True),
        ("generator/facts/releases.json", False, False, True),
    ],
)
def test_a_change_moves_what_follows_from_it(
    copy: Path, name: str, whole: bool, versions: bool, surroundings: bool
) -> None:
    """timm's source and our inspecting code move the fingerprint, other code of ours the surroundings alone."""
    before = taken(copy)
    with open(copy / name, "a") as file:
        file.write("# changed\n")
    assert moved(before, taken(copy)) == [whole, versions, surroundings]


def test_a_new_module_that_measures_moves_all_of_it(copy: Path) -> None:
    """A file that comes to the wing that measures moves the fingerprint, and one that comes to another does not."""
    before = taken(copy)
    (copy / "generator" / "pages" / "new.py").write_text("")
    beside = taken(copy)
    assert moved(before, beside) == [False, False, True]
    (copy / "generator" / "measuring" / "new.py").write_text("")
    assert moved(beside, taken(copy)) == [True, False, True]


def inserted(name: str, after: str, text: str) -> tuple[str, str, str]:
    """A change of a file that puts text behind what stands there."""
    return name, after, after + text


@pytest.mark.parametrize(
    ("change", "whole"),
    [
        pytest.param(inserted(INSPECTIONS, "    pyramid: Pyramid = Pyramid()\n", MORE), True, id="field added"),
        pytest.param((INSPECTIONS, "    activations: int\n    unlisted", "    unlisted"), True, id="field removed"),
        pytest.param((INSPECTIONS, "    buffer_bytes: int", "    bytes: int"), True, id="field renamed"),
        pytest.param((INSPECTIONS, "head_parameters: int | None", "head_parameters: int"), True, id="type changed"),
        pytest.param(
            (INSPECTIONS, "height: int\n    width: int\n    claimed", "width: int\n    height: int\n    claimed"),
            True,
            id="list turned",
        ),
        pytest.param((INSPECTIONS, "trainable: bool", "requires_grad: bool"), True, id="name in a list changed"),
        pytest.param(inserted(REGISTRY, "    notes: tuple[str, ...] = ()\n", MORE), True, id="weights"),
        pytest.param(inserted(REGISTRY, "    torch_version: str\n", MORE), True, id="catalog"),
        pytest.param(inserted(INSPECTIONS, 'class Inspection:\n    """', "Words. "), False, id="docstring"),
        pytest.param(inserted(REGISTRY, 'class Weights(NamedTuple):\n    """', "Words. "), False, id="and of a list"),
        pytest.param((INSPECTIONS, "return count(self.shape)", "return 0 + count(self.shape)"), False, id="property"),
        pytest.param(inserted("generator/facts/records.py", "    registered_models: int\n", MORE), False, id="dataset"),
    ],
)
def test_the_form_of_what_is_kept_moves_it(copy: Path, change: tuple[str, str, str], whole: bool) -> None:
    """What the cache holds is no longer found once its form has changed, and still is where words or code did."""
    name, old, new = change
    before, text = taken(copy), (copy / name).read_text()
    assert text.count(old) == 1
    (copy / name).write_text(text.replace(old, new))
    assert moved(before, taken(copy)) == [whole, False, True]


@pytest.mark.parametrize(
    ("variables", "moves"),
    [
        ({"TIMM_FUSED_ATTN": "0"}, True),
        ({"TIMM_FUSED_ATTN": "1"}, True),
        ({"TIMM_USE_NAFLEX": "1"}, True),
        ({"LANG": "C", "SOURCE_DATE_EPOCH": "0", "OMP_NUM_THREADS": "1"}, False),
    ],
)
def test_what_timm_reads_of_the_environment_moves_it(copy: Path, variables: dict[str, str], moves: bool) -> None:
    """A variable by which timm makes other models is in the fingerprint, set or not; one of others is not."""
    assert moved(taken(copy), taken(copy, **variables)) == [moves, False, False]


def test_it_is_the_same_wherever_it_is_taken(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same files in another folder have the same fingerprint."""
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(copy, other, dirs_exist_ok=True)
    assert taken(other) == taken(copy)


@pytest.mark.parametrize("package", ["timm", "torch", "torchvision"])
def test_a_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Where one of the packages is not installed, the error is that of a registry that cannot be read, and names it."""
    hidden = "generator.store.fingerprint.find_spec"
    monkeypatch.setattr(hidden, lambda name: None if name == package else find_spec(name))
    with pytest.raises(CatalogError, match=f"could not be read: ModuleNotFoundError: No module named '{package}'"):
        fingerprint.of_inspection()
