"""A copy of the project to build in, so that measuring does not change the user's own site."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.build import steps
from generator.build.writer import GENERATED_FOLDERS

ROOT = Path(__file__).resolve().parent.parent


class MeasuringError(Exception):
    """A command that a figure needs has failed; its own messages are printed above."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project in a folder of its own."""

    root: Path

    def command(self, *arguments: str) -> list[str]:
        """A call of timm-atlas on this project."""
        return [sys.executable, "-m", "generator", arguments[0], "--root", str(self.root), *arguments[1:]]

    def run(self, *arguments: str) -> float:
        """Call timm-atlas on this project, and return the seconds that it took, start-up included."""
        return seconds(self.command(*arguments))

    def forget(self, *names: str) -> None:
        """Remove folders that a build has made.

        They are moved aside until the project is deleted. For minutes after many files were deleted, ext4 is slow to
        make new ones: up to a millisecond each, since it skips what was just freed. A fresh checkout has deleted none,
        so a deletion would distort the figures.
        """
        for name in names:
            if (self.root / name).exists():
                aside = self.root / "aside"
                aside.mkdir(exist_ok=True)
                (self.root / name).rename(Path(tempfile.mkdtemp(dir=aside)) / "old")

    def forget_pages(self) -> None:
        """Remove the generated pages."""
        self.forget(*(f"docs/{folder}" for folder in GENERATED_FOLDERS))

    def forget_all(self) -> None:
        """Make the project a fresh checkout again."""
        self.forget(steps.CACHE, "dataset", "site")
        self.forget_pages()


def copy(target: Path) -> Project:
    """Copy the hand-written files, and link the package."""
    shutil.copytree(ROOT / "docs", target / "docs", ignore=_generated)
    shutil.copytree(ROOT / "overrides", target / "overrides")
    shutil.copy(ROOT / "mkdocs.yml", target)
    (target / "generator").symlink_to(ROOT / "generator")
    return Project(target)


def seconds(command: Sequence[str], folder: Path = ROOT) -> float:
    """Run a command, and return the seconds that it took.

    Raises:
        MeasuringError: the command failed.
    """
    start = time.perf_counter()
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if finished.returncode:
        print(finished.stdout[-2000:], finished.stderr[-2000:], sep="\n", file=sys.stderr)
        raise MeasuringError(f"{' '.join(command[:6])} ended with exit code {finished.returncode}")
    return took


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Inode and modification time of every file below a folder: a file that is written again has others."""
    return {
        str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def _generated(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if Path(folder) == ROOT / "docs" and name in GENERATED_FOLDERS]
