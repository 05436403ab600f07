"""Fixtures and helpers for tests of workers and surveys."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from generator.build import workers
from generator.build.pool import Pool
from generator.build.steps import TIMEOUT
from generator.facts.inspections import Outcome
from generator.facts.registry import CatalogEntry


def entries(*names: str) -> list[CatalogEntry]:
    """Entries of these names."""
    return [CatalogEntry(name, "tiny", (), None) for name in names]


def outcomes(pool: Pool, asked: list[CatalogEntry], **options: Any) -> dict[str, Outcome]:
    """The outcome of each of these models, by name."""
    found = workers.inspect_all(pool, asked, **{"timeout": TIMEOUT, **options})
    return {entry.name: outcome for entry, outcome in found}


def lines(console: Console) -> list[str]:
    """The lines that a console on a string has printed."""
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


@pytest.fixture
def plain() -> Console:
    """A console that is no terminal, as in CI."""
    return Console(file=StringIO())


@pytest.fixture
def pool() -> Iterator[Pool]:
    """Two workers."""
    with workers.pool(2) as made:
        yield made
