"""The index: what the site's own scripts need of every model at once, in one small file.

``models.json`` is more than five times as large. Rows are lists here, since the names of the columns would be half of
the file.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from generator import memory, ranking
from generator.dataset import Dataset, compute_of, rows
from generator.vocabulary import INDEX_COLUMNS


def document(dataset: Dataset) -> dict[str, Any]:
    """The index as JSON takes it: ``columns`` names `INDEX_COLUMNS`, ``rows`` has their values in the rank's order."""
    classes = tag_license_classes(dataset.weights)
    names = [column.name for column in INDEX_COLUMNS]
    found = []
    for row in rows(ranking.ranked(dataset.models)):
        values = {**row, **estimates(row), "tag_license_classes": classes.get(row["name"], [])}
        found.append([values[name] for name in names])
    return {"columns": names, "rows": found}


def tag_license_classes(weights: pd.DataFrame) -> dict[str, list[str]]:
    """The class of the licence of each tag of a model, in their order, for every model of a table of weights."""
    found: dict[str, list[str]] = {}
    for model, of_tag in zip(weights["model"], weights["license_class"], strict=True):
        found.setdefault(model, []).append(of_tag)
    return found


def estimates(row: dict[str, Any]) -> dict[str, int | None]:
    """The estimates of memory by which models are chosen, in bytes, for a row of the models' table.

    ``None`` where the forward pass is not known, which they follow from.
    """
    compute = compute_of(row)
    if compute is None:
        return {"inference_bytes": None, "training_bytes": None, "training_bytes_mixed": None}
    sizes = row["parameter_bytes"], row["buffer_bytes"], compute
    return {
        "inference_bytes": memory.inference(*sizes, 1),
        "training_bytes": memory.training(*sizes, 32, optimizer="AdamW", mixed=False),
        "training_bytes_mixed": memory.training(*sizes, 32, optimizer="AdamW", mixed=True),
    }
