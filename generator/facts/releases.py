"""The first timm release that registers each model name, as read by ``./scripts/releases``.

The release is unknown for a model that is in no release that was read, such as a newer model.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

# Every release that was read, the oldest first, with the names that are new in it.
PATH = Path(__file__).with_name("releases.json")


def since(name: str) -> str | None:
    """The first timm release with a model of this name, e.g. ``0.4.12``; ``None`` if no release read so far has it."""
    return _first_release().get(name)


def read() -> tuple[str, ...]:
    """The releases that were read, the oldest first. Nothing is known about later ones."""
    return tuple(_content())


@cache
def _content() -> dict[str, list[str]]:
    content: dict[str, list[str]] = json.loads(PATH.read_bytes())
    return content


@cache
def _first_release() -> dict[str, str]:
    return {name: release for release, names in _content().items() for name in names}
