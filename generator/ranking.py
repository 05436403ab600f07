"""Ranks, percentiles and neighbours: what follows from comparing models with each other (pandas)."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

import pandas as pd

from generator.releases import since
from generator.vocabulary import MODEL_COLUMNS

# How many of the models that share a feature pyramid are named. Over a hundred share the most common one.
NEAREST = 12
# How many models of its own family each is set beside: with itself, as many as can be compared.
FAMILY_NEAREST = 5
# The columns by which each model has its nearest neighbours.
NEAREST_BY = ("parameters", "macs")


class Nearest(NamedTuple):
    """The nearest models with more and with less of a figure, each with theirs; ``None`` where there is none."""

    more: tuple[str, int] | None
    fewer: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a model stands among the ``total`` models of the dataset.

    ``rank`` is the competition rank by parameter memory, 1 for the largest. ``smaller`` is the number of models with
    less parameter memory: the percentile is ``100 * smaller / total``. The neighbours are the models before and after
    it in the order of the rank page, over all models and within the family; ``None`` at an end. ``longer_names`` is the
    number of other models whose name contains this one's, which a search for this name finds as well. ``same_pyramid``
    is the number of other models whose feature pyramids have the same channels and strides, level by level, and
    ``nearest_pyramids`` names those of them that are nearest in parameters, at most `NEAREST`, nearest first.

    ``same_checkpoint`` are the other models that take this one's checkpoints, ``same_parameters`` those that have equal
    parameter tensors and would take them but for their buffers. ``nearest`` has the `nearest` models by each column of
    `NEAREST_BY`; ``None`` where the model's figure is not known. ``nearest_in_family`` names the models of its family
    that are nearest in parameters, at most `FAMILY_NEAREST`, nearest first.
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


def ranked(models: pd.DataFrame) -> pd.DataFrame:
    """The models with rank and first release, in the order of the rank page: largest first, equals as timm has them.

    Competition rank ("1, 2, 2, 4"): one more than the number of models with more parameter memory.
    """
    ranks = models["parameter_bytes"].rank(method="min", ascending=False).astype("int64")
    first = pd.Series(list(map(since, models["name"])), index=models.index, dtype=object)
    table = models.assign(rank=ranks, since=first).sort_values("rank", kind="stable", ignore_index=True)
    return table[[column.name for column in MODEL_COLUMNS]]


def standings(table: pd.DataFrame) -> dict[str, Standing]:
    """The standing of every model of a `ranked` table, by name."""
    total = len(table)
    smaller = total - table["parameter_bytes"].rank(method="max", ascending=False).astype("int64")
    names = table["name"]
    in_family = names.groupby(table["family"])
    longer = longer_names(names.tolist())
    shared = shared_pyramids(table)
    same_checkpoint = equals(names, table["checkpoint_signature"])
    same_parameters = equals(names, table["signature"])
    by_column = {column: nearest(table, column) for column in NEAREST_BY}
    family_nearest = nearest_in_families(table)
    columns = [
        names,
        table["rank"],
        smaller,
        *(
            shifted.astype(object).where(shifted.notna(), None)
            for shifted in (names.shift(1), names.shift(-1), in_family.shift(1), in_family.shift(-1))
        ),
    ]
    return {
        name: Standing(
            rank,
            total,
            below,
            larger,
            less,
            larger_in_family,
            less_in_family,
            longer[name],
            *shared.get(name, (0, ())),
            same_checkpoint[name],
            tuple(other for other in same_parameters[name] if other not in same_checkpoint[name]),
            {column: found[name] for column, found in by_column.items()},
            family_nearest[name],
        )
        for name, rank, below, larger, less, larger_in_family, less_in_family in zip(
            *(column.tolist() for column in columns), strict=True
        )
    }


def nearest(table: pd.DataFrame, column: str) -> dict[str, Nearest | None]:
    """The nearest models with more and with less in a column of integers, for each model that has a figure there.

    Equal models are passed over. Of several that are equally near, the first of the table is taken.

    Returns:
        By name; ``None`` for a model whose figure is not known.
    """
    values = table[column].astype(object).where(table[column].notna(), None).tolist()
    names = table["name"].tolist()
    first: dict[int, str] = {}
    for name, value in zip(names, values, strict=True):
        if value is not None:
            first.setdefault(value, name)
    ordered = sorted(first)

    def at(place: int) -> tuple[str, int] | None:
        return (first[ordered[place]], ordered[place]) if 0 <= place < len(ordered) else None

    places = {value: place for place, value in enumerate(ordered)}
    return {
        name: None if value is None else Nearest(at(places[value] + 1), at(places[value] - 1))
        for name, value in zip(names, values, strict=True)
    }


def nearest_in_families(table: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """For each model the others of its family that are nearest in parameters, at most `FAMILY_NEAREST`, nearest first.

    Of two that are equally near, that with more parameters is nearer.
    """
    families: dict[str, list[tuple[str, int]]] = {}
    for family, name, parameters in zip(table["family"], table["name"], table["parameters"], strict=True):
        families.setdefault(family, []).append((name, parameters))
    found = {}
    for members in families.values():
        models = sorted(members, key=itemgetter(1), reverse=True)
        for place, (name, parameters) in enumerate(models):
            # In this order the nearest are among so many before and behind.
            around = models[max(0, place - FAMILY_NEAREST) : place] + models[place + 1 : place + 1 + FAMILY_NEAREST]
            others = sorted(around, key=lambda other: abs(other[1] - parameters))
            found[name] = tuple(other for other, _ in others[:FAMILY_NEAREST])
    return found


def equals(names: Iterable[str], values: Iterable[Hashable]) -> dict[str, tuple[str, ...]]:
    """For each name the others whose value is equal to its own, in their order."""
    groups: dict[Hashable, list[str]] = {}
    of = dict(zip(names, values, strict=True))
    for name, value in of.items():
        groups.setdefault(value, []).append(name)
    return {name: tuple(other for other in groups[value] if other != name) for name, value in of.items()}


def longer_names(names: list[str]) -> dict[str, int]:
    """For each name the number of other names that contain it. Linear in the number of names."""
    found = dict.fromkeys(names, 0)
    # A name that stands within another begins with some head, and is as long as one of the names with that head.
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


def shared_pyramids(table: pd.DataFrame) -> dict[str, tuple[int, tuple[str, ...]]]:
    """For each model with a feature pyramid: how many others have its channels and strides, and the nearest of them.

    Near is by the difference in parameters; where that is equal, the first in the table is nearer.
    """
    groups: dict[Hashable, dict[int, list[tuple[int, str]]]] = {}
    columns = (table[column] for column in ("name", "parameters", "feature_channels", "feature_strides"))
    for place, (name, parameters, channels, strides) in enumerate(zip(*columns, strict=True)):
        if channels is not None:
            groups.setdefault((channels, strides), {}).setdefault(parameters, []).append((place, name))
    found = {}
    for by_size in groups.values():
        others = sum(map(len, by_size.values())) - 1
        sizes = sorted(by_size)
        for middle, size in enumerate(sizes):
            # The nearest are among so many sizes up and down, and so many models of each; the model itself is one.
            around = sizes[max(0, middle - NEAREST) : middle + NEAREST + 1]
            near = [(abs(other - size), *model) for other in around for model in by_size[other][: NEAREST + 1]]
            names = [name for *_, name in heapq.nsmallest(NEAREST + 1, near)]
            for _, name in by_size[size]:
                found[name] = (others, tuple(other for other in names if other != name)[:NEAREST])
    return found


def front(table: pd.DataFrame, more: str, fewer: str) -> pd.DataFrame:
    """The rows on the Pareto front of two columns of integers, from the most of the first to the least.

    No other row has at least as much of ``more`` and at most as much of ``fewer``, unless it is equal in both. Rows
    without a figure in one of the two are left out.
    """
    known = table.dropna(subset=[more, fewer]).sort_values([fewer, more], ascending=[True, False], kind="stable")
    kept: list[bool] = []
    best: tuple[int, int] | None = None
    for pair in zip(known[more].tolist(), known[fewer].tolist(), strict=True):
        # In this order a row can be beaten only by those before it, and of them best by the last that was kept.
        is_kept = best is None or pair[0] > best[0] or pair == best
        best = pair if is_kept else best
        kept.append(is_kept)
    return known[pd.Series(kept, index=known.index, dtype=bool)].sort_values(more, ascending=False, kind="stable")


def family_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row a family, by name: models, those with weights, least and greatest parameter memory and MACs.

    MACs are those at each model's own input size, ``None`` where no member's are known.
    """
    return (
        table.groupby("family")
        .agg(
            models=("name", "size"),
            with_weights=("tags", lambda tags: sum(map(bool, tags))),
            least_bytes=("parameter_bytes", "min"),
            greatest_bytes=("parameter_bytes", "max"),
            least_macs=("macs", "min"),
            greatest_macs=("macs", "max"),
        )
        .sort_index()
        .reset_index()
    )
