"""Groups: models with equal values, models of one family, and names that contain other names."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from generator.facts.figures import ModelRow


class FamilyRow(NamedTuple):
    """One family: the number of its models, and the range of their parameter memory and MACs.

    MACs are at each model's own input size; ``None`` if the MACs of no model of the family are known.
    """

    name: str
    models: int
    with_weights: int
    least_bytes: int
    greatest_bytes: int
    least_macs: int | None
    greatest_macs: int | None


def equals(values: Mapping[str, Hashable]) -> dict[str, tuple[str, ...]]:
    """For each name, the other names with an equal value, in their order."""
    groups: dict[Hashable, list[str]] = {}
    for name, value in values.items():
        groups.setdefault(value, []).append(name)
    return {name: tuple(other for other in groups[value] if other != name) for name, value in values.items()}


def members(rows: Sequence[ModelRow]) -> dict[str, list[ModelRow]]:
    """The rows of each family, in their order. Families are sorted by name."""
    found: dict[str, list[ModelRow]] = {}
    for row in sorted(rows, key=attrgetter("family")):
        found.setdefault(row.family, []).append(row)
    return found


def families(rows: Sequence[ModelRow]) -> list[FamilyRow]:
    """One row for each family, sorted by name. Test fixtures count as models, but not for the ranges."""
    found = []
    for name, models in members(rows).items():
        sizes = [row.parameter_bytes for row in without_fixtures(models)]
        macs = [row.macs for row in without_fixtures(models) if row.macs is not None]
        with_weights = sum(bool(row.tags) for row in models)
        ends = (min(macs), max(macs)) if macs else (None, None)
        found.append(FamilyRow(name, len(models), with_weights, min(sizes), max(sizes), *ends))
    return found


def without_fixtures(rows: Sequence[ModelRow]) -> list[ModelRow]:
    """The rows but timm's test fixtures, which would be the smallest in everything; all if there are no others."""
    return [row for row in rows if not row.fixture] or list(rows)


def longer_names(names: Sequence[str]) -> dict[str, int]:
    """For each name, the number of other names that contain it. Takes time linear in the number of names."""
    found = dict.fromkeys(names, 0)
    # Names are grouped by their first letters (``head`` of them), so that at each position only substrings with the
    # length of a name that begins in the same way are looked up.
    head = min(map(len, names), default=0)
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[:head], set()).add(len(name))
    for name in names:
        pieces = {
            name[start : start + length]
            for start in range(len(name) - head + 1)
            for length in lengths.get(name[start : start + head], ())
        }
        for piece in pieces & found.keys() - {name}:
            found[piece] += 1
    return found
