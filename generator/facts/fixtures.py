"""Test fixtures: the tiny models that timm registers for its own tests."""

from __future__ import annotations

# timm registers them beside the models of their modules, and marks them by their names alone.
PREFIX = "test_"


def is_fixture(name: str) -> bool:
    """Whether a name is that of a test fixture."""
    return name.startswith(PREFIX)
