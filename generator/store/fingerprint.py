"""Digests of the code and versions that results depend on, computed without importing torch or timm."""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from generator.errors import CatalogError
from generator.facts.inspections import Inspection
from generator.facts.registry import Catalog
from generator.store import codec, digests

# Our package, and the wing that measures.
_OWN = Path(__file__).parent.parent
_MEASURING = _OWN / "measuring"
# The modules of another wing whose functions the measuring code calls: what is kept follows from them too.
SHARED = ("facts/batches.py", "facts/page_names.py", "facts/shapes.py", "facts/texts.py")

# The packages that decide what is measured. timm takes feature pyramids with the means of torchvision.
_PACKAGES = ("timm", "torch", "torchvision")
# The names of the environment variables that timm reads begin with this. TIMM_FUSED_ATTN, for one, chooses between two
# forms of attention, of which one counts more activations.
_VARIABLES = "TIMM_"


class Fingerprint(NamedTuple):
    """Digests of all that an inspection depends on, besides the model's name.

    ``whole`` covers everything: timm's source, the versions of torch and torchvision, our ``measuring`` wing and what
    it calls, the structure of stored facts, timm's environment variables, and Python's version. ``versions`` covers
    only the versions of timm, torch and torchvision.
    """

    whole: str
    versions: str


def of_inspection() -> Fingerprint:
    """The fingerprint of the installed versions.

    It covers all of timm's source, so that it changes when somebody edits timm. torch and torchvision are large and
    seldom edited: only the files with their versions and revisions are covered.

    Raises:
        CatalogError: one of these packages is not installed.
    """
    python = sys.version_info[:2]
    sources = [_source(package) for package in _PACKAGES]
    timm = sources[0]
    versions = digests.of_values(*(digests.of_file(_version_file(package)) for package in sources))
    variables = sorted(variable for variable in os.environ.items() if variable[0].startswith(_VARIABLES))
    of_timm = digests.of_contents(digests.files_below(timm, ".py") if timm.is_dir() else [timm], timm.parent)
    shared = [_OWN / name for name in SHARED]
    of_ours = digests.of_contents([*digests.files_below(_MEASURING, ".py"), *shared], _OWN)
    structures = [codec.structure_of(kind) for kind in (Catalog, Inspection)]
    return Fingerprint(digests.of_values(of_timm, versions, of_ours, structures, variables, python), versions)


@cache
def of_surroundings() -> str:
    """The digest of our code and its data, of the versions of all installed distributions, and of Python's version.

    The version of a distribution is in the name of its folder, such as ``timm-1.0.31.dist-info``.

    The digest covers more than a single step needs, so that there is no list of needs to keep up to date. It is
    computed once a run, since a run keeps the code that it has loaded.
    """
    installed = sorted({path.name for folder in sys.path for path in Path(folder).glob("*-info")})
    own = [path for suffix in (".py", ".json") for path in digests.files_below(_OWN, suffix)]
    return digests.of_values(digests.of_contents(own, _OWN), installed, sys.version)


def _source(package: str) -> Path:
    """The path of a package's source: its folder, or the file of a package that is a single module."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise CatalogError(f"ModuleNotFoundError: No module named {package!r}")
    origin = Path(spec.origin)
    return origin.parent if spec.submodule_search_locations else origin


def _version_file(package: Path) -> Path:
    """The file with a package's version; for a package that is a single module, that module."""
    return package / "version.py" if package.is_dir() else package
