"""The last step of a build: run MkDocs in strict mode. It turns docs/ into site/, which is replaced as a whole."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from generator.errors import SiteError
from generator.store import digests
from generator.store.files import keep_unchanged, replaced_folder

# The folders (with the suffix of the files that count) and environment variables that mkdocs.yml and our hooks read.
# Tests compare these lists with both.
FOLDERS = {"docs": "", "overrides": "", "dataset": "", "generator": ".py"}
VARIABLES = ("ATLAS_SITE_URL", "ATLAS_REPOSITORY_URL", "SOURCE_DATE_EPOCH")


def inputs(root: Path) -> str:
    """The digest of all files of the project and environment variables that the site is made from."""
    files = [path for folder, suffix in FOLDERS.items() for path in digests.files_below(root / folder, suffix)]
    variables = [os.environ.get(name) for name in VARIABLES]
    return digests.of_values(digests.of_contents([root / "mkdocs.yml", *files], root), variables)


def build(root: Path, *, date: str) -> str:
    """Build the site of a project. Files that do not change keep their time.

    ``date`` is the date of the data, ISO 8601. The site gives it as the date of its pages, so that the same data give
    the same site.

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
        # Silences Material's notice about MkDocs 2, which is of no use in every build.
        "NO_MKDOCS_2_WARNING": "1",
    }
    site = root / "site"
    with replaced_folder(site) as staging:
        finished = subprocess.run([*command, "--site-dir", str(staging)], cwd=root, env=environment, check=False)
        if finished.returncode:
            raise SiteError(f"exit code {finished.returncode}")
        keep_unchanged(staging, site)
        # Computed before the new site takes its place, because another run could replace it right after.
        return digests.of_states(staging)
