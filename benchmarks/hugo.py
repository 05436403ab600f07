"""Hugo with a theme of one line: the compiled site generator that MkDocs is compared with."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.project import Project, seconds

_CONFIGURATION = 'baseURL = "http://127.0.0.1/"\ntitle = "bench"\n[markup.goldmark.renderer]\nunsafe = true\n'
_TEMPLATE = "<!doctype html><title>{{ .Title }}</title>{{ .Content }}\n"


def program() -> str | None:
    """The path of an installed Hugo, if there is one."""
    return shutil.which("hugo")


def version() -> str:
    """The version of the installed Hugo, e.g. ``0.111.3``."""
    found = program()
    assert found
    words = subprocess.run([found, "version"], capture_output=True, text=True, check=True).stdout.split()
    return next(word for word in words if word.startswith("v")).removeprefix("v").partition("-")[0].partition("+")[0]


def build(hugo: str, project: Project) -> float:
    """Build a project's generated pages with Hugo, and return the seconds that it took."""
    with tempfile.TemporaryDirectory(prefix="timm-atlas-hugo-") as folder:
        root = Path(folder)
        for name in ("models", "families"):
            shutil.copytree(project.root / "docs" / name, root / "content" / name)
        (root / "config.toml").write_text(_CONFIGURATION)
        layouts = root / "layouts" / "_default"
        layouts.mkdir(parents=True)
        for name in ("single.html", "list.html"):
            (layouts / name).write_text(_TEMPLATE)
        return seconds([hugo, "--quiet"], root)
