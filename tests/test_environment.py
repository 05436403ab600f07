"""The scripts that install: one at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

# What scripts do before they install, until they are sent a line.
SCRIPT = f"""
set -euo pipefail
source {ROOT}/scripts/environment
lock_environment
echo installing
read -r _
exec 9<&-
echo done
read -r _
"""


def script(folder: Path) -> subprocess.Popen[str]:
    """A script that installs in a folder."""
    return subprocess.Popen(
        ["bash", "-c", SCRIPT],
        cwd=folder,
        env={**os.environ, "PYTHON": sys.executable, "ATLAS_VENV": ".venv"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def line(process: subprocess.Popen[str]) -> str:
    """The next line of a script."""
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("end", ["released", "killed"])
def test_scripts_install_one_after_the_other(tmp_path: Path, end: str) -> None:
    """A second script says that it waits, and installs once the first one has installed or was killed."""
    with script(tmp_path) as first:
        assert line(first) == "installing\n"
        with script(tmp_path) as second:
            assert line(second) == "Waiting for another script that installs into .venv\n"
            if end == "killed":
                first.kill()
            else:
                # It goes on after that, and keeps nobody waiting.
                assert first.stdin is not None
                first.stdin.write("\n")
                first.stdin.flush()
                assert line(first) == "done\n"
            assert line(second) == "installing\n"
            second.communicate("\n\n")
        first.communicate("\n" if end == "released" else None)
    assert list(tmp_path.iterdir()) == []
