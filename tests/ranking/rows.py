"""Rows of models that differ in what a ranking is about, and in nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from generator.facts.figures import ModelRow
from generator.facts.inspections import Pyramid
from generator.facts.shapes import Shape
from generator.ranking.ranks import ranked
from tests.examples import ROW, level, record, tensor


def row(name: str, **figures: Any) -> ModelRow:
    """The row of a model with these figures, however little they go together."""
    return replace(ROW["tiny_empty"], name=name, **figures)


def models(*sizes: tuple[str, int, str]) -> tuple[ModelRow, ...]:
    """Ranked models by name, bytes and family, in the order given."""
    return ranked(record(name, tensor("weight", size, dtype="int8"), family=family) for name, size, family in sizes)


def pyramids(*sizes: tuple[str, int, Shape | None]) -> tuple[ModelRow, ...]:
    """Ranked models by name, parameters, and the channels of a pyramid of strides 2, 4 and so on."""

    def made(channels: Shape | None) -> Pyramid:
        if channels is None:
            return Pyramid(works=False, reason="none")
        return Pyramid(tuple(level(size, 2 << i, 64 >> i, "x") for i, size in enumerate(channels)), works=True)

    return ranked(record(name, tensor("weight", size), pyramid=made(channels)) for name, size, channels in sizes)
