"""The last step: MkDocs turns docs/ into site/, strictly, and the old site stands until the new one is whole."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from generator import digests
from generator.errors import SiteError
from generator.files import keep_unchanged, replaced_folder

# What MkDocs reads below the project, by mkdocs.yml and our hooks. Tests compare these with both.
FOLDERS = {"docs": "", "overrides": "", "dataset": "", "generator": ".py"}
VARIABLES = ("ATLAS_SITE_URL", "ATLAS_REPOSITORY_URL", "SOURCE_DATE_EPOCH")


def inputs(root: Path) -> str:
    """The digest of everything in the project and in the environment that the site is made from."""
    files = [path for folder, suffix in FOLDERS.items() for path in digests.files_below(root / folder, suffix)]
    variables = [os.environ.get(name) for name in VARIABLES]
    return digests.of_values(digests.of_contents([root / "mkdocs.yml", *files], root), variables)


def build(root: Path, *, date: str) -> str:
    """Build the site of a project. Pages that stay the same are not written anew.

    ``date`` is that of the data, ISO 8601. Where the site tells when its pages were last changed, it says this, so that
    the same data make the same site.

    Returns:
        The `digests.of_states` of the site.

    Raises:
        SiteError: MkDocs warned or failed; its messages are on standard error.
        UnwritableError: the site could not be written.
    """
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(root / "mkdocs.yml")]
    environment = {
        "SOURCE_DATE_EPOCH": str(int(datetime.fromisoformat(date).timestamp())),
        **os.environ,
        # Material's notice about MkDocs 2 is for the maintainers of a site, once, not for each build.
        "NO_MKDOCS_2_WARNING": "1",
    }
    site = root / "site"
    with replaced_folder(site) as staging:
        finished = subprocess.run([*command, "--site-dir", str(staging)], cwd=root, env=environment, check=False)
        if finished.returncode:
            raise SiteError(f"exit code {finished.returncode}")
        keep_unchanged(staging, site)
        # Before it takes its place, where another run might replace it at once.
        return digests.of_states(staging)
