"""What results follow from: digests of the code and versions that decide them, taken without importing any of it."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from generator import digests
from generator.errors import CatalogError

# Our modules that decide what is read from timm, how it is kept and how it is read back. A test walks the imports.
INSPECTING = (
    "cache",
    "catalog",
    "digests",
    "errors",
    "fingerprint",
    "forward",
    "inspection",
    "operators",
    "pyramid",
    "records",
    "residency",
)

_OWN = Path(__file__).parent


class Fingerprint(NamedTuple):
    """What an inspection follows from, besides the model's name.

    ``whole`` is the digest of everything: timm's source, torch's version, our code that inspects, Python's version.
    ``versions`` is the digest of the versions of timm and torch alone.
    """

    whole: str
    versions: str


def of_inspection() -> Fingerprint:
    """The fingerprint of what is installed now.

    timm goes in with all its source, so that one that somebody works on is told from the release it began as. Of
    torch, which is large and not worked on here, the file that names version and revision stands for the rest.

    Raises:
        CatalogError: timm or torch is not installed.
    """
    python = sys.version_info[:2]
    timm, torch = _source("timm"), _source("torch")
    versions = digests.of_values(*(digests.of_file(_version_file(package)) for package in (timm, torch)))
    of_timm = digests.of_contents(digests.files_below(timm, ".py") if timm.is_dir() else [timm], timm.parent)
    of_ours = digests.of_contents((_OWN / f"{name}.py" for name in INSPECTING), _OWN)
    return Fingerprint(digests.of_values(of_timm, versions, of_ours, python), versions)


@cache
def of_surroundings() -> str:
    """The digest of what every stage follows from: our code and its data, every distribution's version and Python's.

    Distributions are told by the folders that installers leave beside them, such as ``timm-1.0.31.dist-info``.

    This takes in more than any single stage needs, so that no list of what one needs can go out of date. Taken once a
    run, which lives with the code that it has loaded.
    """
    installed = sorted({path.name for folder in sys.path for path in Path(folder).glob("*-info")})
    own = [path for suffix in (".py", ".json") for path in digests.files_below(_OWN, suffix)]
    return digests.of_values(digests.of_contents(own, _OWN), installed, sys.version)


def _source(package: str) -> Path:
    """Where a package's source is: its folder, or the file of one that is a single module."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise CatalogError(f"ModuleNotFoundError: No module named {package!r}")
    origin = Path(spec.origin)
    return origin.parent if spec.submodule_search_locations else origin


def _version_file(package: Path) -> Path:
    """The file that names a package's version; for a single module, the module."""
    return package / "version.py" if package.is_dir() else package
