"""The house keeps its shape: imports run one way, torch stays where it is needed, what is public is described."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator import dataset
from tests import examples
from tests.conftest import ROOT

PACKAGE = ROOT / "generator"

# Each module may import from the layers above it, and from its own where that goes in no circle. A folder is a layer.
LAYERS = (
    ("", "records", "vocabulary", "licenses", "releases", "errors", "digests", "memory", "processors"),
    ("files", "fingerprint", "catalog", "operators", "forward", "residency", "pyramid", "inspection", "resolution"),
    ("preload", "cache", "stamps"),
    ("survey", "dataset"),
    ("ranking",),
    ("index",),
    ("export", "pages"),
    ("writer", "builder", "site", "archive"),
    ("stages",),
    ("cli",),
    ("__main__",),
)

# What may import these, and why nothing else may: importing them takes seconds and a gigabyte.
HEAVY = {
    "torch": {"catalog", "operators", "forward", "residency", "pyramid", "inspection"},
    "timm": {"catalog", "inspection"},
    "torchvision": set[str](),
}


def dotted(path: Path) -> str:
    """A file's module name below the package, e.g. ``pages.rank``; "" for the package itself."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")


MODULES = {dotted(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text()) for name, path in MODULES.items()}


def imported(name: str) -> set[str]:
    """Everything that a module imports, wherever in it: full dotted names, with what is taken from them."""
    found: set[str] = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def inner(name: str) -> set[str]:
    """The modules of the package that a module imports."""
    found = set()
    for target in imported(name):
        parts = target.split(".")
        if parts[0] == "generator":
            # The longest beginning that is a module: the rest is what is taken from it.
            candidates = (".".join(parts[1:length]) for length in range(len(parts), 0, -1))
            found.add(next(candidate for candidate in candidates if candidate in MODULES))
    return found


def layer(name: str) -> int:
    """The index of a module's layer."""
    room = name.split(".")[0]
    return next(index for index, rooms in enumerate(LAYERS) if room in rooms)


def reachable(name: str, seen: set[str] | None = None) -> set[str]:
    """A module, and all that importing it imports."""
    seen = set() if seen is None else seen
    if name not in seen:
        seen.add(name)
        for other in inner(name):
            reachable(other, seen)
    return seen


def test_every_room_has_a_layer() -> None:
    """Each module or folder of the package is in one layer, and each layer names what exists."""
    rooms = {name.split(".")[0] for name in MODULES}
    named = [room for rooms in LAYERS for room in rooms]
    assert sorted(named) == sorted(rooms)


@pytest.mark.parametrize("name", MODULES)
def test_imports_run_one_way(name: str) -> None:
    """A module imports from earlier layers, or from its own layer where nothing leads back to it."""
    for other in inner(name):
        assert layer(other) <= layer(name), f"{name} imports {other}"
        assert name not in reachable(other), f"{name} imports {other}, which leads back"


@pytest.mark.parametrize("package", HEAVY)
def test_heavy_packages_are_imported_in_few_places(package: str) -> None:
    """torch and timm are imported by the parts that inspect, and by no other."""
    importing = {name for name in MODULES if any(target.split(".")[0] == package for target in imported(name))}
    assert importing == HEAVY[package]


@pytest.mark.parametrize("name", [name for name in MODULES if name.split(".")[0] in ("pages", "site", "dataset")])
def test_pages_and_site_never_reach_timm(name: str) -> None:
    """Nothing that pages, site and dataset import leads to torch, timm or the survey."""
    assert not reachable(name) & {*HEAVY["torch"], "resolution", "survey"}


def test_pages_render_without_torch(tmp_path: Path) -> None:
    """Pages render, the site's hooks load and the command line starts without what only a survey needs."""
    dataset.write(examples.full(), tmp_path / "dataset")
    script = """
import sys
from pathlib import Path
import generator.cli, generator.pages, generator.site.hooks
from generator import dataset, export, pages
stored = dataset.read(Path(sys.argv[1]))
assert len(dict(pages.render(stored))) == 15
assert list(export.texts(stored))
assert generator.cli.main(["rank", "--root", sys.argv[2]]) == 2
heavy = {"torch", "timm", "torchvision", "pebble", "rich", "generator.survey"} & set(sys.modules)
sys.exit(f"loaded: {heavy}" if heavy else 0)
"""
    finished = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "dataset"), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr


def test_formatting_stays_in_the_pages() -> None:
    """Records and dataset know nothing of the pages: facts become text once, last."""
    for name in MODULES:
        if layer(name) < layer("pages"):
            assert not any(other.split(".")[0] == "pages" for other in inner(name))


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_why_it_exists(name: str) -> None:
    """The first line of a module says what it is for, in one sentence or the beginning of it."""
    text = ast.get_docstring(TREES[name])
    assert text
    assert len(text.splitlines()[0]) > 20


def described(tree: ast.Module) -> list[tuple[str, bool]]:
    """The public functions and classes of a module that are more than a line, and whether they have a docstring."""
    return [
        (node.name, ast.get_docstring(node) is not None)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and (len(node.body) > 1 or isinstance(node, ast.ClassDef))
    ]


@pytest.mark.parametrize("name", MODULES)
def test_what_is_public_is_described(name: str) -> None:
    """A public class, and a public function of more than one statement, has a docstring."""
    assert [public for public, has_docstring in described(TREES[name]) if not has_docstring] == []


def home_of_tests(name: str) -> Path:
    """Where the tests of a module are."""
    *folders, module = name.split(".")
    return ROOT.joinpath("tests", *folders, f"test_{module}.py")


# Modules without a test module of their own, and why.
UNMIRRORED = {
    "": "nothing but the version, which test_cli asks for",
    "__main__": "a few lines, which test_cli runs",
    "preload": "one import, which the broken installations of test_survey are about",
    "pages": "render is what tests/pages/test_snapshots.py is about",
    "site": "nothing but its docstring",
}


@pytest.mark.parametrize("name", MODULES)
def test_tests_mirror_the_package(name: str) -> None:
    """Each module has a module of tests, but for those that say why not."""
    assert home_of_tests(name).is_file() != (name in UNMIRRORED), home_of_tests(name)


def test_every_test_states_its_claim() -> None:
    """Each test of ours has a docstring of one sentence, and no two tests of a module have the same name."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        tests = [node for node in functions if node.name.startswith("test_")]
        names = [node.name for node in tests]
        assert len(names) == len(set(names)), path
        for node in tests:
            text = ast.get_docstring(node)
            assert text is not None, f"{path}: {node.name}"
            assert text.endswith("."), f"{path}: {node.name}"
