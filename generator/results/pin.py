"""The pin of timm's result tables: the commit of timm's repository, and the SHA-256 of each table there.

``./scripts/results pin`` moves it. A build fetches just these files and takes no others for them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

PATH = Path(__file__).with_name("pin.json")


class Pin(NamedTuple):
    """A commit of a repository on GitHub, its date (ISO 8601), and the SHA-256 of each table in a folder of it."""

    repository: str
    folder: str
    commit: str
    date: str
    files: dict[str, str]

    def address(self, name: str) -> str:
        """The address at which people read a table."""
        return f"https://github.com/{self.repository}/blob/{self.commit}/{self.folder}/{name}"


def read(path: Path = PATH) -> Pin:
    """Read the pin of this version of timm-atlas."""
    return Pin(**json.loads(path.read_text(encoding="utf-8")))


def kept(root: Path, pin: Pin) -> Path:
    """The folder of a project in which the pinned tables are kept once they are fetched."""
    return root / ".cache" / "results" / pin.commit
