"""Rank models by parameter memory, the largest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.facts.figures import ModelRow, row
from generator.facts.records import ModelRecord


def ranked(records: Iterable[ModelRecord]) -> tuple[ModelRow, ...]:
    """The rows of all models in the order of the rank page: largest first, equal models in the order of the records.

    A model's competition rank ("1, 2, 2, 4") is one more than the number of models with more parameter memory.
    """
    ordered = sorted(records, key=lambda record: -record.parameter_bytes)
    ranks = competition_ranks([record.parameter_bytes for record in ordered])
    return tuple(map(row, ordered, ranks))


def competition_ranks(descending: Sequence[int]) -> list[int]:
    """The competition rank of each value, such as 1, 2, 2, 4. The values are sorted, greatest first."""
    found: list[int] = []
    for place, value in enumerate(descending):
        found.append(found[-1] if place and descending[place - 1] == value else place + 1)
    return found
