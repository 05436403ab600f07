"""The last step: MkDocs turns docs/ into site/, strictly, and the old site stands until the new one is whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from generator.errors import SiteError
from generator.files import replaced_folder


def build(root: Path) -> None:
    """Build the site of a project.

    Raises:
        SiteError: MkDocs warned or failed; its messages are on standard error.
        UnwritableError: the site could not be written.
    """
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(root / "mkdocs.yml")]
    # Material's notice about MkDocs 2 is for the maintainers of a site, once, not for each build.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    with replaced_folder(root / "site") as staging:
        finished = subprocess.run([*command, "--site-dir", str(staging)], cwd=root, env=environment, check=False)
        if finished.returncode:
            raise SiteError(f"exit code {finished.returncode}")
