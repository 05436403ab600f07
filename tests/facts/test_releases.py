"""Since when timm has a model: what the file says, and how the releases are read that it is made from."""

from __future__ import annotations

import importlib.metadata
import json
import tomllib
from pathlib import Path

import pytest
import timm
from packaging.version import Version

from generator.facts import releases
from maintenance.releases import UnreadableError, final, first_to_have, registered
from tests.conftest import ROOT

REGISTRY = "def register_model(fn): ...\ndef register_model_deprecations(module_name, deprecation_map): ...\n"


def read(text: str) -> set[str]:
    """The models of a package with a registry and this module."""
    return registered({"registry": REGISTRY, "net": text})


@pytest.mark.parametrize(
    ("name", "release"),
    [
        # The only release without a registry.
        ("resnet50", "0.1.1"),
        ("mobilenetv2_120d", "0.1.20"),
        ("vit_base_patch16_224", "0.3.0"),
        ("convnext_tiny", "0.5.4"),
        ("vit_7b_patch16_dinov3", "1.0.20"),
    ],
)
def test_a_model_is_dated_by_hand(name: str, release: str) -> None:
    """Models of which somebody has looked into the wheels have their release."""
    assert releases.since(name) == release


@pytest.mark.parametrize("name", ["", "no_such_net", "RESNET50", "resnet50.a1_in1k", "resnet"])
def test_what_no_release_has_is_unknown(name: str) -> None:
    """A name that is not exactly that of a model in a release that was read has no release."""
    assert releases.since(name) is None


def test_the_file_is_in_order() -> None:
    """Final releases, the oldest first; their names sorted, and none of them twice."""
    content = json.loads(releases.PATH.read_text())
    assert final(content) == list(content) == list(releases.read())
    assert all(names == sorted(names) for names in content.values())
    names = [name for names in content.values() for name in names]
    assert len(names) == len(set(names))
    assert releases.PATH.stat().st_size <= 100_000


def test_every_model_of_the_pinned_timm_has_its_release() -> None:
    """All that the installed timm lists is known, where it is a release; a development version is not dated."""
    installed = Version(importlib.metadata.version("timm"))
    if installed.is_prerelease or installed.local:
        pytest.skip(f"timm {installed} is no release")
    assert str(installed) in releases.read(), f"timm {installed} is not read yet: run ./scripts/releases"
    assert [name for name in timm.list_models() if releases.since(name) is None] == []


@pytest.mark.sweep
def test_the_reader_finds_what_timm_lists() -> None:
    """What is read from the source of the installed timm is exactly what it registers when it is imported."""
    folder = Path(timm.__file__).parent
    assert registered({str(path): path.read_text() for path in folder.rglob("*.py")}) == set(timm.list_models())


def test_decorated_functions_are_models() -> None:
    """A model is a function that is decorated, under a condition too; its neighbours are none."""
    text = """
@register_model
def one(pretrained=False): ...
@other
@registry.register_model
def two(): ...
try:
    @register_model
    def three(): ...
except ImportError:
    pass
def helper(pretrained=False): ...
"""
    assert read(text) == {"one", "two", "three"}


def test_deprecated_names_are_no_models() -> None:
    """A name that stands for another has no release from it."""
    assert read("@register_model\ndef new(): ...\nregister_model_deprecations(__name__, {'old': 'new.a'})") == {"new"}


def test_without_a_registry_models_take_pretrained() -> None:
    """In the release before the registry, a model is a function of the module that takes pretrained."""
    text = "def net(depth, pretrained=False): ...\ndef _make(pretrained): ...\ndef load(path): ...\n"
    assert registered({"net": text, "factory": "def create_model(name, pretrained=False): ..."}) == {"net"}


@pytest.mark.parametrize(
    "text",
    [
        "register_model(net)",
        "@register_model('net')\ndef net(): ...",
        "@register_model\nclass Net: ...",
        "def make():\n    @register_model\n    def net(): ...",
        "for fn in models:\n    registry.register_model(fn)",
        "register_model_deprecations(__name__, NAMES)",
        "register_model_deprecations(__name__, {old: 'net'})",
        "register_model_deprecations(__name__, {**NAMES})",
        "for module in modules:\n    register_model_deprecations(module, {'old': 'net'})",
        "@register_model\ndef net(): ...\nregister_model_deprecations(__name__, {'net': 'other'})",
    ],
)
def test_another_way_to_register_is_an_error(text: str) -> None:
    """Where the reader cannot tell which names are registered, it says so and dates nothing."""
    with pytest.raises(UnreadableError):
        read(text)


def test_versions_are_ordered_by_their_numbers() -> None:
    """0.1.30 is after 0.1.8, and what comes before a release is none."""
    versions = ["1.0.3", "0.1.30", "0.1.8", "0.9.0", "0.8.23.dev0", "1.0.0rc1", "0.9.16", "0.1.8"]
    assert final(versions) == ["0.1.8", "0.1.30", "0.9.0", "0.9.16", "1.0.3"]


def test_the_first_release_counts() -> None:
    """A name that was removed and came back has its first release, and one without new names is listed all the same."""
    names = {"0.1": {"b", "a"}, "0.2": {"a"}, "0.3": {"a", "b", "c"}}
    assert first_to_have(names) == {"0.1": ["a", "b"], "0.2": [], "0.3": ["c"]}


def test_the_file_is_installed_with_the_package() -> None:
    """Whatever lies in the package beside its modules is named as its data, or an installation would lack it."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    package = ROOT / "generator"
    data = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    named = {ROOT.joinpath(*folder.split("."), name) for folder, names in declared.items() for name in names}
    assert {path for path in data if path.suffix != ".py"} == named
