"""Find the release of timm that was the first to have each model's name. Releases are read, and never run.

Writes ``generator/facts/releases.json``, which ``generator.facts.releases`` reads.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from packaging.version import Version

from generator.facts import releases
from generator.store.files import write_all

# No index address: pip uses the one that it is configured with.
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")

_REGISTER, _DEPRECATE = "register_model", "register_model_deprecations"


class UnreadableError(Exception):
    """A release registers models in an unknown way. A guess could give models the wrong release."""


def main() -> None:
    """Read every release and replace the file."""
    argparse.ArgumentParser(
        prog="./scripts/releases",
        description="Download every release of timm, read the names of the models that it registers, and write "
        "generator/facts/releases.json. Takes a few minutes and 100 MB of disk until it is done.",
    ).parse_args()
    names = {}
    for version in published():
        names[version] = names_in(version)
        print(f"timm {version}: {len(names[version])} models", file=sys.stderr)
    found = first_to_have(names)
    write_all(releases.PATH.parent, {releases.PATH.name: json.dumps(found, indent=1) + "\n"})
    print("| Release | Models | New names |\n| --- | --- | --- |")
    for version, new in found.items():
        print(f"| {version} | {len(names[version])} | {len(new)} |")


def published() -> list[str]:
    """List the final releases of timm that pip finds, the oldest first, also those for other versions of Python."""
    listing = _pip("index", "versions", "--ignore-requires-python", "timm")
    _, heading, versions = listing.partition("Available versions:")
    if not heading:
        raise SystemExit(f"pip does not list the versions of timm: {listing.strip() or 'it says nothing'}")
    return final(versions.splitlines()[0].replace(",", " ").split())


def final(versions: Iterable[str]) -> list[str]:
    """Sort the versions that are not pre-releases, each once: 0.1.8 comes before 0.1.30."""
    return [str(version) for version in sorted(set(map(Version, versions))) if not version.is_prerelease]


def names_in(version: str) -> set[str]:
    """Read the names of the models of one release from its wheel.

    A release without a wheel would have to run its own code to be unpacked; pip refuses it with an error.
    """
    with tempfile.TemporaryDirectory() as folder:
        wheels_only = ("--only-binary", ":all:", "--no-deps", "--ignore-requires-python")
        _pip("download", "--quiet", *wheels_only, "--dest", folder, f"timm=={version}")
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            sources = {
                name: archive.read(name).decode()
                for name in archive.namelist()
                if name.startswith("timm/") and name.endswith(".py")
            }
    return registered(sources)


def registered(sources: Mapping[str, str]) -> set[str]:
    """Find the names that a package would register as models when imported, without importing it.

    timm 0.1.1 has no registry: its models are the functions that take ``pretrained``.

    Args:
        sources: the text of each of the package's modules, by any unique name.

    Raises:
        UnreadableError: a module registers models in an unknown way.
    """
    if not any(_REGISTER in text for text in sources.values()):
        functions = (node for name, text in sources.items() for node in _functions(ast.parse(text, name)))
        return {node.name for node in functions if _takes_pretrained(node)}
    models: set[str] = set()
    deprecated: set[str] = set()
    for name, text in sources.items():
        if _REGISTER not in text:
            continue
        tree = ast.parse(text, name)
        decorators: dict[ast.AST, ast.FunctionDef] = {
            decorator: function for function in _functions(tree) for decorator in function.decorator_list
        }
        calls = [node.value for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
        maps: dict[ast.AST, ast.Call] = {call.func: call for call in calls}
        for node in ast.walk(tree):
            if _names(node, _REGISTER):
                if node not in decorators:
                    raise UnreadableError(f"{_place(name, node)}: {_REGISTER} is not a plain decorator of a function")
                models.add(decorators[node].name)
            elif _names(node, _DEPRECATE):
                if node not in maps:
                    raise UnreadableError(f"{_place(name, node)}: {_DEPRECATE} is not a plain call")
                deprecated |= _keys(maps[node], name)
    if both := models & deprecated:
        # Which of the two applies depends on the order of imports.
        raise UnreadableError(f"{min(both)} is both a model and a deprecated name")
    return models


def first_to_have(names: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """Find the names that no earlier release has, sorted, for each release. ``names`` has the oldest release first."""
    known: set[str] = set()
    found = {}
    for version, own in names.items():
        found[version] = sorted(own - known)
        known |= own
    return found


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Yield the functions that importing a module defines, including those under a condition."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, ast.FunctionDef):
                yield node
            elif isinstance(node, ast.If | ast.Try | ast.With | ast.ExceptHandler):
                waiting.append(node)


def _takes_pretrained(function: ast.FunctionDef) -> bool:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    # A model's function has the model's name, which is public. `create_model` is no model: it makes all of them.
    return (
        any(argument.arg == "pretrained" for argument in named)
        and not function.name.startswith("_")
        and function.name != "create_model"
    )


def _names(node: ast.AST, name: str) -> bool:
    """Whether a node is a use of this name, dotted or not. Imports and definitions do not count."""
    return (isinstance(node, ast.Name) and node.id == name) or (isinstance(node, ast.Attribute) and node.attr == name)


def _keys(call: ast.Call, name: str) -> set[str]:
    """Read the keys of the mapping from deprecated names to current ones."""
    mapping = call.args[1] if len(call.args) == 2 else None
    keys = mapping.keys if isinstance(mapping, ast.Dict) else [None]
    texts = {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    if len(texts) < len(keys):
        raise UnreadableError(f"{_place(name, call)}: {_DEPRECATE} is not given each name once, as plain text")
    return texts


def _place(name: str, node: ast.AST) -> str:
    return f"{name}, line {getattr(node, 'lineno', '?')}"


def _pip(*arguments: str) -> str:
    """Run pip, and return its output. Its errors go to standard error."""
    finished = subprocess.run([*_PIP, *arguments], stdout=subprocess.PIPE, text=True, check=False)
    if finished.returncode:
        raise SystemExit(f"pip {arguments[0]} failed with exit code {finished.returncode}. Nothing was written.")
    return finished.stdout


if __name__ == "__main__":
    main()
