"""The cost by size in the built site: no accuracy and no speed without the cost at its own size."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from generator.facts import sizes
from generator.facts.inspections import Stage
from generator.facts.records import Dataset


def test_each_published_row_has_its_cost(data: Path, dataset: Dataset) -> None:
    """compute.parquet has the default size, and every size of weights, results and speeds, each once for a model."""
    rows = pq.read_table(data / "compute.parquet").to_pylist()
    keys = [(row["model"], row["height"], row["width"]) for row in rows]
    assert len(set(keys)) == len(keys)
    lost = {failure.name for failure in dataset.failures if failure.stage is Stage.SIZES}
    expected = {
        (record.name, *size)
        for record in dataset.records
        for size in (sizes.default(record.entry), *sizes.others(record.entry, record.published))
        if size is not None and (record.name not in lost or size == sizes.default(record.entry))
    }
    assert set(keys) == expected
    for table in ("results", "speeds"):
        published = pq.read_table(data / f"{table}.parquet").to_pylist()
        sides = {(row["model"], row["image_size"], row["image_size"]) for row in published if row["model"] not in lost}
        assert sides <= set(keys)


def test_the_default_size_costs_what_the_models_table_says(data: Path) -> None:
    """At the default size, a row has the figures of models.parquet; each row has figures or a reason."""
    rows, models = (
        pq.read_table(data / "compute.parquet").to_pylist(),
        pq.read_table(data / "models.parquet").to_pylist(),
    )
    by_size = {(row["model"], row["height"], row["width"]): row for row in rows}
    for model in models:
        if model["input_size"] is not None:
            row = by_size[model["name"], *model["input_size"][1:]]
            for name in ("macs", "activations", "parameters", "peak_activation_bytes"):
                assert row[name] == model[name] or row["reason"], (model["name"], name)
    assert all((row["macs"] is None) != (row["reason"] is None) for row in rows)
