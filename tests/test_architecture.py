"""The architecture: imports run one way, torch is imported only where needed, and public names have docstrings."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from generator.store import dataset, fingerprint
from tests import examples
from tests.conftest import ROOT

PACKAGE = ROOT / "generator"

# The floors of the package, the lowest first. A wing is a folder of the package, or a module beside the folders. A wing
# may import from floors below its own, and within itself without a cycle.
FLOORS = (
    ("facts",),
    ("errors", "process"),
    ("results",),
    ("measuring", "store", "ranking"),
    ("pages",),
    ("terminal", "publishing"),
    ("site",),
    ("", "build"),
    ("cli",),
    ("__main__",),
)
# The package's own module, which any wing may import: the survey reads the version from it.
VERSION = ""

# Packages, with the wings that may import them: torch and timm take seconds and a gigabyte. BARE needs no package.
HEAVY = {"torch": {"measuring"}, "timm": {"measuring"}, "torchvision": {"measuring"}, "pandas": set[str]()}
BARE = "facts"
# The wings that use rows and records, and never the code that measures them.
READING = ("pages", "terminal", "publishing", "site", "ranking", "store")


def dotted(path: Path) -> str:
    """A file's module name below the package, e.g. ``pages.rank``; "" for the package itself."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")


MODULES = {dotted(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text()) for name, path in MODULES.items()}


def imported(name: str) -> set[str]:
    """Everything that a module imports, anywhere in it, as full dotted names of modules and of names in them."""
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
            # The longest prefix that is a module: the rest is a name in it.
            candidates = (".".join(parts[1:length]) for length in range(len(parts), 0, -1))
            found.add(next(candidate for candidate in candidates if candidate in MODULES))
    return found


def wing(name: str) -> str:
    return name.split(".")[0]


def floor(name: str) -> int:
    """The floor of a module's wing."""
    return next(index for index, wings in enumerate(FLOORS) if wing(name) in wings)


def reachable(name: str, seen: set[str] | None = None) -> set[str]:
    """A module, and all modules that importing it imports."""
    seen = set() if seen is None else seen
    if name not in seen:
        seen.add(name)
        for other in inner(name):
            reachable(other, seen)
    return seen


def test_every_wing_has_a_floor() -> None:
    """Each folder of the package, and each module beside the folders, is on one floor; each floor names what exists."""
    named = [name for wings in FLOORS for name in wings]
    assert sorted(named) == sorted({wing(name) for name in MODULES})


@pytest.mark.parametrize("name", MODULES)
def test_imports_run_one_way(name: str) -> None:
    """A module imports from lower floors, or from its own wing where nothing leads back to it."""
    for other in inner(name) - {VERSION}:
        assert wing(other) == wing(name) or floor(other) < floor(name), f"{name} imports {other}"
        assert name not in reachable(other), f"{name} imports {other}, which leads back"


@pytest.mark.parametrize("package", HEAVY)
def test_heavy_packages_are_imported_in_few_wings(package: str) -> None:
    """torch, torchvision and timm are imported by the measuring code alone, and pandas by nothing at all."""
    importing = {wing(name) for name in MODULES if any(target.split(".")[0] == package for target in imported(name))}
    assert importing == HEAVY[package]


def test_facts_need_the_standard_library_alone() -> None:
    """The code of facts imports no installed package."""
    for name in MODULES:
        if wing(name) == BARE:
            foreign = {target.split(".")[0] for target in imported(name)} - sys.stdlib_module_names - {"generator"}
            assert not foreign, f"{name} imports {foreign}"


def test_what_is_measured_follows_from_its_own_folder() -> None:
    """The measuring code takes only types and errors from elsewhere, and functions that the fingerprint covers too.

    A function of facts that took part in a measurement could change without any model being inspected again.
    """
    allowed = {"ELEMENT_BYTES", "Shape"}
    covered = tuple(f"generator.{name.removesuffix('.py').replace('/', '.')}" for name in fingerprint.SHARED)
    for name in MODULES:
        if wing(name) != "measuring":
            continue
        for target in imported(name):
            if target.startswith("generator.") and not target.startswith(("generator.measuring", *covered)):
                taken = target.rsplit(".", 1)[1]
                assert taken[0].isupper() or taken in allowed, f"{name} imports {target}"


@pytest.mark.parametrize("name", [name for name in MODULES if wing(name) in READING])
def test_who_reads_never_reaches_timm(name: str) -> None:
    """Nothing that pages, terminal, data files and site import leads to code that measures, or that runs workers."""
    assert not {other for other in reachable(name) if wing(other) in ("measuring", "build")}


def test_pages_render_without_torch(tmp_path: Path) -> None:
    """Pages render, the site's hooks load and the command line starts without the packages that only a survey needs."""
    dataset.write(examples.FULL, tmp_path / "dataset")
    script = """
import sys
from fnmatch import fnmatch
from pathlib import Path
import generator.cli, generator.pages, generator.site.hooks
from generator.pages import render
from generator.publishing import data_files
from generator.ranking.ranks import ranked
from generator.store import dataset
stored = dataset.read(Path(sys.argv[1]))
assert len(dict(render(stored))) > len(stored.records)
assert list(data_files.texts(stored, ranked(stored.records)))
assert generator.cli.main(["rank", "--root", sys.argv[2]]) == 2
heavy = {"torch", "timm", "torchvision", "pandas", "rich", "generator.build.survey"} & set(sys.modules)
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


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_why_it_exists(name: str) -> None:
    """The first line of a module says what it is or does, in one sentence, and does not begin with "What"."""
    text = ast.get_docstring(TREES[name])
    assert text
    assert len(text.splitlines()[0]) > 20
    assert not text.startswith("What ")


def documented(tree: ast.AST) -> list[str]:
    """The docstrings of all functions and classes of a module."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [text for node in ast.walk(tree) if isinstance(node, kinds) and (text := ast.get_docstring(node))]


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_begin_with_what_a_thing_does_or_is(name: str) -> None:
    """No docstring begins with "What ...", which a newcomer has to turn around first."""
    assert [text.splitlines()[0] for text in documented(TREES[name]) if text.startswith("What ")] == []


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py")))
def test_a_wing_says_who_comes_in(folder: str) -> None:
    """The docstring of a folder says what is in it, who may import from it, and what it may import."""
    text = ast.get_docstring(TREES[folder]) or ""
    first = text.splitlines()[0]
    assert "come in" in first or "comes in" in first or "may import from here" in first, text
    assert "import" in first, text


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
    "measuring.preload": "one import, which the broken installations of test_survey are about",
    "pages": "render is what tests/pages/test_snapshots.py is about",
    **dict.fromkeys(
        ("facts", "measuring", "results", "store", "ranking", "terminal", "publishing", "site", "build"),
        "nothing but its docstring",
    ),
}


@pytest.mark.parametrize("name", MODULES)
def test_tests_mirror_the_package(name: str) -> None:
    """Each module has a module of tests, except those listed with a reason."""
    assert home_of_tests(name).is_file() != (name in UNMIRRORED), home_of_tests(name)


def test_every_module_of_tests_is_run(request: pytest.FixtureRequest) -> None:
    """The runner looks into every folder of tests, whatever it takes the name of one for."""
    skipped = request.config.getini("norecursedirs")
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py")}
    assert not [folder for folder in folders for part in folder.parts if any(fnmatch(part, name) for name in skipped)]


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
