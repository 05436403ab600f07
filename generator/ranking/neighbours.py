"""Neighbours: the models nearest to each model in a figure, in its family, and among those with the same pyramid."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from generator.facts.figures import FIGURES, ModelRow

# The most models with the same feature pyramid that are named. Over a hundred models share the most common pyramid.
NEAREST = 12
# The most models of its family that a model is compared with. Together with the model, the most for one comparison.
FAMILY_NEAREST = 5
# The figures in which nearest models are found.
NEAREST_BY = tuple(declared for declared in FIGURES if declared.has_neighbours)


class Nearest(NamedTuple):
    """The nearest models with more and with less of a figure, as (name, value); ``None`` if there is none."""

    more: tuple[str, int] | None
    fewer: tuple[str, int] | None


def nearest(values: Mapping[str, int | None]) -> dict[str, Nearest | None]:
    """For each model, the nearest models with more and with less of a figure; ``None`` if its own figure is unknown.

    Args:
        values: the figure of each model, by its name; ``None`` if it is unknown. Of several models with the nearest
            value, the first is returned.
    """
    first: dict[int, str] = {}
    for name, value in values.items():
        if value is not None:
            first.setdefault(value, name)
    steps = sorted(first)
    places = {value: place for place, value in enumerate(steps)}

    def at(place: int) -> tuple[str, int] | None:
        return (first[steps[place]], steps[place]) if 0 <= place < len(steps) else None

    return {
        name: None if value is None else Nearest(at(places[value] + 1), at(places[value] - 1))
        for name, value in values.items()
    }


def in_families(rows: Sequence[ModelRow]) -> dict[str, tuple[str, ...]]:
    """For each model, the models of its family nearest in parameters, at most `FAMILY_NEAREST`, nearest first.

    Of two models that are equally near, the one with more parameters comes first.
    """
    found = {}
    for _, members in groupby(sorted(rows, key=attrgetter("family")), attrgetter("family")):
        models = sorted(members, key=lambda row: -row.parameters)
        for place, row in enumerate(models):
            # The models are sorted by parameters, so the nearest are at most FAMILY_NEAREST places away.
            around = models[max(0, place - FAMILY_NEAREST) : place] + models[place + 1 : place + 1 + FAMILY_NEAREST]
            distances = [abs(other.parameters - row.parameters) for other in around]
            nearest_first = sorted(range(len(around)), key=distances.__getitem__)
            found[row.name] = tuple(around[other].name for other in nearest_first[:FAMILY_NEAREST])
    return found


def with_same_pyramid(rows: Sequence[ModelRow]) -> dict[str, tuple[int, tuple[str, ...]]]:
    """For each model with a feature pyramid, the number of others with the same channels and strides, and the nearest.

    The nearest models differ least in parameters. Of two that are equally near, the first in ``rows`` comes first.
    """
    groups: dict[Hashable, dict[int, list[tuple[int, str]]]] = {}
    for place, row in enumerate(rows):
        if row.feature_channels is not None:
            key = row.feature_channels, row.feature_strides
            groups.setdefault(key, {}).setdefault(row.parameters, []).append((place, row.name))
    found = {}
    for by_size in groups.values():
        others = sum(map(len, by_size.values())) - 1
        sizes = sorted(by_size)
        for middle, size in enumerate(sizes):
            # The nearest models are among the NEAREST next sizes on each side, and among the first NEAREST + 1 models
            # of each size: one of these may be the model itself.
            around = sizes[max(0, middle - NEAREST) : middle + NEAREST + 1]
            near = [(abs(other - size), *model) for other in around for model in by_size[other][: NEAREST + 1]]
            names = [name for *_, name in heapq.nsmallest(NEAREST + 1, near)]
            for _, name in by_size[size]:
                found[name] = (others, tuple(other for other in names if other != name)[:NEAREST])
    return found
