"""Ranks, percentiles and neighbours: what follows from comparing models with each other (pandas)."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from operator import itemgetter

import pandas as pd

from generator.vocabulary import MODEL_COLUMNS

# How many of the models that share a feature pyramid are named. Over a hundred share the most common one.
NEAREST = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a model stands among the ``total`` models of the dataset.

    ``rank`` is the competition rank by parameter memory, 1 for the largest. ``smaller`` is the number of models with
    less parameter memory: the percentile is ``100 * smaller / total``. The neighbours are the models before and after
    it in the order of the rank page, over all models and within the family; ``None`` at an end. ``longer_names`` is the
    number of other models whose name contains this one's, which a search for this name finds as well. ``same_pyramid``
    is the number of other models whose feature pyramids have the same channels and strides, level by level, and
    ``nearest_pyramids`` names those of them that are nearest in parameters, at most `NEAREST`, nearest first.
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


def ranked(models: pd.DataFrame) -> pd.DataFrame:
    """The models with their rank, in the order of the rank page: largest first, timm's natural order inside ties.

    Competition rank ("1, 2, 2, 4"): one more than the number of models with more parameter memory.
    """
    ranks = models["parameter_bytes"].rank(method="min", ascending=False).astype("int64")
    table = models.assign(rank=ranks).sort_values("rank", kind="stable", ignore_index=True)
    return table[[column.name for column in MODEL_COLUMNS]]


def standings(table: pd.DataFrame) -> dict[str, Standing]:
    """The standing of every model of a `ranked` table, by name."""
    total = len(table)
    smaller = total - table["parameter_bytes"].rank(method="max", ascending=False).astype("int64")
    names = table["name"]
    in_family = names.groupby(table["family"])
    longer = longer_names(names.tolist())
    shared = shared_pyramids(table)
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
            rank, total, below, larger, less, larger_in_family, less_in_family, longer[name], *shared.get(name, (0, ()))
        )
        for name, rank, below, larger, less, larger_in_family, less_in_family in zip(
            *(column.tolist() for column in columns), strict=True
        )
    }


def longer_names(names: list[str]) -> dict[str, int]:
    """For each name the number of other names that contain it. Linear in the number of names."""
    found = dict.fromkeys(names, 0)
    for name in names:
        pieces = {name[start:stop] for start in range(len(name)) for stop in range(start + 1, len(name) + 1)}
        for piece in pieces & found.keys() - {name}:
            found[piece] += 1
    return found


def shared_pyramids(table: pd.DataFrame) -> dict[str, tuple[int, tuple[str, ...]]]:
    """For each model with a feature pyramid: how many others have its channels and strides, and the nearest of them.

    Near is by the difference in parameters; where that is equal, the first in the table is nearer.
    """
    found = {}
    # Models without a pyramid have nulls in these columns, and belong to no group.
    for _, group in table.groupby(["feature_channels", "feature_strides"], sort=False):
        members = list(zip(group["name"], group["parameters"], strict=True))
        for place, (name, parameters) in enumerate(members):
            others = [(abs(size - parameters), other) for other, size in members[:place] + members[place + 1 :]]
            nearest = heapq.nsmallest(NEAREST, others, key=itemgetter(0))
            found[name] = (len(others), tuple(other for _, other in nearest))
    return found


def family_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row a family, by name: models, those with weights, the least and the greatest parameter memory."""
    return (
        table.groupby("family")
        .agg(
            models=("name", "size"),
            with_weights=("tags", lambda tags: sum(map(bool, tags))),
            least_bytes=("parameter_bytes", "min"),
            greatest_bytes=("parameter_bytes", "max"),
        )
        .sort_index()
        .reset_index()
    )
