"""The last step of a build: run MkDocs in strict mode. It turns docs/ into site/, which is replaced as a whole."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import generator
from generator.build import dates
from generator.errors import SiteError
from generator.process import uninterrupted
from generator.site import command
from generator.store import digests
from generator.store.files import keep_unchanged, replaced_folder

# The folders (with the suffix of the files that count) and environment variables that mkdocs.yml and our hooks read.
# Tests compare these lists with both.
FOLDERS = {"docs": "", "overrides": "", "dataset": "", "generator": ".py"}
VARIABLES = ("ATLAS_SITE_URL", "ATLAS_REPOSITORY_URL", dates.VARIABLE)

# Seconds that MkDocs has to end itself when the build is interrupted.
_PATIENCE = 10
# The folder that this package is in.
_PACKAGES = Path(generator.__path__[0]).parent


def inputs(root: Path) -> str:
    """The digest of all files of the project and environment variables that the site is made from."""
    files = [path for folder, suffix in FOLDERS.items() for path in digests.files_below(root / folder, suffix)]
    variables = [os.environ.get(name) for name in VARIABLES]
    return digests.of_values(digests.of_contents([root / "mkdocs.yml", *files], root), variables)


def build(root: Path, *, date: str) -> str:
    """Build the site of a project. Files that do not change keep their time.

    ``date`` is the date of the data, ISO 8601. The site gives it as the date of its pages, unless the environment sets
    another, so that the same data give the same site.

    Returns:
        The `digests.of_states` of the site.

    Raises:
        SiteError: MkDocs warned or failed; its messages are on standard error.
        UnwritableError: the site could not be written.
    """
    arguments = ["build", "--strict", "--config-file", str(root / "mkdocs.yml")]
    environment = {
        **os.environ,
        dates.VARIABLE: str(int(datetime.fromisoformat(dates.told(date)).timestamp())),
        # Silences Material's notice about MkDocs 2, which is of no use in every build.
        "NO_MKDOCS_2_WARNING": "1",
        # The hooks import this package, wherever the project is.
        "PYTHONPATH": os.pathsep.join(filter(None, [str(_PACKAGES), os.environ.get("PYTHONPATH")])),
    }
    site = root / "site"
    with replaced_folder(site) as staging:
        code = _run([*arguments, "--site-dir", str(staging)], root, environment)
        if code:
            raise SiteError(f"exit code {code}")
        keep_unchanged(staging, site)
        # Computed before the new site takes its place, because another run could replace it right after.
        return digests.of_states(staging)


def _run(arguments: Sequence[str], root: Path, environment: Mapping[str, str]) -> int:
    """Run MkDocs to its end, and return its exit code. An exception, such as an interrupt, ends MkDocs first.

    MkDocs has a session of its own, so that Ctrl-C reaches this process alone, and signals reach all its processes.
    """
    module = [sys.executable, "-m", command.__name__]
    with contextlib.ExitStack() as stack:
        with uninterrupted():
            process = subprocess.Popen([*module, *arguments], cwd=root, env=environment, start_new_session=True)
            stack.callback(_end, process)
        return process.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End MkDocs and the processes that it has started, if it runs."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
