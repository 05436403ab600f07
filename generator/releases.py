"""Since when timm has a model: the first release that registers its name, as ``./scripts/releases`` has read them.

What no release that was read has, and be it since it is newer, is unknown.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

# Every release that was read, the oldest first, with the names that none before it has.
PATH = Path(__file__).with_name("releases.json")


def since(name: str) -> str | None:
    """The first release of timm with a model of this name, e.g. ``0.4.12``; ``None`` where none that was read has."""
    return _first_release().get(name)


def read() -> tuple[str, ...]:
    """The releases that were read, the oldest first. Of later ones nothing is known."""
    return tuple(_content())


@cache
def _content() -> dict[str, list[str]]:
    content: dict[str, list[str]] = json.loads(PATH.read_bytes())
    return content


@cache
def _first_release() -> dict[str, str]:
    return {name: release for release, names in _content().items() for name in names}
