"""Standings: the place of each model among all models, and the models that are near it or equal to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from operator import attrgetter
from typing import TypeVar

from generator.facts.figures import ModelRow
from generator.ranking import groups, neighbours
from generator.ranking.neighbours import Nearest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Standing:
    """The place of a model among the ``total`` models of the dataset, and its neighbours.

    - ``rank``: the competition rank by parameter memory, 1 for the largest.
    - ``smaller``: the number of models with less parameter memory. The percentile is ``100 * smaller / total``.
    - ``larger_model``, ``smaller_model``: the models before and after it on the rank page; ``None`` at an end.
      ``larger_in_family`` and ``smaller_in_family`` are the same within the family.
    - ``longer_names``: the number of other models whose name contains this name. A search for this name finds them too.
    - ``same_pyramid``: the number of other models whose feature pyramid has the same channels and strides at each
      level. ``nearest_pyramids`` names the nearest of them, see `neighbours.with_same_pyramid`.
    - ``same_checkpoint``: the other models that can load this model's checkpoints.
    - ``same_parameters``: other models with equal parameter tensors that cannot, because their buffers differ.
    - ``nearest``: the `neighbours.nearest` models by the name of each figure of `neighbours.NEAREST_BY`.
    - ``nearest_in_family``: the nearest models of its family, see `neighbours.in_families`.

    Test fixtures are in ``nearest`` and ``nearest_in_family`` of test fixtures only; ``has_fixtures`` is whether some
    were left out there.
    """

    rank: int
    total: int
    smaller: int
    larger_model: str | None
    smaller_model: str | None
    larger_in_family: str | None
    smaller_in_family: str | None
    longer_names: int = 0
    same_pyramid: int = 0
    nearest_pyramids: tuple[str, ...] = ()
    same_checkpoint: tuple[str, ...] = ()
    same_parameters: tuple[str, ...] = ()
    nearest: dict[str, Nearest | None] = field(default_factory=dict)
    nearest_in_family: tuple[str, ...] = ()
    has_fixtures: bool = False


def standings(rows: Sequence[ModelRow]) -> dict[str, Standing]:
    """The standing of every model, by its name. ``rows`` are those of `ranks.ranked`."""
    total = len(rows)
    shares = Counter(row.rank for row in rows)
    smaller = {rank: total - above for rank, above in zip(shares, accumulate(shares.values()), strict=True)}
    longer = groups.longer_names([row.name for row in rows])
    pyramids = neighbours.with_same_pyramid(rows)
    same_checkpoint = groups.equals({row.name: row.checkpoint_signature for row in rows})
    same_parameters = groups.equals({row.name: row.signature for row in rows})
    by_figure = {declared.name: _among(partial(_nearest, declared.name), rows) for declared in neighbours.NEAREST_BY}
    in_family = _among(neighbours.in_families, rows)
    has_fixtures = any(row.fixture for row in rows)
    around = _around([row.name for row in rows])
    around_in_family = {
        name: ends
        for models in groups.members(rows).values()
        for name, ends in _around([row.name for row in models]).items()
    }
    found = {}
    for row in rows:
        same_pyramid, nearest_pyramids = pyramids.get(row.name, (0, ()))
        found[row.name] = Standing(
            row.rank,
            total,
            smaller[row.rank],
            *around[row.name],
            *around_in_family[row.name],
            longer[row.name],
            same_pyramid,
            nearest_pyramids,
            same_checkpoint[row.name],
            tuple(other for other in same_parameters[row.name] if other not in same_checkpoint[row.name]),
            {name: near[row.name] for name, near in by_figure.items()},
            in_family[row.name],
            has_fixtures=has_fixtures and not row.fixture,
        )
    return found


def _among(find: Callable[[Sequence[ModelRow]], dict[str, T]], rows: Sequence[ModelRow]) -> dict[str, T]:
    """Find something for each model among the others without test fixtures, and for these among all others."""
    return {**find(rows), **find(groups.without_fixtures(rows))}


def _nearest(figure: str, rows: Sequence[ModelRow]) -> dict[str, Nearest | None]:
    return neighbours.nearest(dict(map(attrgetter("name", figure), rows)))


def _around(names: Sequence[str]) -> dict[str, tuple[str | None, str | None]]:
    """The names directly before and after each name; ``None`` at an end."""
    around = zip(names, [None, *names], [*names[1:], None], strict=False)
    return {name: (before, after) for name, before, after in around}
